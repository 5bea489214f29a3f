//! The same with a TPM 2.0, in software: swtpm, and Debian's module for TPMs.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use super::softhsm::listed;
use crate::{
    broker::mosquitto::{Broker, is_here},
    support::{
        platform::workplace,
        port::Port,
        terminal::{Call, certreq},
        tools,
    },
};

const PIN: &str = "271828";
const SO_PIN: &str = "87654321";

/// A TPM of one test, with a token called `tpm` in it.
pub(crate) struct Tpm {
    home: tempfile::TempDir,
    process: Child,
    port: u16,
    module: String,
}

impl Drop for Tpm {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn module() -> Option<String> {
    let places = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
    let names = ["pkcs11/libtpm2_pkcs11.so", "libtpm2_pkcs11.so.1", "libtpm2_pkcs11.so"];
    let paths = places.iter().flat_map(|place| names.iter().map(move |name| format!("{place}/{name}")));
    paths.into_iter().find(|path| Path::new(path).exists())
}

/// Starts swtpm on a port and the next one; `None` when another program has one of them.
fn start(state: &Path) -> Option<(Child, u16)> {
    let port = Port::reserve().number;
    let mut process = Command::new("swtpm")
        .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear", "--tpmstate"])
        .arg(format!("dir={}", state.display()))
        .args(["--server", &format!("type=tcp,port={port}")])
        .args(["--ctrl", &format!("type=tcp,port={}", port.checked_add(1)?)])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..600 {
        if process.try_wait().unwrap().is_some() {
            return None;
        }
        if std::net::TcpStream::connect(("127.0.0.1", port + 1)).is_ok() {
            return Some((process, port));
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("swtpm does not answer");
}

/// The module for TPMs, where everything for a TPM in software is here.
#[track_caller]
pub(crate) fn present() -> Option<String> {
    if !tools::present(&["swtpm", "swtpm_setup", "tpm2_ptool", "tpm2_flushcontext", "pkcs11-tool"]) {
        return None;
    }
    let module = module();
    if module.is_none() {
        assert!(std::env::var_os("CI").is_none(), "not installed: libtpm2-pkcs11-1");
        tools::say("left out: keys in a TPM need libtpm2-pkcs11-1");
    }
    module
}

impl Tpm {
    #[track_caller]
    pub(crate) fn new() -> Option<Self> {
        let module = present()?;
        let home = workplace();
        let (state, store) = (home.path().join("state"), home.path().join("store"));
        fs::create_dir(&state).unwrap();
        fs::create_dir(&store).unwrap();
        done(Command::new("swtpm_setup").args(["--tpm2", "--createek", "--tpmstate"]).arg(&state));
        let (process, port) = (0..50).find_map(|_| start(&state)).expect("swtpm starts");
        let tpm = Self { home, process, port, module };
        done(tpm.within(Command::new("tpm2_ptool").args(["init", "--path"]).arg(store)));
        tpm.flush();
        let slot = ["--slot-index", "0", "--init-token", "--label", "tpm", "--so-pin", SO_PIN];
        tpm.tool(&slot);
        tpm.tool(&[
            "--token-label",
            "tpm",
            "--login",
            "--login-type",
            "so",
            "--so-pin",
            SO_PIN,
            "--init-pin",
            "--new-pin",
            PIN,
        ]);
        tpm.flush();
        Some(tpm)
    }

    fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("TPM2_PKCS11_TCTI", format!("swtpm:host=127.0.0.1,port={}", self.port)),
            ("TPM2_PKCS11_STORE", self.home.path().join("store").display().to_string()),
            ("TSS2_LOG", "all+none".to_owned()),
        ]
    }

    fn within<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let tcti = format!("swtpm:host=127.0.0.1,port={}", self.port);
        command.envs(self.environment()).env("TPM2TOOLS_TCTI", tcti)
    }

    /// Without a resource manager programs leave things behind in a TPM.
    fn flush(&self) {
        for what in ["-t", "-l", "-s"] {
            let _ = self.within(Command::new("tpm2_flushcontext").arg(what)).output();
        }
    }

    fn tool(&self, args: &[&str]) -> String {
        self.flush();
        let mut command = Command::new("pkcs11-tool");
        done(self.within(command.args(["--module", &self.module]).args(args)))
    }

    fn certreq(&self) -> Call {
        self.flush();
        let call = certreq(self.home.path()).env("CERTREQ_PIN", PIN);
        self.environment().into_iter().fold(call, |call, (name, value)| call.env(name, value))
    }

    fn store(&self) -> String {
        format!("pkcs11:token=tpm?module-path={}", self.module)
    }

