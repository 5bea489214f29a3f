//! Errors of libraries about bytes that they cannot read, in words.

use x509_parser::error::X509Error;

/// The fault of a DER structure.
#[must_use]
pub(crate) fn of_der(error: &der::Error) -> String {
    use der::ErrorKind;
    let what = match error.kind() {
        ErrorKind::Incomplete { .. } => "it is cut short",
        ErrorKind::TrailingData { .. } => "something follows it",
        ErrorKind::TagUnexpected { .. } => "a part of it is of another kind than it should be",
        ErrorKind::Length { .. } | ErrorKind::Overlength => "a part of it has a length that does not fit",
        ErrorKind::IndefiniteLength => "a length in it is left open (BER)",
        ErrorKind::Noncanonical { .. } => "a part of it is written as BER and not as DER",
        ErrorKind::DateTime => "it has a date that is not valid",
        ErrorKind::Utf8(_) => "a text in it is not text",
        _ => "its structure is damaged",
    };
    match error.position() {
        Some(position) => format!("{what} (at byte {})", u32::from(position)),
        None => what.to_owned(),
    }
}

/// The fault of a certificate, request or list.
#[must_use]
pub(crate) fn of_x509(error: &X509Error) -> String {
    match error {
        X509Error::Der(_) | X509Error::NomError(_) | X509Error::Generic => {
            "its structure is damaged: a part of it is of another kind than it should be".to_owned()
        }
        known => known.to_string(),
    }
}

/// The fault of a PEM block.
#[must_use]
pub(crate) fn of_pem(error: &pem::PemError) -> String {
    match error {
        pem::PemError::MalformedFraming => "it has no end line".to_owned(),
        pem::PemError::MismatchedTags(begin, end) => format!("it begins as {begin} and ends as {end}"),
        pem::PemError::InvalidData(_) => "its text is not base64".to_owned(),
        pem::PemError::InvalidHeader(_) => "a line in it is neither base64 nor a header".to_owned(),
        pem::PemError::NotUtf8(_) => "it is not text".to_owned(),
        _ => "its first line is incomplete".to_owned(),
    }
}
