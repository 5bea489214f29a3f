//! `certreq authority copy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Move the records of an embedded authority to another database
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AuthorityArgs {
    #[command(subcommand)]
    pub verb: AuthorityVerb,
}

#[derive(Debug, Subcommand)]
pub enum AuthorityVerb {
    Copy(CopyArgs),
}

/// Copy all records, and compare both sides afterwards
#[derive(Debug, Args)]
#[command(after_help = COPY, args_override_self = true)]
pub struct CopyArgs {
    /// The directory of an authority, or the address of a Postgres database
    #[arg(value_name = "DIR|URL", help_heading = "What")]
    pub from: String,

    /// Where they go: a directory, or the address of an empty Postgres database
    #[arg(value_name = "DIR|URL", help_heading = "What")]
    pub to: String,

    /// Read the database user's password from a file (PGPASSWORD and PGPASSFILE work too)
    #[arg(long, value_name = "FILE", env = "CERTREQ_DATABASE_PASSWORD_FILE", help_heading = "What")]
    pub database_password_file: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  certreq authority copy lab-ca postgres://certreq@db.example/certreq

Exit codes: 0 both sides are the same; 1 it could not be done; 2 wrong usage.";

const COPY: &str = "\
Examples:
  certreq authority copy lab-ca postgres://certreq@db.example/certreq
  certreq authority copy lab-ca another-ca

Stop the servers first. Every table is copied in pieces, read once more from both
sides, and compared by its number of rows and their digest. A copy that was cut
goes on when it is started again; until it is complete no server starts on it. The
records that were copied stay. Secrets and requests of IDProv are not copied, nor are
requests of EST that wait. The key, ca.key, is a file: copy it yourself.

Exit codes: 0 both sides are the same; 1 it could not be done; 2 wrong usage.";
