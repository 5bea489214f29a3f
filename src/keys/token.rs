//! One token: found by name or serial number, logged in to once, with a session for each signature at a time.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError},
};

use cryptoki::{
    context::Pkcs11,
    error::{Error, RvError},
    session::{Session, UserType},
    slot::{Slot, TokenInfo},
    types::AuthPin,
};

use super::{
    error::TokenError,
    module,
    object::{self, Listed},
    pin,
};
use crate::pki::token_uri::TokenUri;

/// Sessions at the same time; more would wait in the token. TPMs have room for few.
const MOST_SESSIONS: usize = 16;

/// Ending of the name of a token in a TPM.
pub(super) const OF_TPM: &str = "(a TPM)";

/// Tokens opened in this process, and errors of tokens that could not be opened: a PIN is not tried twice.
static TOKENS: LazyLock<Mutex<HashMap<(String, String), Opened>>> = LazyLock::new(Mutex::default);

type Opened = Result<Arc<Token>, TokenError>;

/// An open token.
pub(super) struct Token {
    pub(super) module: Pkcs11,
    pub(super) module_path: String,
    pub(super) slot: Slot,
    /// In words.
    pub(super) name: String,
    pub(super) label: String,
    pub(super) serial: String,
    pub(super) write_protected: bool,
    is_tpm: bool,
    logged_in: bool,
    /// It was right.
    pin: Option<AuthPin>,
    sessions: Sessions,
}

/// Sessions that rest, and how many are in use.
struct Sessions {
    state: Mutex<(Vec<Session>, usize)>,
    freed: Condvar,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({})", self.name)
    }
}

/// The token that a URI names, logged in to. Asks the token once in a process, also when it refused.
pub(super) fn open(uri: &TokenUri) -> Opened {
    let (module_path, module, slot, info) = find(uri)?;
    let place = (module_path.clone(), info.serial_number().to_owned());
    let mut tokens = lock(&TOKENS);
    if let Some(opened) = tokens.get(&place) {
        return opened.clone();
    }
    let opened = Token::log_in(uri, module_path, module, slot, &info).map(Arc::new);
    tokens.insert(place, opened.clone());
    opened
}

/// The same without a login, where none is wanted: public objects are seen all the same.
pub(super) fn look(uri: &TokenUri) -> Opened {
    let (module_path, module, slot, info) = find(uri)?;
    if let Some(Ok(open)) = lock(&TOKENS).get(&(module_path.clone(), info.serial_number().to_owned())) {
        return Ok(Arc::clone(open));
    }
    Ok(Arc::new(Token::new(module_path, module, slot, &info, false)))
}

/// The keys of a token, as far as they can be seen: all with the PIN, without it those whose public half is public.
///
/// # Errors
/// When the token cannot be reached, or refuses the PIN.
pub fn listed(uri: &TokenUri) -> Result<Vec<Listed>, TokenError> {
    let token = match open(uri) {
        Err(TokenError::NoPin(_)) => look(uri)?,
        opened => opened?,
    };
    object::all(&token)
}

