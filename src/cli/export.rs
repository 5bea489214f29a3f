//! `certreq export`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::issue::Format;

/// Write pairs in the file formats of other software
#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    args_override_self = true,
    override_usage = USAGE,
    group = ArgGroup::new("form").required(true).multiple(true).args(["p12", "chain", "combined", "der", "layout"])
)]
pub struct ExportArgs {
    /// Device ids, device directories, or a directory that holds device directories
    #[arg(value_name = "ID|DIR", required = true, help_heading = "Devices")]
    pub inputs: Vec<String>,

    /// PKCS#12: key, certificate, intermediates and root in ID.p12 (AES-256, SHA-256)
    #[arg(long, help_heading = "Formats")]
    pub p12: bool,

    /// PKCS#12 with 3DES and SHA-1, for old software: Windows Server 2016, macOS keychains, old devices
    #[arg(long, help_heading = "Formats")]
    pub legacy: bool,

    /// chain.pem: the certificate, then the intermediates, then the root
    #[arg(long, help_heading = "Formats")]
    pub chain: bool,

    /// combined.pem: the private key, then the certificate and the intermediates
    #[arg(long, help_heading = "Formats")]
    pub combined: bool,

    /// DER: cert.der, key.der (PKCS#8) and ca.der
    #[arg(long, help_heading = "Formats")]
    pub der: bool,

    /// File names and modes of other software: aws-iot, dojot, esp-idf, idprov, mosquitto, nginx, wott; for keys in
    /// tokens: curl-token, mosquitto-token, nginx-token, strongswan-token; or a template (TOML)
    #[arg(long, value_name = "NAME|FILE", env = "CERTREQ_LAYOUT", help_heading = "Formats")]
    pub layout: Option<String>,

    /// Directory with ca/ and cert_<id>/, for ids
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Devices")]
    pub dir: PathBuf,

    /// Directory for the files; {id} becomes the device id [default: export, with a directory for each device
    /// unless the file names contain the id]
    #[arg(long = "out", alias = "to", value_name = "DIR", env = "CERTREQ_TO", help_heading = "Output")]
    pub to: Option<String>,

    /// Replace existing files that differ
    #[arg(long, help_heading = "Output")]
    pub force: bool,

    /// Root certificates [default: ca/ca.pem beside the device directory]
    #[arg(long, value_name = "FILE", env = "CERTREQ_CA", help_heading = "Devices")]
    pub ca: Option<PathBuf>,

    /// Read the password of the PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too)
    /// [default: a new one for each file, shown once on a terminal, otherwise written to ID.p12.password]
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_PASSWORD_FILE", help_heading = "Password")]
    pub password_file: Option<PathBuf>,

    /// Ask for the password at the terminal
    #[arg(long, conflicts_with = "password_file", help_heading = "Password")]
    pub ask_password: bool,

    /// Output format: text, or one JSON object per line and device
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const USAGE: &str = "\
certreq export [--p12] [--chain] [--combined] [--der]
                      [--layout NAME|FILE] [OPTIONS] ID|DIR...";

const EXAMPLES: &str = "\
Examples:
  certreq export a1998e --p12
  certreq export . --chain --der --out 'out/{id}'    all devices of a directory
  certreq export cert_broker --layout mosquitto --out /etc/mosquitto

A template lists the files. The default mode is 0600 for a file with a key and 0644
for others; a key must not be readable by other users:
  directory_mode = \"0700\"
  [[file]]
  name = \"tls/{id}.key\"     below --out; {id} becomes the device id
  content = \"key\"           or leaf, cert (leaf, intermediates), chain (leaf,
                            intermediates, root), root, bundle (intermediates,
                            root), combined (key, leaf, intermediates), p12,
                            password, crl, key-der, leaf-der, root-der
  mode = \"0400\"

Exit codes: 0 all files are written, or exist already; 1 failed; 2 wrong usage; 3
some devices failed; 6 an existing file differs, or key, certificate and root do
not match.";
