//! `--short`: one line each.

use std::fmt::Write;

use anstyle::Style;

use super::{
    Plan,
    examine::{Judged, Verdict},
    ocsp,
    text::{self, is_fine},
};
use crate::{
    output::{columns, escape, span},
    pki::{facts::Proof, lint::Code, sniff::Item, state::State},
};

/// Columns of the longest word.
const WORD: usize = 13;
const LEFT: usize = 12;

pub(super) fn show(judged: &Judged<'_>, plan: &Plan, out: &mut String) {
    let (style, word, left, about) = parts(judged, plan);
    let source = escape::line(&text::place(judged));
    let about = escape::line(&about);
    let (about, source) = match plan.columns {
        None => (about, source),
        Some(columns) => fitted(&about, &source, columns.saturating_sub(WORD + LEFT + 6)),
    };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{style}{word:WORD$}{style:#}  {left:LEFT$}  {about}  {source}");
}

fn parts(judged: &Judged<'_>, plan: &Plan) -> (Style, &'static str, String, String) {
    match (&judged.found.item, &judged.verdict) {
        (Item::Certificate { facts, .. }, Some(verdict)) => {
            let left = verdict.lifetime.left(plan.now);
            let words = if left < 0 { format!("-{}", span::duration(left)) } else { span::duration(left) };
            let odd = match verdict.findings.iter().filter(|finding| !is_fine(finding)).count() {
                0 => String::new(),
                count => format!(" ({} found)", crate::output::count(count, "problem")),
            };
            let (style, word) = worst(verdict);
            (style, word, words, format!("{}{odd}", facts.subject))
        }
        (Item::Certificate { facts, .. }, None) => {
            (Style::new(), "CERTIFICATE", String::new(), facts.subject.clone())
        }
        (Item::Request { facts, .. }, _) => {
            let proof = match facts.signature {
                Proof::Good => "",
                Proof::Bad => " (its signature is wrong)",
                Proof::Unchecked => " (its signature cannot be checked)",
            };
            (Style::new(), "REQUEST", String::new(), format!("{}{proof}", facts.subject))
        }
        (Item::List { facts, .. }, _) => {
            let (style, word) = text::list_word(facts.state_at(plan.now));
            let left = facts.next_update.map(|next| next.unix() - plan.now.unix());
            let left = left.map_or_else(String::new, |left| {
                if left < 0 { format!("-{}", span::duration(left)) } else { span::duration(left) }
            });
            (style, word, left, format!("{} ({} revoked)", facts.issuer, facts.revoked))
        }
        (Item::OcspRequest(facts), _) => (Style::new(), "OCSP REQUEST", String::new(), ocsp::asked(facts)),
        (Item::OcspAnswer(facts), _) => {
            let (style, word) = ocsp::word(facts, plan.now);
            (style, word, String::new(), ocsp::brief(facts))
        }
        (Item::PublicKey { facts, .. }, _) => (Style::new(), "PUBLIC KEY", String::new(), facts.to_string()),
        (Item::TokenKey(uri), _) => (Style::new(), "KEY IN A TOKEN", String::new(), uri.identity().to_string()),
        (Item::TpmKey(facts), _) => (Style::new(), "KEY OF A TPM", String::new(), facts.to_string()),
        (Item::PrivateKey(facts), _) => (Style::new(), "PRIVATE KEY", String::new(), text::private_key(facts)),
    }
}

/// The worst that is true of it, in one word.
pub(super) fn worst(verdict: &Verdict) -> (Style, &'static str) {
    let is_unclear = verdict.revocation.as_ref().is_some_and(|revocation| !revocation.state.is_conclusive());
    let has = |is: fn(Code) -> bool| verdict.findings.iter().any(|finding| is(finding.code));
    match verdict.state {
        State::Revoked | State::OnHold => (text::colour(verdict.state), verdict.state.words()),
        _ if has(Code::is_mismatch) => (text::colour(State::Revoked), "MISMATCHED"),
        _ if has(Code::is_broken) => (text::colour(State::Revoked), "BROKEN"),
        State::Valid | State::ExpiresSoon if is_unclear => (text::SOON, "INDETERMINATE"),
        state => (text::colour(state), state.words()),
    }
}

/// Both fit into `room`; the name gives way before the place does.
fn fitted(about: &str, source: &str, room: usize) -> (String, String) {
    const LEAST: usize = 12;
    let source = columns::cut(source, room.saturating_sub(LEAST + 2));
    let about = columns::cut(about, room.saturating_sub(columns::width(&source)));
    (about, source)
}
