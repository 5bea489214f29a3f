//! The view for people: the important facts first, then aligned fields.

use anstyle::{AnsiColor, Style};

use super::{
    Plan,
    examine::{Judged, Verdict},
    json, ocsp, short,
};
use crate::{
    output::{Block, columns, span},
    pki::{
        facts::{CertificateFacts, ExtensionFacts, ListFacts, ListState, PrivateKeyFacts, Proof, RequestFacts},
        lint::{Finding, Severity},
        names::Name,
        revocation::{Evidence, Revocation, State as RevocationState},
        sniff::Item,
        state::State,
        time::Time,
    },
};

pub(super) const NO_LIST: &str = "there is no revocation list";

const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(super) const SOON: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(super) const PLAIN: Style = Style::new().bold();

pub(super) fn colour(state: State) -> Style {
    match state {
        State::Valid => GOOD,
        State::ExpiresSoon | State::NotYetValid => SOON,
        State::Expired | State::Revoked | State::OnHold => BAD,
    }
}

pub(super) fn list_word(state: ListState) -> (Style, &'static str) {
    match state {
        ListState::Current => (GOOD, "CURRENT"),
        ListState::Stale => (BAD, "STALE"),
        ListState::NotYetValid => (SOON, "NOT YET VALID"),
    }
}

/// A finding that is no more than news.
pub(super) fn is_fine(finding: &Finding) -> bool {
    finding.severity == Severity::Note
}

/// Where it is: the source, and the position when there are several.
pub(super) fn place(judged: &Judged<'_>) -> String {
    if judged.is_one_of_many {
        format!("{} #{}", judged.source, judged.index + 1)
    } else {
        judged.source.to_owned()
    }
}

pub(super) fn show(judged: &Judged<'_>, plan: &Plan, all: bool, out: &mut String) {
    let mut block = Block::new(plan.columns.unwrap_or(columns::USUAL));
    match (&judged.found.item, &judged.verdict) {
        (Item::Certificate { facts, .. }, Some(verdict)) => {
            certificate(&mut block, judged, facts, verdict, plan);
        }
        (Item::Certificate { .. }, None) => {}
        (Item::Request { facts, .. }, _) => request(&mut block, judged, facts),
        (Item::List { facts, .. }, _) => list(&mut block, judged, facts, plan.now),
        (Item::OcspRequest(facts), _) => ocsp::request(&mut block, &place(judged), facts),
        (Item::OcspAnswer(facts), _) => ocsp::answer(&mut block, &place(judged), facts, plan.now),
        (Item::PublicKey { facts, .. }, _) => {
            block.heading(PLAIN, "PUBLIC KEY", &place(judged));
            key(&mut block, facts);
        }
        (Item::PrivateKey(facts), _) => {
            block.heading(PLAIN, "PRIVATE KEY", &place(judged));
            block.field("Key", &private_key(facts));
            block.field("SPKI SHA-256", &spki(facts.key.as_ref()));
        }
        (Item::TokenKey(uri), _) => {
            block.heading(PLAIN, "KEY IN A TOKEN", &place(judged));
            block.field("Name", &uri.to_string());
        }
        (Item::TpmKey(facts), _) => {
            block.heading(PLAIN, "KEY OF A TPM", &place(judged));
            block.field("Key", &format!("{}; {}", facts.key_type, facts.form.words()));
            block.field("Parent", &facts.parent);
            block.field(
                "Password",
                if facts.empty_auth { "none, as the file says" } else { "one, as the file says" },
            );
        }
    }
    if all {
        extensions(&mut block, &judged.found.item);
    }
    if plan.pem
        && let Some(pem) = json::pem(&judged.found.item)
    {
        block.verbatim(&pem);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&block.finish());
}

fn certificate(
    block: &mut Block,
    judged: &Judged<'_>,
    facts: &CertificateFacts,
    verdict: &Verdict,
    plan: &Plan,
) {
    let (style, word) = short::worst(verdict);
    block.heading(style, word, &place(judged));
    block.field("Subject", &facts.subject);
    block.field("Issuer", if verdict.self_signed { "itself" } else { &facts.issuer });
    validity(block, verdict, plan.now);
    block.field("Fingerprint", &facts.fingerprint.to_string());
    block.field("Serial", &facts.serial);
    block.field("Key", &facts.key.to_string());
    block.field("Names", &names(&facts.names));
    block.field("Usages", &usages(facts));
    let revocation = match &verdict.revocation {
        Some(revocation) => evidence(revocation),
        None if verdict.self_signed => "signed by itself: no list can revoke it".to_owned(),
        None => format!("not checked: {NO_LIST}"),
    };
    let style = match verdict.revocation.as_ref().map(|revocation| &revocation.state) {
        Some(RevocationState::Good) => GOOD,
        Some(state) if state.is_revoked() => BAD,
        Some(_) => SOON,
        None => Style::new(),
    };
    block.styled("Revocation", style, &revocation);
    findings(block, &verdict.findings);
}

