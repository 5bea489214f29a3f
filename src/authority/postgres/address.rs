//! Where a Postgres database is, and who we are there: `postgres://USER@HOST[:PORT][,HOST...]/DATABASE[?OPTION=VALUE&...]`.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use tokio_postgres::{
    Config,
    config::{Host, SslMode, TargetSessionAttrs},
};

/// How long a connection may take, where the address does not say.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long sent octets may stay unacknowledged: a machine that is gone says nothing.
const SILENCE: Duration = Duration::from_secs(20);

/// A database, and how it is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    pub(super) config: Config,
    /// Root certificates for TLS; the system's without it.
    pub(super) root: Option<PathBuf>,
}

/// Why a text is no address of a database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("it does not begin with postgres://")]
    Scheme,
    #[error("{0}")]
    Unusable(String),
}

impl Address {
    /// The place as people read it: no user, no password.
    #[must_use]
    pub fn place(&self) -> String {
        let hosts: Vec<String> = self
            .config
            .get_hosts()
            .iter()
            .map(|host| match host {
                Host::Tcp(name) => name.clone(),
                Host::Unix(path) => path.display().to_string(),
            })
            .collect();
        format!("database {} at {}", self.config.get_dbname().unwrap_or("-"), hosts.join(","))
    }

    /// It needs a password from elsewhere, if the server asks for one.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    /// Gives the password.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        self.config.password(password);
        self
    }

    /// Host, port, database and user, as a password file names them; of the first host.
    #[must_use]
    pub fn key(&self) -> [String; 4] {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            _ => "localhost".to_owned(),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432).to_string();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        [host, port, text(self.config.get_dbname()), text(self.config.get_user())]
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let is_known = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        if !is_known {
            return Err(AddressError::Scheme);
        }
        let (place, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut root, mut mode, mut rest) = (None, None, Vec::new());
        for piece in query.split('&').filter(|piece| !piece.is_empty()) {
            match url::form_urlencoded::parse(piece.as_bytes()).next() {
                Some((key, value)) if key == "sslrootcert" => root = Some(PathBuf::from(&*value)),
                Some((key, value)) if key == "sslmode" => mode = Some(ssl_mode(&value)?),
                _ => rest.push(piece),
            }
        }
        let place = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
        let mut config: Config =
            place.parse().map_err(|error: tokio_postgres::Error| AddressError::Unusable(said(&error)))?;
        if config.get_hosts().is_empty() {
            return Err(AddressError::Unusable("it names no host".to_owned()));
        }
        if config.get_user().is_none() || config.get_dbname().is_none() {
            return Err(AddressError::Unusable("it names no user, or no database".to_owned()));
        }
        // Passwords and certificates do not cross a network in the clear unless that is said.
        let is_near = config.get_hosts().iter().all(|host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => is_loopback(name),
        });
        config.ssl_mode(mode.unwrap_or(if is_near { SslMode::Disable } else { SslMode::Require }));
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("certreq");
        }
        // With several hosts, the one that takes writes is looked for.
        if config.get_hosts().len() > 1 && !query.contains("target_session_attrs") {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        Ok(Self { config, root })
    }
}

/// With TLS the server's certificate is always verified, and its name, whichever word asks for TLS.
fn ssl_mode(word: &str) -> Result<SslMode, AddressError> {
    match word {
        "disable" => Ok(SslMode::Disable),
        "require" | "verify-ca" | "verify-full" => Ok(SslMode::Require),
        _ => Err(AddressError::Unusable(format!("sslmode is disable, require or verify-full, not {word:?}"))),
    }
}

fn is_loopback(name: &str) -> bool {
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An error and its causes, in one line.
pub(super) fn said(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("place", &self.place()).finish_non_exhaustive()
    }
}

/// The file of root certificates.
pub(super) fn root(address: &Address) -> Option<&Path> {
    address.root.as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(text: &str) -> SslMode {
        text.parse::<Address>().unwrap().config.get_ssl_mode()
    }

    #[test]
    fn a_database_elsewhere_is_spoken_to_in_tls_unless_the_address_says_otherwise() {
        assert_eq!(mode("postgres://u@db.example/ca"), SslMode::Require);
        assert_eq!(mode("postgresql://u@10.0.0.2:6432/ca?sslmode=verify-full"), SslMode::Require);
        assert_eq!(mode("postgres://u@db.example/ca?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://u@localhost/ca"), SslMode::Disable);
        assert_eq!(mode("postgres://u@%2Frun%2Fpostgresql/ca"), SslMode::Disable);
        assert_eq!(mode("postgres://u@localhost,db.example/ca"), SslMode::Require);
        let address: Address = "postgres://u:secret@a:1,b:2/ca?sslrootcert=%2Fetc%2Fdb.pem".parse().unwrap();
        assert_eq!(root(&address), Some(Path::new("/etc/db.pem")));
        assert_eq!(address.config.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        assert_eq!(address.place(), "database ca at a,b");
        assert!(!format!("{address:?}").contains("secret"));
        assert_eq!(address.key(), ["a", "1", "ca", "u"].map(str::to_owned));
    }

    #[test]
    fn what_is_no_address_says_why() {
        let error = |text: &str| text.parse::<Address>().unwrap_err().to_string();
        assert!(error("mysql://a/b").contains("postgres://"));
        assert!(error("postgres://a").contains("names no user"), "{}", error("postgres://a"));
        assert!(error("postgres://u@a/b?sslmode=maybe").contains("sslmode is"));
        assert!(error("postgres://u@a/b?no_such=1").contains("no_such"));
    }
}
