//! Names that makers of devices put into certificates: IEEE 802.1AR, Matter, TPM.

use der::{
    Any, Decode, Sequence,
    asn1::{ContextSpecific, ObjectIdentifier, OctetString},
};
use x509_parser::der_parser::Oid;

use super::hex;

/// HardwareModuleName (RFC 4108 §5): whose numbers they are, and the number.
#[derive(Sequence)]
struct HardwareModule {
    kind: ObjectIdentifier,
    serial: OctetString,
}

/// PermanentIdentifier (RFC 4043 §2).
#[derive(Sequence)]
struct PermanentIdentifier {
    value: Option<String>,
    assigner: Option<ObjectIdentifier>,
}

/// An otherName in words; `None` for kinds that are not known here. `value` is explicitly tagged.
pub(super) fn words(dotted: &str, value: &[u8]) -> Option<String> {
    let inner = || Some(ContextSpecific::<Any>::from_der(value).ok()?.value);
    match dotted {
        "1.3.6.1.5.5.7.8.4" => {
            let module: HardwareModule = inner()?.decode_as().ok()?;
            Some(format!("hardwareModuleName {}, type {}", serial(module.serial.as_bytes()), module.kind))
        }
        "1.3.6.1.5.5.7.8.3" => {
            let identifier: PermanentIdentifier = inner()?.decode_as().ok()?;
            let value = identifier.value.unwrap_or_else(|| "of the subject".to_owned());
            let by = identifier.assigner.map(|assigner| format!(", assigned by {assigner}"));
            Some(format!("permanentIdentifier {value}{}", by.unwrap_or_default()))
        }
        _ => None,
    }
}

/// Text where it is text, else hex.
fn serial(octets: &[u8]) -> String {
    match std::str::from_utf8(octets) {
        Ok(text) if !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()) => text.to_owned(),
        _ => format!("#{}", hex::pairs(octets)),
    }
}

/// A value with what it stands for: a TPM names its maker by four letters in hex.
pub(super) fn explained(kind: &Oid<'_>, text: String) -> String {
    let letters = || -> Option<String> {
        let digits = text.strip_prefix("id:").filter(|digits| digits.len() == 8 && digits.is_ascii())?;
        let octets = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        let end = octets.iter().rposition(|octet| !matches!(octet, 0 | b' '))? + 1;
        let letters = octets.get(..end)?;
        letters.iter().all(u8::is_ascii_alphanumeric).then(|| String::from_utf8_lossy(letters).into_owned())
    };
    match kind.to_id_string().as_str() {
        "2.23.133.2.1" => letters().map_or_else(|| text.clone(), |letters| format!("{text} ({letters})")),
        _ => text,
    }
}
