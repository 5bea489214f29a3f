//! Message about a root that differs from the one on disk: old beside new.

use crate::{
    failure::{Exit, Failure},
    fleet::layout::Layout,
    output::escape,
    pki::{certificate::Certificate, fingerprint::Fingerprint},
};

pub(super) fn refused(
    root: &Certificate,
    held: &[Certificate],
    layout: &Layout,
    place: &str,
    accepted: Option<Fingerprint>,
) -> Failure {
    let mut message =
        format!("{place} has another root certificate than {}", layout.ca_certificate().display());
    for old in held {
        message.push_str(&described("here", old));
    }
    message.push_str(&described("there", root));
    let failure = Failure::new(Exit::Unsafe, message);
    if let Some(accepted) = accepted {
        return failure
            .hint(format!("--accept-new-ca names neither of them: {accepted}"))
            .hint("nothing was requested; ask the platform's operator which one is right");
    }
    failure
        .hint("nothing was requested; use another --dir for another platform")
        .hint(format!("if the operator confirms the new root, add\n--accept-new-ca {}", in_one_piece(root)))
}

/// Four lines of at most 61 columns.
fn described(label: &str, root: &Certificate) -> String {
    let fingerprint = root.fingerprint().to_string();
    // 16 pairs to a line: a whole fingerprint is wider than a terminal.
    let (first, second) = fingerprint.split_at(48);
    format!(
        "\n  {label:<12}{}\n  {:12}{} to {}\n  {:12}{first}\n  {:12}{second}",
        escape::line(&root.subject),
        "",
        root.not_before.moment(),
        root.not_after.moment(),
        "",
        "",
    )
}

/// Without colons it fits into 80 columns behind its flag.
fn in_one_piece(root: &Certificate) -> String {
    root.fingerprint().to_string().replace(':', "").to_lowercase()
}
