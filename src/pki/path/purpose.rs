//! The purpose of a certificate, and the name it is used under.

use rustls::pki_types::{CertificateDer, ServerName};
use webpki::EndEntityCert;
use x509_parser::{certificate::X509Certificate, extensions::ParsedExtension};

use super::error::ChainError;
use crate::pki::certificate::Certificate;

/// The purpose that the leaf of a path must serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Anything.
    Any,
    /// A TLS client, unless the certificate is limited to something else: one without extended key usage may be used
    /// for everything (RFC 5280 §4.2.1.12).
    ClientIfLimited,
    /// Like `ClientIfLimited`, for any version of X.509: platforms register certificates of version 1, which cannot
    /// state a use.
    ClientOfAnyVersion,
    /// A TLS client that says so: extended key usage with clientAuth, and a key that may sign or agree.
    Client,
    /// A TLS server that says so.
    Server,
    /// A TLS server, unless the certificate is limited to something else: what TLS clients ask.
    ServerIfLimited,
}

impl Purpose {
    /// Checks the leaf alone: its extended key usage must list the purpose, and its key usage must allow it.
    pub(super) fn check_leaf(self, leaf: &X509Certificate<'_>) -> Result<(), ChainError> {
        let name = match self {
            Self::Any | Self::ClientIfLimited | Self::ClientOfAnyVersion | Self::ServerIfLimited => {
                return Ok(());
            }
            Self::Client => "clientAuth",
            Self::Server => "serverAuth",
        };
        let refuse = |why: String| Err(ChainError::Purpose(why));
        let Ok(extended) = leaf.extended_key_usage() else {
            return refuse("its extended key usage cannot be read".to_owned());
        };
        let Some(extended) = extended else {
            return refuse(format!("it has no extended key usage, and {name} is required"));
        };
        let listed = match self {
            Self::Server => extended.value.server_auth,
            _ => extended.value.client_auth,
        };
        if !listed {
            return refuse(format!("its extended key usage does not list {name}"));
        }
        let Ok(usage) = leaf.key_usage() else {
            return refuse("its key usage cannot be read".to_owned());
        };
        let fits = usage.is_none_or(|usage| {
            let usage = usage.value;
            usage.digital_signature()
                || usage.key_agreement()
                || (self == Self::Server && usage.key_encipherment())
        });
        if !fits {
            return refuse("its key may not be used for TLS (key usage lacks digitalSignature)".to_owned());
        }
        self.check_netscape(leaf)
    }

    /// Checks netscapeCertType, an extension of the nineties that openssl still obeys.
    fn check_netscape(self, leaf: &X509Certificate<'_>) -> Result<(), ChainError> {
        let refused = leaf.extensions().iter().any(|extension| match extension.parsed_extension() {
            ParsedExtension::NSCertType(kind) => match self {
                Self::Server => !kind.ssl_server(),
                _ => !kind.ssl_client(),
            },
            _ => false,
        });
        if refused {
            return Err(ChainError::Purpose("its Netscape certificate type is another".to_owned()));
        }
        Ok(())
    }
}

/// A server's certificate is not for the name it was asked under.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("{0} is neither a DNS name nor an IP address")]
    NoName(String),
    #[error("it is not for {name}: {}", shown(.presented))]
    Other { name: String, presented: Vec<String> },
    #[error("its names cannot be read: {0}")]
    Unreadable(String),
}

const UNREAD: &str = "its subject alternative names are not as RFC 5280 §4.2.1.6 has them";

fn shown(presented: &[String]) -> String {
    if presented.is_empty() {
        return "it has no subject alternative name".to_owned();
    }
    format!("its subject alternative names are {}", presented.join(", "))
}

/// Checks the subject alternative names (RFC 9525); common names do not count.
///
/// # Errors
/// When none of them fits `name`, a DNS name or an IP address.
pub fn check_name(leaf: &Certificate, name: &str) -> Result<(), NameError> {
    let wanted = ServerName::try_from(name).map_err(|_| NameError::NoName(name.to_owned()))?;
    let der = CertificateDer::from(leaf.der());
    let end_entity = EndEntityCert::try_from(&der).map_err(|_| NameError::Unreadable(UNREAD.to_owned()))?;
    end_entity.verify_is_valid_for_subject_name(&wanted).map_err(|error| match error {
        webpki::Error::CertNotValidForName(_) => {
            let presented = crate::pki::names::alternatives(leaf).iter().map(ToString::to_string).collect();
            NameError::Other { name: name.to_owned(), presented }
        }
        _ => NameError::Unreadable(UNREAD.to_owned()),
    })
}
