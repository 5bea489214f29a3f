//! Paths: certificates one after the other, the first is the leaf; each of the others stands between and at the top.
#![no_main]

use certreq::pki::{
    certificate::Certificate,
    chain::{self, PolicyDemand, Purpose, Wanted},
    time::Time,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (mut rest, mut found) = (bytes, Vec::new());
    while let Some(length) = length(rest) {
        let (one, following) = rest.split_at(length);
        found.extend(Certificate::from_der(one.to_vec()).ok());
        rest = following;
    }
    let Some((leaf, others)) = found.split_first() else { return };
    for explicit in [false, true] {
        let policy = &PolicyDemand { explicit, ..PolicyDemand::default() };
        let at = Time::from_unix(1_500_000_000);
        for purpose in [Purpose::Any, Purpose::Client, Purpose::ServerIfLimited] {
            let wanted = Wanted { intermediates: others, anchors: &[], at, purpose, policy };
            assert!(chain::find(leaf, wanted).is_err(), "there is no anchor");
            if let Ok(path) = chain::find(leaf, Wanted { anchors: others, ..wanted }) {
                assert!(others.contains(path.certificates().last().expect("a path has an end")));
            }
        }
    }
});

/// How long the DER object is that stands here.
fn length(bytes: &[u8]) -> Option<usize> {
    let length = match bytes {
        [0x30, 0x82, high, low, ..] => 4 + usize::from(*high) * 256 + usize::from(*low),
        [0x30, 0x81, length, ..] => 3 + usize::from(*length),
        [0x30, length @ 0..0x80, ..] => 2 + usize::from(*length),
        _ => return None,
    };
    (length <= bytes.len()).then_some(length)
}
