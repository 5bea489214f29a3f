//! Tasks after the promotion of a pair: the user's command, then the deletion of the old certificate.
//!
//! Both were written into the journal before the promotion, and are crossed out there when they are done. The next run
//! does the tasks that were cut off or failed.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    outcome::{AfterResult, AfterTask},
    report::Report,
};
use crate::{
    commands::proof::{self, Known, Proof},
    device_id::DeviceId,
    enroll::{Outcome, Stop, UserCommand, command::Facts},
    failure::Exit,
    fleet::{
        journal::{Event, Replaced},
        layout::Layout,
        pair,
        vault::{Subject, Vault},
    },
    pki::fingerprint::Fingerprint,
    platform::{ErrorKind, Platform, registry_of},
};

/// How long a command under way may take once the run was told to end.
const GRACE: Duration = Duration::from_secs(10);

pub(super) struct Aftermath {
    pub(super) platform: Arc<dyn Platform>,
    pub(super) vault: Vault,
    pub(super) layout: Layout,
    pub(super) exec: Option<UserCommand>,
    pub(super) revoke_old: bool,
    pub(super) stop: Arc<Stop>,
}

impl Aftermath {
    /// Does the debts of earlier runs, then the tasks of devices as they arrive, one device at a time: two commands
    /// that reload the same service never run at once.
    pub(super) async fn run(
        self,
        debts: Vec<AfterTask>,
        mut arrived: UnboundedReceiver<Outcome>,
        promised: HashMap<DeviceId, (bool, Vec<Replaced>)>,
        report: &mut Report<'_>,
    ) {
        for debt in debts {
            let settled = self.carry_out(&debt).await;
            report.settled(&debt.subject.device, &debt.pair, &settled);
        }
        while let Some(Outcome { device, result }) = arrived.recv().await {
            let pair = match result {
                Ok(pair) => pair,
                Err(failure) => {
                    report.failure(&device, &failure);
                    continue;
                }
            };
            let (exec, delete) = promised.get(&device).cloned().unwrap_or_default();
            let mut settled = AfterResult::default();
            if (exec || !delete.is_empty())
                && let Some(key) = self.key_of(&device)
            {
                let subject = Subject { device: device.clone(), key };
                settled = self.carry_out(&AfterTask { subject, pair: pair.clone(), exec, delete }).await;
            }
            report.renewed(&device, pair, &settled);
        }
    }

    fn key_of(&self, device: &DeviceId) -> Option<Fingerprint> {
        let pair = pair::at(&self.layout.device(device)).ok()?;
        Some(Fingerprint::of(pair.leaf.public_key_info()))
    }

    async fn carry_out(&self, debt: &AfterTask) -> AfterResult {
        let mut settled = AfterResult::default();
        if let (true, Some(command)) = (debt.exec, &self.exec) {
            settled.exec = Some(self.command(command, debt).await);
        }
        // A service that was not told of the new pair still uses the old one.
        if self.revoke_old && !matches!(settled.exec, Some(Err(_))) {
            for old in &debt.delete {
                match self.delete(old).await {
                    Ok(()) => settled.deleted.push(old.clone()),
                    Err(reason) => settled.kept.push((old.clone(), reason)),
                }
            }
        }
        let exec = debt.exec && !matches!(settled.exec, Some(Ok(())));
        let delete: Vec<Replaced> =
            debt.delete.iter().filter(|old| !settled.deleted.contains(old)).cloned().collect();
        let fingerprint = debt.pair.fingerprint.to_string();
        let event = if exec || !delete.is_empty() {
            Event::Owed { fingerprint, exec, delete }
        } else {
            Event::Settled { fingerprint }
        };
        self.vault.note(debt.subject.clone(), event);
        settled
    }

    async fn command(&self, command: &UserCommand, debt: &AfterTask) -> Result<(), String> {
        let device = &debt.subject.device;
        let facts = Facts {
            device,
            directory: self.layout.device(device),
            fingerprint: debt.pair.fingerprint,
            serial: &debt.pair.serial,
            not_after: debt.pair.not_after,
        };
        let cut = async {
            // Only a person's interruption cuts a command off; commands do not need the platform, so its loss does not.
            while self.stop.stopped().await != Exit::Interrupted {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(GRACE).await;
        };
        if self.stop.cause() == Some(Exit::Interrupted) {
            return Err("it was not run: the run was interrupted".to_owned());
        }
        tokio::select! {
            result = command.run(&self.layout, &facts) => result.map_err(|fault| fault.to_string()),
            () = cut => Err("the run was interrupted".to_owned()),
        }
    }

    async fn delete(&self, old: &Replaced) -> Result<(), String> {
        let Ok(fingerprint) = old.fingerprint.parse::<Fingerprint>() else {
            return Ok(());
        };
        let registry =
            registry_of(&*self.platform, "deleting the old certificate").map_err(|error| error.to_string())?;
        match registry.delete(&fingerprint).await {
            Ok(()) => Ok(()),
            Err(error) if error.kind == ErrorKind::NotFound => self.gone(&fingerprint, old).await,
            Err(error) => Err(error.to_string()),
        }
    }

    /// A certificate without a record is revoked when that can be proven, and only then.
    async fn gone(&self, fingerprint: &Fingerprint, old: &Replaced) -> Result<(), String> {
        let fleet = self.layout.root().to_path_buf();
        let proof = Proof::new(&*self.platform, None, [fleet]);
        let subject = proof::Subject { fingerprint, serial: Some(&old.serial), certificate: None };
        match proof.of(subject).await {
            Known::Revoked(_) => Ok(()),
            Known::NotNamed(made) => {
                let why = format!("the revocation list of {made} does not name it");
                Err(proof::no_record(&*self.platform, &why))
            }
            Known::Foreign => Err(proof::no_record(&*self.platform, "another authority issued it")),
            Known::Undecided(why) => Err(proof::no_record(&*self.platform, &why)),
        }
    }
}
