//! Certification requests without the attributes field. RFC 2986 §4 wants one, even an empty one; embedded stacks leave
//! it out, and openssl reads them all the same.

use der::{Decode, Encode, Sequence, TagNumber, asn1::AnyRef};

#[derive(Sequence)]
struct Bare<'a> {
    info: BareInfo<'a>,
    algorithm: AnyRef<'a>,
    signature: AnyRef<'a>,
}

#[derive(Sequence)]
struct BareInfo<'a> {
    version: AnyRef<'a>,
    subject: AnyRef<'a>,
    key: AnyRef<'a>,
}

#[derive(Sequence)]
struct Complete<'a> {
    info: CompleteInfo<'a>,
    algorithm: AnyRef<'a>,
    signature: AnyRef<'a>,
}

#[derive(Sequence)]
struct CompleteInfo<'a> {
    version: AnyRef<'a>,
    subject: AnyRef<'a>,
    key: AnyRef<'a>,
    attributes: AnyRef<'a>,
}

/// A request without attributes, DER, as it would be with an empty field of them: for readers that insist on it. Its
/// signature is over the bytes that came. `None` for a request that has the field, and for what is no request.
#[must_use]
pub fn completed(der: &[u8]) -> Option<Vec<u8>> {
    let Bare { info, algorithm, signature } = Bare::from_der(der).ok()?;
    let tag = TagNumber(0).context_specific(true);
    let attributes = AnyRef::new(tag, &[]).ok()?;
    let info = CompleteInfo { version: info.version, subject: info.subject, key: info.key, attributes };
    Complete { info, algorithm, signature }.to_der().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{
        csr,
        key::{KeySpec, PrivateKey},
    };

    #[test]
    fn what_has_the_field_is_left_alone_and_what_has_it_not_gets_an_empty_one() {
        let key = PrivateKey::generate(KeySpec::P256).unwrap();
        let whole = ::pem::parse(csr::request(&key, "a1998e").unwrap()).unwrap().into_contents();
        assert_eq!(completed(&whole), None);
        let Complete { info, algorithm, signature } = Complete::from_der(&whole).unwrap();
        let info = BareInfo { version: info.version, subject: info.subject, key: info.key };
        let bare = Bare { info, algorithm, signature }.to_der().unwrap();
        assert_eq!(completed(&bare), Some(whole));
        assert_eq!(completed(b"\x30\x00"), None);
    }
}
