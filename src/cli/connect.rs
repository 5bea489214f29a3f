//! `certreq connect`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::issue::Format;

/// Prove a pair against a real server: TLS and MQTT, as the device will
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct ConnectArgs {
    /// mqtts://HOST[:PORT], https://HOST[:PORT][/PATH], tls://HOST:PORT for the handshake alone, or a service of the pair
    #[arg(value_name = "SERVER", help_heading = "What")]
    pub server: String,

    /// Device directories: cert_<id>
    #[arg(value_name = "DIR", required_unless_present = "all", help_heading = "What")]
    pub directories: Vec<PathBuf>,

    /// Every device directory of --dir, in parallel
    #[arg(long, conflicts_with = "directories", help_heading = "What")]
    pub all: bool,

    /// With --all: the directory with ca/ and cert_<id>/
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Where")]
    pub dir: PathBuf,

    /// Trust these root certificates [default: ca/ca.pem beside the device directory]
    #[arg(long, value_name = "FILE", env = "CERTREQ_CA", help_heading = "Where")]
    pub ca: Option<PathBuf>,

    /// The name to ask for (SNI), which the server's certificate must hold [default: the host]
    #[arg(long, value_name = "NAME", help_heading = "Where")]
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

    /// Wait this long for a message of the subscription, and fail without one
    #[arg(long = "wait-message", alias = "wait", value_name = "TIME", help_heading = "MQTT")]
    pub wait: Option<String>,

    /// Client identifier [default: a random one, so that the device itself stays connected]
    #[arg(long = "mqtt-client-id", alias = "client-id", value_name = "ID", help_heading = "MQTT")]
    pub client_id: Option<String>,

    /// For one device, everything but --wait-message together
    #[arg(long, value_name = "TIME", default_value = "15s", env = "CERTREQ_TIMEOUT", help_heading = "Pace")]
    pub timeout: String,

    /// The most connections at once
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1024), env = "CERTREQ_JOBS", help_heading = "Pace")]
    pub jobs: u16,

    /// Output format: text, or one JSON object for each directory, a line each
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
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

A message published to the topic that is subscribed to must come back: a broker
may grant a subscription and deliver nothing. --mqtt 5 tells whether it may be
published; in 3.1.1 a broker acknowledges what it throws away.

A server that never asks for a certificate proves nothing: NOT PROVEN, exit 1.
One that accepts a revoked, expired or not yet valid certificate proves nothing
good: FAILED, with the same codes as if it had refused it.

Exit codes: 0 accepted, 1 it could not be done, or the server never asked for
the certificate, 2 wrong usage, 3 some directories failed, 4 the server refuses
the certificate, the identity, a topic or the request, 5 not reached: name,
connection, no TLS, time-out, 6 the pair is not one, or another device's, 14 the
server's certificate is not trusted or not for its name, 11 ours is expired, 12
revoked, 13 not yet valid here.";
