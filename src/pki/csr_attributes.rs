//! Wishes of a CA for requests: CsrAttrs (RFC 7030 §4.5.2, RFC 8951 §3.2), and the template of RFC 9908 §3.4, which
//! states them without guessing.

use der::{
    AnyRef, Decode, Encode, Sequence, Tag, Tagged,
    asn1::{BitStringRef, ObjectIdentifier, OctetStringRef, SetOfVec, UintRef},
    oid::db::{
        rfc4519::CN,
        rfc5280::ID_CE_SUBJECT_ALT_NAME,
        rfc5912::{
            ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, ID_EC_PUBLIC_KEY, RSA_ENCRYPTION,
            SECP_256_R_1, SECP_384_R_1, SECP_521_R_1, SHA_256_WITH_RSA_ENCRYPTION,
        },
    },
};

use super::{
    key::KeySpec,
    request_info::{Algorithm, Attribute, Extension, WantedExtension},
};

const CHALLENGE_PASSWORD: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.7");
const EXTENSION_REQUEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.14");
const TEMPLATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.61");
const EXTENSION_TEMPLATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.62");

/// Limit of the wishes that are read, above the number of any CA.
const MOST: usize = 100;

/// Wishes of a CA, as far as they can be met here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsrAttributes {
    pub key: Option<KeySpec>,
    /// Extensions whose values are given.
    pub extensions: Vec<WantedExtension>,
    /// Parts of the subject, in order.
    subject: Vec<Part>,
    /// Wishes that are not met, each in a few words.
    pub unmet: Vec<String>,
}

/// One relative distinguished name of the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// The common name: that of the device.
    Device,
    /// As it is encoded: a SET.
    Given(Vec<u8>),
}

#[derive(Sequence)]
struct Single<'a> {
    oid: ObjectIdentifier,
    #[asn1(optional = "true")]
    value: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct Template<'a> {
    version: u8,
    #[asn1(optional = "true")]
    subject: Option<Vec<SetOfVec<AnyRef<'a>>>>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    key: Option<KeyTemplate<'a>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    attributes: Option<SetOfVec<Attribute<'a>>>,
}

#[derive(Sequence)]
struct KeyTemplate<'a> {
    algorithm: Algorithm<'a>,
    #[asn1(optional = "true")]
    key: Option<BitStringRef<'a>>,
}

#[derive(Sequence)]
struct ExtensionTemplate<'a> {
    oid: ObjectIdentifier,
    #[asn1(default = "Default::default")]
    critical: bool,
    #[asn1(optional = "true")]
    value: Option<&'a OctetStringRef>,
}

