//! The one place where output loses what differs from run to run: times, durations, numbers of certificates.

/// The text with every moment, fingerprint, serial number, request id, duration and size replaced by its kind.
pub(crate) fn steady(text: &str) -> String {
    let mut rest = text;
    let mut shown = String::with_capacity(text.len());
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if length == 0 || !first.is_ascii_alphanumeric() {
            shown.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        // Punctuation at the end of a sentence is no part of a word; a run of only such characters is one.
        let bare = rest[..length].trim_end_matches([':', '.', '-']).len();
        let (word, behind) = rest.split_at(if bare == 0 { length } else { bare });
        let (kind, taken) = kind(word, behind, &shown);
        shown.push_str(kind.unwrap_or(word));
        rest = &behind[taken..];
    }
    shown
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '-')
}

/// The kind that a word stands for, and how much of what is behind it belongs to it.
fn kind(word: &str, behind: &str, before: &str) -> (Option<&'static str>, usize) {
    let octets: Vec<&str> = word.split(':').collect();
    let is_octets = octets.len() >= 4 && octets.iter().all(|octet| octet.len() == 2 && is_hex(octet));
    let next = behind.strip_prefix(' ').map(|behind| {
        behind.split(|c| !is_word(c)).next().unwrap_or_default().trim_end_matches([':', '.', '-'])
    });
    let clock = |text: &str| shape(text) == "9:9:9";
    if is_octets {
        return (Some(if octets.len() == 32 { "<fingerprint>" } else { "<serial>" }), 0);
    }
    if word.len() == 64 && is_hex(word) {
        return (Some("<fingerprint>"), 0);
    }
    if word.strip_suffix(".jwt").is_some_and(|name| name.len() == 64 && is_hex(name)) {
        return (Some("<token>"), 0);
    }
    if before.ends_with("certreq local CA ") && is_hex(word) {
        return (Some("<name>"), 0);
    }
    match shape(word).as_str() {
        "9-9-9T9:9:9Z" => return (Some("<time>"), 0),
        "9-9-9" => {
            let moment = next.filter(|next| clock(next) || shape(next) == "9:9");
            return (Some("<day>"), moment.map_or(0, |moment| moment.len() + 1));
        }
        "9d" | "9h" | "9m" | "9s" => {
            let more = next.filter(|next| matches!(shape(next).as_str(), "9h" | "9m" | "9s"));
            return (Some("<span>"), more.map_or(0, |more| more.len() + 1));
        }
        "9" | "9.9" => {
            let unit = next.is_some_and(|next| matches!(next, "ms" | "MiB" | "files" | "characters"));
            let timed = before.ends_with("\"milliseconds\":") || (word.contains('.') && next == Some("s"));
            return (if unit || timed { Some("<number>") } else { None }, 0);
        }
        _ => {}
    }
    ((word.len() == 32 && is_hex(word)).then_some("<request>"), 0)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Every run of digits as one 9.
fn shape(word: &str) -> String {
    let mut shape = String::new();
    for c in word.chars() {
        let c = if c.is_ascii_digit() { '9' } else { c };
        if c != '9' || !shape.ends_with('9') {
            shape.push(c);
        }
    }
    shape
}

#[test]
fn what_differs_from_run_to_run_is_named_by_its_kind() {
    let fingerprint = ["A7"; 32].join(":");
    for (text, expected) in [
        (format!("it is {fingerprint}."), "it is <fingerprint>."),
        ("serial 0B:1C:2D:3E:4F, next".to_owned(), "serial <serial>, next"),
        ("until 2026-11-30T06:00:00Z: see".to_owned(), "until <time>: see"),
        ("on 2026-11-30 06:00:00 UTC".to_owned(), "on <day> UTC"),
        ("364d 8h left, 45s ago, 12h".to_owned(), "<span> left, <span> ago, <span>"),
        ("2 devices in 0.1 s: TLS 1.3 (12.5 ms)".to_owned(), "2 devices in <number> s: TLS 1.3 (<number> ms)"),
        ("{\"milliseconds\":1.5,\"code\":12}".to_owned(), "{\"milliseconds\":<number>,\"code\":12}"),
    ] {
        assert_eq!(steady(&text), expected);
    }
}
