//! Flags that a verb takes because all verbs that go to a platform take them, and that change nothing for it. They may
//! be typed, so that scripts can hand the same ones to every verb; help and manual do not promise anything of them.

use clap::Command;

const ROOT: [&str; 2] = ["ca_fingerprint", "accept_new_ca"];
const TERMS: [&str; 3] = ["ca_fingerprint", "accept_new_ca", "registered_only"];
/// The root is compared, and no root is pinned and no certificate issued.
const ASKING: [&str; 2] = ["accept_new_ca", "registered_only"];
const EMBEDDED: [&str; 5] =
    ["local", "authority", "registered_only", "ca_passphrase_file", "access_token_file"];
const LOGIN: [&str; 10] = [
    "secret",
    "secret_file",
    "secret_command",
    "auth",
    "realm",
    "client_id",
    "token_url",
    "cacert",
    "connect_timeout",
    "timeout",
];

fn of(verb: &str) -> Vec<&'static str> {
    match verb {
        "certreq-list" | "certreq-devices" | "certreq-revoke" | "certreq-status" | "certreq-doctor" => {
            ASKING.to_vec()
        }
        "certreq-register" => vec!["accept_new_ca"],
        "certreq-inspect" | "certreq-verify" | "certreq-ca-show" => TERMS.to_vec(),
        "certreq-ca-fetch" | "certreq-ca-crl" | "certreq-ca-bundle" => vec!["registered_only"],
        "certreq-login" => [&ROOT[..], &EMBEDDED].concat(),
        "certreq-logout" => [&ROOT[..], &EMBEDDED, &LOGIN].concat(),
        _ if verb.starts_with("certreq-ca-trust-") => TERMS.to_vec(),
        _ => Vec::new(),
    }
}

/// Hides unused flags. inspect and verify ignore a host that only CERTREQ_HOST names, so their help does not name the
/// variable.
pub(crate) fn hidden(command: Command) -> Command {
    below(command, "certreq")
}

fn below(command: Command, path: &str) -> Command {
    let idle = of(path);
    let files = ["certreq-inspect", "certreq-verify"].contains(&path);
    command
        .mut_args(|arg| {
            let id = arg.get_id().as_str().to_owned();
            let hide = arg.is_hide_set() || idle.contains(&id.as_str());
            let hide_env = arg.is_hide_env_set() || files && id == "host";
            arg.hide(hide).hide_env(hide_env)
        })
        .mut_subcommands(|verb| {
            let path = format!("{path}-{}", verb.get_name());
            below(verb, &path)
        })
}
