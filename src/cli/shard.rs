//! One part of the devices, for the verbs that many processes may share.

use clap::Args;

#[derive(Clone, Debug, Default, Args)]
pub struct ShardArgs {
    /// Only the devices of shard K of N, counted from 0: 0/16 to 15/16; auto takes K and N from Slurm or AWS Batch,
    /// auto/N takes K from them or Kubernetes (see `certreq help summary`)
    #[arg(long, value_name = "K/N|auto|auto/N", env = "CERTREQ_SHARD", help_heading = "What")]
    pub shard: Option<String>,
}
