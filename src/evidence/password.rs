//! A password that is needed only if something turns out to be encrypted.

use std::sync::OnceLock;

use zeroize::Zeroizing;

use crate::output::prompt;

/// Given beforehand, or asked for once, when the first thing that needs it is met.
pub struct Password {
    given: Option<Zeroizing<String>>,
    may_ask: bool,
    asked: OnceLock<Option<Zeroizing<String>>>,
}

impl Password {
    /// `may_ask`: the terminal is asked where none was given.
    #[must_use]
    pub fn new(given: Option<Zeroizing<String>>, may_ask: bool) -> Self {
        Self { given, may_ask, asked: OnceLock::new() }
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
        let ask = || prompt::secret(&format!("Password of {what}: ")).ok().flatten();
        self.asked.get_or_init(ask).as_ref().map(|password| password.as_str())
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}
