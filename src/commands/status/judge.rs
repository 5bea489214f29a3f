//! From the files of a directory to the word for its device.

use super::device::{Code, Device, Known, Leaf, Standing};
use crate::{
    device_id,
    evidence::fleet_authorities::FleetAuthorities,
    fleet::{
        layout::{CERTIFICATE_FILE, KEY_FILE},
        pair::{KeyFault, KeyFile, Seen},
        survey::Found,
    },
    pki::{
        certificate::Certificate,
        facts::KeyFacts,
        fingerprint::Fingerprint,
        state::{Lifetime, State, Within},
        time::Time,
    },
};

/// Facts by which every device is judged.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    pub(super) authorities: &'a FleetAuthorities,
    pub(super) now: Time,
    pub(super) within: Within,
}

impl Judge<'_> {
    pub(super) fn judge(&self, found: Found) -> Device {
        let mut device = Device {
            id: found.device,
            part: 0,
            standing: Standing::Broken,
            leaf: None,
            key: None,
            key_mode: None,
            revocation: Known::NotAsked,
            problems: Vec::new(),
        };
        match found.files {
            Ok(seen) => self.pair(&mut device, &seen),
            Err(why) => device.add(Code::NoPair, format!("the directory {why}")),
        }
        device
    }

    fn pair(&self, device: &mut Device, seen: &Seen) {
        let (has_key, facts) = key(device, &seen.key);
        let mut chain = match seen.certificate.chain() {
            Ok(chain) => chain.into_iter(),
            Err(why) => return device.add(Code::NoPair, format!("{CERTIFICATE_FILE} {why}")),
        };
        let Some(leaf) = chain.next() else { return };
        let others: Vec<Certificate> = chain.collect();
        let of_certificate = Fingerprint::of(leaf.public_key_info());
        let mismatch = match device.key {
            Some(key) if key != of_certificate && !is_same(facts.as_ref(), &leaf) => {
                device.add(Code::KeyMismatch, format!("{CERTIFICATE_FILE} does not match {KEY_FILE}"));
                true
            }
            Some(_) => false,
            None => {
                device.key = Some(of_certificate);
                false
            }
        };
        let mismatch = !names(&leaf, device) | mismatch;
        let (standing, untrusted) = self.dates_and_trust(device, &leaf, &others);
        device.standing = match standing {
            _ if !has_key => Standing::Broken,
            Standing::Revoked | Standing::OnHold => standing,
            _ if mismatch || untrusted => Standing::Mismatched,
            standing => standing,
        };
        device.leaf = Some(Leaf::from(leaf));
    }

    fn dates_and_trust(
        &self,
        device: &mut Device,
        leaf: &Certificate,
        others: &[Certificate],
    ) -> (Standing, bool) {
        let mut answer = self.authorities.revocation(leaf, others, None, self.now);
        let mut untrusted = false;
        if !self.authorities.roots.is_empty() {
            match self.authorities.issuer(leaf, others, self.now) {
                Ok(root) => answer = self.authorities.revocation(leaf, others, Some(root), self.now),
                Err(why) => {
                    untrusted = true;
                    device.add(Code::NotTrusted, format!("it does not lead to ca/ca.pem: {why}"));
                }
            }
        }
        if let Some(answer) = &answer {
            device.revocation = Known::of(&answer.state);
        }
        let lifetime = Lifetime { not_before: leaf.not_before, not_after: leaf.not_after };
        let standing = match lifetime.state(self.now, self.within, answer.as_ref()) {
            State::Valid => Standing::Valid,
            State::ExpiresSoon => Standing::ExpiresSoon,
            State::Expired => Standing::Expired,
            State::NotYetValid => Standing::NotYetValid,
            State::Revoked => Standing::Revoked,
            State::OnHold => Standing::OnHold,
        };
        (standing, untrusted)
    }
}

/// Also where one of the two writes the key in another way.
fn is_same(key: Option<&KeyFacts>, leaf: &Certificate) -> bool {
    let of_leaf = KeyFacts::from_der(leaf.public_key_info());
    key.zip(of_leaf.as_ref()).is_some_and(|(key, leaf)| key.is_same(leaf))
}

/// Notes the facts of the key file; `false` when there is no key in it that a device could use.
fn key(device: &mut Device, key: &KeyFile) -> (bool, Option<KeyFacts>) {
    device.key_mode = key.mode();
    if let Some(mode) = key.exposed_mode() {
        device.add(Code::KeyExposed, format!("{KEY_FILE} has the mode {mode:04o}; chmod 600 it"));
    }
    match key.facts() {
        Ok(facts) => {
            device.key = facts.spki_sha256;
            return (true, Some(facts));
        }
        Err(KeyFault::Denied) => {
            device.add(Code::KeyNotCompared, format!("{KEY_FILE} cannot be compared: permission denied"));
        }
        Err(KeyFault::Kind) => {
            device.add(Code::KeyNotCompared, format!("{KEY_FILE} is of a kind that is not compared here"));
        }
        Err(KeyFault::Encrypted) => {
            device.add(Code::KeyNotCompared, format!("{KEY_FILE} is encrypted, so no device can use it"));
            return (false, None);
        }
        Err(fault) => {
            device.add(Code::NoPair, format!("{KEY_FILE} {fault}"));
            return (false, None);
        }
    }
    (true, None)
}

/// Notes a certificate that is another device's.
fn names(leaf: &Certificate, device: &mut Device) -> bool {
    let is_named = device.id.is_named_by(leaf);
    if !is_named {
        device.add(
            Code::IdMismatch,
            format!("its certificate is that of {}", device_id::in_words(&leaf.common_names)),
        );
    }
    is_named
}
