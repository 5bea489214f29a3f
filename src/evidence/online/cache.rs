//! Fetched lists and OCSP answers, kept until their nextUpdate.

use std::{fs, io::Write, path::PathBuf};

use tempfile::NamedTempFile;

use super::http::LIMIT;
use crate::custody;
use crate::pki::{certificate::Certificate, crl::Crl, fingerprint::Fingerprint, ocsp::Question, time::Time};

/// A directory with a file for each list and each OCSP answer. Its files are verified like bytes from the network.
#[derive(Debug)]
pub(super) struct Cache {
    directory: PathBuf,
}

impl Cache {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// The cached list of `url`, if it is signed by `issuer` and current at `at`.
    pub(super) fn current(&self, url: &str, issuer: &Certificate, at: Time) -> Option<Crl> {
        let path = self.file(url);
        if fs::metadata(&path).ok()?.len() > LIMIT as u64 {
            return None;
        }
        let list = Crl::from_der(fs::read(path).ok()?).ok()?;
        let is_current = list.this_update() <= at && list.next_update().is_some_and(|end| at < end);
        (is_current && list.check_issuer(issuer).is_ok()).then_some(list)
    }

    /// Keeps a verified list. A cache that cannot be written is no error.
    pub(super) fn keep(&self, url: &str, der: &[u8]) {
        self.write(self.file(url), der);
    }

    /// The answer of the responder at `url` to an earlier question about the same certificate.
    pub(super) fn answer(&self, url: &str, question: &Question<'_>) -> Option<Vec<u8>> {
        let path = self.answer_file(url, question);
        if fs::metadata(&path).ok()?.len() > LIMIT as u64 {
            return None;
        }
        fs::read(path).ok()
    }

    /// Keeps an answer that was conclusive, its nonce included.
    pub(super) fn keep_answer(&self, url: &str, question: &Question<'_>, answer: &[u8]) {
        self.write(self.answer_file(url, question), answer);
    }

    fn write(&self, path: PathBuf, der: &[u8]) {
        let written = custody::create_directory(&self.directory)
            .and_then(|()| NamedTempFile::new_in(&self.directory))
            .and_then(|mut file| file.write_all(der).map(|()| file))
            .and_then(|file| file.persist(path).map_err(|error| error.error));
        if let Err(error) = written {
            tracing::debug!(directory = %self.directory.display(), %error, "the answer is not cached");
        }
    }

    fn file(&self, url: &str) -> PathBuf {
        self.directory.join(format!("{}.crl", name_of(url.as_bytes())))
    }

    fn answer_file(&self, url: &str, question: &Question<'_>) -> PathBuf {
        let subject = [question.subject().as_slice(), url.as_bytes()].concat();
        self.directory.join(format!("{}.ocsp", name_of(&subject)))
    }
}

fn name_of(what: &[u8]) -> String {
    Fingerprint::of(what).to_string().replace(':', "").to_lowercase()
}
