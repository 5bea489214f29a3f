//! Base64 as EST carries it (RFC 8951 §3.1): senders differ in lines and armour, and readers must accept all forms.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How base64 is broken into lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    One,
    /// Of 64 characters.
    Short,
}

/// Base64 with a newline at its end.
#[must_use]
pub fn encode(bytes: &[u8], lines: Lines) -> String {
    let whole = LENIENT.encode(bytes);
    let width = if lines == Lines::One { whole.len().max(1) } else { 64 };
    let mut text = String::with_capacity(whole.len() + whole.len() / width + 1);
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && at % width == 0 {
            text.push('\n');
        }
        text.push(c);
    }
    text.push('\n');
    text
}

/// Decodes base64 with any line breaks. Lines of PEM armour around it are passed over.
///
/// # Errors
/// The reason why the text is not base64, in words that follow "it".
pub fn decode(text: &[u8]) -> Result<Vec<u8>, String> {
    if text.trim_ascii().is_empty() {
        return Err("is empty".to_owned());
    }
    if text.starts_with(&[0x30, 0x82]) || text.starts_with(&[0x30, 0x80]) {
        return Err("is DER, and EST carries base64".to_owned());
    }
    let Ok(text) = std::str::from_utf8(text) else {
        return Err("is not base64: it is not text".to_owned());
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
    let plain: String = lines.flat_map(str::chars).filter(|c| !c.is_ascii_whitespace()).collect();
    LENIENT.decode(plain).map_err(|error| format!("is not base64: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_base64_in_every_shape_and_says_what_else_it_is() {
        for text in
            ["MAA=", "MA\nA=\n", "MA\r\n A=\r\n", "MAA", "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n"]
        {
            assert_eq!(decode(text.as_bytes()), Ok(vec![0x30, 0]), "{text:?}");
        }
        assert_eq!(decode(b" \n").unwrap_err(), "is empty");
        assert!(decode(&[0x30, 0x82, 1]).unwrap_err().contains("DER"));
        assert!(decode(b"{\"error\":1}").unwrap_err().contains("not base64"));
    }

    #[test]
    fn writes_one_line_or_lines_of_64() {
        assert_eq!(encode(&[0x30, 0], Lines::One), "MAA=\n");
        let short = encode(&[0; 100], Lines::Short);
        assert_eq!(short.lines().map(str::len).collect::<Vec<_>>(), [64, 64, 8]);
        assert_eq!(decode(short.as_bytes()).unwrap(), [0; 100]);
        assert_eq!(encode(&[0; 100], Lines::One).lines().count(), 1);
    }
}
