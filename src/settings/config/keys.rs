//! Keys that a profile may hold.

/// One key of a profile, and the flag it stands for.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// The flag, by the name of its field.
    pub(super) flag: &'static str,
    /// Verbs where a flag of this name means something else.
    except: &'static [&'static str],
    /// Description, for the manual and for `config check`.
    pub(crate) about: &'static str,
}

impl Key {
    const fn new(name: &'static str, flag: &'static str, about: &'static str) -> Self {
        Self { name, flag, except: &[], about }
    }

    const fn except(self, verbs: &'static [&'static str]) -> Self {
        Self { except: verbs, ..self }
    }

    /// Whether it stands for a flag of this verb; the empty verb is certreq without one.
    pub(super) fn concerns(&self, verb: &str) -> bool {
        !self.except.contains(&verb)
    }
}

/// Every key there is.
pub(crate) const KEYS: &[Key] = &[
    Key::new("url", "host", "the platform: HOST, http://HOST or https://HOST[:PORT]"),
    Key::new("port", "port", "its port"),
    Key::new("est", "est", "an EST server in place of a platform: https://HOST[:PORT][/LABEL]")
        .except(&["serve"]),
    Key::new("est_cert", "est_cert", "EST: certificate shown for first certificates"),
    Key::new("est_key", "est_key", "EST: its private key"),
    Key::new("user", "user", "the user's name"),
    Key::new("secret_file", "secret_file", "file that holds the user's secret"),
    Key::new("secret_command", "secret_command", "command that prints the user's secret"),
    Key::new("token_file", "token_file", "file that keeps the login token"),
    Key::new("auth", "auth", "kind of login: auto, dojot or oidc").except(&["serve"]),
    Key::new("realm", "realm", "OpenID: the realm, which is the tenant"),
    Key::new("client_id", "client_id", "OpenID: the client that may log users in"),
    Key::new("token_url", "token_url", "OpenID: the token endpoint"),
    Key::new("tenant", "tenant", "the tenant, for the topics of a broker"),
    Key::new("cacert", "cacert", "CA certificates for HTTPS, in addition to the system's"),
    Key::new("ca_fingerprint", "ca_fingerprint", "SHA-256 fingerprint of the platform's root"),
    Key::new("connect_timeout", "connect_timeout", "time to establish a connection"),
    Key::new("timeout", "timeout", "time for one whole request"),
    Key::new("dir", "dir", "directory for ca/ and cert_<id>/"),
    // There it is the file of a private key.
    Key::new("key", "key", "kind of key: p256, p384, p521, rsa2048, rsa3072, rsa4096")
        .except(&["inspect", "verify"]),
    Key::new("key_store", "key_store", "where keys are made: file, or pkcs11:token=NAME?module-path=..."),
    Key::new("jobs", "jobs", "the most requests in flight"),
    Key::new("retries", "retries", "further attempts for a device"),
    Key::new("give_up_after", "give_up_after", "give up after no answer for this long"),
    Key::new("within", "within", "time left that counts as \"expires soon\": 30d, 12h, 33%"),
    Key::new("format", "format", "output format: text or json"),
];

/// The key whose name is nearest, when one is near.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    const NEAR: f64 = 0.75;
    KEYS.iter()
        .map(|key| (strsim::jaro_winkler(name, key.name), key.name))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name)
}
