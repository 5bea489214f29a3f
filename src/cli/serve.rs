//! `certreq serve`.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{est::EstServeArgs, idprov::IdprovServeArgs, key_store::CaKeyStoreArgs};

/// Run the embedded platform: an authority behind the platform's HTTP API
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct ServeArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(
        long,
        value_name = "ADDR:PORT",
        default_value = "127.0.0.1:8000",
        env = "CERTREQ_LISTEN",
        help_heading = "Where"
    )]
    pub listen: SocketAddr,

    /// Directory of the authority: its key, its database [default: in the user's data directory]
    #[arg(long, alias = "dir", value_name = "DIR", env = "CERTREQ_AUTHORITY", help_heading = "Where")]
    pub authority: Option<PathBuf>,

    /// Serve HTTPS with this certificate chain
    #[arg(long, value_name = "FILE", requires = "tls_key", help_heading = "Where")]
    pub tls_cert: Option<PathBuf>,

    /// The private key of --tls-cert
    #[arg(long, value_name = "FILE", requires = "tls_cert", help_heading = "Where")]
    pub tls_key: Option<PathBuf>,

    /// How clients reach this server; written into certificates [default: the address listened on]
    #[arg(long, value_name = "URL", help_heading = "Where")]
    pub public_url: Option<String>,

    /// Keep the records in Postgres, which several servers may share: postgres://USER@HOST[:PORT]/DATABASE [default: a
    /// file in the directory of the authority]
    #[arg(long, value_name = "URL", env = "CERTREQ_DATABASE", hide_env_values = true, help_heading = "Where")]
    pub database: Option<String>,

    /// Read the database user's password from a file (PGPASSWORD and PGPASSFILE work too)
    #[arg(
        long,
        value_name = "FILE",
        requires = "database",
        env = "CERTREQ_DATABASE_PASSWORD_FILE",
        help_heading = "Where"
    )]
    pub database_password_file: Option<PathBuf>,

    /// Once told to stop, say "not ready" for so long before connections are no longer taken [default: stop at once]
    #[arg(long, value_name = "TIME", env = "CERTREQ_DRAIN", help_heading = "Where")]
    pub drain: Option<String>,

    /// Register these devices (can be repeated)
    #[arg(long, value_name = "ID[,ID...]", help_heading = "What")]
    pub register: Vec<String>,

    /// Register the devices of a file, one a line
    #[arg(long, value_name = "FILE|-", help_heading = "What")]
    pub register_from: Option<PathBuf>,

    /// Lifetime of issued certificates
    #[arg(long, value_name = "TIME", default_value = "365d", help_heading = "What")]
    pub lifetime: String,

    /// Time from one revocation list to its nextUpdate
    #[arg(long, value_name = "TIME", default_value = "24h", help_heading = "What")]
    pub crl_lifetime: String,

    /// How clients log in: dojot (POST /auth, as up to 0.8), oidc (OpenID Connect, as 1.0)
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        default_value_t = LoginKind::Dojot,
        env = "CERTREQ_SERVE_AUTH",
        help_heading = "What"
    )]
    pub auth: LoginKind,

    #[command(flatten)]
    pub est: EstServeArgs,

    #[command(flatten)]
    pub idprov: IdprovServeArgs,

    /// Lifetime of login tokens [default: 420s, or 300s with oidc]
    #[arg(long, value_name = "TIME", help_heading = "What")]
    pub token_lifetime: Option<String>,

    /// Kind of the authority's own key, on first start
    #[arg(long, value_enum, default_value_t = CaKind::P256, help_heading = "What")]
    pub ca_key: CaKind,

    #[command(flatten)]
    pub ca_store: CaKeyStoreArgs,

    /// Read the passphrase of the authority's key from a file (CERTREQ_CA_PASSPHRASE works too)
    #[arg(long, value_name = "FILE", help_heading = "What")]
    pub ca_passphrase_file: Option<PathBuf>,

    /// Make a list only so often, as the platform's CA [default: at once]
    #[arg(long, value_name = "TIME", help_heading = "What")]
    pub crl_publish_every: Option<String>,

    /// Divide the revocation list into N parts, a power of two [default: 1]
    #[arg(long, value_name = "N", help_heading = "What")]
    pub crl_partitions: Option<u16>,

    /// Content of issued certificates: certreq (client and server), dojot (email protection and a delta list, too)
    #[arg(long, value_enum, default_value_t = ProfileKind::Certreq, help_heading = "What")]
    pub certificate_profile: ProfileKind,

    /// On first start, or with --reset-admin-secret, take the admin's secret from a file instead of making one
    #[arg(long, value_name = "FILE", help_heading = "What")]
    pub admin_secret_file: Option<PathBuf>,

    /// Give the user admin a new secret, shown once; tokens of before stay valid until they end
    #[arg(long, help_heading = "What")]
    pub reset_admin_secret: bool,

    /// Limit logins to 5 a minute for each account at each client address [default: unless on loopback]
    #[arg(long, overrides_with = "no_login_limit", help_heading = "What")]
    pub login_limit: bool,

    /// Do not limit logins
    #[arg(long, help_heading = "What")]
    pub no_login_limit: bool,
}

const EXAMPLES: &str = "\
Examples:
  certreq serve                             prints the admin's secret once
  certreq serve --register a1998e,b2c3d4    with two devices
  certreq serve --auth oidc                 log in as releases 1.0 do
  certreq serve --est                       with EST (RFC 7030), over HTTPS
  certreq serve --idprov                    devices provision themselves
  certreq serve --reset-admin-secret        the secret was lost: a new one
  certreq serve --authority ca --database postgres://certreq@db.example/certreq
  certreq serve --listen 0.0.0.0:8443 --tls-cert server.pem --tls-key server.key

Servers that share a database share the authority: the first one makes ca.key, and
the others get a copy of it in directories of their own. Then lists, logins and
tokens of one are those of all (examples/ha). The address of the database takes
several hosts and the options of libpq: sslmode, sslrootcert, connect_timeout,
target_session_attrs, options. A host that is not this machine is spoken to in TLS
unless sslmode=disable stands there. PgBouncer may stand between, in transaction
mode, too. /health/ready says whether requests can be answered, /health/live
whether the process runs.

Exit codes: 0 ended by a signal, 1 it could not be done, 2 wrong usage.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LoginKind {
    Dojot,
    Oidc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileKind {
    Certreq,
    Dojot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CaKind {
    P256,
    Rsa4096,
}
