//! Lists from several places, asked together.

use std::{
    cell::OnceCell,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    index::Listing,
    list::{Crl, CrlError},
    points::{ALL, Asked, Reasons},
    signer::{Certified, Signed, Signer},
};
use crate::pki::{
    certificate::Certificate,
    directory_name::may_be_same,
    fingerprint::Fingerprint,
    revocation::{Revocation, State},
    time::Time,
};

/// How often the key of a list may be certified by an authority whose list has to be asked about it.
const DEPTH: usize = 3;

/// Every list at hand. Signatures are checked once for each list and issuer, so asking is cheap, also from many
/// threads.
#[derive(Debug, Default)]
pub struct CrlSet {
    lists: Vec<Held>,
}

#[derive(Debug)]
struct Held {
    crl: Crl,
    source: String,
    /// The list is asked only when no other list is of the certificate's issuer.
    is_spare: bool,
    checked: Mutex<HashMap<Signature, Checked>>,
}

/// A question about the signature of a list: the issuer, a digest of the other certificates where they matter, the time.
type Signature = (Fingerprint, Option<Fingerprint>, Time);

type Checked = Arc<Result<Signed, CrlError>>;

/// One question.
struct Question<'a> {
    certificate: &'a Certificate,
    issuer: &'a Certificate,
    around: Certified<'a>,
    serial: Vec<u8>,
    at: Time,
    asked: OnceCell<Option<Asked>>,
    issuer_id: Fingerprint,
}

impl CrlSet {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list; `source` is the file or URL it came from.
    pub fn add(&mut self, crl: Crl, source: impl Into<String>) {
        self.lists.push(Held { crl, source: source.into(), is_spare: false, checked: Mutex::default() });
    }

    /// Adds a spare list, asked only when no other list is of the certificate's issuer. Otherwise it could hide that a
    /// list which the user named cannot be used.
    pub fn add_spare(&mut self, crl: Crl, source: impl Into<String>) {
        self.lists.push(Held { crl, source: source.into(), is_spare: true, checked: Mutex::default() });
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The lists with their sources, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&Crl, &str)> {
        self.lists.iter().map(|held| (&held.crl, held.source.as_str()))
    }

    /// The state of `certificate` at `at`, by the lists that `issuer` signed.
    ///
    /// `issuer` must be the certificate whose key signed `certificate`: the caller has verified the path.
    #[must_use]
    pub fn status(&self, certificate: &Certificate, issuer: &Certificate, at: Time) -> Revocation {
        self.status_among(certificate, issuer, Certified::default(), at)
    }

    /// Like [`Self::status`]. Lists may also be signed by another key that `around` certifies: the key of a re-keyed
    /// authority, a key for lists only, or the key of an issuer of indirect lists.
    #[must_use]
    pub fn status_among(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        around: Certified<'_>,
        at: Time,
    ) -> Revocation {
        self.answer(certificate, issuer, around, at, &mut Vec::new())
    }

    /// `busy`: lists whose signing key is being checked for revocation. They are not asked again: the check must end.
    fn answer(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        around: Certified<'_>,
        at: Time,
        busy: &mut Vec<usize>,
    ) -> Revocation {
        let Some(serial) = octets(&certificate.serial) else {
            return Revocation::unknown("the serial number cannot be read");
        };
        let issuer_id = issuer.fingerprint();
        let question = Question { certificate, issuer, around, serial, at, asked: OnceCell::new(), issuer_id };
        let mut concerned: Vec<(usize, &Held)> = self
            .lists
            .iter()
            .enumerate()
            .filter(|(id, held)| !busy.contains(id) && question.concerns(&held.crl))
            .collect();
        if concerned.iter().any(|(_, held)| !held.is_spare) {
            concerned.retain(|(_, held)| !held.is_spare);
        }
        let mut answers = Answers::default();
        for (id, held) in &concerned {
            match &*held.signed(&question) {
                Ok(signed) => {
                    let doubt = self.doubt(*id, signed, &question, busy);
                    answers.add(held, doubt, &concerned, &question);
                }
                Err(error) => answers.disbelieved(held, error, &question),
            }
        }
        answers.decide().unwrap_or_else(|| {
            Revocation::unknown(format!("there is no revocation list of {}", issuer.subject))
        })
    }

