//! The steps of one device's way, and what is known at its end.

use std::{net::SocketAddr, time::Duration};

use super::cause::{Cause, Trouble};
use crate::{connection::mqtt::Message, failure::Exit, pki::certificate::Certificate};

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Ok,
    /// It went on, but should be read.
    Warning,
    Failed,
}

/// One thing a device does.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) state: State,
    /// None where nothing is waited for.
    pub(super) took: Option<Duration>,
    /// May hold untrusted text.
    pub(super) text: String,
}

/// What one device's way brought.
#[derive(Debug, Default)]
pub(super) struct Proof {
    /// The directory as it was named.
    pub(super) label: String,
    pub(super) device: Option<String>,
    pub(super) steps: Vec<Step>,
    pub(super) address: Option<SocketAddr>,
    /// Version and cipher suite.
    pub(super) agreed: Option<(String, String)>,
    pub(super) chain: Vec<Certificate>,
    /// Of the answer to the request.
    pub(super) status: Option<u16>,
    pub(super) messages: Vec<Message>,
    /// None: everything asked for is so.
    pub(super) trouble: Option<Trouble>,
    pub(super) took: Duration,
}

impl Proof {
    /// The program broke down; the others go on.
    pub(super) fn defect(why: &str) -> Self {
        let message = format!("a defect in certreq: {why}");
        let trouble = Trouble::new(Cause::Defect, message, "please report it");
        Self { trouble: Some(trouble), ..Self::default() }
    }

    pub(super) fn exit(&self) -> Exit {
        self.trouble.as_ref().map_or(Exit::Done, |trouble| trouble.cause.exit())
    }
}
