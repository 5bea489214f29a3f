//! The structures of OCSP (RFC 6960 §4.1.1, §4.2.1), as far as they are read or written here.

// The code that derive(Choice) makes has such patterns.
#![allow(clippy::unnested_or_patterns)]

use der::{
    Any, Choice, Decode, DecodeValue, Encode, EncodeValue, Enumerated, FixedTag, Header, Length, Reader,
    Sequence, Tag, Writer,
    asn1::{BitString, GeneralizedTime, Null, ObjectIdentifier, OctetString},
};
use x509_cert::{
    ext::{Extensions, pkix::CrlReason, pkix::name::GeneralName},
    name::Name,
    serial_number::SerialNumber,
    spki::AlgorithmIdentifierOwned,
};

/// Version of requests and of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enumerated)]
#[asn1(type = "INTEGER")]
#[repr(u8)]
pub(crate) enum Version {
    #[default]
    V1 = 0,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct OcspRequest {
    pub(crate) tbs_request: TbsRequest,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) optional_signature: Option<Any>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Sequence)]
pub(crate) struct TbsRequest {
    #[asn1(context_specific = "0", default = "Default::default", tag_mode = "EXPLICIT")]
    pub(crate) version: Version,
    #[asn1(context_specific = "1", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) requestor_name: Option<GeneralName>,
    pub(crate) request_list: Vec<Request>,
    #[asn1(context_specific = "2", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) request_extensions: Option<Extensions>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct Request {
    pub(crate) req_cert: CertId,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) single_request_extensions: Option<Extensions>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct CertId {
    pub(crate) hash_algorithm: AlgorithmIdentifierOwned,
    pub(crate) issuer_name_hash: OctetString,
    pub(crate) issuer_key_hash: OctetString,
    pub(crate) serial_number: SerialNumber,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct OcspResponse {
    pub(crate) response_status: OcspResponseStatus,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) response_bytes: Option<ResponseBytes>,
}

impl OcspResponse {
    /// An answer that is only a status: the responder did not look at the certificate.
    pub(crate) fn without_answer(response_status: OcspResponseStatus) -> Self {
        Self { response_status, response_bytes: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumerated)]
#[repr(u32)]
pub(crate) enum OcspResponseStatus {
    Successful = 0,
    MalformedRequest = 1,
    InternalError = 2,
    TryLater = 3,
    SigRequired = 5,
    Unauthorized = 6,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct ResponseBytes {
    pub(crate) response_type: ObjectIdentifier,
    pub(crate) response: OctetString,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct BasicOcspResponse {
    pub(crate) tbs_response_data: ResponseData,
    pub(crate) signature_algorithm: AlgorithmIdentifierOwned,
    pub(crate) signature: BitString,
    /// Certificates, each as it stands.
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) certs: Option<Vec<Any>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct ResponseData {
    #[asn1(context_specific = "0", default = "Default::default", tag_mode = "EXPLICIT")]
    pub(crate) version: Version,
    pub(crate) responder_id: ResponderId,
    pub(crate) produced_at: Moment,
    pub(crate) responses: Vec<SingleResponse>,
    #[asn1(context_specific = "1", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) response_extensions: Option<Extensions>,
}

#[derive(Clone, Debug, PartialEq, Eq, Choice)]
pub(crate) enum ResponderId {
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", constructed = "true")]
    ByName(Name),
    /// SHA-1 of the responder's public key.
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", constructed = "true")]
    ByKey(OctetString),
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct SingleResponse {
    pub(crate) cert_id: CertId,
    pub(crate) cert_status: CertStatus,
    pub(crate) this_update: Moment,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) next_update: Option<Moment>,
    #[asn1(context_specific = "1", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) single_extensions: Option<Extensions>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub(crate) enum CertStatus {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    Good(Null),
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true")]
    Revoked(RevokedInfo),
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT")]
    Unknown(Null),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct RevokedInfo {
    pub(crate) revocation_time: Moment,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) revocation_reason: Option<CrlReason>,
}

/// A GeneralizedTime. Fractions of a second, which RFC 6960 §4.2.2.1 forbids and some responders write, are dropped: an
/// answer that says "revoked" must not be lost for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) GeneralizedTime);

impl FixedTag for Moment {
    const TAG: Tag = Tag::GeneralizedTime;
}

impl<'a> DecodeValue<'a> for Moment {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        let text = reader.read_vec(header.length())?;
        let seconds = match text.iter().position(|byte| *byte == b'.') {
            Some(dot) if is_fraction(text.get(dot..).unwrap_or_default()) => {
                text.get(..dot).unwrap_or_default()
            }
            _ => text.strip_suffix(b"Z").unwrap_or_default(),
        };
        let length = u8::try_from(seconds.len() + 1).unwrap_or(u8::MAX);
        let whole = [&[0x18, length], seconds, b"Z"].concat();
        GeneralizedTime::from_der(&whole).map(Self)
    }
}

/// `.123Z`
fn is_fraction(text: &[u8]) -> bool {
    matches!(text, [b'.', digits @ .., b'Z'] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}

impl EncodeValue for Moment {
    fn value_len(&self) -> der::Result<Length> {
        self.0.value_len()
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        self.0.encode_value(writer)
    }
}

/// The value of a nonce extension (RFC 9654 §2.1).
///
/// # Errors
/// Never: a nonce is short.
pub(crate) fn nonce_value(nonce: &[u8]) -> der::Result<OctetString> {
    OctetString::new(OctetString::new(nonce)?.to_der()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_of_a_second_are_dropped_and_other_times_are_none() {
        let moment = |text: &str| {
            let length = u8::try_from(text.len()).unwrap();
            Moment::from_der(&[&[0x18, length], text.as_bytes()].concat())
        };
        let whole = moment("20270115080000Z").unwrap();
        assert_eq!(moment("20270115080000.123Z"), Ok(whole));
        assert_eq!(moment("20270115080000.0Z"), Ok(whole));
        for odd in
            ["20270115080000", "20270115080000.Z", "20270115080000.1", "20270115080000,1Z", "202701150800Z", ""]
        {
            assert!(moment(odd).is_err(), "{odd}");
        }
        assert_eq!(whole.to_der().unwrap(), [b"\x18\x0f".as_slice(), b"20270115080000Z"].concat());
    }
}
