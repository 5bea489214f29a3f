//! Certificates alone in CMS (RFC 5652 §5.1, RFC 8951 §3.2): what an EST server sends, and what it sent.

use der::{
    AnyRef, Decode, Encode, Sequence,
    asn1::{ObjectIdentifier, SetOfVec},
};

use super::{
    certificate::Certificate,
    sniff::{self, Encoding, Found, Item, SniffError},
};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// More certificates than any CA has in its chain.
const MOST: usize = 64;

/// Reasons why a bundle gives no certificates.
#[derive(Debug, thiserror::Error)]
pub enum CmsError {
    #[error("{0}")]
    Unreadable(SniffError),
    /// The bytes are another structure, named here.
    #[error("it is {0}, and no PKCS#7 bundle of certificates")]
    Other(&'static str),
    #[error("it holds {0} certificates, and {MOST} are the most that are read")]
    Many(usize),
}

#[derive(Sequence)]
struct ContentInfo<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: SignedData<'a>,
}

/// Without a signature: degenerate, as RFC 5652 §5.1 calls it.
#[derive(Sequence)]
struct SignedData<'a> {
    version: u8,
    digest_algorithms: SetOfVec<AnyRef<'a>>,
    content: NoContent,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    certificates: SetOfVec<AnyRef<'a>>,
    signers: SetOfVec<AnyRef<'a>>,
}

#[derive(Sequence)]
struct NoContent {
    kind: ObjectIdentifier,
}

/// A bundle of these certificates, byte for byte, each once, DER.
///
/// # Errors
/// When one of them is no DER.
pub fn certs_only(certificates: &[&Certificate]) -> Result<Vec<u8>, der::Error> {
    let mut set = SetOfVec::new();
    let mut ders: Vec<&[u8]> = certificates.iter().map(|one| one.der()).collect();
    ders.sort_unstable();
    ders.dedup();
    for der in ders {
        set.insert(AnyRef::from_der(der)?)?;
    }
    let content = SignedData {
        version: 1,
        digest_algorithms: SetOfVec::new(),
        content: NoContent { kind: DATA },
        certificates: set,
        signers: SetOfVec::new(),
    };
    ContentInfo { kind: SIGNED_DATA, content }.to_der()
}

/// The certificates of a bundle, DER or BER, in the order they stand; at least one. Revocation lists are passed over.
///
/// # Errors
/// When the bytes are something else, or one of the certificates does not parse.
pub fn certificates(bytes: &[u8]) -> Result<Vec<Certificate>, CmsError> {
    let mut found = Vec::new();
    for item in sniff::sniff(bytes, None) {
        match item.map_err(CmsError::Unreadable)? {
            Found { encoding: Encoding::Pkcs7, item: Item::Certificate { der, .. }, .. } => {
                found.push(Certificate::from_der(der).map_err(|error| {
                    CmsError::Unreadable(SniffError::Malformed { what: "certificate", why: error.reason() })
                })?);
            }
            Found { encoding: Encoding::Pkcs7, .. } => {}
            Found { item: Item::Certificate { .. }, .. } => return Err(CmsError::Other("a bare certificate")),
            Found { item: Item::Request { .. }, .. } => return Err(CmsError::Other("a request")),
            Found { item: Item::List { .. }, .. } => return Err(CmsError::Other("a revocation list")),
            Found { item: Item::PrivateKey(_), .. } => return Err(CmsError::Other("a private key")),
            _ => return Err(CmsError::Other("something else")),
        }
        if found.len() > MOST {
            return Err(CmsError::Many(found.len()));
        }
    }
    if found.is_empty() { Err(CmsError::Other("a bundle without certificates")) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(name: &str) -> Certificate {
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let made = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        Certificate::from_der(made.der().to_vec()).unwrap()
    }

    #[test]
    fn what_goes_in_comes_out_byte_for_byte() {
        let (one, other) = (certificate("one"), certificate("other"));
        let bundle = certs_only(&[&one, &other, &one]).unwrap();
        let mut read = certificates(&bundle).unwrap();
        assert_eq!(read.len(), 2);
        read.retain(|found| *found != one && *found != other);
        assert!(read.is_empty());
    }

    #[test]
    fn what_is_no_bundle_is_said() {
        let one = certificate("one");
        let said = |bytes: &[u8]| certificates(bytes).unwrap_err().to_string();
        assert_eq!(said(one.der()), "it is a bare certificate, and no PKCS#7 bundle of certificates");
        assert!(said(b"").contains("empty"));
        assert!(said(&certs_only(&[]).unwrap()).contains("empty PKCS#7 bundle"));
        let bundle = certs_only(&[&one]).unwrap();
        for length in 1..bundle.len() {
            assert!(certificates(&bundle[..length]).is_err(), "{length}");
        }
    }
}
