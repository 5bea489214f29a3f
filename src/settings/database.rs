//! Which database an authority uses, and the password for it.

use std::{env, path::Path, path::PathBuf};

use zeroize::Zeroizing;

use super::secret;
use crate::{
    authority::{AddressError, Database},
    custody::{self, Exposure},
    failure::Failure,
    output::Ui,
};

/// Octets of the longest password file.
const LONGEST: usize = 64 * 1024;

/// The database of an address; without one, the file in the authority's directory.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub(super) fn resolve(address: Option<&str>, file: Option<&Path>, ui: &Ui) -> Result<Database, Failure> {
    match address {
        None | Some("") => Ok(Database::Embedded),
        Some(address) => Database::at(address, |key| password(key, file, ui)),
    }
}

impl From<AddressError> for Failure {
    fn from(error: AddressError) -> Self {
        Self::usage(format!("the address of the database: {error}"))
            .hint("as in postgres://certreq@db.example/certreq, or with a socket: postgres://certreq@%2Frun%2Fpostgresql/certreq")
    }
}

/// From the file that was named, else as the database's own clients find it.
fn password(key: &[String; 4], file: Option<&Path>, ui: &Ui) -> Result<Option<Zeroizing<String>>, Failure> {
    if let Some(path) = file {
        secret::warn_of_others(path, ui);
        return secret::read(path).map(Some);
    }
    if let Some(password) = env::var("PGPASSWORD").ok().filter(|password| !password.is_empty()) {
        return Ok(Some(Zeroizing::new(password)));
    }
    let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".pgpass"));
    let Some(path) = env::var_os("PGPASSFILE").map(PathBuf::from).or(home).filter(|path| path.exists()) else {
        return Ok(None);
    };
    let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", path.display()));
    let file = custody::open(&path).map_err(failed)?;
    if let Some(exposure) = Exposure::of(&file.metadata().map_err(failed)?) {
        return Err(Failure::failed(format!("the password file {} {exposure}", path.display()))
            .hint(format!("chmod 600 {}", path.display())));
    }
    let text = custody::read_secret(file, LONGEST).map_err(failed)?;
    Ok(text.lines().find_map(|line| of_line(line, key)))
}

/// The password of a line `host:port:database:user:password`, when it is for this key; `*` stands for anything, and `\`
/// takes its meaning from a colon.
fn of_line(line: &str, key: &[String; 4]) -> Option<Zeroizing<String>> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = vec![Zeroizing::new(String::new())];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ':' if fields.len() < 5 => fields.push(Zeroizing::new(String::new())),
            '\\' => fields.last_mut()?.extend(letters.next()),
            letter => fields.last_mut()?.push(letter),
        }
    }
    let password = fields.pop()?;
    let fits =
        fields.len() == 4 && fields.iter().zip(key).all(|(field, own)| **field == "*" || **field == *own);
    fits.then_some(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_password_file_is_for_what_it_names() {
        let key = ["db.example", "5432", "ca", "certreq"].map(str::to_owned);
        let password = |line: &str| of_line(line, &key).map(|password| password.to_string());
        assert_eq!(password("db.example:5432:ca:certreq:secret"), Some("secret".to_owned()));
        assert_eq!(password("*:*:*:certreq:se\\:cr\\\\et:s"), Some("se:cr\\et:s".to_owned()));
        assert_eq!(password("other:5432:ca:certreq:secret"), None);
        assert_eq!(password("# db.example:5432:ca:certreq:secret"), None);
        assert_eq!(password("db.example:5432:ca"), None);
    }
}
