//! Settings of `certreq ca`.

use super::place::{self, Place};
use crate::{
    cli::{
        ca::{CaArgs, CaVerb, OutputArgs, Switch, TrustVerb},
        issue::Format,
        platform::PlatformArgs,
    },
    commands::ca::{Action, Plan},
    evidence::bundle,
    failure::Failure,
    output::Ui,
    pki::{certificate::Certificate, fingerprint::Fingerprint},
};

/// Resolves the arguments; reads the certificate to trust, and the secret.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn resolve(args: &CaArgs, ui: &Ui) -> Result<(Place, Plan), Failure> {
    let json = |output: &OutputArgs| output.format == Format::Json;
    let (platform, dir, json, action) = match &args.verb {
        CaVerb::Show(args) => (&args.platform, Some(&args.place.dir), json(&args.output), Action::Show),
        CaVerb::Fetch(args) => (&args.platform, Some(&args.place.dir), json(&args.output), Action::Fetch),
        CaVerb::Crl(args) => {
            let parts = args.part.iter().map(|text| part(text)).collect::<Result<_, _>>()?;
            let action = Action::Crl { watch: args.watch, parts };
            (&args.platform, Some(&args.place.dir), json(&args.output), action)
        }
        CaVerb::Bundle(args) => {
            (&args.platform, Some(&args.place.dir), false, Action::Bundle { out: args.out.clone() })
        }
        CaVerb::Trust(args) => {
            let (platform, output, action) = trust(&args.verb)?;
            (platform, None, json(output), action)
        }
    };
    let plan = Plan {
        dir: dir.cloned().unwrap_or_else(|| ".".into()),
        root: place::root_terms(platform)?,
        json,
        action,
    };
    Ok((place::resolve(platform, ui)?, plan))
}

/// `K/N`, as the URL of the list has it the other way round.
fn part(text: &str) -> Result<(u16, u16), Failure> {
    let number = |text: &str| text.parse::<u16>().ok();
    let part = text.split_once('/').and_then(|(part, of)| number(part).zip(number(of)));
    part.filter(|(part, of)| part < of).ok_or_else(|| {
        Failure::usage(format!("--part is K/N with K from 0 to N-1, and {text:?} is not that"))
            .hint("certificates name their list: /crl/8/3.der is part 3/8")
    })
}

fn trust(verb: &TrustVerb) -> Result<(&PlatformArgs, &OutputArgs, Action), Failure> {
    Ok(match verb {
        TrustVerb::Add { file, auto_registration, platform, output } => {
            let read = bundle::certificates(file)
                .map_err(|error| Failure::failed(format!("{}: {error}", file.display())))?;
            let [root] = <[Certificate; 1]>::try_from(read).map_err(|read| {
                Failure::failed(format!(
                    "{} holds {} certificates; add one CA at a time",
                    file.display(),
                    read.len()
                ))
            })?;
            (platform, output, Action::Trust { root: Box::new(root), auto: *auto_registration })
        }
        TrustVerb::List { platform, output } => (platform, output, Action::Trusted),
        TrustVerb::Remove { fingerprint, yes, platform, output } => {
            (platform, output, Action::Distrust { ca: named(fingerprint)?, yes: *yes })
        }
        TrustVerb::AutoRegistration { fingerprint, state, platform, output } => {
            let action = Action::AutoRegistration { ca: named(fingerprint)?, allow: *state == Switch::On };
            (platform, output, action)
        }
    })
}

fn named(text: &str) -> Result<Fingerprint, Failure> {
    text.parse().map_err(|error| {
        Failure::usage(format!("{text}: {error}")).hint("certreq ca trust list shows the fingerprints")
    })
}