fn validity(block: &mut Block, verdict: &Verdict, now: Time) {
    const CELLS: usize = 20;
    let life = verdict.lifetime;
    let (to_begin, left) = (life.not_before.unix() - now.unix(), life.left(now));
    let note = match () {
        () if to_begin > 0 => format!("begins in {}", span::duration(to_begin)),
        () if left < 0 => format!("expired {} ago", span::duration(left)),
        () => format!("{} left", span::duration(left)),
    };
    block.field("Valid from", &span::moment(life.not_before));
    block.styled("Valid until", Style::new(), &format!("{} ({note})", span::moment(life.not_after)));
    let used = life.used(now);
    block.field("Used", &format!("{} {}%", span::bar(used, CELLS), used / 10));
}

fn names(names: &[Name]) -> String {
    names.iter().map(Name::to_string).collect::<Vec<_>>().join(", ")
}

fn usages(facts: &CertificateFacts) -> String {
    let mut usages: Vec<String> = Vec::new();
    if facts.is_ca {
        usages.push(match facts.path_length {
            Some(length) => format!("CA (path length {length})"),
            None => "CA".to_owned(),
        });
    }
    usages.extend(facts.extended_key_usage.iter().cloned());
    usages.extend(facts.key_usage.iter().map(|usage| (*usage).to_owned()));
    usages.join(", ")
}

/// The state of revocation and its evidence: `good, CRL number 42 of 2026-11-30 03:10 UTC, next 2026-12-01 03:10 UTC`.
fn evidence(revocation: &Revocation) -> String {
    let state = match &revocation.state {
        RevocationState::Good => "good".to_owned(),
        RevocationState::Revoked { at, reason } => {
            let reason = reason.map(|reason| format!(", {reason}")).unwrap_or_default();
            format!("revoked at {}{reason}", span::moment(*at))
        }
        RevocationState::OnHold { since } => format!("on hold since {}", span::moment(*since)),
        RevocationState::Stale { since } => {
            format!("outdated: the list expired at {}; a newer one may differ", span::moment(*since))
        }
        RevocationState::Unknown { why } => format!("unknown: {why}"),
        RevocationState::Unreachable { why } => format!("unreachable: {why}"),
    };
    let next =
        |time: &Option<Time>| time.map(|time| format!(", next {}", span::moment(time))).unwrap_or_default();
    match &revocation.evidence {
        None => state,
        Some(Evidence::Crl { number, this_update, next_update, source }) => {
            let number = number.as_ref().map(|number| format!(" number {number}")).unwrap_or_default();
            format!("{state}, CRL{number} of {}{} ({source})", span::moment(*this_update), next(next_update))
        }
        Some(Evidence::Ocsp { this_update, next_update, source, .. }) => {
            format!("{state}, OCSP answer of {}{} ({source})", span::moment(*this_update), next(next_update))
        }
        Some(Evidence::Journal { source, .. }) => format!("{state}, by this directory's journal ({source})"),
    }
}

fn findings(block: &mut Block, findings: &[Finding]) {
    for (index, finding) in findings.iter().enumerate() {
        let (style, word) = match finding.severity {
            Severity::Error => (BAD, "error"),
            Severity::Warning => (SOON, "warning"),
            Severity::Note => (Style::new(), "note"),
        };
        let label = if index == 0 { "Findings" } else { "" };
        block.styled(label, style, &format!("{word}: {}", finding.message));
    }
}

