//! Errors of TLS in words for users: the texts of the library are for programmers.

use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};

use super::time::Time;

/// `certificate_revoked`, as RFC 8446 §6 spells it.
#[must_use]
pub fn alert(alert: AlertDescription) -> String {
    let Some(name) = alert.as_str() else { return format!("number {}", u8::from(alert)) };
    let mut shown = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            shown.push('_');
        }
        shown.extend(c.to_lowercase());
        before = c;
    }
    shown
}

/// The cause of a failed handshake; follows "the handshake failed: ".
#[must_use]
pub fn fault(error: &Error) -> String {
    match error {
        Error::AlertReceived(name) => format!("the other side refused with the TLS alert {}", alert(*name)),
        Error::InvalidCertificate(reason) => format!("its certificate {}", certificate(reason)),
        Error::InvalidMessage(_)
        | Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. } => {
            "the other side sent something that is not TLS, or not the expected message".to_owned()
        }
        Error::PeerIncompatible(reason) => incompatible(reason).to_owned(),
        Error::PeerMisbehaved(_) => "the other side does not keep to the rules of TLS".to_owned(),
        Error::DecryptError | Error::EncryptError => {
            "the messages cannot be decrypted: a device between may have changed them".to_owned()
        }
        Error::PeerSentOversizedRecord => "the other side sends more at once than TLS allows".to_owned(),
        Error::NoCertificatesPresented => "the other side shows no certificate".to_owned(),
        Error::NoApplicationProtocol => "the other side supports none of our protocols (ALPN)".to_owned(),
        Error::InconsistentKeys(_) => "the key is not that of the certificate".to_owned(),
        Error::FailedToGetRandomBytes => "the system's random number generator failed".to_owned(),
        _ => "the two sides do not come together".to_owned(),
    }
}

fn incompatible(reason: &PeerIncompatible) -> &'static str {
    match reason {
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::SupportedVersionsExtensionRequired
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled => "the other side supports neither TLS 1.2 nor TLS 1.3",
        PeerIncompatible::NoCipherSuitesInCommon => "the two sides have no cipher suite in common",
        PeerIncompatible::NoKxGroupsInCommon => "the two sides have no curve for the key exchange in common",
        PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => {
            "the two sides have no kind of signature in common"
        }
        PeerIncompatible::ExtendedMasterSecretExtensionRequired => {
            "the other side lacks the extended master secret of TLS 1.2 (RFC 7627)"
        }
        _ => "the other side uses a TLS feature that is not supported",
    }
}

/// The fault of a certificate; follows "its certificate ".
#[must_use]
pub fn certificate(reason: &CertificateError) -> String {
    match reason {
        CertificateError::ExpiredContext { not_after, .. } => {
            let end = i64::try_from(not_after.as_secs()).unwrap_or(i64::MAX);
            format!("has expired, at {}", Time::from_unix(end))
        }
        CertificateError::Expired => "has expired".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            let begin = i64::try_from(not_before.as_secs()).unwrap_or(i64::MAX);
            format!("is not valid yet, but from {} on", Time::from_unix(begin))
        }
        CertificateError::NotValidYet => "is not valid yet".to_owned(),
        CertificateError::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            format!(
                "is for another name: {}",
                presented.iter().map(|name| bare(name)).collect::<Vec<_>>().join(", ")
            )
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another name".to_owned()
        }
        CertificateError::UnknownIssuer => "was issued by an authority that is not trusted here".to_owned(),
        CertificateError::BadSignature => "has a signature that does not fit".to_owned(),
        CertificateError::Revoked => "was revoked".to_owned(),
        CertificateError::UnhandledCriticalExtension => {
            "has a critical extension that is not known here".to_owned()
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "is not for this purpose (extendedKeyUsage)".to_owned()
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "is signed in a way that is not trusted here".to_owned()
        }
        CertificateError::BadEncoding => "cannot be read".to_owned(),
        _ => "is not acceptable".to_owned(),
    }
}

/// `a.test` of `DnsName("a.test")`.
fn bare(name: &str) -> &str {
    let inner =
        name.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or(name, |(inner, _)| inner);
    inner.trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_have_their_names_of_the_standard() {
        assert_eq!(alert(AlertDescription::CertificateRevoked), "certificate_revoked");
        assert_eq!(alert(AlertDescription::UnknownCA), "unknown_ca");
        assert_eq!(alert(AlertDescription::BadCertificate), "bad_certificate");
        assert_eq!(alert(AlertDescription::from(200)), "number 200");
    }

    #[test]
    fn names_come_without_their_kind() {
        assert_eq!(
            [bare("DnsName(\"a.test\")"), bare("IpAddress(10.0.0.1)"), bare("b")],
            ["a.test", "10.0.0.1", "b"]
        );
    }
}
