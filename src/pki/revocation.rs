//! The state of revocation of one certificate, and its evidence (RFC 5280 §5, RFC 6960 §2.2).

use std::fmt;

use serde::Serialize;

use super::time::Time;

/// The answer: a state, and the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revocation {
    #[serde(flatten)]
    pub state: State,
    /// The verified list or OCSP answer, or the journal; `None` when no evidence could be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// The six states. Only fresh, verified evidence says [`State::Good`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Not revoked, said by evidence that is valid at the time asked about.
    Good,
    Revoked {
        #[serde(rename = "revoked_at")]
        at: Time,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// Revoked until further notice (certificateHold).
    OnHold {
        #[serde(rename = "on_hold_since")]
        since: Time,
    },
    /// The evidence ended: it does not name the certificate, but newer evidence may.
    Stale {
        #[serde(rename = "stale_since")]
        since: Time,
    },
    /// There is no evidence, or none that may be used.
    Unknown { why: String },
    /// There is a place to ask, and it did not answer.
    Unreachable { why: String },
}

impl State {
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown { why: why.into() }
    }

    #[must_use]
    pub fn unreachable(why: impl Into<String>) -> Self {
        Self::Unreachable { why: why.into() }
    }

    /// It is revoked, or on hold.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        matches!(self, Self::Revoked { .. } | Self::OnHold { .. })
    }

    /// Whether the state settles the question: good, revoked or on hold.
    #[must_use]
    pub fn is_conclusive(&self) -> bool {
        matches!(self, Self::Good) || self.is_revoked()
    }

    /// The rank among inconclusive states: the most definite one is the lowest.
    fn vagueness(&self) -> u8 {
        match self {
            Self::Good | Self::Revoked { .. } | Self::OnHold { .. } => 0,
            Self::Stale { .. } => 1,
            Self::Unreachable { .. } => 2,
            Self::Unknown { .. } => 3,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good => f.write_str("good"),
            Self::Revoked { at, reason: Some(reason) } => write!(f, "revoked at {}, {reason}", at.moment()),
            Self::Revoked { at, reason: None } => write!(f, "revoked at {}", at.moment()),
            Self::OnHold { since } => write!(f, "on hold since {}", since.moment()),
            Self::Stale { since } => write!(f, "outdated: the evidence expired at {}", since.moment()),
            Self::Unknown { why } => write!(f, "unknown: {why}"),
            Self::Unreachable { why } => write!(f, "unreachable: {why}"),
        }
    }
}

/// CRLReason (RFC 5280 §5.3.1), spelled as there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    Unspecified,
    KeyCompromise,
    #[serde(rename = "cACompromise")]
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    RemoveFromCRL,
    PrivilegeWithdrawn,
    #[serde(rename = "aACompromise")]
    AaCompromise,
}

impl Reason {
    /// The reason with this number in DER; 7 and numbers above 10 have no meaning.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCRL,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCRL => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The evidence for a state. The signature of a list or an OCSP answer was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    Crl {
        /// cRLNumber (RFC 5280 §5.2.3), decimal.
        #[serde(skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        this_update: Time,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_update: Option<Time>,
        /// File or URL.
        source: String,
    },
    Ocsp {
        produced_at: Time,
        this_update: Time,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_update: Option<Time>,
        /// URL of the responder.
        source: String,
    },
    /// The journal of a directory, in which the platform's answer to a revocation was written down. That record has no
    /// signature, but the answer was received here; lists with the revocation follow later.
    Journal {
        recorded_at: Time,
        /// File.
        source: String,
    },
}

impl Evidence {
    /// The time at which its statement was true.
    #[must_use]
    pub fn this_update(&self) -> Time {
        match self {
            Self::Crl { this_update, .. } | Self::Ocsp { this_update, .. } => *this_update,
            Self::Journal { recorded_at, .. } => *recorded_at,
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (next_update, source) = match self {
            Self::Crl { number, this_update, next_update, source } => {
                match number {
                    Some(number) => write!(f, "CRL number {number} of {}", this_update.moment())?,
                    None => write!(f, "CRL of {}", this_update.moment())?,
                }
                (next_update, source)
            }
            Self::Ocsp { this_update, next_update, source, .. } => {
                write!(f, "OCSP answer of {}", this_update.moment())?;
                (next_update, source)
            }
            Self::Journal { source, .. } => return write!(f, "this directory's journal, {source}"),
        };
        if let Some(next) = next_update {
            write!(f, ", next {}", next.moment())?;
        }
        write!(f, ", from {source}")
    }
}

impl Revocation {
    /// The unknown state, without evidence.
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Self {
        Self { state: State::unknown(why), evidence: None }
    }

