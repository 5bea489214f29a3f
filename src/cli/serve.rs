//! `certreq serve`.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{est::EstServeArgs, idprov::IdprovServeArgs, key_store::CaKeyStoreArgs};

/// Run the embedded platform: an authority with the platform's HTTP API
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct ServeArgs {
    /// Address to listen on; port 0 picks a free port
    #[arg(
        long,
        value_name = "ADDR:PORT",
        default_value = "127.0.0.1:8000",
        env = "CERTREQ_LISTEN",
        help_heading = "Server"
    )]
    pub listen: SocketAddr,

    /// Directory of the authority, for its key and its database [default: in the user's data directory]
    #[arg(long, alias = "dir", value_name = "DIR", env = "CERTREQ_AUTHORITY", help_heading = "Authority")]
    pub authority: Option<PathBuf>,

    /// Serve HTTPS with this certificate chain
    #[arg(long, value_name = "FILE", requires = "tls_key", help_heading = "Server")]
    pub tls_cert: Option<PathBuf>,

    /// The private key of --tls-cert
    #[arg(long, value_name = "FILE", requires = "tls_cert", help_heading = "Server")]
    pub tls_key: Option<PathBuf>,

    /// Address of this server for clients; it is written into certificates [default: that of --listen]
    #[arg(long, value_name = "URL", help_heading = "Server")]
    pub public_url: Option<String>,

    /// Keep the records in Postgres, which several servers can share: postgres://USER@HOST[:PORT]/DATABASE [default: a
    /// file in the directory of the authority]
    #[arg(
        long,
        value_name = "URL",
        env = "CERTREQ_DATABASE",
        hide_env_values = true,
        help_heading = "Database"
    )]
    pub database: Option<String>,

    /// Read the database user's password from a file (PGPASSWORD and PGPASSFILE work too)
    #[arg(
        long,
        value_name = "FILE",
        requires = "database",
        env = "CERTREQ_DATABASE_PASSWORD_FILE",
        help_heading = "Database"
    )]
    pub database_password_file: Option<PathBuf>,

    /// On a signal to stop, report "not ready" for this long before connections are refused [default: stop at once]
    #[arg(long, value_name = "TIME", env = "CERTREQ_DRAIN", help_heading = "Server")]
    pub drain: Option<String>,

    /// Register these devices (can be repeated)
    #[arg(long, value_name = "ID[,ID...]", help_heading = "Devices")]
    pub register: Vec<String>,

    /// Register the devices of a file, one id per line
    #[arg(long, value_name = "FILE|-", help_heading = "Devices")]
    pub register_from: Option<PathBuf>,

    /// Lifetime of issued certificates
    #[arg(long, value_name = "TIME", default_value = "365d", help_heading = "Certificates")]
    pub lifetime: String,

    /// Time from one revocation list to its nextUpdate
    #[arg(long, value_name = "TIME", default_value = "24h", help_heading = "Certificates")]
    pub crl_lifetime: String,

    /// Way to log in: dojot (POST /auth, as up to 0.8), oidc (OpenID Connect, as 1.0)
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        default_value_t = LoginKind::Dojot,
        env = "CERTREQ_SERVE_AUTH",
        help_heading = "Users"
    )]
    pub auth: LoginKind,

    #[command(flatten)]
    pub est: EstServeArgs,

    #[command(flatten)]
    pub idprov: IdprovServeArgs,

    /// Lifetime of login tokens [default: 420s, or 300s with oidc]
    #[arg(long, value_name = "TIME", help_heading = "Users")]
    pub token_lifetime: Option<String>,

    /// On first start: kind of the authority's key
    #[arg(long, value_enum, default_value_t = CaKind::P256, help_heading = "Authority")]
    pub ca_key: CaKind,

    #[command(flatten)]
    pub ca_store: CaKeyStoreArgs,

    /// Read the passphrase of the authority's key from a file (CERTREQ_CA_PASSPHRASE works too)
    #[arg(long, value_name = "FILE", help_heading = "Authority")]
    pub ca_passphrase_file: Option<PathBuf>,

    /// Publish a list only at this interval [default: after each revocation]
    #[arg(long, value_name = "TIME", help_heading = "Certificates")]
    pub crl_publish_every: Option<String>,

    /// Divide the revocation list into N parts, a power of two [default: 1]
    #[arg(long, value_name = "N", help_heading = "Certificates")]
    pub crl_partitions: Option<u16>,

    /// Content of certificates: certreq (client, server), dojot (and email, a delta list)
    #[arg(long, value_enum, default_value_t = ProfileKind::Certreq, help_heading = "Certificates")]
    pub certificate_profile: ProfileKind,

    /// On first start, or with --reset-admin-secret: read the admin's secret from a file instead of generating one
    #[arg(long, value_name = "FILE", help_heading = "Users")]
    pub admin_secret_file: Option<PathBuf>,

    /// Give the user admin a new secret, shown once; existing tokens stay valid until they expire
    #[arg(long, help_heading = "Users")]
    pub reset_admin_secret: bool,

    /// Limit logins to 5 per minute for each account and client address [default: on, except on loopback]
    #[arg(long, overrides_with = "no_login_limit", help_heading = "Users")]
    pub login_limit: bool,

    /// Do not limit logins
    #[arg(long, help_heading = "Users")]
    pub no_login_limit: bool,
}

const EXAMPLES: &str = "\
Examples:
  certreq serve                             prints the admin's secret once
  certreq serve --register a1998e,b2c3d4    with two devices
  certreq serve --auth oidc                 login as in release 1.0
  certreq serve --est                       with EST (RFC 7030), over HTTPS
  certreq serve --idprov                    with IDProv for devices
  certreq serve --reset-admin-secret        a new secret for the lost one
  certreq serve --authority ca --database postgres://certreq@db.example/certreq
  certreq serve --listen 0.0.0.0:8443 --tls-cert server.pem --tls-key server.key

Servers with the same database are one authority, with the same lists, logins and
tokens (examples/ha). The first server makes ca.key; each other server needs a copy
of it in a directory of its own. The address of the database can have several hosts
and the options of libpq: sslmode, sslrootcert, connect_timeout,
target_session_attrs, options. Connections to other machines use TLS unless
sslmode=disable is set. PgBouncer works, in transaction mode, too. /health/ready
tells whether requests can be answered, /health/live whether the process runs.

Exit codes: 0 stopped by a signal, 1 failed, 2 wrong usage.";

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