fn request(block: &mut Block, judged: &Judged<'_>, facts: &RequestFacts) {
    let (style, word) = match facts.signature {
        Proof::Good => (PLAIN, "the key in it signed it"),
        Proof::Bad => (BAD, "wrong: the key in it did not sign it"),
        Proof::Unchecked => (SOON, "not checked: the algorithm is not supported"),
    };
    block.heading(style, "REQUEST", &place(judged));
    block.field("Subject", &facts.subject);
    block.styled("Signature", style, &format!("{word} ({})", facts.signature_algorithm));
    key(block, &facts.key);
    block.field("Names", &names(&facts.names));
    let usages = facts.extended_key_usage.iter().map(String::as_str).chain(facts.key_usage.iter().copied());
    block.field("Usages", &usages.collect::<Vec<_>>().join(", "));
}

fn list(block: &mut Block, judged: &Judged<'_>, facts: &ListFacts, now: Time) {
    let (style, word) = list_word(facts.state_at(now));
    block.heading(style, word, &place(judged));
    let kind = if facts.delta { "revocation list, changes only (delta)" } else { "revocation list" };
    block.field("Kind", kind);
    block.field("Issuer", &facts.issuer);
    block.field("Number", facts.number.as_deref().unwrap_or("none"));
    block.field("From", &span::moment(facts.this_update));
    block.field("Next", &next(facts.next_update, now));
    block.field("Revoked", &crate::output::count(facts.revoked, "certificate"));
    block.field("Signed with", &facts.signature_algorithm);
    block.field("Fingerprint", &facts.fingerprint.to_string());
}

/// When the next list or answer comes.
pub(super) fn next(next_update: Option<Time>, now: Time) -> String {
    let Some(next) = next_update else { return "not stated".to_owned() };
    let left = next.unix() - now.unix();
    let note =
        if left > 0 { format!("in {}", span::duration(left)) } else { format!("{} ago", span::duration(left)) };
    format!("{} ({note})", span::moment(next))
}

fn key(block: &mut Block, facts: &crate::pki::facts::KeyFacts) {
    block.field("Key", &facts.to_string());
    block.field("SPKI SHA-256", &spki(Some(facts)));
}

fn spki(key: Option<&crate::pki::facts::KeyFacts>) -> String {
    key.and_then(|key| key.spki_sha256).map(|hash| hash.to_string()).unwrap_or_default()
}

/// Kind and wrapping of a private key, without any other fact about it.
pub(super) fn private_key(facts: &PrivateKeyFacts) -> String {
    use crate::pki::facts::private_key::KeyFormat;
    let format = match facts.format {
        KeyFormat::Pkcs8 => "PKCS#8",
        KeyFormat::Pkcs1 => "PKCS#1",
        KeyFormat::Sec1 => "SEC 1",
        KeyFormat::LegacyPem => "old PEM encryption",
    };
    match (&facts.key, facts.encrypted) {
        (Some(key), true) => format!("{key} ({format}, encrypted)"),
        (Some(key), false) => format!("{key} ({format})"),
        (None, true) if facts.format == KeyFormat::LegacyPem => {
            "encrypted the old way (Proc-Type), not read here; openssl pkcs8 -topk8 converts it".to_owned()
        }
        (None, true) => format!("encrypted ({format}); its kind shows with the password"),
        (None, false) => format!("of an unknown kind ({format})"),
    }
}

fn extensions(block: &mut Block, item: &Item) {
    let (extensions, more): (&[ExtensionFacts], Vec<(&str, String)>) = match item {
        Item::Certificate { facts, .. } => (
            &facts.extensions,
            vec![
                ("Version", facts.version.to_string()),
                ("Signed with", facts.signature_algorithm.clone()),
                ("SPKI SHA-256", spki(Some(&facts.key))),
            ],
        ),
        Item::Request { facts, .. } => {
            (&facts.extensions, vec![("Fingerprint", facts.fingerprint.to_string())])
        }
        Item::List { facts, .. } => (&facts.extensions, Vec::new()),
        Item::PublicKey { .. }
        | Item::PrivateKey(_)
        | Item::TokenKey(_)
        | Item::TpmKey(_)
        | Item::OcspRequest(_)
        | Item::OcspAnswer(_) => return,
    };
    for (label, value) in more {
        block.field(label, &value);
    }
    for extension in extensions {
        let name = extension.name.unwrap_or("extension");
        let critical = if extension.critical { ", critical" } else { "" };
        block.part(&format!("{name} ({}{critical})", extension.oid));
        for value in &extension.values {
            block.item(value);
        }
        if let Some(hex) = &extension.hex {
            block.item(hex);
        }
    }
}
