//! Certificates that live at the same time for one device or one key: most often one of them was lost.

use std::collections::HashMap;

use crate::pki::{certificate::Certificate, fingerprint::Fingerprint};

/// Devices that are named.
const NAMED: usize = 10;

/// Counts certificates that live.
#[derive(Debug, Default)]
pub(super) struct Living {
    devices: HashMap<String, usize>,
    /// By SHA-256 of the public key, with whose it is.
    keys: HashMap<Fingerprint, (usize, Option<String>)>,
}

impl Living {
    /// One more certificate that lives.
    pub(super) fn take(&mut self, device: Option<&str>, certificate: &Certificate) {
        if let Some(device) = device {
            *self.devices.entry(device.to_owned()).or_default() += 1;
        }
        let key = Fingerprint::of(certificate.public_key_info());
        self.keys.entry(key).or_insert_with(|| (0, device.map(str::to_owned))).0 += 1;
    }

    /// Devices that have several, each with their number, in order.
    pub(super) fn devices_with_several(&self) -> Vec<(String, usize)> {
        let several = self.devices.iter().filter(|(_, number)| **number > 1);
        let mut several: Vec<_> = several.map(|(device, number)| (device.clone(), *number)).collect();
        several.sort();
        several
    }

    /// The owners of keys with several, in order; `-` without an owner.
    pub(super) fn keys_with_several(&self) -> Vec<(String, usize)> {
        let several = self.keys.values().filter(|(number, _)| *number > 1);
        let mut several: Vec<_> = several
            .map(|(number, device)| (device.clone().unwrap_or_else(|| "-".to_owned()), *number))
            .collect();
        several.sort();
        several
    }
}

/// `a1998e (2), b2c3d4 (3) and 4 more`
pub(super) fn named(several: &[(String, usize)]) -> String {
    let names: Vec<String> =
        several.iter().take(NAMED).map(|(device, number)| format!("{device} ({number})")).collect();
    let more = several.len().saturating_sub(NAMED);
    if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
}
