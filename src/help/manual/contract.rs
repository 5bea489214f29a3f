//! `certreq-json.7`: the objects that `--format json` prints. They are described in `contract.txt`.

use super::{Page, page::Sections};

const CONTRACT: &str = include_str!("contract.txt");

pub(super) fn page() -> Page {
    let mut page = Sections::titled("certreq-json", "7");
    page.heading("NAME").prose("certreq-json - the output of certreq with --format json");
    page.heading("DESCRIPTION").prose(DESCRIPTION);
    page.heading("EXAMPLES").listing(EXAMPLES);
    page.heading("TYPES");
    for (name, about) in TYPES {
        page.entry(name, None, about);
    }
    let mut lines = CONTRACT.lines();
    while let Some(line) = lines.next() {
        if let Some(schema) = line.strip_prefix("# ") {
            page.heading(schema).prose(lines.next().unwrap_or_default());
        } else if let [path, kind, about] = line.split(" | ").collect::<Vec<_>>()[..] {
            page.entry(path, Some(kind), about);
        }
    }
    page.heading("EXIT STATUS").prose(
        "The same as without --format json; see the page of the verb. Failures are in the objects, too.",
    );
    page.heading("ENVIRONMENT").entry("CERTREQ_FORMAT", None, "The same as --format, which takes precedence.");
    page.see_also([("certreq", "1"), ("jq", "1")]);
    Page { name: "certreq-json.7".to_owned(), roff: page.roff() }
}

const DESCRIPTION: &str = "\
Data goes to stdout: one JSON object per line (NDJSON), or one object where this page says so. The first field, schema, names \
the object and its version. Within a version fields may be added; no field changes its meaning or is removed.

A path that ends in ? is optional. [] stands for each element of an array, * for any name.

Control characters from outside are written as JSON escapes.";

const EXAMPLES: &str = "  certreq issue --local -i a1998e --format json | jq -r .fingerprint
  certreq list --local --format json | jq -r 'select(.state == \"valid\").device'
  certreq status --format json | jq .counts";

const TYPES: &[(&str, &str)] = &[
    ("time", "A string: RFC 3339, in UTC."),
    ("serial", "A string: a serial number, octets in hexadecimal."),
    ("fingerprint", "A string: SHA-256, octets in hexadecimal with colons."),
    (
        "error",
        "An object: code (integer, the exit code if all ended like this), message (string), hint? (string), \
        resumable? (boolean: the next run continues with it).",
    ),
    (
        "revocation",
        "An object: state (good, revoked, on_hold, stale, unknown, unreachable), revoked_at? (time), reason? (string, \
        as in RFC 5280), on_hold_since? (time), stale_since? (time), why? (string), evidence? (object: kind (crl or \
        ocsp), number? (string), produced_at? (time), this_update (time), next_update? (time), source (string)).",
    ),
    (
        "key",
        "An object: algorithm (rsa, rsa_pss, ec, ed25519, ed448, x25519, x448, dsa, other), bits (integer), curve? \
        (string), oid? (string), spki_sha256? (fingerprint).",
    ),
    (
        "root",
        "An object: subject (string), fingerprint (fingerprint), serial (serial), not_before (time), not_after (time).",
    ),
];
