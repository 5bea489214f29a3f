//! `certreq summary`.

use std::path::PathBuf;

use clap::Args;

use super::issue::Format;

/// Add up the JSON lines of several runs
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct SummaryArgs {
    /// JSON lines of runs, oldest first; - is stdin
    #[arg(value_name = "FILE|-", required = true, help_heading = "Input")]
    pub files: Vec<PathBuf>,

    /// Output format: text, or one JSON object
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
With --shard K/N many processes, on one or more machines, share one list of ids. A
device belongs to shard K if the first 8 octets of SHA-256 over its id, read as a
big-endian number, leave the remainder K when divided by N; K is 0 to N-1.
--shard auto takes K/N from Slurm, AWS Batch or Kubernetes. Each shard has a
directory of its own, which remembers K/N and refuses another.

The last line of a shard says that it is complete. A repeated run may write to the
same file: the last line of each device counts. Lines without JSON are skipped, so a
log of stdout and stderr works, too.

Examples:
  certreq issue a1998e,b2c3d4 --local --shard 0/2 --dir 0 --format json > 0.log
  certreq issue a1998e,b2c3d4 --local --shard 1/2 --dir 1 --format json > 1.log
  certreq summary 0.log 1.log
  certreq status 0 1                  both directories as one fleet

Exit codes, as of one run: 0 all devices are done; 1 a shard is incomplete, or the
command failed; 2 wrong usage; 3 some devices failed; or the code that all devices
failed with.";