impl CsrAttributes {
    /// Reads a `CsrAttrs`; an empty one has no wishes. Unknown attributes are named in [`Self::unmet`], and RFC 9908
    /// §3.4 asks for no more.
    ///
    /// # Errors
    /// When the bytes are not a `CsrAttrs`.
    pub fn from_der(der: &[u8]) -> Result<Self, der::Error> {
        let mut wanted = Self::default();
        for one in Vec::<AnyRef<'_>>::from_der(der)?.into_iter().take(MOST) {
            if one.tag() == Tag::ObjectIdentifier {
                wanted.named(one.decode_as()?);
            } else {
                wanted.attribute(&one.decode_as()?)?;
            }
        }
        Ok(wanted)
    }

    /// Whether the CA wants neither extensions nor parts of the subject, so that an ordinary request is enough.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.subject.is_empty() && self.extensions.is_empty()
    }

    /// The subject for a device, a Name, DER; without a wish its common name alone.
    ///
    /// # Errors
    /// When the name cannot be encoded.
    pub fn subject_of(&self, device: &str) -> Result<Vec<u8>, der::Error> {
        let value = AnyRef::new(Tag::Utf8String, device.as_bytes())?;
        let mut set = SetOfVec::new();
        let single = Single { oid: CN, value: Some(value) }.to_der()?;
        set.insert(AnyRef::from_der(&single)?)?;
        let own = set.to_der()?;
        let has_own = self.subject.contains(&Part::Device);
        let mut parts: Vec<AnyRef<'_>> = Vec::new();
        if !has_own {
            parts.push(AnyRef::from_der(&own)?);
        }
        for part in &self.subject {
            parts.push(match part {
                Part::Device => AnyRef::from_der(&own)?,
                Part::Given(der) => AnyRef::from_der(der)?,
            });
        }
        parts.to_der()
    }

    /// Drops the CA's wish for a kind of key, because the user chose the key. The wish is listed as unmet.
    pub fn leave_key(&mut self) {
        if let Some(key) = self.key.take() {
            self.unmet.push(format!("a key of the kind {key} (see --key)"));
        }
    }

    fn named(&mut self, oid: ObjectIdentifier) {
        let key = match oid {
            RSA_ENCRYPTION | SHA_256_WITH_RSA_ENCRYPTION => Some(KeySpec::Rsa2048),
            ID_EC_PUBLIC_KEY | ECDSA_WITH_SHA_256 => Some(KeySpec::P256),
            ECDSA_WITH_SHA_384 => Some(KeySpec::P384),
            ECDSA_WITH_SHA_512 => Some(KeySpec::P521),
            _ => curve(oid),
        };
        match key {
            // A bare algorithm does not replace a key wish that came before it.
            Some(key) => drop(self.key.get_or_insert(key)),
            None if oid == CHALLENGE_PASSWORD => {
                self.unmet.push("a binding to the connection (challengePassword)".to_owned());
            }
            None if oid == ID_CE_SUBJECT_ALT_NAME => {
                self.unmet.push("a subjectAltName, without saying which (--san gives one)".to_owned());
            }
            None => self.unmet.push(format!("{oid}")),
        }
    }

    fn attribute(&mut self, attribute: &Attribute<'_>) -> Result<(), der::Error> {
        let values = attribute.values.iter();
        match attribute.oid {
            ID_EC_PUBLIC_KEY => {
                for value in values {
                    let oid = value.decode_as()?;
                    self.key_wanted(curve(oid), || format!("a key on the curve {oid}"));
                }
            }
            RSA_ENCRYPTION => {
                for value in values {
                    let bits = value.decode_as::<UintRef<'_>>()?;
                    let bits =
                        bits.as_bytes().iter().take(4).fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
                    self.key_wanted(rsa(bits), || format!("an RSA key of {bits} bits"));
                }
            }
            EXTENSION_REQUEST => {
                for value in values {
                    match value.tag() {
                        // RFC 7030 §4.5.2 shows the bare OID of an extension there.
                        Tag::ObjectIdentifier => self.extension(value.decode_as()?, false, None),
                        _ => {
                            for one in value.decode_as::<Vec<Extension<'_>>>()? {
                                self.extension(one.oid, one.critical, Some(one.value.as_bytes()));
                            }
                        }
                    }
                }
            }
            EXTENSION_TEMPLATE => {
                for value in values {
                    for one in value.decode_as::<Vec<ExtensionTemplate<'_>>>()? {
                        self.extension(one.oid, one.critical, one.value.map(OctetStringRef::as_bytes));
                    }
                }
            }
            TEMPLATE => {
                for value in values {
                    self.template(&value.decode_as()?)?;
                }
            }
            oid => self.named(oid),
        }
        Ok(())
    }

    fn template(&mut self, template: &Template<'_>) -> Result<(), der::Error> {
        for set in template.subject.iter().flatten() {
            let singles: Vec<Vec<u8>> = set.iter().map(Encode::to_der).collect::<Result<_, _>>()?;
            let singles: Vec<Single<'_>> =
                singles.iter().map(|der| Single::from_der(der)).collect::<Result<_, _>>()?;
            match singles.as_slice() {
                [Single { oid: CN, value }] => {
                    self.subject.push(Part::Device);
                    if value.is_some() {
                        self.unmet.push("a common name of its own (it is the device's)".to_owned());
                    }
                }
                _ if singles.iter().all(|one| one.value.is_some()) => {
                    self.subject.push(Part::Given(set.to_der()?));
                }
                _ => {
                    let names: Vec<String> = singles.iter().map(|one| one.oid.to_string()).collect();
                    self.unmet.push(format!("a value for {} in the subject", names.join(" + ")));
                }
            }
        }
        if let Some(KeyTemplate { algorithm, key }) = &template.key {
            let wanted = match (algorithm.oid, &algorithm.parameters, key) {
                (ID_EC_PUBLIC_KEY, Some(parameters), _) => parameters.decode_as().ok().and_then(curve),
                (RSA_ENCRYPTION, _, None) => Some(KeySpec::Rsa2048),
                // The key in an RSA template stands only for its size.
                (RSA_ENCRYPTION, _, Some(_)) => {
                    KeySpec::like(&KeyTemplate { algorithm: algorithm.clone(), key: *key }.to_der()?)
                }
                _ => None,
            };
            self.key_wanted(wanted, || format!("a key of the kind {}", algorithm.oid));
        }
        for attribute in template.attributes.iter().flat_map(SetOfVec::iter) {
            if attribute.oid != TEMPLATE {
                self.attribute(attribute)?;
            }
        }
        Ok(())
    }

    fn key_wanted(&mut self, key: Option<KeySpec>, words: impl Fn() -> String) {
        match key {
            Some(key) => self.key = Some(key),
            None => self.unmet.push(words()),
        }
    }

    fn extension(&mut self, oid: ObjectIdentifier, critical: bool, value: Option<&[u8]>) {
        match value {
            Some(value) if self.extensions.iter().all(|one| one.oid != oid) => {
                self.extensions.push(WantedExtension { oid, critical, value: value.to_vec() });
            }
            Some(_) => self.unmet.push(format!("the extension {oid} twice")),
            None if oid == ID_CE_SUBJECT_ALT_NAME => {
                self.unmet.push("a subjectAltName, without saying which (--san gives one)".to_owned());
            }
            None => self.unmet.push(format!("a value for the extension {oid}")),
        }
    }
}

