//! Facts and findings of a certificate, at any time.
#![no_main]

use certreq::{
    output::{columns, escape, span},
    pki::{
        certificate::Certificate,
        facts::CertificateFacts,
        lint::{Surroundings, findings},
        places::Places,
        state::{Lifetime, Within},
        time::Time,
    },
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(certificate) = Certificate::from_der(bytes.to_vec()) {
        let _ = Places::of(&certificate);
    }
    let Ok(facts) = CertificateFacts::from_der(bytes) else { return };
    let lifetime = Lifetime { not_before: facts.not_before, not_after: facts.not_after };
    for now in [i64::MIN, 0, 1_795_435_200, i64::MAX].map(Time::from_unix) {
        let _ = lifetime.state(now, Within::Percent(33), None);
        let _ = span::duration(lifetime.left(now));
        for finding in findings(&facts, Surroundings::default(), now) {
            for line in columns::wrap(&escape::line(&finding.message), 20) {
                assert!(columns::width(&line) <= 20);
            }
        }
    }
});
