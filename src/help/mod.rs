//! How every verb explains itself: purpose, examples, usage, options in groups, notes, exit codes, environment.
//!
//! The verbs write it in one text (`after_help`), paragraph by paragraph; it is put into its order here, for all of
//! them alike.

pub(crate) mod completions;
mod environment;
mod idle;
pub(crate) mod manual;
mod mistakes;
mod overview;
mod text;

use clap::{Command, CommandFactory};

pub(crate) use environment::variables;
pub(crate) use idle::hidden;
pub(crate) use mistakes::explain;
pub(crate) use overview::EXAMPLES;
pub use overview::GROUPS;
pub(crate) use text::Text;

use crate::cli::Cli;

/// The widest that help becomes; also where there is no terminal.
const WIDTH: usize = 80;

const TEMPLATE: &str = "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

/// The command line, with its help in order.
#[must_use]
pub fn command() -> Command {
    let command = idle::hidden(Cli::command());
    let overview = overview::text(&command);
    taught(command).max_term_width(WIDTH).override_help(overview)
}

fn taught(command: Command) -> Command {
    let text = Text::of(&command);
    let header = *command.get_styles().get_header();
    let examples = text.examples.map(|examples| format!("{header}Examples:{header:#}\n{examples}"));
    let after = [text.notes, text.exits, environment::paragraph(&command)];
    let after = after.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let command = match examples {
        Some(examples) => command.before_help(examples),
        None => command,
    };
    command
        .help_template(TEMPLATE)
        .after_help(after)
        // What a variable holds is nobody's business but its owner's, and it may be long.
        .mut_args(|arg| arg.hide_env_values(true))
        .mut_subcommands(taught)
}
