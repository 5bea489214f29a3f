//! The key store, for the verbs that make keys.

use clap::Args;

#[derive(Clone, Debug, Args)]
pub struct KeyStoreArgs {
    /// Make keys in a PKCS#11 token: pkcs11:token=NAME (RFC 7512)
    #[arg(long, value_name = "URI|file", env = "CERTREQ_KEY_STORE", help_heading = "Certificates")]
    pub key_store: Option<String>,
}

#[derive(Clone, Debug, Args)]
pub struct CaKeyStoreArgs {
    /// On first start: make the authority's key in a PKCS#11 token, or use a key there
    #[arg(
        long,
        value_name = "URI",
        env = "CERTREQ_CA_KEY_STORE",
        conflicts_with = "ca_passphrase_file",
        help_heading = "Authority"
    )]
    pub ca_key_store: Option<String>,
}
