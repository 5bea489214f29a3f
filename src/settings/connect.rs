//! Settings of `certreq connect`.

use url::Url;

use super::duration;
use crate::{
    cli::{
        connect::{ConnectArgs, Mqtt},
        issue::Format,
    },
    commands::connect::{Devices, Plan, Publication, Session, Speak, Target},
    connection::mqtt::{self, TopicError, Version},
    evidence::endpoint::{AddressError, Endpoint},
    failure::Failure,
    fleet::{named, services},
    pki::alt_name,
};

/// Resolves the arguments; no connection is opened.
///
/// # Errors
/// Usage failures.
pub fn resolve(args: &ConnectArgs) -> Result<Plan, Failure> {
    Ok(Plan {
        target: target(args)?,
        devices: if args.all {
            Devices::All(args.dir.clone())
        } else {
            Devices::Named(args.directories.iter().map(|word| named::directory(word, &args.dir)).collect())
        },
        ca: args.ca.clone(),
        server_name: args.servername.as_deref().map(alt_name::typed),
        timeout: duration::parse("--timeout", &args.timeout)?,
        jobs: args.jobs.into(),
        json: args.format == Format::Json,
    })
}

fn target(args: &ConnectArgs) -> Result<Target, Failure> {
    let named = service(args);
    let text = named.as_ref().unwrap_or(&args.server);
    if has_credentials(text) {
        return Err(Failure::usage(
            "the address holds a user name or a password, and connect sends neither: it proves the certificate",
        )
        .hint("remove the part before the @"));
    }
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let how = "write mqtts://HOST for a broker, https://HOST for a gateway, tls://HOST:PORT for neither";
    let speak = match scheme.as_deref() {
        Some("mqtts" | "ssl+mqtt") => Speak::Mqtt(session(args)?),
        Some("https") => Speak::Https { path: path(text) },
        Some("tls" | "ssl") => Speak::Tls,
        None => return Err(Failure::usage(format!("{text}: no protocol given")).hint(how)),
        Some("http" | "mqtt" | "tcp" | "ws") => {
            return Err(
                Failure::usage(format!("{text} does not use TLS, so it asks for no certificate")).hint(how)
            );
        }
        Some(other) => {
            return Err(Failure::usage(format!("{text}: {other} is not supported")).hint(how));
        }
    };
    let has_topics = args.publish.is_some() || args.subscribe.is_some() || args.message.is_some();
    if (has_topics || args.wait.is_some()) && !matches!(speak, Speak::Mqtt(_)) {
        return Err(Failure::usage("--publish, -m, --subscribe and --wait-message are for mqtts://"));
    }
    let endpoint = text.parse::<Endpoint>().map_err(|error| match error {
        AddressError::Shape => Failure::usage(format!("{text} names no server, or no port")).hint(how),
        AddressError::Plain(_) | AddressError::Secret => Failure::usage(error.to_string()).hint(how),
    })?;
    Ok(Target { scheme: scheme.unwrap_or_default(), endpoint, speak })
}

/// The URL of a service that stands beside the pair under the name that was typed. The Go programs write the scheme tls
/// for a broker.
fn service(args: &ConnectArgs) -> Option<String> {
    let name = Some(&args.server).filter(|text| !text.contains(':'))?;
    let url = services::beside(args.directories.first()?).remove(name)?;
    let broker = url.strip_prefix("tls://").or_else(|| url.strip_prefix("ssl://"));
    Some(match broker.filter(|_| name.starts_with("mqtt")) {
        Some(rest) => format!("mqtts://{rest}"),
        None => url,
    })
}

/// `USER:PASSWORD@` before the host.
pub(super) fn has_credentials(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.contains('@')
}

/// Path and query; `/` without one.
fn path(text: &str) -> String {
    Url::parse(text).map_or_else(
        |_| "/".to_owned(),
        |url| url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())),
    )
}

fn session(args: &ConnectArgs) -> Result<Session, Failure> {
    let tenant = args.tenant.as_deref();
    let subscribe = args.subscribe.clone().or_else(|| tenant.map(|_| "{tenant}:{id}/config".to_owned()));
    let topic = args.publish.clone().or_else(|| tenant.map(|_| "{tenant}:{id}/attrs".to_owned()));
    let publish = match (&args.message, topic) {
        (None, _) => None,
        (Some(_), None) => {
            return Err(
                Failure::usage("-m needs a topic").hint("give one with --publish, or give the --tenant")
            );
        }
        (Some(text), Some(topic)) => Some(Publication { topic, payload: text.clone().into_bytes() }),
    };
    let filled = |topic: &String| {
        if tenant.is_none() && topic.contains("{tenant}") {
            return Err(Failure::usage(format!("{topic} needs a --tenant")));
        }
        Ok(Session::fill(topic, "id", tenant))
    };
    let refuse = |error: TopicError| Failure::usage(error.to_string());
    if let Some(publication) = &publish {
        mqtt::check_topic(&filled(&publication.topic)?).map_err(refuse)?;
    }
    if let Some(filter) = &subscribe {
        mqtt::check_filter(&filled(filter)?).map_err(refuse)?;
    }
    if args.wait.is_some() && subscribe.is_none() {
        return Err(Failure::usage("--wait-message needs a subscription").hint("give a topic with --subscribe"));
    }
    Ok(Session {
        version: match args.mqtt {
            Mqtt::V311 => Version::V311,
            Mqtt::V5 => Version::V5,
        },
        client_id: args.client_id.clone(),
        tenant: args.tenant.clone(),
        publish,
        subscribe,
        wait: args.wait.as_deref().map(|wait| duration::parse("--wait", wait)).transpose()?,
    })
}
