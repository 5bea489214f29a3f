//! `certreq connect`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::issue::Format;

/// Test a pair against a real server: TLS and MQTT, as the device will
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct ConnectArgs {
    /// mqtts://HOST[:PORT], https://HOST[:PORT][/PATH], tls://HOST:PORT for the handshake alone, or a service of the pair
    #[arg(value_name = "SERVER", help_heading = "Server")]
    pub server: String,

    /// Device directories: cert_<id>
    #[arg(value_name = "DIR", required_unless_present = "all", help_heading = "Devices")]
    pub directories: Vec<PathBuf>,

    /// All device directories of --dir, in parallel
    #[arg(long, conflicts_with = "directories", help_heading = "Devices")]
    pub all: bool,

    /// With --all: the directory with ca/ and cert_<id>/
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Devices")]
    pub dir: PathBuf,

    /// Trust these root certificates [default: ca/ca.pem beside the device directory]
    #[arg(long, value_name = "FILE", env = "CERTREQ_CA", help_heading = "Server")]
    pub ca: Option<PathBuf>,

    /// The name to ask for (SNI), which the server's certificate must hold [default: the host]
    #[arg(long, value_name = "NAME", help_heading = "Server")]
    pub servername: Option<String>,

    /// Version of MQTT
    #[arg(
        long,
        value_enum,
        value_name = "VERSION",
        default_value = "3.1.1",
        env = "CERTREQ_MQTT",
        help_heading = "MQTT"
    )]
    pub mqtt: Mqtt,

    /// Publish to this topic with QoS 1; {id} and {tenant} are filled in
    #[arg(long, value_name = "TOPIC", requires = "message", help_heading = "MQTT")]
    pub publish: Option<String>,

    /// Text to publish
    #[arg(short, long, value_name = "TEXT", help_heading = "MQTT")]
    pub message: Option<String>,

    /// Subscribe to this topic; {id} and {tenant} are filled in
    #[arg(long, value_name = "TOPIC", help_heading = "MQTT")]
    pub subscribe: Option<String>,

    /// The platform's topics: subscribe to TENANT:ID/config, publish -m to TENANT:ID/attrs
    #[arg(long, value_name = "TENANT", env = "CERTREQ_TENANT", help_heading = "MQTT")]
    pub tenant: Option<String>,

    /// Wait this long for a message to the subscription; fail if there is none
    #[arg(long = "wait-message", alias = "wait", value_name = "TIME", help_heading = "MQTT")]
    pub wait: Option<String>,

    /// Client identifier [default: a random one, so that the device itself stays connected]
    #[arg(long = "mqtt-client-id", alias = "client-id", value_name = "ID", help_heading = "MQTT")]
    pub client_id: Option<String>,

    /// Time for one device, without --wait-message
    #[arg(long, value_name = "TIME", default_value = "15s", env = "CERTREQ_TIMEOUT", help_heading = "Limits")]
    pub timeout: String,

    /// The most connections at once
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1024), env = "CERTREQ_JOBS", help_heading = "Limits")]
    pub jobs: u16,

    /// Output format: text, or one JSON object per line and directory
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mqtt {
    #[value(name = "3.1.1")]
    V311,
    #[value(name = "5")]
    V5,
}

const EXAMPLES: &str = "\
Examples:
  certreq connect mqtts://broker cert_a1998e
  certreq connect mqtts://broker cert_a1998e --tenant admin -m '{\"t\": 21}'
  certreq connect mqtts://broker cert_a1998e --subscribe x/y --publish x/y -m hi
  certreq connect https://gateway/health cert_a1998e
  certreq connect mqtts://broker --all --format json

A message that is published to the subscribed topic must come back, because a
broker may grant a subscription and deliver nothing. With --mqtt 5 the broker says
whether publishing is allowed; with 3.1.1 it acknowledges messages that it drops.

NOT PROVEN (exit 1): the server did not ask for the certificate. FAILED: the
server accepted a revoked, expired or not yet valid certificate; the exit codes
are the same as if it had refused it.

Exit codes: 0 accepted, 1 failed, or the server did not ask for the certificate,
2 wrong usage, 3 some directories failed, 4 the server refuses the certificate,
the identity, a topic or the request, 5 not reached: name, connection, no TLS,
time-out, 6 key and certificate do not match, or are another device's, 14 the
server's certificate is not trusted or not for its name, 11 the device's
certificate is expired, 12 revoked, 13 not yet valid.";
