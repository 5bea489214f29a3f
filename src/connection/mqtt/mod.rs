//! An MQTT session of a device, over a TLS connection that is there. Time limits are the caller's.
//!
//! The packets are the codec library's; here is only the order a client sends them in.

pub mod codec;
mod topic;

use std::collections::VecDeque;

use codec::Incoming;
use mqtt_proto::Pid;
pub use topic::{TopicError, check_filter, check_topic, fits};

use super::tls::{Channel, TlsError};

/// Seconds the server waits for a sign of life; longer than anything done here.
const KEEP_ALIVE: u16 = 600;

/// Messages that are kept while something else is waited for, the latest ones: a flood must not fill the memory.
const KEPT: usize = 100;

/// Which MQTT is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    V311,
    V5,
}

impl Version {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V311 => "3.1.1",
            Self::V5 => "5",
        }
    }
}

/// Reason that a server gives in its answer to a request of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// MQTT 5 §2.4, also for 3.1.1, whose refusals have other numbers.
    pub code: u8,
    /// As it was sent.
    pub wire: u8,
    /// The server's own words.
    pub text: Option<String>,
}

impl Reason {
    fn of(code: u8, text: Option<String>) -> Self {
        Self { code, wire: code, text }
    }

    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.code >= 0x80
    }

    /// The standard's words for the number.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.code {
            0x00..=0x02 => "success",
            0x10 => "no matching subscribers",
            0x80 => "unspecified error",
            0x81 => "malformed packet",
            0x82 => "protocol error",
            0x83 => "implementation specific error",
            0x84 => "unsupported protocol version",
            0x85 => "client identifier not valid",
            0x86 => "bad user name or password",
            0x87 => "not authorized",
            0x88 => "server unavailable",
            0x89 => "server busy",
            0x8a => "banned",
            0x8b => "server shutting down",
            0x8e => "session taken over",
            0x8f => "topic filter invalid",
            0x90 => "topic name invalid",
            0x95 => "packet too large",
            0x97 => "quota exceeded",
            0x98 => "administrative action",
            0x9c => "use another server",
            0x9d => "server moved",
            0x9f => "connection rate exceeded",
            0xa2 => "wildcard subscriptions not supported",
            _ => "another reason",
        }
    }
}

/// Something that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub topic: String,
    pub payload: Vec<u8>,
}

/// Why a session did not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("the broker refused: {}", .0.words())]
    Refused(Reason),
    #[error("the broker ended the session: {}", .0.words())]
    Ended(Reason),
    #[error("the broker does not answer in MQTT: {0}")]
    Nonsense(String),
    #[error("the broker sent a packet of {0} octets; the limit is smaller")]
    TooLarge(u32),
}

/// A session the broker accepted.
#[derive(Debug)]
pub struct Session {
    channel: Channel,
    version: Version,
    buffer: Vec<u8>,
    last_id: u16,
    /// Came while something else was waited for.
    messages: VecDeque<Message>,
}

impl Session {
    /// CONNECT with a clean session, and its answer.
    ///
    /// # Errors
    /// A refusal is [`SessionError::Refused`].
    pub async fn open(channel: Channel, version: Version, client_id: &str) -> Result<Self, SessionError> {
        let mut session = Self { channel, version, buffer: Vec::new(), last_id: 0, messages: VecDeque::new() };
        session.channel.write(&codec::connect(version, client_id, KEEP_ALIVE)?).await?;
        match session.next().await? {
            Incoming::Connack(reason) if reason.is_refusal() => Err(SessionError::Refused(reason)),
            Incoming::Connack(_) => Ok(session),
            _ => Err(SessionError::Nonsense("another packet came before the answer to CONNECT".to_owned())),
        }
    }

    /// Subscribes with quality of service 1; the answer is the server's reason code, a refusal included.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn subscribe(&mut self, filter: &str) -> Result<Reason, SessionError> {
        let id = self.new_id()?;
        self.channel.write(&codec::subscribe(self.version, id, filter)?).await?;
        loop {
            match self.next().await? {
                Incoming::Suback(pid, reason) if pid == id => return Ok(reason),
                other => self.aside(other).await?,
            }
        }
    }

    /// Publishes with quality of service 1; the answer is the acknowledgement, a refusal included.
    ///
    /// # Errors
    /// When no acknowledgement comes.
    pub async fn publish(&mut self, topic: &str, payload: &[u8]) -> Result<Reason, SessionError> {
        let id = self.new_id()?;
        self.channel.write(&codec::publish(self.version, id, topic, payload)?).await?;
        loop {
            match self.next().await? {
                Incoming::Puback(pid, reason) if pid == id => return Ok(reason),
                other => self.aside(other).await?,
            }
        }
    }

    /// The next message of the subscriptions.
    ///
    /// # Errors
    /// When the session ends before one comes.
    pub async fn message(&mut self) -> Result<Message, SessionError> {
        loop {
            if let Some(message) = self.messages.pop_front() {
                return Ok(message);
            }
            let other = self.next().await?;
            self.aside(other).await?;
        }
    }

    /// Sends DISCONNECT; whether it arrives makes no difference.
    pub async fn close(mut self) {
        if let Ok(packet) = codec::disconnect(self.version) {
            let _ = self.channel.write(&packet).await;
        }
        self.channel.close().await;
    }

    /// Keeps a message that came before the answer that is waited for.
    async fn aside(&mut self, packet: Incoming) -> Result<(), SessionError> {
        match packet {
            Incoming::Publish(message, pid) => {
                if self.messages.len() == KEPT {
                    self.messages.pop_front();
                }
                self.messages.push_back(message);
                if let Some(pid) = pid {
                    self.channel.write(&codec::acknowledge(self.version, pid)?).await?;
                }
                Ok(())
            }
            Incoming::Disconnect(reason) => Err(SessionError::Ended(reason)),
            _ => Ok(()),
        }
    }

    async fn next(&mut self) -> Result<Incoming, SessionError> {
        loop {
            if let Some(packet) = codec::take(&mut self.buffer, self.version)? {
                return Ok(packet);
            }
            self.channel.read(&mut self.buffer).await?;
        }
    }

    fn new_id(&mut self) -> Result<Pid, SessionError> {
        self.last_id = self.last_id.wrapping_add(1).max(1);
        Pid::try_from(self.last_id).map_err(|_| codec::unsent())
    }
}
