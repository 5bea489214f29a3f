//! One device's way to the server: its steps as they are noted, and the result at the end.

use std::{
    future::Future,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::time;

use super::{
    Plan,
    cause::{Cause, Trouble},
    device::Device,
    explain::{self, Case},
};
use crate::{
    connection::{mqtt::Message, tls::TlsError},
    failure::Exit,
    output::checks::{Check, Tone},
    pki::certificate::Certificate,
};

/// Result of one device's probe.
#[derive(Debug, Default)]
pub(super) struct ProbeResult {
    /// The directory as it was named.
    pub(super) label: String,
    pub(super) device: Option<String>,
    pub(super) steps: Vec<Check>,
    pub(super) address: Option<SocketAddr>,
    /// Version and cipher suite.
    pub(super) agreed: Option<(String, String)>,
    pub(super) chain: Vec<Certificate>,
    /// The server asked for our pair; without that, the later steps prove nothing about the pair.
    pub(super) asked: bool,
    /// Of the answer to the request.
    pub(super) status: Option<u16>,
    pub(super) messages: Vec<Message>,
    /// `None`: everything is as required.
    pub(super) trouble: Option<Trouble>,
    pub(super) took: Duration,
}

impl ProbeResult {
    /// A defect of the program ended this way; the others go on.
    pub(super) fn defect(why: &str) -> Self {
        let message = format!("a defect in certreq: {why}");
        let trouble = Trouble::new(Cause::Defect, message, "please report it");
        Self { trouble: Some(trouble), ..Self::default() }
    }

    pub(super) fn exit(&self) -> Exit {
        self.trouble.as_ref().map_or(Exit::Done, |trouble| trouble.cause.exit())
    }
}

/// Tells of each step as soon as it is done.
pub(super) type Tell<'a> = &'a (dyn Fn(&Check) + Sync);

/// A way that is under way.
pub(super) struct Probe<'a> {
    pub(super) plan: &'a Plan,
    pub(super) tell: Tell<'a>,
    pub(super) until: Instant,
    pub(super) result: ProbeResult,
    /// The step under way.
    pub(super) at: &'static str,
}

impl Probe<'_> {
    pub(super) fn note(&mut self, name: &'static str, tone: Tone, took: Option<Duration>, text: String) {
        let step = Check { took, ..Check::new(name, tone, text) };
        (self.tell)(&step);
        self.result.steps.push(step);
    }

    pub(super) fn done(&mut self, began: Instant, text: String) {
        self.note(self.at, Tone::Good, Some(began.elapsed()), text);
    }

    /// Result of `work`, or a time-out.
    pub(super) async fn within<T>(&self, work: impl Future<Output = T>) -> Result<T, Trouble> {
        let left = self.until.saturating_duration_since(Instant::now());
        time::timeout(left, work).await.map_err(|_| explain::timeout(self.at, self.plan))
    }

    pub(super) fn explained(&self, error: &TlsError, device: &Device) -> Trouble {
        let case = Case { plan: self.plan, device, chain: &self.result.chain };
        explain::tls(error, &case)
    }

    /// The server took our pair, or did not ask for it.
    pub(super) fn accepted(&mut self) {
        let Some((version, cipher)) = self.result.agreed.clone() else { return };
        let (tone, more) = if self.result.asked {
            (Tone::Good, "")
        } else {
            (Tone::Doubtful, "; the server did not ask for our certificate")
        };
        self.note("tls", tone, Some(self.result.took), format!("{version}, {cipher}{more}"));
    }
}
