//! Settings of `certreq export`.

use std::{io::Read, path::Path};

use zeroize::Zeroizing;

use super::secret;
use crate::{
    cli::{export::ExportArgs, issue::Format},
    commands::export::{Password, Plan},
    custody,
    failure::Failure,
    fleet::export::{self, Content, File as Exported, Form, Name},
    output::Ui,
    pki::pkcs12::Encryption,
};

/// No template is longer.
const LIMIT: u64 = 64 * 1024;

/// Resolves the arguments; reads the template and the password.
///
/// # Errors
/// Usage failures: a template that is not valid, flags that ask for no file.
pub fn resolve(args: &ExportArgs, ui: &Ui) -> Result<Plan, Failure> {
    let mut form = form(args)?;
    let has_p12 = form.has(Content::P12);
    if !has_p12 && (args.legacy || args.password_file.is_some() || args.ask_password) {
        return Err(Failure::usage("a password is for PKCS#12 files, and --p12 is missing").hint("add --p12"));
    }
    let password = if has_p12 { password(args, ui)? } else { Password::Make };
    // A password on a stderr that is no terminal would be lost, and a log is no place for it.
    let shown = ui.is_read_by_a_person();
    if has_p12 && matches!(password, Password::Make) && !shown && !form.has(Content::Password) {
        form.add_passwords().map_err(|error| Failure::usage(error.to_string()))?;
    }
    let to = args.to.clone().unwrap_or_else(|| {
        if export::is_apart("", &form) { "export".to_owned() } else { "export/{id}".to_owned() }
    });
    Ok(Plan {
        inputs: args.inputs.clone(),
        dir: args.dir.clone(),
        to,
        form,
        ca: args.ca.clone(),
        force: args.force,
        encryption: if args.legacy { Encryption::Legacy } else { Encryption::Modern },
        password,
        json: args.format == Format::Json,
    })
}

fn form(args: &ExportArgs) -> Result<Form, Failure> {
    let mut form = args.layout.as_deref().map(layout).transpose()?.unwrap_or_default();
    let wanted: [(bool, &[(&str, Content)]); 4] = [
        (args.p12, &[("{id}.p12", Content::P12)]),
        (args.chain, &[("chain.pem", Content::Chain)]),
        (args.combined, &[("combined.pem", Content::Combined)]),
        (
            args.der,
            &[("cert.der", Content::LeafDer), ("key.der", Content::KeyDer), ("ca.der", Content::RootDer)],
        ),
    ];
    for (name, content) in wanted.into_iter().filter(|(asked, _)| *asked).flat_map(|(_, files)| files) {
        Name::parse(name)
            .map_err(Into::into)
            .and_then(|name| form.add(Exported::new(name, *content, None)))
            .map_err(|error| Failure::usage(error.to_string()))?;
    }
    Ok(form)
}

fn layout(named: &str) -> Result<Form, Failure> {
    if let Some(form) = Form::named(named) {
        return Ok(form);
    }
    let mut text = String::new();
    let read = custody::open(Path::new(named)).and_then(|file| file.take(LIMIT).read_to_string(&mut text));
    if let Err(error) = read {
        let known: Vec<&str> = Form::names().collect();
        return Err(Failure::usage(format!(
            "--layout {named}: there is no layout of this name, and no file: {error}"
        ))
        .hint(format!("layouts with a name: {}", known.join(", "))));
    }
    Form::from_template(&text).map_err(|error| {
        Failure::usage(format!("--layout {named}: {error}"))
            .hint("see `certreq help export` for an example of a template")
    })
}

fn password(args: &ExportArgs, ui: &Ui) -> Result<Password, Failure> {
    if args.ask_password {
        return ask();
    }
    let sources = secret::Sources {
        file: args.password_file.as_deref(),
        variable: "CERTREQ_PASSWORD",
        credential: "certreq.password",
        ..secret::Sources::default()
    };
    Ok(secret::find(&sources, ui)?.map_or(Password::Make, Password::Given))
}

/// Twice: a mistyped password would be noticed where the file is needed.
fn ask() -> Result<Password, Failure> {
    let nobody = || Failure::usage("--ask-password needs a terminal, and there is none");
    let typed = |prompt| -> Result<Zeroizing<String>, Failure> { secret::ask(prompt)?.ok_or_else(nobody) };
    let first = typed("Password of the PKCS#12 files: ")?;
    if first.is_empty() {
        return Err(Failure::usage("the password is empty"));
    }
    if *first == *typed("The same again: ")? {
        Ok(Password::Given(first))
    } else {
        Err(Failure::usage("the two passwords differ"))
    }
}
