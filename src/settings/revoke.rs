//! Settings of `certreq revoke`.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use super::{
    pace,
    place::{self, Place},
    secret, shard,
};
use crate::{
    cli::{issue::Format, revoke::RevokeArgs},
    commands::revoke::{Consent, Plan, Target},
    failure::Failure,
    fleet::id_list,
    output::{Ui, columns},
};

/// Resolves the arguments; reads the list and the secrets.
///
/// # Errors
/// Usage failures, above all where a person has to agree and there is no terminal to ask at; files that cannot be read.
pub fn resolve(args: &RevokeArgs, ui: &Ui) -> Result<(Place, Plan), Failure> {
    let stdin = Some(Path::new("-"));
    let readers = [&args.from, &args.platform.secret_file, &args.password_file];
    let from_stdin = readers.iter().filter(|path| path.as_deref() == stdin).count();
    if from_stdin > 1 {
        return Err(Failure::usage("stdin can be read only once"));
    }
    if !args.yes && !args.dry_run && !Ui::can_ask() {
        return Err(Failure::usage("cannot ask for confirmation without a terminal; pass --yes")
            .hint("see the effect with --dry-run, then add --yes"));
    }
    let targets = targets(args)?;
    if args.all && targets.iter().any(|target| !matches!(target, Target::Device(_))) {
        return Err(Failure::usage("--all works with device ids only").hint("name the devices with -i"));
    }
    let plan = Plan {
        dir: args.dir.clone().unwrap_or_else(|| fleet_of(&targets)),
        targets,
        shard: shard::resolve(&args.shard)?,
        all: args.all,
        unlink: args.unlink,
        password: secret::password(args.password_file.as_deref(), from_stdin == 0, ui)?,
        consent: Consent { yes: args.yes, confirm: args.confirm, dry_run: args.dry_run },
        wait: args.wait,
        limits: pace::limits(&args.pace)?,
        json: args.format == Format::Json,
        columns: columns::of_stdout(),
        pin: place::pin(&args.platform)?,
    };
    Ok((place::resolve(&args.platform, ui)?, plan))
}

fn targets(args: &RevokeArgs) -> Result<Vec<Target>, Failure> {
    let mut targets = Vec::new();
    for list in &args.ids {
        let ids = id_list::from_commas(list).map_err(|error| {
            Failure::usage(error.to_string()).hint("separate ids with commas: -i a1998e,b2c3d4")
        })?;
        targets.extend(ids.into_iter().map(Target::Device));
    }
    for text in &args.targets {
        targets.push(target(text)?);
    }
    if let Some(path) = &args.from {
        let shown = path.display();
        for (number, line) in lines(path)?.iter().enumerate() {
            let text = line.trim_start_matches('\u{feff}').trim();
            if !text.is_empty() && !text.starts_with('#') {
                let found = target(text);
                targets
                    .push(found.map_err(|failure| failure.context(format!("{shown}, line {}", number + 1)))?);
            }
        }
    }
    if targets.is_empty() {
        return Err(Failure::usage("no certificate or device given")
            .hint("give device ids, device directories, certificate files or fingerprints"));
    }
    Ok(targets)
}

fn lines(path: &Path) -> Result<Vec<String>, Failure> {
    let failed = |error: io::Error| Failure::usage(format!("--ids-from {}: {error}", path.display()));
    let reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(failed)?))
    };
    reader.lines().collect::<Result<_, _>>().map_err(failed)
}

/// Kind of a target: a fingerprint, then a path, then a device id. A text with `/` is a path even when it does not
/// exist: it should have existed.
fn target(text: &str) -> Result<Target, Failure> {
    place::refuse_authority(text)?;
    if let Ok(fingerprint) = text.parse() {
        return Ok(Target::Fingerprint(fingerprint));
    }
    if text.contains('/') || Path::new(text).exists() {
        return Ok(Target::Path(PathBuf::from(text)));
    }
    text.parse().map(Target::Device).map_err(|_| {
        Failure::usage(format!("{text:?} is not a file, no directory, no device id and no fingerprint"))
            .hint("a SHA-256 fingerprint has 64 hex digits, with or without colons between the pairs")
    })
}

/// The directory that holds the first device directory that was named.
fn fleet_of(targets: &[Target]) -> PathBuf {
    let parent = targets.iter().find_map(|target| match target {
        Target::Path(path) if path.is_dir() => path.canonicalize().ok()?.parent().map(Path::to_owned),
        _ => None,
    });
    parent.unwrap_or_else(|| PathBuf::from("."))
}
