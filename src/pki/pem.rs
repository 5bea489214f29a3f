//! PEM (RFC 7468) in and out: LF line ends, 64 columns, strict labels.

use ::pem::{EncodeConfig, LineEnding, Pem, encode_config};

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
    let blocks: Vec<Vec<u8>> = ::pem::parse_many(text)?
        .into_iter()
        .filter(|block| block.tag() == label)
        .map(Pem::into_contents)
        .collect();
    if blocks.is_empty() { Err(PemError::Missing(label)) } else { Ok(blocks) }
}

fn lf() -> EncodeConfig {
    EncodeConfig::new().set_line_ending(LineEnding::LF)
}
