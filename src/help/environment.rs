//! Variables without a flag of the same name.

use clap::Command;

/// A variable and its purpose.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// Verbs with this flag look at it; without one, all verbs do.
    flag: Option<&'static str>,
}

/// Every one of them.
const VARIABLES: &[Variable] = &[
    Variable { name: "CERTREQ_SECRET", about: "the user's secret", flag: Some("secret_file") },
    Variable { name: "CERTREQ_PASSWORD", about: "the password of PKCS#12 files", flag: Some("password_file") },
    Variable {
        name: "CERTREQ_CA_PASSPHRASE",
        about: "the passphrase of the authority's key",
        flag: Some("ca_passphrase_file"),
    },
    Variable { name: "HTTPS_PROXY", about: "a proxy; NO_PROXY: hosts without it", flag: Some("host") },
    Variable { name: "CERTREQ_LOG", about: "level of the log on stderr: warn, info, debug", flag: None },
    Variable { name: "CERTREQ_LOG_FORMAT", about: "text, or json: one object per line", flag: None },
    Variable { name: "NO_COLOR", about: "no colours", flag: None },
];

/// Those that concern a verb.
pub(crate) fn variables(command: &Command) -> impl Iterator<Item = &'static Variable> {
    VARIABLES.iter().filter(|variable| {
        variable
            .flag
            .is_none_or(|flag| command.get_arguments().any(|arg| arg.get_id() == flag && !arg.is_hide_set()))
    })
}

/// For the end of a verb's help.
pub(super) fn paragraph(command: &Command) -> Option<String> {
    let named: Vec<String> =
        variables(command).map(|variable| format!("{} ({})", variable.name, variable.about)).collect();
    (!named.is_empty()).then(|| format!("Environment: [env: NAME] above, and {}.", named.join(", ")))
}
