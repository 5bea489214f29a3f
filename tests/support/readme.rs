//! Runs what a README.md tells its reader to type: the fenced `sh` blocks, word for word, in their order.
//!
//! The directory of the README is copied to a temporary one, in which `certreq` is on the path. All blocks run in one
//! bash, so that variables stay, and each must succeed. Three kinds of fence:
//!
//! - `sh`: typed, and waited for;
//! - `sh background`: typed in another terminal; the text after `until:` on the line above the fence (a comment:
//!   `<!-- until: running -->`) is what must appear in its output before the next block starts;
//! - anything else (`text`, `ini`, `console`): read, not typed.
//!
//! Values that the reader may choose stand in variables with a default (`PORT=${PORT:-8883}`); a test sets them with
//! [`Readme::set`]. A block that takes two minutes has failed. When the test ends, background blocks and every daemon
//! that left a `*.pid` file are stopped.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use tempfile::TempDir;

use super::terminal::program;

/// A README that is being followed.
pub(crate) struct Readme {
    _around: TempDir,
    home: PathBuf,
    text: String,
    variables: Vec<(String, String)>,
    shell: Option<Shell>,
    background: Vec<Child>,
}

/// One fenced block.
#[derive(Clone, Debug)]
struct Block {
    /// The heading it stands under.
    section: String,
    script: String,
    place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Here,
    /// In another terminal, until this text appears.
    Elsewhere {
        until: String,
    },
}

/// The bash in which blocks are typed.
struct Shell {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Readme {
    /// Of a directory of the repository, as `examples/nginx`; everything in it is copied.
    pub(crate) fn of(directory: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        let text = fs::read_to_string(from.join("README.md")).expect("a README.md");
        let readme = Self::new(&text, from.file_name().expect("a name"));
        copy(&from, &readme.home);
        readme
    }

    /// Of a whole page of the repository. Nothing is copied.
    pub(crate) fn page(page: &str) -> Self {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("a page");
        Self::new(&text, "here")
    }

    /// Of one part of a page of the repository: a second-order heading and all below it. Nothing is copied.
    pub(crate) fn part(page: &str, heading: &str) -> Self {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("a page");
        let head = format!("\n## {heading}\n");
        let (_, part) = text.split_once(&head).unwrap_or_else(|| panic!("no {heading:?} in {page}"));
        let end = part.find("\n## ").unwrap_or(part.len());
        Self::new(&part[..end], "here")
    }

    fn new(text: &str, name: impl AsRef<Path>) -> Self {
        let around = tempfile::tempdir().expect("a temporary directory");
        let home = around.path().join(name);
        fs::create_dir(&home).expect("a directory");
        let (variables, background) = (Vec::new(), Vec::new());
        Self { _around: around, home, text: text.to_owned(), variables, shell: None, background }
    }

    /// Copies another directory of the repository to where the README finds it: `../NAME`.
    pub(crate) fn beside(self, directory: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        copy(&from, &self.home.with_file_name(from.file_name().expect("a name")));
        self
    }

    /// Chooses a value that the README leaves to its reader.
    pub(crate) fn set(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        let named = [":-", "-"].map(|how| format!("${{{name}{how}"));
        assert!(named.iter().any(|named| self.text.contains(named)), "the README has no variable {name}");
        self.variables.push((name.to_owned(), value.to_string()));
        self
    }

    /// A variable of the machine, which the README does not name.
    pub(crate) fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.variables.push((name.to_owned(), value.to_string()));
        self
    }

    /// A variable of the machine that the README takes for granted.
    pub(crate) fn around(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.variables.push((name.to_owned(), value.to_string()));
        self
    }

    /// Where it is followed.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// The lines of its blocks, for a shell of another kind than the one here.
    pub(crate) fn scripts(&self) -> Vec<String> {
        blocks(&self.text).into_iter().map(|block| block.script).collect()
    }

    /// Follows all of it; what its blocks printed, stdout and stderr together.
    pub(crate) fn follow(&mut self) -> String {
        self.follow_where(|_| true)
    }

    /// Follows the blocks under one heading.
    pub(crate) fn follow_section(&mut self, heading: &str) -> String {
        assert!(blocks(&self.text).iter().any(|block| block.section == heading), "no block under {heading:?}");
        self.follow_where(|section| section == heading)
    }

    fn follow_where(&mut self, wanted: impl Fn(&str) -> bool) -> String {
        let mut said = String::new();
        for block in blocks(&self.text).into_iter().filter(|block| wanted(&block.section)) {
            match &block.place {
                Place::Here => said.push_str(&self.type_in(&block.script)),
                Place::Elsewhere { until } => said.push_str(&self.start(&block.script, until)),
            }
        }
        said
    }

    /// Types a block and waits for its end.
    fn type_in(&mut self, script: &str) -> String {
        let file = self.script(script);
        if self.shell.is_none() {
            self.shell = Some(Shell::start(self.bash()));
        }
        let shell = self.shell.as_mut().expect("it was started");
        shell.run(&file).unwrap_or_else(|said| panic!("this block failed:\n{script}\nit said:\n{said}"))
    }

    /// Starts a block and waits for its word.
    fn start(&mut self, script: &str, until: &str) -> String {
        let file = self.script(script);
        let mut command = self.bash();
        let mut child = command
            .args(["-euo", "pipefail", "-c", "exec 2>&1; . \"$0\""])
            .arg(&file)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash starts");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let _patience = Patience::with(child.id());
        self.background.push(child);
        let mut said = String::new();
        while !said.contains(until) {
            let read = output.read_line(&mut said).expect("text");
            assert_ne!(read, 0, "this block ended before it said {until:?}:\n{script}\nit said:\n{said}");
        }
        // A pipe that is not emptied would stop the program some day.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        said
    }