    /// The doubt about a list that is due to its signature, or to the key that made it.
    fn doubt(&self, id: usize, signed: &Signed, question: &Question<'_>, busy: &mut Vec<usize>) -> Doubt {
        if let Signer::Certified(path) = &signed.signer
            && let Some((signer, above)) = path.links().next()
        {
            busy.push(id);
            let state = if busy.len() > DEPTH {
                State::unknown("the keys of lists are certified by too many others")
            } else {
                self.answer(signer, above, question.around, question.at, busy).state
            };
            busy.pop();
            let is_link = may_be_same(&signer.subject, &above.subject);
            match state {
                State::Good => {}
                State::Revoked { .. } | State::OnHold { .. } => {
                    return Doubt::All("the key that signed it was revoked".to_owned());
                }
                // The authority certified this key for itself, so only its own lists can revoke it. A missing answer
                // is then no reason for doubt.
                _ if is_link => {}
                _ => {
                    return Doubt::Good(format!(
                        "it is signed with another key of {}, and whether that was revoked is not known",
                        signer.subject
                    ));
                }
            }
        }
        if !signed.by_same_anchor {
            Doubt::Good("it is signed by another trusted root of that name, which did not issue it".to_owned())
        } else if signed.by_sha1 {
            Doubt::Good("it is signed with SHA-1, which is not secure".to_owned())
        } else {
            Doubt::None
        }
    }

    /// Whether a list has an entry for this serial number. The signer of the list is not checked: `false` is certain,
    /// and then no list can show a revocation.
    #[must_use]
    pub fn mentions(&self, serial: &str) -> bool {
        octets(serial).is_some_and(|serial| self.lists.iter().any(|held| held.crl.lists(&serial)))
    }

    /// Whether a list that `issuer` signed has this serial number, written as [`Certificate::serial`], as revoked or on
    /// hold. `false` does not mean that the certificate is good.
    #[must_use]
    pub fn names(&self, serial: &str, issuer: &Certificate) -> bool {
        let Some(serial) = octets(serial) else { return false };
        let id = issuer.fingerprint();
        self.lists.iter().any(|held| {
            let listing = held.crl.entry(&serial, None);
            held.crl.obstacle().is_none()
                && matches!(listing, Some(Listing::Revoked { .. } | Listing::OnHold { .. }))
                && held.signed_by(issuer, id, Certified::default(), Time::from_unix(0)).is_ok()
        })
    }
}

impl Question<'_> {
    fn asked(&self) -> Option<&Asked> {
        self.asked.get_or_init(|| Asked::of(self.certificate)).as_ref()
    }

    /// The list is of the issuer of the certificate, or of one that the certificate names.
    fn concerns(&self, list: &Crl) -> bool {
        if list.issuer() == self.certificate.issuer {
            return true;
        }
        let may = may_be_same(list.issuer(), &self.certificate.issuer) || list.scope().is_indirect();
        may && self
            .asked()
            .is_some_and(|asked| *list.issuer_name() == asked.issuer || asked.is_listed_by(list.issuer_name()))
    }

    /// The entry about the certificate, if the list has one.
    fn entry(&self, list: &Crl) -> Option<Listing> {
        if !list.lists(&self.serial) {
            return None;
        }
        list.entry(&self.serial, Some(&self.asked()?.issuer))
    }

    /// The reasons for which the list may speak.
    fn reasons(&self, list: &Crl) -> Result<Reasons, &'static str> {
        let asked = if list.scope().needs_points() { self.asked() } else { None };
        list.scope().reasons(self.certificate, asked)
    }
}

impl Held {
    fn signed(&self, question: &Question<'_>) -> Checked {
        self.signed_by(question.issuer, question.issuer_id, question.around, question.at)
    }

    fn signed_by(&self, issuer: &Certificate, id: Fingerprint, around: Certified<'_>, at: Time) -> Checked {
        let key = (id, around.digest(&self.crl, issuer), at);
        // A panic in another thread leaves the map usable, because entries are only added to it.
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(checked.entry(key).or_insert_with(|| Arc::new(around.signer_of(&self.crl, issuer, at))))
    }
}

/// How far a genuine list is believed.
enum Doubt {
    None,
    /// The entries of the list count, but a missing entry does not mean good; with the reason.
    Good(String),
    /// The list does not count at all; with the reason.
    All(String),
}

/// The answers of the lists, added one list at a time.
#[derive(Default)]
struct Answers {
    said: Vec<Revocation>,
    /// The revocation reasons that lists without an entry cover together; `silent` is the answer of the first of them.
    heard: Reasons,
    silent: Option<Revocation>,
    /// Answers of lists that name the certificate and may not be used.
    unused: Vec<Revocation>,
}

