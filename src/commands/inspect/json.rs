//! `--format json`: one object a line, a contract.

use serde::Serialize;

use super::{
    Plan,
    examine::{Judged, Verdict},
};
use crate::{
    output::escape,
    pki::{
        certificate, crl,
        facts::{
            CertificateFacts, KeyFacts, ListFacts, ListState, OcspAnswerFacts, OcspRequestFacts,
            PrivateKeyFacts, RequestFacts, TpmKeyFacts,
        },
        lint::Finding,
        pem,
        revocation::Revocation,
        sniff::{Encoding, Item},
        state::State,
        time::Time,
    },
};

/// The version of the lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.inspect/1";

#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    /// File, `stdin`, or host and port.
    source: &'a str,
    /// Position in the source, from 0.
    index: usize,
    encoding: Encoding,
    #[serde(flatten)]
    thing: Thing<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pem: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Thing<'a> {
    Certificate {
        #[serde(flatten)]
        standing: Option<Standing<'a>>,
        #[serde(flatten)]
        facts: &'a CertificateFacts,
    },
    Request {
        #[serde(flatten)]
        facts: &'a RequestFacts,
    },
    RevocationList {
        state: ListState,
        #[serde(flatten)]
        facts: &'a ListFacts,
    },
    OcspRequest {
        #[serde(flatten)]
        facts: &'a OcspRequestFacts,
    },
    OcspAnswer {
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<ListState>,
        #[serde(flatten)]
        facts: &'a OcspAnswerFacts,
    },
    PublicKey {
        key: &'a KeyFacts,
    },
    PrivateKey {
        #[serde(flatten)]
        facts: &'a PrivateKeyFacts,
    },
    TokenKey {
        uri: String,
    },
    TpmKey {
        #[serde(flatten)]
        facts: &'a TpmKeyFacts,
    },
}

#[derive(Serialize)]
struct Standing<'a> {
    state: State,
    /// The moment everything was judged at.
    at: Time,
    /// Negative after the end.
    remaining_seconds: i64,
    /// Of the lifetime, 0 to 100, with one decimal.
    used_percent: f64,
    revocation: std::borrow::Cow<'a, Revocation>,
    findings: &'a [Finding],
}

#[derive(Serialize)]
struct Unread<'a> {
    schema: &'static str,
    source: &'a str,
    kind: &'static str,
    error: Problem<'a>,
}

#[derive(Serialize)]
struct Problem<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

pub(super) fn show(judged: &Judged<'_>, plan: &Plan, out: &mut String) {
    let thing = match &judged.found.item {
        Item::Certificate { facts, .. } => Thing::Certificate {
            standing: judged.verdict.as_ref().map(|verdict| standing(verdict, plan)),
            facts,
        },
        Item::Request { facts, .. } => Thing::Request { facts },
        Item::List { facts, .. } => Thing::RevocationList { state: facts.state_at(plan.now), facts },
        Item::OcspRequest(facts) => Thing::OcspRequest { facts },
        Item::OcspAnswer(facts) => Thing::OcspAnswer { state: facts.state_at(plan.now), facts },
        Item::PublicKey { facts, .. } => Thing::PublicKey { key: facts },
        Item::PrivateKey(facts) => Thing::PrivateKey { facts },
        Item::TpmKey(facts) => Thing::TpmKey { facts },
        Item::TokenKey(uri) => Thing::TokenKey { uri: uri.to_string() },
    };
    let record = Record {
        schema: SCHEMA,
        source: judged.source,
        index: judged.index,
        encoding: judged.found.encoding,
        thing,
        pem: plan.pem.then(|| self::pem(&judged.found.item)).flatten(),
    };
    out.push_str(&line(&record));
    out.push('\n');
}

fn standing<'a>(verdict: &'a Verdict, plan: &Plan) -> Standing<'a> {
    use std::borrow::Cow;
    Standing {
        state: verdict.state,
        at: plan.now,
        remaining_seconds: verdict.lifetime.left(plan.now),
        used_percent: f64::from(verdict.lifetime.used(plan.now)) / 10.0,
        revocation: match &verdict.revocation {
            Some(revocation) => Cow::Borrowed(revocation),
            None => Cow::Owned(Revocation::unknown(super::text::NO_LIST)),
        },
        findings: &verdict.findings,
    }
}

/// The line for something that could not be read.
pub(super) fn failure(source: &str, message: &str, hint: Option<&str>) -> String {
    line(&Unread { schema: SCHEMA, source, kind: "error", error: Problem { message, hint } })
}

/// PEM of a public item (RFC 7468); `None` for private keys and OCSP.
pub(super) fn pem(item: &Item) -> Option<String> {
    let (label, der) = match item {
        Item::Certificate { der, .. } => (certificate::LABEL, der),
        Item::Request { der, .. } => ("CERTIFICATE REQUEST", der),
        Item::List { der, .. } => (crl::LABEL, der),
        Item::PublicKey { der, .. } => ("PUBLIC KEY", der),
        // No label of PEM is agreed for OCSP.
        Item::PrivateKey(_)
        | Item::TokenKey(_)
        | Item::TpmKey(_)
        | Item::OcspRequest(_)
        | Item::OcspAnswer(_) => return None,
    };
    Some(pem::encode(label, der))
}

fn line(record: &impl Serialize) -> String {
    // A record can always be written: there are no maps and no foreign numbers in it.
    escape::json(&serde_json::to_string(record).unwrap_or_default())
}
