//! Value and origin of every setting.

use std::env;

use clap::{Arg, ArgMatches, Command, parser::ValueSource};

use super::{KEYS, Profile};
use crate::commands::config::{Origin, Setting};

/// Every setting a profile may have, as a run with the arguments of `matches` would see it.
pub(crate) fn settings(command: &Command, matches: &ArgMatches, profile: &Profile) -> Vec<Setting> {
    let mut settings: Vec<Setting> = KEYS
        .iter()
        .filter_map(|key| {
            let flag = command.get_arguments().find(|flag| flag.get_id() == key.flag)?;
            let typed = || shown(matches, key.flag);
            let entry = profile.entries.iter().find(|entry| entry.key.name == key.name);
            let (value, origin) = match (matches.value_source(key.flag), entry) {
                (Some(ValueSource::CommandLine), _) => (typed(), Origin::Flag),
                (Some(ValueSource::EnvVariable), _) => (typed(), variable(flag)),
                (_, Some(entry)) => (
                    Some(entry.value.clone()),
                    Origin::Profile {
                        profile: profile.name.clone().unwrap_or_default(),
                        path: entry.path.display().to_string(),
                        line: entry.line,
                    },
                ),
                (_, None) => (typed(), Origin::Default),
            };
            Some(Setting { key: key.name, value, origin })
        })
        .collect();
    settings.push(secret(matches));
    settings
}

fn shown(matches: &ArgMatches, flag: &str) -> Option<String> {
    let values = matches.get_raw(flag)?;
    Some(values.map(|value| value.to_string_lossy()).collect::<Vec<_>>().join(","))
}

fn variable(flag: &Arg) -> Origin {
    let name = flag.get_env().map(|name| name.to_string_lossy().into_owned());
    Origin::Variable { name: name.unwrap_or_default() }
}

/// Shows whether there is a secret, never its value.
fn secret(matches: &ArgMatches) -> Setting {
    const VARIABLE: &str = "CERTREQ_SECRET";
    let hidden = || Some("(hidden)".to_owned());
    let (value, origin) = if matches.value_source("secret") == Some(ValueSource::CommandLine) {
        (hidden(), Origin::Flag)
    } else if env::var_os(VARIABLE).is_some_and(|secret| !secret.is_empty()) {
        (hidden(), Origin::Variable { name: VARIABLE.to_owned() })
    } else {
        (None, Origin::Default)
    };
    Setting { key: "secret", value, origin }
}
