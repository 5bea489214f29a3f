//! A real mosquitto on a free loopback port, and its clients.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use crate::support::{port::Port, tools};

/// Long enough for a loaded machine; a test that gets here has failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// Whether mosquitto and its clients are here.
#[track_caller]
pub(crate) fn is_here() -> bool {
    tools::present(&["mosquitto", "mosquitto_pub", "mosquitto_sub"])
}

/// A running broker; it ends with the test.
pub(crate) struct Broker {
    child: Child,
    pub(crate) port: u16,
    log: Lines,
    _reserved: Port,
}

impl Broker {
    /// With this configuration, in a directory; `@PORT@` stands for the port.
    pub(crate) fn start(directory: &Path, config: &str) -> Self {
        Self::with(directory, config, &[])
    }

    /// With variables in its environment.
    pub(crate) fn with(directory: &Path, config: &str, environment: &[(&str, &Path)]) -> Self {
        let reserved = Port::reserve();
        let port = reserved.number;
        let name = format!("mosquitto-{port}.conf");
        let config = config.replace("@PORT@", &port.to_string());
        // Started by root it would become another user, who may not read the key.
        let common = "user root\npersistence false\nlog_dest stderr\nlog_type all\n";
        std::fs::write(directory.join(&name), format!("{common}{config}")).unwrap();
        let mut child = Command::new(tools::needs("mosquitto").unwrap())
            .args(["-c", &name])
            .envs(environment.iter().copied())
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Lines::of(child.stderr.take().unwrap());
        let line = log.wait("an answer of mosquitto", |line| {
            line.contains(" running") || line.contains("Error") || line == ENDED
        });
        let broker = Self { child, port, log, _reserved: reserved };
        assert!(line.contains(" running"), "{:#?}", broker.log.all());
        broker
    }

    /// Reads its files again, as an operator makes it.
    pub(super) fn reload(&self) {
        let before = self.log.all().iter().filter(|line| line.contains("Reloading config")).count();
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::HUP).unwrap();
        self.log.wait_for("the reload", |lines| {
            lines.iter().filter(|line| line.contains("Reloading config")).count() > before
        });
    }

    /// Waits for a line of its log.
    pub(super) fn says(&self, part: &str) {
        self.log.wait(part, |line| line.contains(part));
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Stands in a log after its last line.
const ENDED: &str = "<the end>";

/// Output of a process, line by line.
#[derive(Clone)]
pub(super) struct Lines(Arc<(Mutex<Vec<String>>, Condvar)>);

impl Lines {
    pub(super) fn of(stream: impl Read + Send + 'static) -> Self {
        let lines = Self(Arc::default());
        let sink = lines.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                sink.push(line);
            }
            sink.push(ENDED.to_owned());
        });
        lines
    }

    fn push(&self, line: String) {
        self.0.0.lock().unwrap().push(line);
        self.0.1.notify_all();
    }

    pub(super) fn all(&self) -> Vec<String> {
        self.0.0.lock().unwrap().clone()
    }

    /// Waits for a line and returns it.
    #[track_caller]
    pub(super) fn wait(&self, what: &str, is: impl Fn(&str) -> bool) -> String {
        let lines = self.wait_for(what, |lines| lines.iter().any(|line| is(line)));
        lines.into_iter().find(|line| is(line)).unwrap()
    }

    /// Waits until they are as they should be.
    #[track_caller]
    pub(super) fn wait_for(&self, what: &str, are: impl Fn(&[String]) -> bool) -> Vec<String> {
        let guard = self.0.0.lock().unwrap();
        let ended = |lines: &[String]| lines.last().is_some_and(|line| line == ENDED);
        let (lines, time) =
            self.0.1.wait_timeout_while(guard, PATIENCE, |lines| !are(lines) && !ended(lines)).unwrap();
        assert!(!time.timed_out() && are(&lines), "waited for {what}:\n{:#?}", *lines);
        lines.clone()
    }
}

/// `mosquitto_sub`, as a client that listens.
pub(super) struct Listener {
    child: Child,
    lines: Lines,
}

impl Listener {
    /// Connected and subscribed when it returns.
    pub(super) fn start(directory: &Path, device: &str, broker: &Broker, topics: &[&str]) -> Self {
        let mut args = client_args("localhost", broker, device);
        for topic in topics {
            args.extend(["-t".to_owned(), (*topic).to_owned()]);
        }
        let name = format!("listener-{device}");
        args.extend(["-q", "1", "-v", "-i", &name].map(str::to_owned));
        let mut child = Command::new("mosquitto_sub")
            .args(args)
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = Lines::of(child.stdout.take().unwrap());
        broker.says(&format!("Sending SUBACK to {name}"));
        Self { child, lines }
    }

    /// Waits for `TOPIC TEXT` and returns every message up to it.
    #[track_caller]
    pub(super) fn hears(&self, message: &str) -> Vec<String> {
        self.lines.wait(message, |line| line == message);
        let mut heard = self.lines.all();
        let end = heard.iter().position(|line| line == message).unwrap();
        heard.truncate(end + 1);
        heard
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As the platform's documentation writes it.
fn client_args(host: &str, broker: &Broker, device: &str) -> Vec<String> {
    let port = broker.port.to_string();
    let (cert, key) = (format!("cert_{device}/cert.pem"), format!("cert_{device}/private.key"));
    ["-h", host, "-p", &port, "--cafile", "ca/ca.pem", "--cert", &cert, "--key", &key]
        .map(str::to_owned)
        .to_vec()
}

/// `mosquitto_pub`, by any host name, with more arguments at the end.
pub(super) fn publish(
    directory: &Path,
    host: &str,
    device: &str,
    broker: &Broker,
    message: (&str, &str),
    more: &[&str],
) -> Output {
    Command::new("mosquitto_pub")
        .args(client_args(host, broker, device))
        .args(["-t", message.0, "-m", message.1])
        .args(more)
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The broker took it.
#[track_caller]
pub(super) fn published(directory: &Path, device: &str, broker: &Broker, message: (&str, &str)) {
    let output = publish(directory, "localhost", device, broker, message, &["-q", "1"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