    /// One answer out of those of several sources.
    ///
    /// Revoked wins: it cannot be taken back. Between good and on hold the newer evidence decides. After those come
    /// stale, unreachable and unknown, in this order; of equals the first. `None` for no answers.
    #[must_use]
    pub fn decide(answers: impl IntoIterator<Item = Self>) -> Option<Self> {
        answers.into_iter().reduce(|best, next| if next.outranks(&best) { next } else { best })
    }

    fn outranks(&self, other: &Self) -> bool {
        let is_final = |answer: &Self| matches!(answer.state, State::Revoked { .. });
        match (is_final(self), is_final(other)) {
            (true, false) => return true,
            (_, true) => return false,
            (false, false) => {}
        }
        match (self.state.is_conclusive(), other.state.is_conclusive()) {
            (true, true) => {
                let (mine, theirs) = (self.time(), other.time());
                // Of two answers of the same second, on hold wins over good.
                mine > theirs || (mine == theirs && self.state.is_revoked() && !other.state.is_revoked())
            }
            (mine, false) if mine => true,
            (false, false) => self.state.vagueness() < other.state.vagueness(),
            _ => false,
        }
    }

    fn time(&self) -> Option<Time> {
        self.evidence.as_ref().map(Evidence::this_update)
    }
}

impl fmt::Display for Revocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.evidence {
            Some(evidence) => write!(f, "{} ({evidence})", self.state),
            None => self.state.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(state: State, this_update: i64) -> Revocation {
        let evidence = Evidence::Crl {
            number: None,
            this_update: Time::from_unix(this_update),
            next_update: None,
            source: "test".to_owned(),
        };
        Revocation { state, evidence: Some(evidence) }
    }

    #[test]
    fn revoked_is_for_ever_and_a_hold_until_newer_evidence() {
        let at = Time::from_unix(5);
        let revoked = || answer(State::Revoked { at, reason: None }, 10);
        let held = |time| answer(State::OnHold { since: at }, time);
        let good = |time| answer(State::Good, time);
        let vague = || Revocation::unknown("no list");
        let decide = |answers: Vec<Revocation>| Revocation::decide(answers).unwrap();
        assert_eq!(decide(vec![revoked(), good(99)]), revoked());
        assert_eq!(decide(vec![good(99), revoked()]), revoked());
        assert_eq!(decide(vec![held(10), good(11)]), good(11));
        assert_eq!(decide(vec![good(10), held(11)]), held(11));
        assert_eq!(decide(vec![good(10), held(10)]), held(10));
        assert_eq!(decide(vec![held(10), good(10)]), held(10));
        assert_eq!(decide(vec![vague(), good(1)]), good(1));
        assert_eq!(decide(vec![good(1), answer(State::Stale { since: at }, 2)]), good(1));
        let stale = answer(State::Stale { since: at }, 2);
        assert_eq!(decide(vec![vague(), stale.clone()]), stale);
        assert_eq!(Revocation::decide([]), None);
    }

    #[test]
    fn its_json_names_state_and_evidence() {
        let held = answer(State::OnHold { since: Time::from_unix(0) }, 10);
        assert_eq!(
            serde_json::to_value(held).unwrap(),
            serde_json::json!({
                "state": "on_hold",
                "on_hold_since": "1970-01-01T00:00:00Z",
                "evidence": { "kind": "crl", "this_update": "1970-01-01T00:00:10Z", "source": "test" },
            })
        );
        let unknown = Revocation::unknown("no list");
        assert_eq!(
            serde_json::to_value(unknown).unwrap(),
            serde_json::json!({ "state": "unknown", "why": "no list" })
        );
    }
}
