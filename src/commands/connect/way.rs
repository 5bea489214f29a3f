//! One device's way to the server, step by step.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use tokio::time;

use super::{
    Plan, Speak,
    cause::{Cause, Trouble},
    device::{self, Device},
    explain, now,
    probe::{Probe, ProbeResult, Tell},
    session,
};
use crate::{
    connection::{
        http, network,
        tls::{self, Channel, Identity, TlsError, Trust},
    },
    evidence::fleet_authorities::Fleets,
    output::checks::Tone,
    pki::{certificate::Certificate, names},
};

/// How long a server may be silent after a handshake before that counts as consent.
const SILENCE: Duration = Duration::from_secs(2);

/// The whole way of one directory.
pub(super) async fn prove(plan: &Plan, fleets: &Fleets, directory: &Path, tell: Tell<'_>) -> ProbeResult {
    let began = Instant::now();
    let mut probe = Probe {
        plan,
        tell,
        until: began + plan.timeout,
        result: ProbeResult { label: directory.display().to_string(), ..ProbeResult::default() },
        at: "pair",
    };
    if let Err(trouble) = probe.go(directory, fleets).await {
        probe.note(probe.at, Tone::Bad, None, trouble.message.clone());
        probe.result.trouble = Some(trouble);
    }
    probe.result.took = began.elapsed();
    probe.result
}

impl Probe<'_> {
    async fn go(&mut self, directory: &Path, fleets: &Fleets) -> Result<(), Trouble> {
        let device = Device::read(directory, self.plan.ca.as_deref(), fleets)?;
        self.result.device = Some(device.id.clone());
        let (doubtful, text) = device.summary();
        self.note("pair", if doubtful { Tone::Doubtful } else { Tone::Good }, None, text);
        let channel = self.tls(&device).await?;
        match &self.plan.target.speak {
            Speak::Tls => self.handshake_alone(channel, &device).await,
            Speak::Https { path } => self.request(channel, path, &device).await,
            Speak::Mqtt(options) => session::run(self, channel, options, &device).await,
        }?;
        self.at = "pair";
        if !self.result.asked {
            return Err(explain::not_asked(self.plan));
        }
        // A server that takes a pair which must not be used is no proof that the pair is good.
        explain::taken_all_the_same(&device).map_or(Ok(()), Err)
    }

    /// Name, connection, and the handshake as far as the server's side of it.
    async fn tls(&mut self, device: &Device) -> Result<Channel, Trouble> {
        let endpoint = &self.plan.target.endpoint;
        let (host, port) = (endpoint.host.as_str(), endpoint.port);
        self.at = "name";
        let began = Instant::now();
        let found = self.within(network::resolve(host, port)).await?;
        let addresses = found.map_err(|error| explain::network(&error, self.plan))?;
        if host.parse::<std::net::IpAddr>().is_err() {
            let shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            self.done(began, format!("{host} is {}", shown.join(", ")));
        }
        self.at = "tcp";
        let began = Instant::now();
        let connected = network::connect(&addresses, self.until).await;
        let (stream, address) = connected.map_err(|error| explain::network(&error, self.plan))?;
        self.result.address = Some(address);
        self.done(began, format!("connected to {address}"));
        self.at = "tls";
        let began = Instant::now();
        let name = self.plan.server_name.clone().unwrap_or_else(|| host.to_owned());
        let trust = Trust { anchors: device.anchors.clone(), name: name.clone(), now: now() };
        let identity = Identity { chain: &device.chain, key: &device.key };
        let alpn: &[&str] =
            if matches!(self.plan.target.speak, Speak::Https { .. }) { &["http/1.1"] } else { &[] };
        let handshake = self.within(tls::shake(stream, identity, trust, alpn)).await?;
        self.result.chain = handshake.chain;
        self.result.asked = handshake.asked;
        if let Err(TlsError::Server(_)) = &handshake.result {
            self.at = "server";
        }
        let channel = handshake.result.map_err(|error| self.explained(&error, device))?;
        self.result.agreed = Some((channel.version(), channel.cipher()));
        self.server(&name, device);
        self.at = "tls";
        // Whether our pair is accepted shows with the first word from there, in TLS 1.3.
        self.result.took = began.elapsed();
        Ok(channel)
    }

    /// The server's certificates, as they were presented.
    fn server(&mut self, name: &str, device: &Device) {
        let chain = self.result.chain.clone();
        for (index, certificate) in chain.iter().enumerate() {
            let (soon, life) = device::life(certificate);
            let tone = if soon { Tone::Doubtful } else { Tone::Good };
            let text = match index {
                0 => format!("{}, for {name}, {life}", described(certificate)),
                _ => format!("issued by {}, {life}", certificate.subject),
            };
            self.note("server", tone, None, text);
        }
        let root = chain.last().and_then(|last| {
            device.anchors.iter().find(|anchor| anchor.subject == last.issuer && !chain.contains(anchor))
        });
        if let Some(root) = root {
            let (soon, life) = device::life(root);
            let tone = if soon { Tone::Doubtful } else { Tone::Good };
            self.note("server", tone, None, format!("issued by {}, {life}; trusted here", root.subject));
        }
    }

    async fn handshake_alone(&mut self, mut channel: Channel, device: &Device) -> Result<(), Trouble> {
        // Before TLS 1.3 the handshake ends with the server's consent.
        if channel.version() == "TLS 1.3" {
            let left = self.until.saturating_duration_since(Instant::now()).min(SILENCE);
            if let Ok(Err(error)) = time::timeout(left, channel.first_word()).await {
                return Err(self.explained(&error, device));
            }
        }
        self.accepted();
        channel.close().await;
        Ok(())
    }

    async fn request(&mut self, channel: Channel, path: &str, device: &Device) -> Result<(), Trouble> {
        let began = Instant::now();
        let endpoint = &self.plan.target.endpoint;
        let host = if endpoint.port == 443 {
            endpoint.to_string().trim_end_matches(":443").to_owned()
        } else {
            endpoint.to_string()
        };
        let answered = self.within(http::get(channel, &host, path)).await?;
        let answer = answered.map_err(|error| self.explained(&error, device))?;
        self.accepted();
        self.at = "request";
        self.result.status = Some(answer.status);
        let asked = format!("GET {path}: {}", answer.words);
        let next = match answer.status {
            100..=399 => {
                let to = answer.location.map(|location| format!(", to {location}")).unwrap_or_default();
                self.done(began, format!("{asked}{to}"));
                return Ok(());
            }
            400 | 401 | 403 | 495 | 496 => (
                Cause::RequestRefused,
                "a gateway answers so when it does not accept the certificate, or its owner may not ask for \
                 this: see its log",
            ),
            502..=504 => {
                (Cause::GatewayUnavailable, "the gateway accepted the pair; the service behind it failed")
            }
            _ => (Cause::RequestFailed, "the pair was accepted; check the path, or the server's log"),
        };
        Err(Trouble::new(next.0, asked, next.1))
    }
}

/// Subject and alternative names.
fn described(leaf: &Certificate) -> String {
    let names = names::alternatives(leaf);
    if names.is_empty() {
        return leaf.subject.clone();
    }
    let shown: Vec<String> = names.iter().take(4).map(ToString::to_string).collect();
    let more = if names.len() > 4 { ", ..." } else { "" };
    format!("{} ({}{more})", leaf.subject, shown.join(", "))
}
