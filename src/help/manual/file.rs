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
    page.heading("EXIT STATUS")
        .prose("certreq config check exits with 0 if the files have no errors, and with 1 if they have.");
    page.heading("ENVIRONMENT")
        .entry("CERTREQ_PROFILE", None, "The same as --profile, which takes precedence.")
        .entry("XDG_CONFIG_HOME", None, "Directory of the user's file, instead of ~/.config.")
        .entry("XDG_CONFIG_DIRS", None, "Directories of the system's file, before /etc.");
    page.heading("FILES")
        .entry("~/.config/certreq/config.toml", None, "The user's file; its values take precedence.")
        .entry("/etc/certreq/config.toml", None, "The system's.");
    page.see_also([("certreq", "1"), ("certreq-config", "1")]);
    Page { name: "certreq.toml.5".to_owned(), roff: page.roff() }
}

const DESCRIPTION: &str = "\
A profile holds values for flags. The order is: flag, variable, profile, default. --profile NAME or CERTREQ_PROFILE \
selects one; without them [profile.default] is used.

The file is config.toml in the directory certreq of the user's or the system's configuration. The current directory \
is never read: a file there could send credentials to a foreign host. A file that other users can write is refused.

Secrets do not belong into the file: secret_file and secret_command name their source.

certreq config show prints each value and its source; certreq config check lists the errors with their lines.";

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
