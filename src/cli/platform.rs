//! The platform, and the login to it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{est::EstArgs, idprov::IdprovArgs};

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Platform")]
pub struct PlatformArgs {
    /// Platform: HOST, http://HOST or https://HOST[:PORT] [default: 127.0.0.1]
    #[arg(short = 'h', long, env = "CERTREQ_HOST")]
    pub host: Option<String>,

    /// Port [default: 8000, or 443 for https]
    #[arg(short, long, env = "CERTREQ_PORT")]
    pub port: Option<u16>,

    /// User name
    #[arg(short, long, env = "CERTREQ_USER")]
    pub user: Option<String>,

    /// The user's secret, visible to all users of this machine; prefer --secret-file
    #[arg(short, long, value_name = "SECRET", conflicts_with = "secret_file")]
    pub secret: Option<String>,

    /// Read the secret from a file, or from stdin with - (CERTREQ_SECRET works too)
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// Run this command; the first line of its output is the secret
    #[arg(long, value_name = "CMD", env = "CERTREQ_SECRET_COMMAND", conflicts_with_all = ["secret", "secret_file"])]
    pub secret_command: Option<String>,

    /// Keep the login token in this file, and use it while it is valid
    #[arg(short, long, value_name = "FILE", env = "CERTREQ_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,

    /// Way to log in: dojot (POST /auth, up to 0.8), oidc (1.0); auto: ask the platform
    #[arg(long, value_enum, value_name = "HOW", default_value_t = AuthKind::Auto, env = "CERTREQ_AUTH")]
    pub auth: AuthKind,

    /// With oidc: the realm (the tenant)
    #[arg(long, value_name = "NAME", default_value = "admin", env = "CERTREQ_REALM")]
    pub realm: String,

    /// With oidc: the client to log in with; it needs direct access grants
    #[arg(long, value_name = "ID", default_value = "dev-test-cli", env = "CERTREQ_CLIENT_ID")]
    pub client_id: String,

    /// With oidc: the token endpoint [default: the realm's, HOST/auth/realms/NAME/...]
    #[arg(long, value_name = "URL", env = "CERTREQ_TOKEN_URL")]
    pub token_url: Option<String>,

    /// Use the access token in this file, or on stdin with -, instead of a login (CERTREQ_ACCESS_TOKEN works too)
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_ACCESS_TOKEN_FILE", conflicts_with = "secret")]
    pub access_token_file: Option<PathBuf>,

    #[command(flatten)]
    pub est: EstArgs,

    #[command(flatten)]
    pub idprov: IdprovArgs,

    /// Trust these CA certificates for HTTPS, in addition to the system's
    #[arg(long, value_name = "FILE", env = "CERTREQ_CACERT")]
    pub cacert: Option<PathBuf>,

    /// The platform's root certificate must have this SHA-256 fingerprint
    #[arg(long, value_name = "FINGERPRINT", env = "CERTREQ_CA_FINGERPRINT")]
    pub ca_fingerprint: Option<String>,

    /// The platform's root certificate was renewed: trust the new one, with this fingerprint, in addition to the old one
    #[arg(long, value_name = "FINGERPRINT", env = "CERTREQ_ACCEPT_NEW_CA")]
    pub accept_new_ca: Option<String>,

    /// Time to establish a connection
    #[arg(long, value_name = "TIME", default_value = "10s", env = "CERTREQ_CONNECT_TIMEOUT")]
    pub connect_timeout: String,

    /// Time for one whole request [default: 60s; for servers that inspect and verify read: 10s]
    #[arg(long, value_name = "TIME", env = "CERTREQ_TIMEOUT")]
    pub timeout: Option<String>,

    /// Use the embedded authority instead of a host
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    pub local: Option<Option<PathBuf>>,

    /// Directory of the embedded authority; as a flag it implies --local [default: in the user's data directory]
    #[arg(long, value_name = "DIR", env = "CERTREQ_AUTHORITY")]
    pub authority: Option<PathBuf>,

    /// With --local: only devices registered with `certreq serve --register`
    #[arg(long)]
    pub registered_only: bool,

    /// With --local: read the passphrase of the authority's key from a file (CERTREQ_CA_PASSPHRASE works too)
    #[arg(long, value_name = "FILE")]
    pub ca_passphrase_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AuthKind {
    Auto,
    Dojot,
    Oidc,
}
