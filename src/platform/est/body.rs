//! Bodies of EST: base64 in lines without armour, the one form that every server takes; many more forms are read.

use crate::{
    pki::{base64_lines, certificate::Certificate, cms},
    platform::dojot::{answer::Answer, words},
};

/// Content-Type of an answer with certificates (RFC 7030 §4.1.3).
const CERTIFICATES: &str = "application/pkcs7-mime";

/// The lines of a PEM text without its boundaries (RFC 7468 §2).
pub(super) fn without_armour(pem: &str) -> Vec<u8> {
    let lines: Vec<&str> = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let mut body = lines.join("\n").into_bytes();
    body.push(b'\n');
    body
}

/// The octets of a base64 text, with lines of any length. The error for a web page names its title.
pub(super) fn decoded(body: &[u8]) -> Result<Vec<u8>, String> {
    if words::is_web_page(body) {
        return Err(match words::title(body) {
            Some(title) => format!("the answer is a web page, titled {title:?}"),
            None => "the answer is a web page".to_owned(),
        });
    }
    base64_lines::decode(body).map_err(|why| format!("the answer {why}"))
}

/// The certificates of a good answer.
pub(super) fn certificates(answer: &Answer) -> Result<Vec<Certificate>, String> {
    let kind = answer.content_type.as_deref().unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(CERTIFICATES) && !words::is_web_page(&answer.body) {
        let said =
            if kind.is_empty() { "has no type".to_owned() } else { format!("is {:?}", words::cut(kind, 80)) };
        return Err(format!("the answer {said}; EST needs {CERTIFICATES}"));
    }
    cms::certificates(&decoded(&answer.body)?).map_err(|error| format!("the answer cannot be used: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_an_answer_is_instead() {
        assert_eq!(decoded(b"MAA=\n"), Ok(vec![0x30, 0]));
        assert_eq!(decoded(b" \n").unwrap_err(), "the answer is empty");
        assert!(decoded(b"<html><title>Login</title>").unwrap_err().contains("titled \"Login\""));
    }

    #[test]
    fn sends_lines_of_64_and_no_armour() {
        let pem = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\nBBBB\n-----END CERTIFICATE REQUEST-----";
        assert_eq!(without_armour(pem), b"AAAA\nBBBB\n");
    }
}
