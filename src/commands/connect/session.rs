//! Session of a device at a broker: connect, subscribe, publish, and wait for the message that must come back.

use std::time::{Duration, Instant};

use tokio::time;

use super::{
    Session as Options,
    cause::{Cause, Trouble},
    device::Device,
    explain,
    probe::Probe,
};
use crate::{
    connection::{
        mqtt::{self, Message, Session, SessionError, Version},
        tls::Channel,
    },
    output::checks::Tone,
};

/// How long a goodbye may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// The most messages that are shown; a flood fills neither the memory nor the screen.
const KEPT: usize = 100;

/// The most of a payload that is shown.
const SHOWN: usize = 200;

pub(super) async fn run(
    probe: &mut Probe<'_>,
    channel: Channel,
    options: &Options,
    device: &Device,
) -> Result<(), Trouble> {
    let mut session = open(probe, channel, options, device).await?;
    let fill = |topic: &String| Options::fill(topic, &device.id, options.tenant.as_deref());
    let filter = options.subscribe.as_ref().map(fill);
    if let Some(filter) = &filter {
        subscribe(probe, &mut session, filter, device).await?;
    }
    let mut echo = None;
    if let Some(publication) = &options.publish {
        let topic = fill(&publication.topic);
        publish(probe, &mut session, options.version, &topic, &publication.payload, device).await?;
        let own = Message { topic, payload: publication.payload.clone() };
        echo = filter.as_deref().filter(|filter| mqtt::fits(filter, &own.topic)).map(|_| own);
    }
    if let Some(own) = echo {
        comes_back(probe, &mut session, own, device).await?;
    } else if let (Some(filter), Some(_)) = (&filter, options.wait) {
        receive(probe, &mut session, filter, options, device).await?;
    }
    // The broker need not hear it.
    let _ = time::timeout(FAREWELL, session.close()).await;
    Ok(())
}

async fn open(
    probe: &mut Probe<'_>,
    channel: Channel,
    options: &Options,
    device: &Device,
) -> Result<Session, Trouble> {
    let began = Instant::now();
    let client_id = match &options.client_id {
        Some(id) => id.clone(),
        None => random_id()?,
    };
    let opened = probe.within(Session::open(channel, options.version, &client_id)).await?;
    let opened = match opened {
        Err(SessionError::Tls(error)) => return Err(probe.explained(&error, device)),
        opened => {
            probe.accepted();
            probe.at = "mqtt";
            opened
        }
    };
    let session = opened.map_err(|error| explain::session(probe, &error, device))?;
    probe.done(began, format!("MQTT {}, accepted as {client_id}", options.version.name()));
    Ok(session)
}

/// At most 23 letters and digits, which every broker must take (MQTT 3.1.1 §3.1.3.1).
fn random_id() -> Result<String, Trouble> {
    let mut bytes = [0; 6];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| {
        Trouble::new(Cause::Defect, "the system's random number generator failed", "name a --mqtt-client-id")
    })?;
    Ok(bytes.iter().fold("certreq".to_owned(), |id, byte| format!("{id}{byte:02x}")))
}

async fn subscribe(
    probe: &mut Probe<'_>,
    session: &mut Session,
    filter: &str,
    device: &Device,
) -> Result<(), Trouble> {
    probe.at = "subscribe";
    let began = Instant::now();
    let answer = probe.within(session.subscribe(filter)).await?;
    let reason = answer.map_err(|error| explain::session(probe, &error, device))?;
    if reason.is_refusal() {
        return Err(explain::subscription(filter, &reason, device));
    }
    probe.done(began, format!("{filter} granted, QoS {}", reason.code));
    Ok(())
}

async fn publish(
    probe: &mut Probe<'_>,
    session: &mut Session,
    version: Version,
    topic: &str,
    payload: &[u8],
    device: &Device,
) -> Result<(), Trouble> {
    probe.at = "publish";
    let began = Instant::now();
    let reason = match probe.within(session.publish(topic, payload)).await {
        Ok(Ok(reason)) => reason,
        Ok(Err(error)) => return Err(explain::unacknowledged(topic, Some(&error), device)),
        Err(_) => return Err(explain::unacknowledged(topic, None, device)),
    };
    if reason.is_refusal() {
        return Err(explain::publication(topic, &reason, device));
    }
    let remark = match (version, reason.code) {
        (Version::V5, 0x10) => ", no client has subscribed to it",
        (Version::V5, _) => "",
        // MQTT-3.3.5-2: a broker has no way to refuse, and acknowledges messages that it throws away.
        (Version::V311, _) => " (not proven in MQTT 3.1.1: --mqtt 5)",
    };
    probe.done(began, format!("{topic} acknowledged{remark}"));
    Ok(())
}

/// Our own message must come back: a broker may grant a subscription and deliver no message.
async fn comes_back(
    probe: &mut Probe<'_>,
    session: &mut Session,
    own: Message,
    device: &Device,
) -> Result<(), Trouble> {
    probe.at = "receive";
    let began = Instant::now();
    loop {
        match probe.within(session.message()).await {
            Ok(Ok(message)) if message == own => {
                probe.done(began, format!("{} came back", own.topic));
                return Ok(());
            }
            Ok(Ok(message)) => show(probe, began, message),
            Ok(Err(error)) => return Err(explain::session(probe, &error, device)),
            Err(_) => return Err(explain::not_delivered(&own.topic, device)),
        }
    }
}

async fn receive(
    probe: &mut Probe<'_>,
    session: &mut Session,
    filter: &str,
    options: &Options,
    device: &Device,
) -> Result<(), Trouble> {
    probe.at = "receive";
    let began = Instant::now();
    let Some(wait) = options.wait else { return Ok(()) };
    match time::timeout(wait, session.message()).await {
        Ok(Ok(message)) => {
            show(probe, began, message);
            Ok(())
        }
        Ok(Err(error)) => Err(explain::session(probe, &error, device)),
        Err(_) => Err(explain::no_message(filter, wait)),
    }
}

fn show(probe: &mut Probe<'_>, began: Instant, message: Message) {
    if probe.result.messages.len() == KEPT {
        return;
    }
    let text = String::from_utf8_lossy(&message.payload);
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    probe.note("receive", Tone::Good, Some(began.elapsed()), format!("{}: {shown}", message.topic));
    probe.result.messages.push(message);
}
