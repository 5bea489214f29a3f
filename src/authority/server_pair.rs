//! The authority's own certificate as a TLS server, for a server that was given no other one.

use std::{fs, io::Write, path::Path};

use super::{
    authority::{ADMIN, Authority, blocking},
    certificates::Owner,
    error::AuthorityError,
    keyfile,
};
use crate::pki::{
    alt_name::{self, AltName},
    certificate::Certificate,
    csr,
    issuer::{self, Issuer},
    key::{KeySpec, PrivateKey},
};

/// Octets of the longest file that is read as a certificate.
const LONGEST: u64 = 64 * 1024;

/// Seconds the certificate of the server lasts: long enough for a server that is seldom started.
const LIFETIME: i64 = 398 * 86_400;

impl Authority {
    /// A certificate for these names, and its key; the one on disk while two thirds of its life are not over, else a
    /// new one.
    ///
    /// # Errors
    /// When the directory cannot be written, or nothing can be issued.
    pub async fn server_pair(&self, names: &[AltName]) -> Result<(Certificate, PrivateKey), AuthorityError> {
        let (key_file, file) = (self.directory().join("server.key"), self.directory().join("server.pem"));
        let kept = {
            let (key_file, file) = (key_file.clone(), file.clone());
            blocking(move || Ok(read(&key_file, &file))).await?
        };
        if let Some((certificate, key)) = kept.filter(|(certificate, _)| self.still_serves(certificate, names))
        {
            return Ok((certificate, key));
        }
        let key = blocking(move || {
            // The old key is not used any more, and its file would stand in the way of the new one.
            let _ = fs::remove_file(&key_file);
            keyfile::create(&key_file, KeySpec::P256, None)
        })
        .await?;
        let unusable =
            |reason: String| AuthorityError::Key { path: self.directory().join("server.key"), reason };
        let name = names.first().map_or_else(|| "certreq".to_owned(), AltName::value);
        let request = csr::request_for(&key, &name, names).map_err(|error| unusable(error.to_string()))?;
        let issued = self
            .issue_for(ADMIN, &request, Owner::Nobody, Some(LIFETIME))
            .await
            .map_err(|error| unusable(error.to_string()))?;
        let text = issued.certificate_pem;
        let made = Certificate::all_from_pem(&text).ok().and_then(|mut made| made.pop());
        let certificate = made.ok_or_else(|| unusable("its certificate cannot be read".to_owned()))?;
        blocking(move || {
            let at = |source| AuthorityError::Io { path: file.clone(), source };
            let dir = file.parent().unwrap_or(Path::new("."));
            let mut new = tempfile::NamedTempFile::new_in(dir).map_err(at)?;
            new.write_all(text.as_bytes()).map_err(at)?;
            new.persist(&file).map_err(|error| at(error.error)).map(drop)
        })
        .await?;
        Ok((certificate, key))
    }

    fn still_serves(&self, certificate: &Certificate, names: &[AltName]) -> bool {
        let life = certificate.not_after.unix() - certificate.not_before.unix();
        let is_ours = matches!(issuer::find(certificate, std::slice::from_ref(self.root())), Issuer::Found(_));
        is_ours
            && alt_name::missing(certificate, names).is_empty()
            && self.now() < certificate.not_after.plus(-life / 3)
    }
}

fn read(key: &Path, certificate: &Path) -> Option<(Certificate, PrivateKey)> {
    let text = crate::custody::read_text(certificate, LONGEST).ok()?;
    let certificate = Certificate::all_from_pem(&text).ok()?.pop()?;
    let key = keyfile::read(key, None).ok()?;
    (key.public_key_info() == certificate.public_key_info()).then_some((certificate, key))
}
