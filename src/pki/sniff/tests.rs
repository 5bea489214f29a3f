use proptest::prelude::*;

use super::*;

const LEAF: &[u8] = include_bytes!("../../../tests/inspect/fixtures/bad/years.der");
const LIST: &str = include_str!("../../../tests/inspect/fixtures/fleet/ca/crl.pem");
const ROOT: &str = include_str!("../../../tests/inspect/fixtures/fleet/ca/ca.pem");
const REQUEST: &str = include_str!("../../../tests/inspect/fixtures/request.pem");
const PUBLIC: &str = include_str!("../../../tests/inspect/fixtures/public.pem");

const ANSWER: &[u8] = include_bytes!("../../../tests/inspect/fixtures/ocsp/answer.der");
const QUESTION: &[u8] = include_bytes!("../../../tests/inspect/fixtures/ocsp/request.der");

fn der(pem: &str) -> Vec<u8> {
    ::pem::parse(pem).unwrap().into_contents()
}

fn samples() -> Vec<Vec<u8>> {
    vec![LEAF.to_vec(), der(LIST), der(ROOT), der(REQUEST), der(PUBLIC), ANSWER.to_vec(), QUESTION.to_vec()]
}

/// Every result is looked at, so that facts are not only decoded but can be shown.
fn look(bytes: &[u8]) -> usize {
    let results = sniff(bytes, Some("x"));
    results.iter().filter(|result| format!("{result:?}").len() > 1 && result.is_ok()).count()
}

#[test]
fn whole_samples_are_recognised() {
    for sample in samples() {
        assert_eq!(look(&sample), 1);
    }
}

#[test]
fn what_is_cut_short_at_any_length_is_refused() {
    for sample in samples() {
        for length in 0..sample.len() {
            let results = sniff(&sample[..length], None);
            assert!(matches!(results[..], [Err(_)]), "{length} of {} bytes: {results:?}", sample.len());
        }
    }
}

#[test]
fn lengths_that_lie_are_refused_or_harmless() {
    for sample in samples() {
        for position in 0..sample.len() {
            for value in [0x00, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xff] {
                let mut liar = sample.clone();
                liar[position] = value;
                let _ = look(&liar);
            }
        }
    }
}

#[test]
fn pem_cut_short_is_never_a_certificate() {
    for length in 0..ROOT.trim_end().len() {
        assert_eq!(look(&ROOT.as_bytes()[..length]), 0, "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_give_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!sniff(&bytes, None).is_empty());
        let mut sequence = vec![0x30, 0x82, 0, 0];
        let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
        sequence[2..].copy_from_slice(&length);
        sequence.extend(&bytes);
        prop_assert!(!sniff(&sequence, Some("")).is_empty());
    }

    #[test]
    fn any_change_of_a_sample_gives_an_answer(which in 0_usize..5, at in any::<prop::sample::Index>(), with in proptest::collection::vec(any::<u8>(), 0..6)) {
        let mut sample = samples().swap_remove(which);
        let at = at.index(sample.len());
        let end = (at + with.len()).min(sample.len());
        sample.splice(at..end, with);
        prop_assert!(!sniff(&sample, None).is_empty());
        let pem = ::pem::encode(&::pem::Pem::new("CERTIFICATE", sample));
        prop_assert!(!sniff(pem.as_bytes(), None).is_empty());
    }
}
