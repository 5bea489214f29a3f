//! The users that may log in. Secrets are kept as Argon2id hashes (RFC 9106) and nothing else.

use aws_lc_rs::rand;
use zeroize::Zeroizing;

use super::{
    authority::{ADMIN, Authority, blocking},
    ca::BuildError,
    error::AuthorityError,
    repository::{Group, User},
};

/// Outcome of an attempt to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    Granted(Account),
    WrongSecret,
    UnknownUser,
    /// Too many log in: it was not looked at.
    Busy,
}

/// A user who logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    pub name: String,
    pub tenant: String,
    pub group: Group,
}

impl From<User> for Account {
    fn from(User { id, name, tenant, group, .. }: User) -> Self {
        Self { id, name, tenant, group }
    }
}

impl Authority {
    /// Makes the user `admin` of the tenant `admin`, unless there is one. Its secret is `given`, or a random one that is
    /// handed back: it cannot be had again.
    ///
    /// # Errors
    /// When the records fail, or the system's random number generator failed.
    pub async fn introduce_admin(
        &self,
        given: Option<Zeroizing<String>>,
    ) -> Result<Option<Zeroizing<String>>, AuthorityError> {
        if self.repository.user(ADMIN).await?.is_some() {
            return Ok(None);
        }
        let made = given.is_none();
        let secret = given.map_or_else(random_secret, Ok)?;
        let added = self.add_user(ADMIN, ADMIN, Group::Admin, secret.clone()).await?;
        Ok((made && added).then_some(secret))
    }

    /// Adds a user; the name is lower-cased. False when it is taken.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn add_user(
        &self,
        name: &str,
        tenant: &str,
        group: Group,
        secret: Zeroizing<String>,
    ) -> Result<bool, AuthorityError> {
        let secret_hash = self.hash(&secret).await?;
        let (name, tenant) = (name.to_lowercase(), tenant.to_owned());
        let known = name.clone();
        let added = self.repository.add_user(User { id: 0, name, tenant, group, secret_hash }).await?;
        if added {
            self.hasher.remember(&known, &secret);
        }
        Ok(added)
    }

    /// Gives the user `admin` another secret, a random one that is handed back unless one is `given`. Tokens of before
    /// stay valid until they end.
    ///
    /// # Errors
    /// When the records fail, or the system's random number generator failed.
    pub async fn reset_admin(
        &self,
        given: Option<Zeroizing<String>>,
    ) -> Result<Option<Zeroizing<String>>, AuthorityError> {
        if self.repository.user(ADMIN).await?.is_none() {
            return self.introduce_admin(given).await;
        }
        let made = given.is_none();
        let secret = given.map_or_else(random_secret, Ok)?;
        let hash = self.hash(&secret).await?;
        self.repository.set_secret(ADMIN, hash).await?;
        self.hasher.remember(ADMIN, &secret);
        Ok(made.then_some(secret))
    }

    async fn hash(&self, secret: &Zeroizing<String>) -> Result<String, AuthorityError> {
        let (memory, secret) = (self.hasher.aside(), secret.clone());
        blocking(move || memory.hash(&secret)).await
    }

    /// The user `admin` exists.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn has_admin(&self) -> Result<bool, AuthorityError> {
        Ok(self.repository.user(ADMIN).await?.is_some())
    }

    /// A user who logged in before; `None` when there is no such user any more.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, AuthorityError> {
        Ok(self.repository.user(name).await?.map(Account::from))
    }

    /// Checks a user's secret. Takes as long for a user that does not exist.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn log_in(&self, name: &str, secret: Zeroizing<String>) -> Result<Login, AuthorityError> {
        let name = name.to_lowercase();
        let user = self.repository.user(&name).await?;
        let Some(memory) = self.hasher.turn(&name, &secret).await else { return Ok(Login::Busy) };
        let tried = secret.clone();
        let login = blocking(move || match user {
            None => memory.hash(&tried).map(|_| Login::UnknownUser),
            Some(user) if memory.matches(&tried, &user.secret_hash)? => Ok(Login::Granted(user.into())),
            Some(_) => Ok(Login::WrongSecret),
        })
        .await?;
        if matches!(login, Login::Granted(_)) {
            self.hasher.remember(&name, &secret);
        }
        Ok(login)
    }
}

/// 128 random bits in hex: no character that a shell or a URL would mind.
fn random_secret() -> Result<Zeroizing<String>, AuthorityError> {
    let mut bytes = Zeroizing::new([0; 16]);
    rand::fill(bytes.as_mut_slice()).map_err(|_| BuildError::Random)?;
    let mut secret = Zeroizing::new(String::with_capacity(32));
    for byte in bytes.iter() {
        for digit in [byte >> 4, byte & 15] {
            secret.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    Ok(secret)
}
