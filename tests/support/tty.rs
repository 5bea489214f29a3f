//! Types at a bash on a real pseudo-terminal, so wide and no wider, and reads what a person would see there.

use std::{
    io::{Read, Write},
    num::NonZeroU16,
    path::Path,
    process::Command,
};

use rexpect::process::{PtyProcess, WaitStatus};

use super::{readme::Patience, terminal::program};

/// A terminal: where it stands, how wide it is, and the variables of its shell. Nothing else is inherited.
#[derive(Clone, Debug)]
pub(crate) struct Tty<'a> {
    pub(crate) directory: &'a Path,
    pub(crate) home: &'a Path,
    pub(crate) columns: u16,
    pub(crate) variables: Vec<(&'a str, String)>,
}

/// The screen of a call, and its exit code.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) code: i32,
    /// Text on the screen, and above it.
    pub(crate) text: String,
    /// Lines that the terminal had to break, each with the one before it.
    broken: Vec<[String; 2]>,
}

impl Tty<'_> {
    /// Types a line; questions are answered with yes. A call that goes on for ever is stopped with control-C as soon
    /// as `until` is seen.
    #[track_caller]
    pub(crate) fn types(&self, line: &str, until: Option<&str>) -> Seen {
        const QUESTION: &str = "[y/N] ";
        let process = self.start(line);
        let mut terminal = process.get_file_handle().unwrap();
        let _patience = Patience::with(u32::try_from(process.child_pid.as_raw()).unwrap());
        let (mut said, mut text, mut part) = (Vec::new(), String::new(), [0; 4096]);
        let mut stopped = false;
        loop {
            // A terminal that every program has left is an error to read.
            let read = terminal.read(&mut part).unwrap_or(0);
            if read == 0 {
                break;
            }
            said.extend_from_slice(&part[..read]);
            text = String::from_utf8_lossy(&said).into_owned();
            if text.ends_with(QUESTION) {
                terminal.write_all(b"y\n").unwrap();
            } else if !stopped && until.is_some_and(|until| text.contains(until)) {
                terminal.write_all(b"\x03").unwrap();
                stopped = true;
            }
        }
        assert!(stopped || until.is_none(), "{line} ended before it said {until:?}:\n{text}");
        let code = match process.wait().unwrap() {
            WaitStatus::Exited(_, code) => code,
            other => panic!("{line}: {other:?}\n{text}"),
        };
        Seen::on_screen(code, &text, self.columns)
    }

    fn start(&self, line: &str) -> PtyProcess {
        let mut command = Command::new("bash");
        let own = Path::new(program()).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .args([
                "--noprofile",
                "--norc",
                "-c",
                "stty echo rows 50 cols \"$0\"; set -o pipefail; eval \"$1\"",
            ])
            .args([&self.columns.to_string(), line])
            .env_clear()
            // A pager would wait for a key.
            .env("MANPAGER", "cat")
            .env("PATH", format!("{}:{path}:/usr/sbin", own.display()))
            .env("HOME", self.home)
            .env("TERM", "xterm")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.directory);
        PtyProcess::new(command).unwrap()
    }
}

impl Seen {
    fn on_screen(code: i32, said: &str, columns: u16) -> Self {
        // A screen so high that nothing leaves it.
        let rows = said.matches('\n').count() + said.len() / usize::from(columns) + 2;
        let rows = u16::try_from(rows).unwrap();
        let size = |number| NonZeroU16::new(number).unwrap();
        let mut screen = vt100::Parser::new(size(rows), size(columns), 0);
        screen.process(said.as_bytes());
        let screen = screen.screen();
        let (mut text, mut broken, mut line) = (String::new(), Vec::new(), String::new());
        let mut pieces = 0;
        for (row, piece) in (0..=screen.cursor_position().0).zip(screen.rows(0, columns)) {
            line.push_str(&piece);
            pieces += 1;
            if !screen.row_wrapped(row) {
                if pieces > 1 {
                    broken.push([text.lines().next_back().unwrap_or_default().to_owned(), line.clone()]);
                }
                text.push_str(&line);
                text.push('\n');
                line.clear();
                pieces = 0;
            }
        }
        Self { code, text, broken }
    }

    /// Lines that did not fit. Only a text to be copied may be wider than the terminal, on a line of its own: one
    /// word, a flag with its value, or the command that the line before announces with a colon.
    pub(crate) fn too_wide(&self) -> Vec<&str> {
        let is_copied = |[before, line]: &&[String; 2]| {
            let line = line.trim();
            let words = line.split_whitespace().count();
            words == 1
                || words == 2 && line.starts_with("--")
                || before.ends_with(':') && line.starts_with("certreq ")
        };
        self.broken.iter().filter(|line| !is_copied(line)).map(|[_, line]| line.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn too_wide(said: &str) -> Vec<String> {
        Seen::on_screen(0, said, 10).too_wide().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn it_sees_what_a_terminal_breaks() {
        assert_eq!(too_wide("1234567890\r\nab\r\n"), [""; 0]);
        assert_eq!(too_wide("12345 67890\r\nab\r\n"), ["12345 67890"]);
        assert_eq!(too_wide("  /a/path/too/long\r\n"), [""; 0]);
        assert_eq!(too_wide("\u{1b}[31m12345\u{1b}[0m 7890\r\n"), [""; 0]);
        assert_eq!(too_wide("#####\r######\r\n"), [""; 0]);
    }
}
