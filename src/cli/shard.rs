//! One part of the devices, for the verbs that many processes may share.

use clap::Args;

#[derive(Clone, Debug, Default, Args)]
pub struct ShardArgs {
    /// Only shard K of N, or auto (`certreq help summary`)
    #[arg(long, value_name = "K/N", env = "CERTREQ_SHARD", help_heading = "Devices")]
    pub shard: Option<String>,
}
