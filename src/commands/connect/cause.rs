//! Every way it can fail, for programs, and the exit code of each.

use serde::Serialize;

use crate::failure::Exit;

/// Why a pair was not accepted, or the server not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cause {
    /// The pair in the directory, or the roots for it, cannot be used.
    UnusablePair,
    /// The certificate is for another key or another device.
    MismatchedPair,
    UnknownHost,
    ConnectionRefused,
    Unreachable,
    Timeout,
    NotTls,
    /// The server closed without a word.
    Closed,
    ServerNameMismatch,
    ServerRootUnknown,
    ServerExpired,
    ServerNotYetValid,
    ServerNotTrusted,
    ClockWrong,
    CertificateExpired,
    CertificateRevoked,
    CertificateNotYetValid,
    CertificateAuthorityUnknown,
    CertificatePurpose,
    /// The server never asked for the certificate, so its verdict is not known.
    CertificateNotRequested,
    /// Refused, and the server does not say why.
    CertificateRefused,
    HandshakeFailed,
    IdentityRefused,
    ProtocolVersion,
    BrokerUnavailable,
    SubscriptionRefused,
    /// Granted, but its messages are not delivered.
    SubscriptionNotDelivered,
    PublicationRefused,
    PublicationNotAcknowledged,
    NoMessage,
    SessionEnded,
    NotMqtt,
    RequestRefused,
    RequestFailed,
    GatewayUnavailable,
    Defect,
}

impl Cause {
    pub(super) fn exit(self) -> Exit {
        match self {
            Self::UnknownHost
            | Self::ConnectionRefused
            | Self::Unreachable
            | Self::Timeout
            | Self::NotTls
            | Self::Closed
            | Self::BrokerUnavailable
            | Self::GatewayUnavailable => Exit::Unavailable,
            Self::ServerNameMismatch
            | Self::ServerRootUnknown
            | Self::ServerExpired
            | Self::ServerNotYetValid
            | Self::ServerNotTrusted => Exit::NotTrusted,
            Self::MismatchedPair => Exit::Unsafe,
            Self::CertificateExpired => Exit::Expired,
            Self::CertificateRevoked => Exit::Revoked,
            Self::ClockWrong | Self::CertificateNotYetValid => Exit::NotYetValid,
            Self::CertificateAuthorityUnknown
            | Self::CertificatePurpose
            | Self::CertificateRefused
            | Self::IdentityRefused
            | Self::SubscriptionRefused
            | Self::SubscriptionNotDelivered
            | Self::PublicationRefused
            | Self::RequestRefused => Exit::Refused,
            Self::UnusablePair
            | Self::CertificateNotRequested
            | Self::HandshakeFailed
            | Self::ProtocolVersion
            | Self::PublicationNotAcknowledged
            | Self::NoMessage
            | Self::SessionEnded
            | Self::NotMqtt
            | Self::RequestFailed
            | Self::Defect => Exit::Failed,
        }
    }
}

/// A failure, its cause, and the next step.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    pub(super) cause: Cause,
    /// May hold untrusted text.
    pub(super) message: String,
    pub(super) next: String,
}

impl Trouble {
    pub(super) fn new(cause: Cause, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self { cause, message: message.into(), next: next.into() }
    }
}
