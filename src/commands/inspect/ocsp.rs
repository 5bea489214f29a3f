//! OCSP requests and answers, for people.

use anstyle::Style;

use super::text;
use crate::{
    output::{Block, count, span},
    pki::{
        facts::{
            ListState, OcspAnswerFacts, OcspRequestFacts, ocsp::AboutFacts, ocsp::Status, ocsp::StatusFacts,
        },
        time::Time,
    },
};

/// The word and colour of the whole answer. Green is for verified states only.
pub(super) fn word(facts: &OcspAnswerFacts, now: Time) -> (Style, &'static str) {
    match facts.state_at(now) {
        Some(ListState::Current) => (text::PLAIN, "OCSP ANSWER"),
        Some(ListState::Stale) => (text::list_word(ListState::Stale).0, "STALE ANSWER"),
        Some(ListState::NotYetValid) => text::list_word(ListState::NotYetValid),
        None => (text::list_word(ListState::NotYetValid).0, "NO ANSWER"),
    }
}

pub(super) fn request(block: &mut Block, place: &str, facts: &OcspRequestFacts) {
    block.heading(text::PLAIN, "OCSP REQUEST", place);
    for asked in &facts.asks {
        about(block, "Asks about", asked);
    }
    block.field("Nonce", facts.nonce.as_deref().unwrap_or("none"));
    block.field("Signature", if facts.signed { "not checked" } else { "not signed" });
    block.field("Fingerprint", &facts.fingerprint.to_string());
}

pub(super) fn answer(block: &mut Block, place: &str, facts: &OcspAnswerFacts, now: Time) {
    let (style, word) = self::word(facts, now);
    block.heading(style, word, place);
    let Some(content) = &facts.content else {
        block.field("Status", &format!("{}: the responder did not answer the question", facts.response_status));
        block.field("Fingerprint", &facts.fingerprint.to_string());
        return;
    };
    block.field("Responder", &content.responder);
    block.field("Made", &span::moment(content.produced_at));
    for answer in &content.answers {
        about(block, "Certificate", &answer.about);
        says(block, answer, now);
    }
    block.field("Signature", &format!("not checked ({})", content.signature_algorithm));
    block.field("Comes with", &content.certificates.join("; "));
    block.field("Nonce", content.nonce.as_deref().unwrap_or("none"));
    block.field("Fingerprint", &facts.fingerprint.to_string());
}

/// The whole answer in one line.
pub(super) fn brief(facts: &OcspAnswerFacts) -> String {
    match &facts.content {
        None => format!("the responder said {}", facts.response_status),
        Some(content) => match &content.answers[..] {
            [one] => format!("{} {}", one.about.serial, status(one)),
            several => {
                let against = |one: &&StatusFacts| matches!(one.status, Status::Revoked | Status::OnHold);
                let revoked = several.iter().filter(against).count();
                format!("{}, {revoked} revoked", count(several.len(), "certificate"))
            }
        },
    }
}

/// The numbers that are asked about.
pub(super) fn asked(facts: &OcspRequestFacts) -> String {
    match &facts.asks[..] {
        [one] => format!("about {}", one.serial),
        several => format!("about {}", count(several.len(), "certificate")),
    }
}

fn about(block: &mut Block, label: &str, about: &AboutFacts) {
    block.field(label, &format!("serial number {}", about.serial));
    block.field("Issuer name", &format!("{} {}", about.hash_algorithm, about.issuer_name_hash));
    block.field("Issuer key", &format!("{} {}", about.hash_algorithm, about.issuer_key_hash));
}

fn says(block: &mut Block, answer: &StatusFacts, now: Time) {
    let style = match answer.status {
        Status::Good => Style::new(),
        Status::Revoked | Status::OnHold => text::BAD,
        Status::Unknown => text::SOON,
    };
    block.styled("Status", style, &status(answer));
    block.field("From", &span::moment(answer.this_update));
    block.field("Next", &text::next(answer.next_update, now));
}

fn status(answer: &StatusFacts) -> String {
    let since = answer.revoked_at.map(span::moment).unwrap_or_default();
    let reason = answer.reason.map(|reason| format!(", {reason}")).unwrap_or_default();
    match answer.status {
        Status::Good => "good".to_owned(),
        Status::Revoked => format!("revoked at {since}{reason}"),
        Status::OnHold => format!("on hold since {since}"),
        Status::Unknown => "unknown: the responder does not know the certificate".to_owned(),
    }
}
