//! How hard a run tries, for the verbs that change many things on the platform.

use clap::Args;

#[derive(Clone, Debug, Args)]
pub struct PaceArgs {
    /// The most requests in flight
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1024), env = "CERTREQ_JOBS", help_heading = "Limits")]
    pub jobs: u16,

    /// Further attempts for each when the platform is overloaded or does not answer
    #[arg(long, value_name = "N", default_value_t = 5, env = "CERTREQ_RETRIES", help_heading = "Limits")]
    pub retries: u16,

    /// Give up after the platform has not answered for this long
    #[arg(
        long,
        value_name = "TIME",
        default_value = "60s",
        env = "CERTREQ_GIVE_UP_AFTER",
        help_heading = "Limits"
    )]
    pub give_up_after: String,
}
