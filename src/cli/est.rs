//! Where an EST server is, and with which pair first certificates are asked for.

use std::path::PathBuf;

use clap::Args;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Platform")]
pub struct EstArgs {
    /// Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]
    #[arg(long, value_name = "URL[/LABEL]", env = "CERTREQ_EST")]
    pub est: Option<String>,

    /// With --est: show this certificate when first certificates are asked for
    #[arg(long, value_name = "FILE", env = "CERTREQ_EST_CERT", requires = "est_key")]
    pub est_cert: Option<PathBuf>,

    /// The private key of --est-cert
    #[arg(long, value_name = "FILE", env = "CERTREQ_EST_KEY", requires = "est_cert")]
    pub est_key: Option<PathBuf>,
}

/// EST on the side of the server.
#[derive(Clone, Debug, Args)]
pub struct EstServeArgs {
    /// Speak EST, too (RFC 7030): over HTTPS, with a certificate of the authority unless --tls-cert names one
    #[arg(long, env = "CERTREQ_SERVE_EST", help_heading = "What")]
    pub est: bool,

    /// With --est: the user that asks for certificates with a password [default: the users of the authority]
    #[arg(long, value_name = "USER", requires_all = ["est", "est_secret_file"], help_heading = "What")]
    pub est_user: Option<String>,

    /// With --est-user: read the user's secret from a file
    #[arg(long, value_name = "FILE", requires = "est_user", help_heading = "What")]
    pub est_secret_file: Option<PathBuf>,

    /// With --est: a label of the paths, https://HOST/.well-known/est/NAME/... (can be repeated)
    #[arg(long, value_name = "NAME", requires = "est", help_heading = "What")]
    pub est_label: Vec<String>,
}
