//! How every verb explains itself: purpose, examples, usage, options in groups, notes, exit codes, environment.
//!
//! The verbs write it in one text (`after_help`), paragraph by paragraph; it is put into its order here, for all of
//! them alike.

pub(crate) mod completions;
mod environment;
mod fitted;
mod folded;
mod idle;
pub(crate) mod manual;
mod mistakes;
mod overview;
mod text;

use clap::{Command, CommandFactory};

pub(crate) use environment::variables;
pub(crate) use mistakes::explain;
pub(crate) use overview::EXAMPLES;
pub use overview::GROUPS;
pub(crate) use text::Text;

use crate::cli::Cli;

/// The widest that help becomes; also where there is no terminal.
const WIDTH: usize = 80;

const TEMPLATE: &str = "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

/// The command line, with its whole help in order.
#[must_use]
pub fn command() -> Command {
    in_order(shaped(), false)
}

/// The same command line; its help fits a screen.
pub(crate) fn short() -> Command {
    in_order(folded::folded(shaped()), true)
}

/// All that can be typed, without help in order.
pub(crate) fn bare() -> Command {
    Cli::command()
}

/// The same for one call: a verb has its flags only when it is typed.
pub(crate) fn quick() -> Command {
    Cli::command_for_update()
}

/// As it can be typed, before its help is put in order.
pub(crate) fn shaped() -> Command {
    idle::hidden(bare())
}

fn in_order(command: Command, is_folded: bool) -> Command {
    let overview = overview::text(&command);
    taught(command, "certreq", is_folded).max_term_width(WIDTH).override_help(overview)
}

fn taught(command: Command, path: &str, is_folded: bool) -> Command {
    let text = Text::of(&command);
    let header = *command.get_styles().get_header();
    let examples = text.examples.map(|examples| fitted::examples(&examples, fitted::width(WIDTH)));
    let examples = examples.map(|examples| format!("{header}Examples:{header:#}\n{examples}"));
    let end = if is_folded { Some(folded::line(path)) } else { environment::paragraph(&command) };
    let after = [text.notes, text.exits, end];
    let after = after.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let command = match examples {
        Some(examples) => command.before_help(examples),
        None => command,
    };
    command
        .help_template(TEMPLATE)
        .after_help(after)
        // The value of a variable may be a secret, and it may be long.
        .mut_args(|arg| arg.hide_env_values(true))
        .mut_subcommands(|verb| {
            let path = format!("{path} {}", verb.get_name());
            taught(verb, &path, is_folded)
        })
}