impl Answers {
    fn add(&mut self, held: &Held, doubt: Doubt, all: &[(usize, &Held)], question: &Question<'_>) {
        let (list, entry) = (&held.crl, question.entry(&held.crl));
        let evidence = Some(list.evidence(&held.source));
        if let Doubt::All(why) = &doubt {
            return self.disbelieved(held, why, question);
        }
        if let Some(why) = list.obstacle() {
            let names = accusation(entry)
                .map_or_else(String::new, |how| format!("; it says that the certificate was {how}"));
            let state = State::unknown(format!("the list cannot be used: {why}{names}"));
            let to = if names.is_empty() { &mut self.said } else { &mut self.unused };
            to.push(Revocation { state, evidence });
            return;
        }
        let state = match entry {
            Some(Listing::Revoked { at, reason }) => State::Revoked { at, reason },
            Some(Listing::OnHold { since }) => {
                let issuer = question.asked().map(|asked| &asked.issuer);
                let release = all.iter().find(|(_, delta)| {
                    delta.crl.releases(list, &question.serial, issuer, question.at)
                        && delta.signed(question).as_ref().as_ref().is_ok_and(Signed::may_admit)
                });
                match release {
                    Some((_, delta)) => {
                        let evidence = Some(delta.crl.evidence(&delta.source));
                        self.said.push(Revocation { state: State::Good, evidence });
                        return;
                    }
                    None => State::OnHold { since },
                }
            }
            Some(Listing::Released) | None => return self.silence(held, doubt, question),
        };
        self.said.push(Revocation { state, evidence });
    }

    fn silence(&mut self, held: &Held, doubt: Doubt, question: &Question<'_>) {
        let evidence = Some(held.crl.evidence(&held.source));
        let heard =
            match (question.reasons(&held.crl), held.crl.silence(question.certificate, question.at), doubt) {
                (Err(why), _, _) => Err(State::unknown(format!("the list does not cover it: {why}"))),
                (_, Err(state), _) => Err(state),
                (_, _, Doubt::Good(why) | Doubt::All(why)) => {
                    Err(State::unknown(format!("the list does not name it, but {why}")))
                }
                (Ok(reasons), Ok(()), Doubt::None) => Ok(reasons),
            };
        match heard {
            Ok(ALL) => self.said.push(Revocation { state: State::Good, evidence }),
            Ok(reasons) => {
                self.heard |= reasons;
                if self.silent.is_none() {
                    self.silent = Some(Revocation { state: State::Good, evidence });
                }
            }
            Err(state) => self.said.push(Revocation { state, evidence }),
        }
    }

    /// Adds a list that is not believed: the answer is unknown, and an accusation in it is still reported.
    fn disbelieved(&mut self, held: &Held, error: &dyn std::fmt::Display, question: &Question<'_>) {
        let names = accusation(question.entry(&held.crl));
        let answer = |what: String| {
            Revocation::unknown(format!("the list {} is not trusted: {error}{what}", held.source))
        };
        match names {
            // The first of several unknown answers is reported, so one with an accusation goes to the front.
            Some(how) => self.said.insert(0, answer(format!("; it says that the certificate was {how}"))),
            None => self.said.push(answer(String::new())),
        }
    }

    fn decide(mut self) -> Option<Revocation> {
        if let Some(mut silent) = self.silent {
            if self.heard != ALL {
                silent.state = State::unknown(
                    "the list does not name it, but it covers only some reasons of revocation (onlySomeReasons)",
                );
            }
            self.said.push(silent);
        }
        let decided = Revocation::decide(self.said);
        let unused = self.unused.into_iter().next();
        match (decided, unused) {
            (Some(decided), Some(unused)) if decided.state.is_revoked() || is_newer(&decided, &unused) => {
                Some(decided)
            }
            // A list that may not be used names the certificate. Only revoked, on hold or a newer good outweighs that.
            (_, Some(unused)) => Some(unused),
            (decided, None) => decided,
        }
    }
}

fn is_newer(good: &Revocation, other: &Revocation) -> bool {
    let time =
        |answer: &Revocation| answer.evidence.as_ref().map(crate::pki::revocation::Evidence::this_update);
    good.state.is_conclusive() && time(good) > time(other)
}

/// The accusation in an entry, in words; `None` for an entry of removeFromCRL.
fn accusation(entry: Option<Listing>) -> Option<String> {
    match entry? {
        Listing::Revoked { at, reason: Some(reason) } => Some(format!("revoked at {}, {reason}", at.moment())),
        Listing::Revoked { at, reason: None } => Some(format!("revoked at {}", at.moment())),
        Listing::OnHold { since } => Some(format!("put on hold at {}", since.moment())),
        Listing::Released => None,
    }
}

/// The content of a serial number's INTEGER.
fn octets(serial: &str) -> Option<Vec<u8>> {
    serial.split(':').map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}
