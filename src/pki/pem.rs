//! PEM (RFC 7468) in and out: LF line ends, 64 columns, strict labels.

use ::pem::{EncodeConfig, LineEnding, Pem, encode_config};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::damage;

/// A text that should have been PEM.
#[derive(Debug, thiserror::Error)]
pub enum PemError {
    #[error("not PEM: {}", damage::of_pem(.0))]
    Malformed(#[from] ::pem::PemError),
    #[error("no {0} block in it")]
    Missing(&'static str),
}

/// One block, with a final newline.
#[must_use]
pub fn encode(label: &str, der: &[u8]) -> String {
    encode_config(&Pem::new(label, der), lf())
}

/// The DER of every block labelled `label`, in the order they stand; other blocks are passed over.
///
/// # Errors
/// When the text is not PEM, or holds no such block.
pub fn decode_all(label: &'static str, text: &str) -> Result<Vec<Vec<u8>>, PemError> {
    if let Some(der) = only_block(label, text) {
        return Ok(vec![der]);
    }
    let blocks: Vec<Vec<u8>> = ::pem::parse_many(text)?
        .into_iter()
        .filter(|block| block.tag() == label)
        .map(Pem::into_contents)
        .collect();
    if blocks.is_empty() { Err(PemError::Missing(label)) } else { Ok(blocks) }
}

/// The DER of a text that is one such block and nothing else, as platforms write it. Everything else is left to the
/// library, which looks at each character several times.
fn only_block(label: &str, text: &str) -> Option<Vec<u8>> {
    let begun = text.strip_prefix("-----BEGIN ")?.strip_prefix(label)?.strip_prefix("-----\n")?;
    let lines = begun.trim_end().strip_suffix("-----")?.strip_suffix(label)?.strip_suffix("\n-----END ")?;
    let mut plain = Vec::with_capacity(lines.len());
    for line in lines.split('\n') {
        // Above a blank line there are headers.
        if line.is_empty() {
            return None;
        }
        plain.extend_from_slice(line.as_bytes());
    }
    STANDARD.decode(plain).ok()
}

fn lf() -> EncodeConfig {
    EncodeConfig::new().set_line_ending(LineEnding::LF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_block_is_read_as_the_library_reads_it_and_nothing_more() {
        for length in [1, 47, 48, 49, 500] {
            let der: Vec<u8> = (0..=255).cycle().take(length).collect();
            let text = encode("CERTIFICATE", &der);
            assert_eq!(only_block("CERTIFICATE", &text).as_ref(), Some(&der));
            assert_eq!(only_block("CERTIFICATE", text.trim_end()).as_ref(), Some(&der));
            for other in [
                text.replace('\n', "\r\n"),
                format!("{text}{text}"),
                format!("a: b\n{text}"),
                text.replacen('\n', "\nA: b\n\n", 1),
                text.replacen('\n', "\n\n", 1),
                text.replace('=', ""),
            ] {
                let read = only_block("CERTIFICATE", &other);
                let library = ::pem::parse(&other).ok().map(Pem::into_contents);
                assert!(read.is_none() || read == library, "{other}");
            }
            assert!(only_block("X509 CRL", &text).is_none());
            assert_eq!(decode_all("CERTIFICATE", &format!("{text}{text}")).unwrap().len(), 2);
        }
    }
}
