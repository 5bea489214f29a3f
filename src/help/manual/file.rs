//! `certreq.toml.5`

use super::{Page, page::Sections};

pub(super) fn page(keys: &[(&str, &str)]) -> Page {
    let mut page = Sections::titled("certreq.toml", "5");
    page.heading("NAME").prose("certreq.toml - profiles: values for flags of certreq");
    page.heading("DESCRIPTION").prose(DESCRIPTION);
    page.heading("EXAMPLES").listing(EXAMPLE);
    page.heading("KEYS").prose("A value is a text or a whole number.");
    for (name, about) in keys {
        page.entry(name, None, about);
    }
    page.heading("EXIT STATUS").prose(
        "certreq config check ends with 0 when everything in the files is understood, with 1 when something is not.",
    );
    page.heading("ENVIRONMENT")
        .entry("CERTREQ_PROFILE", None, "As --profile, which is stronger.")
        .entry("XDG_CONFIG_HOME", None, "Where the user's file is looked for, instead of ~/.config.")
        .entry("XDG_CONFIG_DIRS", None, "Where the system's file is looked for, before /etc.");
    page.heading("FILES")
        .entry("~/.config/certreq/config.toml", None, "The user's file; its values are the stronger ones.")
        .entry("/etc/certreq/config.toml", None, "The system's.");
    page.see_also([("certreq", "1"), ("certreq-config", "1")]);
    Page { name: "certreq.toml.5".to_owned(), roff: page.roff() }
}

const DESCRIPTION: &str = "\
A profile holds values for flags. The order is: flag, variable, profile, default. --profile NAME or CERTREQ_PROFILE \
names one; [profile.default] is used when none is named.

The file is config.toml in the directory certreq of the user's or the system's configuration. The current directory \
is never read: a file there could send credentials to somebody else's host. A file that others may write is refused.

Secrets do not live in the file: secret_file and secret_command say where they are.

certreq config show prints every value and where it comes from; certreq config check names what is not understood, \
with its line.";

const EXAMPLE: &str = "\
[profile.default]
url = \"https://platform.example\"
user = \"admin\"

[profile.factory]
url = \"http://10.0.0.2:8000\"
user = \"ci\"
secret_file = \"/etc/certreq/factory.secret\"
dir = \"/var/lib/devices\"
jobs = 128";
