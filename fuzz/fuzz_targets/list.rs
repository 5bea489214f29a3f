//! Revocation lists: parsed, and asked about a certificate by an issuer that did not sign them.
#![no_main]

use std::sync::LazyLock;

use certreq::pki::{
    certificate::Certificate,
    crl::{Crl, CrlSet},
    facts::ListFacts,
    revocation::State,
    time::Time,
};

static ROOT: LazyLock<Certificate> = LazyLock::new(|| {
    let pem = include_str!("../../tests/inspect/fixtures/fleet/ca/ca.pem");
    Certificate::all_from_pem(pem).expect("a fixture").remove(0)
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = ListFacts::from_der(bytes.to_vec());
    if let Ok(list) = Crl::from_der(bytes.to_vec()) {
        let mut set = CrlSet::new();
        set.add(list, "fuzz");
        let at = Time::from_unix(1_795_435_200);
        let _ = format!("{}", set.status(&ROOT, &ROOT, at));
        assert!(!matches!(set.status(&ROOT, &ROOT, Time::from_unix(i64::MAX)).state, State::Good));
    }
});
