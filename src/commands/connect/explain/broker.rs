//! Explanations for a broker that took our certificate and refuses a step of the session.

use std::time::Duration;

use super::{Cause, Trouble};
use crate::{
    commands::connect::{device::Device, probe::Probe},
    connection::mqtt::{Reason, SessionError},
};

/// The session ended, or did not begin.
pub(in super::super) fn session(probe: &Probe<'_>, error: &SessionError, device: &Device) -> Trouble {
    match error {
        SessionError::Tls(error) => probe.explained(error, device),
        SessionError::Refused(reason) => refused(reason, device, probe.result.asked),
        SessionError::Ended(reason) => Trouble::new(
            Cause::SessionEnded,
            format!("the broker ended the session: {}", said(reason)),
            "see the broker's log",
        ),
        SessionError::Nonsense(_) | SessionError::TooLarge(_) => Trouble::new(
            Cause::NotMqtt,
            error.to_string(),
            "is it a broker? for an HTTPS server write https://HOST:PORT",
        ),
    }
}

/// CONNACK.
fn refused(reason: &Reason, device: &Device, asked: bool) -> Trouble {
    let (cause, next) = match reason.code {
        0x84 => (Cause::ProtocolVersion, "use the other version: --mqtt 5, or --mqtt 3.1.1".to_owned()),
        0x85 => (
            Cause::IdentityRefused,
            format!("name the client identifier that the broker wants: --mqtt-client-id {}", device.id),
        ),
        0x86 | 0x87 | 0x8a if !asked => (
            Cause::IdentityRefused,
            "the broker never asked for our certificate, so it wants a user name and a password; let it ask for \
             certificates (mosquitto: require_certificate true)"
                .to_owned(),
        ),
        0x86 | 0x87 | 0x8a => (
            Cause::IdentityRefused,
            format!(
                "the certificate was accepted, its owner was not: the broker must take the user name from it \
                 (use_identity_as_username) and know {}; on dojot the certificate must belong to the device",
                device.leaf().map_or(device.id.as_str(), |leaf| leaf.subject.as_str())
            ),
        ),
        0x88 | 0x89 | 0x97 | 0x9c | 0x9d | 0x9f => (Cause::BrokerUnavailable, "try again later".to_owned()),
        _ => (Cause::IdentityRefused, "see the broker's log".to_owned()),
    };
    Trouble::new(cause, format!("the broker refuses us: {}", said(reason)), next)
}

/// Its words, the standard's, and the number on the wire.
fn said(reason: &Reason) -> String {
    let own = reason.text.as_ref().map(|text| format!(", {text:?}")).unwrap_or_default();
    format!("{} (code {:#04x}{own})", reason.words(), reason.wire)
}

/// SUBACK.
pub(in super::super) fn subscription(filter: &str, reason: &Reason, device: &Device) -> Trouble {
    Trouble::new(
        Cause::SubscriptionRefused,
        format!("the broker refuses the subscription to {filter}: {}", said(reason)),
        format!("its access list must let {} read this topic; dojot allows TENANT:ID/config only", device.id),
    )
}

/// PUBACK.
pub(in super::super) fn publication(topic: &str, reason: &Reason, device: &Device) -> Trouble {
    Trouble::new(
        Cause::PublicationRefused,
        format!("the broker refuses the message to {topic}: {}", said(reason)),
        format!("its access list must let {} write this topic; dojot allows TENANT:ID/attrs only", device.id),
    )
}

/// No PUBACK.
pub(in super::super) fn unacknowledged(topic: &str, error: Option<&SessionError>, device: &Device) -> Trouble {
    let how = match error {
        None => "it gives no reason".to_owned(),
        Some(SessionError::Tls(_)) => "it closed the connection instead".to_owned(),
        Some(SessionError::Ended(reason)) => format!("it ended the session: {}", said(reason)),
        Some(other) => other.to_string(),
    };
    Trouble::new(
        Cause::PublicationNotAcknowledged,
        format!("the broker does not acknowledge the message to {topic}: {how}"),
        format!("brokers do this when {} may not write the topic: see its access list and its log", device.id),
    )
}

/// Subscription granted, publication acknowledged, and no message came.
pub(in super::super) fn not_delivered(topic: &str, device: &Device) -> Trouble {
    Trouble::new(
        Cause::SubscriptionNotDelivered,
        format!("subscribed and published, but the message to {topic} did not come back"),
        format!(
            "the broker grants and acknowledges what it does not allow: its access list must let {} read and \
             write the topic; --mqtt 5 tells which",
            device.id
        ),
    )
}

pub(in super::super) fn no_message(filter: &str, wait: Duration) -> Trouble {
    Trouble::new(
        Cause::NoMessage,
        format!("no message of {filter} came within {} s", wait.as_secs_f32()),
        "no message was published, or the broker granted the subscription and does not deliver: see its \
         access list",
    )
}
