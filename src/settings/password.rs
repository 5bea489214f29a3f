//! A password that is needed only if something turns out to be encrypted.

use std::{path::Path, sync::OnceLock};

use zeroize::Zeroizing;

use super::secret;
use crate::{failure::Failure, output::Ui};

/// Given beforehand, or asked for once, when the first thing that needs it is met.
pub struct Password {
    given: Option<Zeroizing<String>>,
    may_ask: bool,
    asked: OnceLock<Option<Zeroizing<String>>>,
}

impl Password {
    /// From a file, `CERTREQ_PASSWORD` or the credential `certreq.password`; else the terminal may be asked.
    ///
    /// # Errors
    /// When a source that was named cannot be read.
    pub(crate) fn resolve(file: Option<&Path>, may_ask: bool, ui: &Ui) -> Result<Self, Failure> {
        let sources = secret::Sources {
            file,
            variable: "CERTREQ_PASSWORD",
            credential: "certreq.password",
            ..secret::Sources::default()
        };
        Ok(Self { given: secret::find(&sources, ui)?, may_ask, asked: OnceLock::new() })
    }

    /// The password, if it was given.
    #[must_use]
    pub fn given(&self) -> Option<&str> {
        self.given.as_ref().map(|password| password.as_str())
    }

    /// The password; asks the terminal the first time.
    pub fn ask(&self, what: &str) -> Option<&str> {
        if self.given.is_some() || !self.may_ask {
            return self.given();
        }
        let asked = self.asked.get_or_init(|| secret::ask(&format!("Password of {what}: ")).ok().flatten());
        asked.as_ref().map(|password| password.as_str())
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}
