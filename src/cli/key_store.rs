//! Where keys are made, for the verbs that make some.

use clap::Args;

#[derive(Clone, Debug, Args)]
pub struct KeyStoreArgs {
    /// Make keys in a token: pkcs11:token=NAME (RFC 7512)
    #[arg(long, value_name = "URI|file", env = "CERTREQ_KEY_STORE", help_heading = "What")]
    pub key_store: Option<String>,
}

#[derive(Clone, Debug, Args)]
pub struct CaKeyStoreArgs {
    /// On first start, make the authority's own key in a token, or use the key there that is named
    #[arg(
        long,
        value_name = "URI",
        env = "CERTREQ_CA_KEY_STORE",
        conflicts_with = "ca_passphrase_file",
        help_heading = "What"
    )]
    pub ca_key_store: Option<String>,
}
