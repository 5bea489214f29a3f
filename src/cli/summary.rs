//! `certreq summary`.

use std::path::PathBuf;

use clap::Args;

use super::issue::Format;

/// Add up the JSON lines of several runs, and end as one run would
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct SummaryArgs {
    /// Files of JSON lines that runs wrote, in the order of time; - is stdin
    #[arg(value_name = "FILE|-", required = true, help_heading = "What")]
    pub files: Vec<PathBuf>,

    /// Output format: text, or one JSON object
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Many processes, on one machine or on many, issue for one list of ids with
--shard K/N. A device belongs to shard K when the first 8 octets of SHA-256 over
its id, read as a big-endian number, leave K when divided by N; K counts from 0.
Each shard has a directory of its own, which remembers K/N and refuses another.

The last line of a shard says that it came to its end. A run of the same verb
that is started again may write to the same file: the last line of each device
counts. Lines that are no JSON are skipped, so a log of stdout and stderr will do.

Examples:
  certreq issue a1998e,b2c3d4 --local --shard 0/2 --dir 0 --format json > 0.log
  certreq issue a1998e,b2c3d4 --local --shard 1/2 --dir 1 --format json > 1.log
  certreq summary 0.log 1.log
  certreq status 0 1                  both directories as one fleet

Exit codes, as if one run had written it all: 0 everything is done; 1 a shard did
not come to its end, or it could not be done; 2 wrong usage; 3 some devices
failed; or the code that all of them ended with.";