/// Closes every session, so that a token without a resource manager keeps no session of this process. Where a thread is
/// still at work in one, the end of the process closes it.
pub fn close() {
    let tokens: Vec<Opened> = lock(&TOKENS).drain().map(|(_, opened)| opened).collect();
    let mut is_idle = true;
    for token in tokens.into_iter().flatten() {
        let mut state = lock(&token.sessions.state);
        state.0.clear();
        is_idle &= state.1 == 0;
    }
    if is_idle {
        module::finalize();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn find(uri: &TokenUri) -> Result<(String, Pkcs11, Slot, TokenInfo), TokenError> {
    let (path, module) = module::of(uri, pin::named_module())?;
    let shown = uri.token_words();
    let mut there = Vec::new();
    for slot in module.get_slots_with_token().map_err(|error| TokenError::of(&error, &shown))? {
        // A slot whose token was removed at this moment has no information.
        if let Ok(info) = module.get_token_info(slot)
            && info.token_initialized()
        {
            there.push((slot, info));
        }
    }
    let is =
        |wanted: &Option<String>, has: &str| wanted.as_deref().is_none_or(|wanted| wanted == has.trim_end());
    let fits = |info: &TokenInfo| {
        is(&uri.token, info.label())
            && is(&uri.serial, info.serial_number())
            && is(&uri.model, info.model())
            && is(&uri.manufacturer, info.manufacturer_id())
    };
    let (mut fitting, others): (Vec<_>, Vec<_>) = there.into_iter().partition(|(_, info)| fits(info));
    if fitting.len() > 1 {
        let serials: Vec<&str> = fitting.iter().map(|(_, info)| info.serial_number()).collect();
        return Err(TokenError::Ambiguous { token: shown, count: fitting.len(), serials: serials.join(", ") });
    }
    let Some((slot, info)) = fitting.pop() else {
        let names: Vec<&str> = others.iter().map(|(_, info)| info.label()).collect();
        let others = match names.as_slice() {
            [] => format!(": {} shows no token", path.display()),
            names => format!(": {} shows {}", path.display(), names.join(", ")),
        };
        return Err(TokenError::Missing { token: shown, others });
    };
    Ok((path.display().to_string(), module, slot, info))
}

impl Token {
    fn new(module_path: String, module: Pkcs11, slot: Slot, info: &TokenInfo, logged_in: bool) -> Self {
        let is_tpm = module_path.contains("tpm2_pkcs11");
        let kind = if is_tpm { format!(" {OF_TPM}") } else { String::new() };
        Self {
            name: format!("the token {}{kind}", info.label()),
            label: info.label().to_owned(),
            serial: info.serial_number().to_owned(),
            write_protected: info.write_protected(),
            module,
            module_path,
            slot,
            is_tpm,
            logged_in,
            pin: None,
            sessions: Sessions { state: Mutex::default(), freed: Condvar::new() },
        }
    }

    fn log_in(
        uri: &TokenUri,
        module_path: String,
        module: Pkcs11,
        slot: Slot,
        info: &TokenInfo,
    ) -> Result<Self, TokenError> {
        let mut token = Self::new(module_path, module, slot, info, true);
        if info.login_required() {
            if info.user_pin_locked() {
                return Err(TokenError::Locked(token.name));
            }
            let pin = if info.protected_authentication_path() {
                None
            } else {
                let pin = pin::of(uri, &token.name)?.ok_or_else(|| TokenError::NoPin(token.name.clone()))?;
                Some(AuthPin::new(pin.as_str().into()))
            };
            let session = token.new_session()?;
            match session.login(UserType::User, pin.as_ref()) {
                Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
                Err(error) => return Err(token.refused(&error)),
            }
            lock(&token.sessions.state).0.push(session);
            token.pin = pin;
        }
        Ok(token)
    }

    /// A refused login; how many tries are left is asked of the token.
    fn refused(&self, error: &Error) -> TokenError {
        match TokenError::of(error, &self.name) {
            TokenError::WrongPin { token, .. } => match self.module.get_token_info(self.slot) {
                Ok(info) if info.user_pin_locked() => TokenError::Locked(token),
                Ok(info) if info.user_pin_final_try() => {
                    TokenError::WrongPin { token, left: "; one try is left before it locks itself" }
                }
                Ok(info) if info.user_pin_count_low() => {
                    TokenError::WrongPin { token, left: "; the token counts wrong PINs and locks itself" }
                }
                _ => TokenError::WrongPin { token, left: "" },
            },
            other => other,
        }
    }

    /// Private objects are seen.
    pub(super) fn is_logged_in(&self) -> bool {
        self.logged_in
    }

    fn new_session(&self) -> Result<Session, TokenError> {
        let opened = if self.write_protected {
            self.module.open_ro_session(self.slot)
        } else {
            self.module.open_rw_session(self.slot)
        };
        opened.map_err(|error| TokenError::of(&error, &self.name))
    }

    /// Does something in a session of its own; waits while all are in use. A session of a token that went away is not
    /// used again. A TPM whose memory is full of keys that were used before is emptied once.
    pub(super) fn with<T>(&self, work: impl Fn(&Session) -> Result<T, TokenError>) -> Result<T, TokenError> {
        let result = self.take().and_then(|session| {
            let done = work(&session);
            let (session, done) = match done {
                Err(TokenError::Memory(_)) if self.is_tpm => {
                    let session = self.emptied(session)?;
                    let done = work(&session);
                    (session, done)
                }
                done => (session, done),
            };
            // One always stays open: the login ends with the last session.
            if !done.as_ref().is_err_and(TokenError::is_gone) {
                lock(&self.sessions.state).0.push(session);
            }
            done
        });
        lock(&self.sessions.state).1 -= 1;
        self.sessions.freed.notify_one();
        if result.as_ref().is_err_and(TokenError::is_gone) {
            self.forget();
        }
        result
    }

    fn take(&self) -> Result<Session, TokenError> {
        let most = if self.is_tpm { 1 } else { MOST_SESSIONS };
        let resting = {
            let mut state = lock(&self.sessions.state);
            while state.1 >= most {
                state = self.sessions.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.1 += 1;
            state.0.pop()
        };
        resting.map_or_else(|| self.new_session(), Ok)
    }

    /// The module for TPMs keeps every key loaded that signed, until the user logs out, and a TPM has room for three.
    fn emptied(&self, session: Session) -> Result<Session, TokenError> {
        // An error here concerns keys that are to go; the login below shows whether the token works again.
        let _ = session.logout();
        drop(session);
        lock(&self.sessions.state).0.clear();
        let session = self.new_session()?;
        match session.login(UserType::User, self.pin.as_ref()) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
            Err(error) => Err(TokenError::of(&error, &self.name)),
        }
    }

    /// Forgets this token, which went away: the next use opens it anew.
    fn forget(&self) {
        lock(&TOKENS).remove(&(self.module_path.clone(), self.serial.clone()));
        lock(&self.sessions.state).0.clear();
    }

    /// How a key in this token is named, without the key.
    pub(super) fn uri(&self, pin_source: Option<String>) -> TokenUri {
        TokenUri {
            token: Some(self.label.clone()),
            serial: Some(self.serial.trim_end().to_owned()).filter(|serial| !serial.is_empty()),
            module_path: Some(self.module_path.clone()),
            pin_source,
            ..TokenUri::default()
        }
    }
}