    fn ids(&self) -> Vec<String> {
        let text = self.tool(&[
            "--token-label",
            "tpm",
            "--login",
            "--pin",
            PIN,
            "--list-objects",
            "--type",
            "privkey",
        ]);
        listed(&text).into_iter().map(|key| key.id).collect()
    }
}

#[track_caller]
fn done(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn keys_in_a_tpm_are_issued_renewed_verified_and_taken_by_a_broker() {
    let Some(tpm) = Tpm::new() else { return };
    for (kind, id) in [("p256", "dev1"), ("p384", "dev2"), ("rsa2048", "dev3")] {
        let args = ["issue", "--local", "--key", kind, "--key-store", &tpm.store(), "-i", id];
        tpm.certreq().args(args).run().exits(0);
    }
    assert_eq!(tpm.ids().len(), 3);
    tpm.certreq().args(["verify", "."]).run().exits(0).stdout_has("which signs in the token tpm");
    tpm.certreq().args(["renew", "--local", "--all", "--keep", "0"]).run().exits(0);
    assert_eq!(tpm.ids().len(), 3, "the old keys are gone");
    tpm.certreq().args(["verify", "."]).run().exits(0);
    if !is_here() {
        return;
    }
    tpm.certreq().args(["issue", "--local", "broker", "--san", "dns:localhost"]).run().exits(0);
    for minor in ["2", "3"] {
        let only = tpm.home.path().join("openssl.cnf");
        fs::write(&only, super::way_through::ONLY.replace("@MINOR@", minor)).unwrap();
        let broker = Broker::with(tpm.home.path(), super::way_through::BROKER, &[("OPENSSL_CONF", &only)]);
        for device in ["cert_dev1", "cert_dev2", "cert_dev3"] {
            let url = format!("mqtts://localhost:{}", broker.port);
            tpm.certreq().args(["connect", &url, device]).run().exits(0).stdout_has(&format!("TLS 1.{minor}"));
        }
    }
    let wrong = tpm.certreq().env("CERTREQ_PIN", "0000").args(["verify", "cert_dev1"]).run();
    wrong.exits(1).stdout_has("refused the PIN; it was tried once");
}

#[test]
fn fifty_devices_have_their_keys_in_one_tpm() {
    let Some(tpm) = Tpm::new() else { return };
    let names: Vec<String> = (0..50).map(|number| format!("d{number:02}")).collect();
    let list = names.join(",");
    tpm.certreq().args(["issue", "--local", "--key-store", &tpm.store(), "-i", &list]).run().exits(0);
    assert_eq!(tpm.ids().len(), 50);
    tpm.certreq().args(["verify", "."]).run().exits(0);
}

#[test]
fn a_file_of_a_key_that_is_wrapped_for_a_tpm_says_what_it_is() {
    let Some(tpm) = Tpm::new() else { return };
    if !tools::present(&["tpm2_createprimary", "tpm2_create", "tpm2_encodeobject"]) {
        return;
    }
    let run = |words: &str| {
        tpm.flush();
        let mut words = words.split(' ');
        done(tpm.within(Command::new(words.next().unwrap()).args(words).current_dir(tpm.home.path())));
    };
    run("tpm2_createprimary -Q -C o -c primary.ctx");
    for (kind, shown) in [("ecc", "ECDSA P-256"), ("ecc384", "ECDSA P-384"), ("rsa2048", "RSA 2048")] {
        run(&format!("tpm2_create -Q -C primary.ctx -G {kind} -u key.pub -r key.priv"));
        run(&format!("tpm2_encodeobject -C primary.ctx -u key.pub -r key.priv -o {kind}.pem"));
        let file = format!("{kind}.pem");
        let said = tpm.certreq().args(["inspect", &file]).run().exits(0);
        said.stdout_has("KEY OF A TPM").stdout_has(shown).stdout_has("0x40000001");
        let line = tpm.certreq().args(["inspect", &file, "--format", "json"]).run().exits(0).json().remove(0);
        assert_eq!((&line["kind"], &line["key_type"]), (&"tpm_key".into(), &shown.into()));
    }
    // A block that is cut off, changed or replaced is refused in a sentence.
    let text = fs::read_to_string(tpm.home.path().join("ecc.pem")).unwrap();
    let der = pem::parse(&text).unwrap().into_contents();
    for (name, der) in [("cut", der[..100].to_vec()), ("empty", Vec::new()), ("deep", vec![0x30; 4096])] {
        let block = pem::encode(&pem::Pem::new("TSS2 PRIVATE KEY", der));
        fs::write(tpm.home.path().join(name), block).unwrap();
        tpm.certreq().args(["inspect", name]).run().exits(1).stderr_has("not a readable key of a TPM");
    }
}
