//! Answers of EST servers: base64 of certificates alone, or of what requests shall hold.
#![no_main]

use certreq::pki::{base64_lines, cms, csr_attributes::CsrAttributes};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let decoded = base64_lines::decode(bytes);
    let der = decoded.as_deref().unwrap_or(bytes);
    if let Ok(found) = cms::certificates(der) {
        let again = cms::certs_only(&found.iter().collect::<Vec<_>>()).expect("what was read can be written");
        assert!(!cms::certificates(&again).expect("what was written can be read").is_empty());
    }
    if let Ok(wanted) = CsrAttributes::from_der(der) {
        let subject = wanted.subject_of("a1998e").expect("a name");
        assert_eq!(subject.first(), Some(&0x30));
    }
});
