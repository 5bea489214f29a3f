//! OCSP answers: nothing that was made up says good.
#![no_main]

use std::sync::LazyLock;

use certreq::pki::{certificate::Certificate, crl::CrlSet, ocsp::Question, time::Time};

fn fixture(pem: &str) -> Certificate {
    Certificate::all_from_pem(pem).expect("a fixture").remove(0)
}

static ROOT: LazyLock<Certificate> =
    LazyLock::new(|| fixture(include_str!("../../tests/inspect/fixtures/fleet/ca/ca.pem")));
static LEAF: LazyLock<Certificate> =
    LazyLock::new(|| fixture(include_str!("../../tests/inspect/fixtures/fleet/cert_a1998e/cert.pem")));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let question = Question::new(&LEAF, &ROOT, [0; 32]).expect("a question");
    // Long after every answer in the seeds has ended.
    let answer = question.judge(bytes, Time::from_unix(4_000_000_000), "fuzz", &CrlSet::new());
    assert!(!answer.state.is_conclusive() || answer.state.is_revoked());
});
