//! IDProv: the server, the secrets, and serving it.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Platform")]
pub struct IdprovArgs {
    /// Use an IDProv server instead of a platform; without HOST, the only one on the local network
    #[arg(long, value_name = "HOST[:PORT]", num_args = 0..=1, env = "CERTREQ_IDPROV")]
    pub idprov: Option<Option<String>>,
}

/// Secrets for `certreq issue`.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Platform")]
pub struct OobArgs {
    /// With --idprov: the secret of the device, from a file, or stdin with - (CERTREQ_OOB_SECRET works too)
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_OOB_SECRET_FILE")]
    pub oob_secret_file: Option<PathBuf>,

    /// With --idprov: devices and their secrets, a CSV with the columns id and secret, or JSON
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_OOB_SECRETS")]
    pub oob_secrets: Option<PathBuf>,

    /// With --idprov: wait this long for the approval of a device [default: 0s, the next run asks again]
    #[arg(long, value_name = "TIME", env = "CERTREQ_WAIT_FOR", help_heading = "Limits")]
    pub wait_for: Option<String>,
}

/// Provisioning by `certreq serve`.
#[derive(Debug, Args)]
#[command(next_help_heading = "IDProv")]
pub struct IdprovServeArgs {
    /// Serve IDProv in addition, on a port of its own, and announce it on the local network
    #[arg(long, help_heading = "Protocols")]
    pub idprov: bool,

    /// With --idprov: address to listen on [default: port 43776 of every interface]
    #[arg(long, value_name = "ADDR:PORT", env = "CERTREQ_IDPROV_LISTEN")]
    pub idprov_listen: Option<SocketAddr>,

    /// With --idprov: name on the local network
    #[arg(long, value_name = "NAME", default_value = "idprov", requires = "idprov")]
    pub idprov_name: String,

    /// With --idprov: do not announce the server
    #[arg(long, requires = "idprov")]
    pub no_announce: bool,

    /// With --idprov: a service that devices learn of with their certificate (can be repeated)
    #[arg(long, value_name = "NAME=URL", requires = "idprov")]
    pub idprov_service: Vec<String>,
}