    fn script(&self, script: &str) -> PathBuf {
        let file = tempfile::Builder::new().prefix(".block").tempfile_in(&self.home).expect("a file");
        fs::write(file.path(), script).expect("the block is written");
        file.into_temp_path().keep().expect("it stays")
    }

    /// A bash as the reader's: `certreq` on the path, an empty home.
    fn bash(&self) -> Command {
        let own = Path::new(program()).parent().expect("a directory");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("bash");
        command
            .env_clear()
            .env("PATH", format!("{}:{path}:/usr/local/sbin:/usr/sbin", own.display()))
            .env("HOME", &self.home)
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .args(["--noprofile", "--norc"])
            .current_dir(&self.home);
        command
    }
}

impl Shell {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .args(["-euo", "pipefail", "-c"])
            .arg("exec 2>&1; while read -r block <&3; do . \"$block\" 3<&- < /dev/null; echo \"$block ended\"; done 3<&0")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash starts");
        let stdin = child.stdin.take().expect("a pipe");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, stdin, stdout }
    }

    /// Output of the block; as an error when the shell ended over it.
    fn run(&mut self, file: &Path) -> Result<String, String> {
        writeln!(self.stdin, "{}", file.display()).expect("bash reads");
        let end = format!("{} ended\n", file.display());
        let mut said = String::new();
        let _patience = Patience::with(self.child.id());
        loop {
            match self.stdout.read_line(&mut said).expect("text") {
                0 => return Err(said),
                _ if said.ends_with(&end) => break,
                _ => {}
            }
        }
        said.truncate(said.len() - end.len());
        Ok(said)
    }
}

impl Drop for Readme {
    fn drop(&mut self) {
        let shell = self.shell.take().map(|shell| shell.child);
        for mut child in self.background.drain(..).chain(shell) {
            end(child.id());
            let _ = child.wait();
        }
        for path in files(&self.home).into_iter().filter(|path| path.extension() == Some("pid".as_ref())) {
            let mut text = String::new();
            let _ = fs::File::open(&path).and_then(|mut file| file.read_to_string(&mut text));
            if let Some(pid) = text.trim().parse().ok().and_then(rustix::process::Pid::from_raw) {
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            }
        }
    }
}

/// Ends a process group that takes far too long, unless it is dropped before: a README may wait for ever.
pub(super) struct Patience {
    _done: mpsc::Sender<()>,
}

impl Patience {
    pub(super) fn with(group: u32) -> Self {
        let (done, ended) = mpsc::channel();
        std::thread::spawn(move || {
            if ended.recv_timeout(Duration::from_secs(120)) == Err(mpsc::RecvTimeoutError::Timeout) {
                end(group);
            }
        });
        Self { _done: done }
    }
}

/// Ends a process group that was started here.
fn end(group: u32) {
    if let Some(group) = i32::try_from(group).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

/// The `sh` blocks of a text, in order.
fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let (mut section, mut above) = (String::new(), "");
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix('#') {
            heading.trim_start_matches('#').trim().clone_into(&mut section);
        }
        if let Some(info) = line.strip_prefix("```") {
            let script: String =
                lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
            match info {
                "sh" => found.push(Block { section: section.clone(), script, place: Place::Here }),
                "sh background" => {
                    let until = above
                        .strip_prefix("<!-- until: ")
                        .and_then(|text| text.strip_suffix(" -->"))
                        .unwrap_or_else(|| panic!("no `<!-- until: TEXT -->` above the block:\n{script}"));
                    let place = Place::Elsewhere { until: until.to_owned() };
                    found.push(Block { section: section.clone(), script, place });
                }
                _ => {}
            }
        }
        above = line;
    }
    found
}

/// Regular files below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files(&entry.path())),
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("below it"));
        fs::create_dir_all(target.parent().expect("a directory")).expect("a directory");
        fs::copy(&file, &target).expect("a copy");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readme(text: &str) -> Readme {
        Readme::new(text, "test")
    }

    #[test]
    fn blocks_share_a_shell_and_a_directory_and_see_the_readers_choice() {
        let mut readme = readme(
            "# A\n```sh\nPORT=${PORT:-1}\necho \"$PORT\" > made\n```\n```text\nfalse\n```\n```sh\ncat made; certreq --version\n```\n",
        )
        .set("PORT", 7);
        assert!(readme.follow().starts_with("7\ncertreq "), "the second block sees the first one's file");
        assert!(readme.follow_section("A").starts_with("7\n"));
    }

    #[test]
    fn a_background_block_goes_on_while_the_next_ones_run() {
        let text =
            "<!-- until: up -->\n```sh background\necho up; read -r line < pipe; echo \"$line\" > got\n```\n";
        let mut readme =
            readme(&format!("{text}```sh\necho hello > pipe; until test -s got; do :; done; cat got\n```\n"));
        assert!(Command::new("mkfifo").arg(readme.home().join("pipe")).status().unwrap().success());
        assert_eq!(readme.follow(), "up\nhello\n");
    }

    #[test]
    #[should_panic(expected = "this block failed")]
    fn a_block_that_fails_fails_the_test() {
        readme("```sh\nfalse | true\necho not reached\n```\n").follow();
    }
}
