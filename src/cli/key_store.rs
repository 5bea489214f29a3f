//! Where keys are made, for the verbs that make some.

use clap::Args;

#[derive(Clone, Debug, Args)]
pub struct KeyStoreArgs {
    /// Make keys in a token (TPM, secure element, HSM) that they never leave:
    /// pkcs11:token=NAME?module-path=/usr/lib/... (RFC 7512); file: in files
    #[arg(long, value_name = "URI|file", env = "CERTREQ_KEY_STORE", help_heading = "What")]
    pub key_store: Option<String>,
}
