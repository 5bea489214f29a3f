//! How hard a secret is to guess: a rogue server that saw one signed request can try as many as it likes.

/// Bits below which a secret is called guessable.
pub const STRONG: u32 = 80;

/// About how many bits of guessing a secret takes, if it was chosen at random from the kinds of characters in it. A
/// secret that is a part of the device's id, or the other way round, takes none.
#[must_use]
pub fn bits(secret: &str, device_id: &str) -> u32 {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let (inner, id) = (plain(secret), plain(device_id));
    if !id.is_empty() && (inner.contains(&id) || id.contains(&inner)) {
        return 0;
    }
    let holds = |of: fn(&char) -> bool| secret.chars().any(|c| of(&c));
    let alphabet: f64 = [
        (holds(char::is_ascii_digit), 10.0),
        (holds(char::is_ascii_lowercase), 26.0),
        (holds(char::is_ascii_uppercase), 26.0),
        (secret.chars().any(|c| !c.is_ascii_alphanumeric()), 16.0),
    ]
    .into_iter()
    .filter_map(|(there, size)| there.then_some(size))
    .sum();
    let mut different: Vec<char> = secret.chars().collect();
    different.sort_unstable();
    different.dedup();
    // Repetition adds no strength: "aaaaaaaa" is as weak as "aa".
    let length = secret.chars().count().min(different.len() * 3);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
    let bits = (f64::from(u32::try_from(length).unwrap_or(u32::MAX)) * alphabet.max(1.0).log2()) as u32;
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_and_ids_are_guessable_and_random_text_is_not() {
        for (secret, id) in [
            ("12345678", "dev1"),
            ("s3cret", "dev1"),
            ("aabbccddeeff", "AA:BB:CC:DD:EE:FF"),
            ("aaaaaaaaaaaaaaaaaaaaa", "x"),
        ] {
            assert!(bits(secret, id) < STRONG, "{secret}");
        }
        assert!(bits("k7wq-m2xp-94tz-hh3d-vc8n", "dev1") >= STRONG);
    }
}
