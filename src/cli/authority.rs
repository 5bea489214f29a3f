//! `certreq authority copy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Copy an embedded authority to another database
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

/// Copy all records, and compare both sides
#[derive(Debug, Args)]
#[command(after_help = COPY, args_override_self = true)]
pub struct CopyArgs {
    /// Source: the directory of an authority, or the address of a Postgres database
    #[arg(value_name = "DIR|URL", help_heading = "Databases")]
    pub from: String,

    /// Target: a directory, or the address of an empty Postgres database
    #[arg(value_name = "DIR|URL", help_heading = "Databases")]
    pub to: String,

    /// Read the database user's password from a file (PGPASSWORD and PGPASSFILE work too)
    #[arg(long, value_name = "FILE", env = "CERTREQ_DATABASE_PASSWORD_FILE", help_heading = "Databases")]
    pub database_password_file: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  certreq authority copy lab-ca postgres://certreq@db.example/certreq

Exit codes: 0 both sides are the same; 1 the copy failed; 2 wrong usage.";

const COPY: &str = "\
Examples:
  certreq authority copy lab-ca postgres://certreq@db.example/certreq
  certreq authority copy lab-ca another-ca

Stop the servers first. Each table is copied in pieces, read again from both sides,
and compared by its number of rows and their digest. A copy that was interrupted
continues when it is started again; servers do not start on an incomplete copy. The
source stays as it is. Secrets and requests of IDProv and pending requests of EST
are not copied. The key is the file ca.key: copy it yourself.

Exit codes: 0 both sides are the same; 1 the copy failed; 2 wrong usage.";
