//! The worst of everything that was seen, and its exit code.

use super::examine::{Judged, Verdict};
use crate::{
    failure::Exit,
    pki::{
        facts::{ListState, Proof},
        sniff::Item,
        state::State,
        time::Time,
    },
};

/// Grades, the worst last. An unreadable input outranks one that merely expires soon: it may be anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    #[default]
    Fine,
    ExpiresSoon,
    Unreadable,
    Indeterminate,
    NotYetValid,
    Expired,
    Mismatch,
    Revoked,
}

/// The worst grade so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worst {
    grade: Grade,
    unreadable: bool,
}

impl Worst {
    pub(super) fn take(&mut self, judged: &Judged<'_>, now: Time) {
        let grade = match (&judged.found.item, &judged.verdict) {
            (_, Some(verdict)) => of_certificate(verdict),
            (Item::List { facts, .. }, _) => match facts.state_at(now) {
                ListState::Current => Grade::Fine,
                ListState::Stale => Grade::Indeterminate,
                ListState::NotYetValid => Grade::NotYetValid,
            },
            // Its signature is not checked here: a state other than good is neither believed nor lost.
            (Item::OcspAnswer(facts), _) => match facts.state_at(now) {
                Some(ListState::NotYetValid) => Grade::NotYetValid,
                Some(ListState::Current) if facts.is_all_good() => Grade::Fine,
                _ => Grade::Indeterminate,
            },
            (Item::Request { facts, .. }, _) if facts.signature == Proof::Bad => Grade::Mismatch,
            _ => Grade::Fine,
        };
        self.grade = self.grade.max(grade);
    }

    pub(super) fn unreadable(&mut self) {
        self.unreadable = true;
        self.grade = self.grade.max(Grade::Unreadable);
    }

    pub(super) fn join(&mut self, other: Self) {
        self.grade = self.grade.max(other.grade);
        self.unreadable |= other.unreadable;
    }

    /// The exit code; states count only when they were asked for.
    pub(super) fn exit(self, check: bool) -> Exit {
        if !check {
            return if self.unreadable { Exit::Failed } else { Exit::Done };
        }
        match self.grade {
            Grade::Fine => Exit::Done,
            Grade::ExpiresSoon => Exit::ExpiresSoon,
            Grade::Unreadable => Exit::Failed,
            Grade::Indeterminate => Exit::Indeterminate,
            Grade::Mismatch => Exit::NotTrusted,
            Grade::NotYetValid => Exit::NotYetValid,
            Grade::Expired => Exit::Expired,
            Grade::Revoked => Exit::Revoked,
        }
    }
}

fn of_certificate(verdict: &Verdict) -> Grade {
    let state = match verdict.state {
        State::Revoked | State::OnHold => Grade::Revoked,
        State::Expired => Grade::Expired,
        State::NotYetValid => Grade::NotYetValid,
        State::ExpiresSoon => Grade::ExpiresSoon,
        State::Valid => Grade::Fine,
    };
    let mismatch =
        verdict.findings.iter().any(|finding| finding.code.is_mismatch() || finding.code.is_broken());
    let unclear = verdict.revocation.as_ref().is_some_and(|revocation| !revocation.state.is_conclusive());
    let beside = match (mismatch, unclear) {
        (true, _) => Grade::Mismatch,
        (false, true) => Grade::Indeterminate,
        (false, false) => Grade::Fine,
    };
    state.max(beside)
}