fn curve(oid: ObjectIdentifier) -> Option<KeySpec> {
    match oid {
        SECP_256_R_1 => Some(KeySpec::P256),
        SECP_384_R_1 => Some(KeySpec::P384),
        SECP_521_R_1 => Some(KeySpec::P521),
        _ => None,
    }
}

fn rsa(bits: u32) -> Option<KeySpec> {
    match bits {
        1024..=2048 => Some(KeySpec::Rsa2048),
        2049..=3072 => Some(KeySpec::Rsa3072),
        3073..=4096 => Some(KeySpec::Rsa4096),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7030 §4.5.2: challengePassword, the curve secp384r1, a MAC address's OID, and ecdsa-with-SHA384.
    const OF_THE_RFC: &str =
        "MEEGCSqGSIb3DQEJBzASBgcqhkjOPQIBMQcGBSuBBAAiMBYGCSqGSIb3DQEJDjEJBgcrBgEBAQEWBggqhkjOPQQDAw==";

    fn read(base64: &str) -> CsrAttributes {
        let der = crate::pki::base64_lines::decode(base64.as_bytes()).unwrap();
        CsrAttributes::from_der(&der).unwrap()
    }

    #[test]
    fn nothing_is_wanted_by_an_empty_list() {
        let wanted = read("MAA=");
        assert_eq!(wanted, CsrAttributes::default());
        assert!(wanted.is_plain());
    }

    #[test]
    fn a_curve_is_taken_and_what_is_not_done_is_named() {
        let der = crate::pki::base64_lines::decode(OF_THE_RFC.as_bytes()).unwrap();
        let wanted = CsrAttributes::from_der(&der).unwrap();
        assert_eq!(wanted.key, Some(KeySpec::P384));
        assert!(wanted.unmet.iter().any(|one| one.contains("challengePassword")), "{:?}", wanted.unmet);
    }

    #[test]
    fn a_template_gives_subject_key_and_extensions() {
        // CN without a value, O=Factory; P-256; extended key usage client.
        let cn = Single { oid: CN, value: None }.to_der().unwrap();
        let organization = ObjectIdentifier::new_unwrap("2.5.4.10");
        let value = AnyRef::new(Tag::Utf8String, b"Factory").unwrap();
        let factory = Single { oid: organization, value: Some(value) }.to_der().unwrap();
        let set = |der| {
            let mut set = SetOfVec::new();
            set.insert(AnyRef::from_der(der).unwrap()).unwrap();
            set
        };
        let curve = SECP_256_R_1.to_der().unwrap();
        let usage = ObjectIdentifier::new_unwrap("2.5.29.37");
        let extensions = vec![
            ExtensionTemplate {
                oid: usage,
                critical: true,
                value: Some(OctetStringRef::new(&[0x30, 0]).unwrap()),
            },
            ExtensionTemplate { oid: ID_CE_SUBJECT_ALT_NAME, critical: false, value: None },
        ]
        .to_der()
        .unwrap();
        let mut attributes = SetOfVec::new();
        attributes.insert(Attribute { oid: EXTENSION_TEMPLATE, values: set(&extensions) }).unwrap();
        let template = Template {
            version: 0,
            subject: Some(vec![set(&cn), set(&factory)]),
            key: Some(KeyTemplate {
                algorithm: Algorithm {
                    oid: ID_EC_PUBLIC_KEY,
                    parameters: Some(AnyRef::from_der(&curve).unwrap()),
                },
                key: None,
            }),
            attributes: Some(attributes),
        }
        .to_der()
        .unwrap();
        let attribute = Attribute { oid: TEMPLATE, values: set(&template) }.to_der().unwrap();
        let wanted =
            CsrAttributes::from_der(&vec![AnyRef::from_der(&attribute).unwrap()].to_der().unwrap()).unwrap();
        assert_eq!(wanted.key, Some(KeySpec::P256));
        assert_eq!(wanted.extensions.len(), 1);
        assert!(wanted.extensions[0].critical);
        assert_eq!(wanted.unmet.len(), 1, "{:?}", wanted.unmet);
        let subject = wanted.subject_of("a1998e").unwrap();
        let (_, name) =
            <x509_parser::x509::X509Name as x509_parser::prelude::FromDer<_>>::from_der(&subject).unwrap();
        assert_eq!(name.to_string(), "CN=a1998e, O=Factory");
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for der in [&b""[..], &[0x30, 1], &[0x31, 0], &[0x30, 2, 0x30, 0], &[0x30, 3, 2, 1, 1]] {
            assert!(CsrAttributes::from_der(der).is_err(), "{der:02x?}");
        }
    }
}
