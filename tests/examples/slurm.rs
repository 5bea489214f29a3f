//! `examples/slurm`: a real scheduler, on this machine alone.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::{
    platform::{SECRET, Served, workplace},
    port::Port,
    readme::Readme,
    tools::{find, present},
};

/// A scheduler with one node and its own keys; it ends with the test.
struct Slurm {
    home: tempfile::TempDir,
    daemons: Vec<Child>,
    _ports: [Port; 2],
}

impl Slurm {
    fn start() -> Self {
        let home = workplace();
        let here = home.path().display().to_string();
        fs::set_permissions(home.path(), PermissionsExt::from_mode(0o755)).unwrap();
        for name in ["munge", "state", "spool"] {
            fs::create_dir(home.path().join(name)).unwrap();
            fs::set_permissions(home.path().join(name), PermissionsExt::from_mode(0o755)).unwrap();
        }
        let key = home.path().join("munge/key");
        fs::write(&key, [7_u8; 64]).unwrap();
        fs::set_permissions(&key, PermissionsExt::from_mode(0o400)).unwrap();
        let ports = [Port::reserve(), Port::reserve()];
        let host = Command::new("hostname").arg("-s").output().unwrap().stdout;
        let host = String::from_utf8(host).unwrap().trim().to_owned();
        let [controller, node] = [ports[0].number, ports[1].number];
        let conf = format!(
            "ClusterName=tests\nSlurmctldHost={host}(127.0.0.1)\nSlurmctldPort={controller}\nSlurmdPort={node}\n\
             AuthType=auth/munge\nAuthInfo=socket={here}/munge/socket\nCredType=cred/munge\n\
             SlurmUser=root\nStateSaveLocation={here}/state\nSlurmdSpoolDir={here}/spool\n\
             SlurmctldPidFile={here}/slurmctld.pid\nSlurmdPidFile={here}/slurmd.pid\n\
             SlurmctldLogFile={here}/slurmctld.log\nSlurmdLogFile={here}/slurmd.log\n\
             ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nJobAcctGatherType=jobacct_gather/none\n\
             SwitchType=switch/none\nMpiDefault=none\nReturnToService=2\nSlurmdParameters=config_overrides\n\
             SelectType=select/cons_tres\nSelectTypeParameters=CR_CPU\nSchedulerParameters=sched_interval=1\n\
             NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN\n\
             PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP\n"
        );
        fs::write(home.path().join("slurm.conf"), conf).unwrap();
        let mut slurm = Self { home, daemons: Vec::new(), _ports: ports };
        let munge = |name: &str| format!("--{name}={here}/munge/{name}");
        let files = ["socket", "pid-file", "log-file", "seed-file"].map(munge);
        let key = format!("--key-file={here}/munge/key");
        slurm.spawn(
            "munged",
            &[&["--foreground", "--force", &key][..], &files.each_ref().map(String::as_str)].concat(),
        );
        slurm.until("munge", |here| here.join("munge/socket").exists());
        slurm.spawn("slurmctld", &["-D"]);
        slurm.spawn("slurmd", &["-D"]);
        slurm.until("the node", |_| slurm.asks("sinfo", &["-h", "-o", "%T"]).trim() == "idle");
        slurm
    }

    fn conf(&self) -> String {
        self.home.path().join("slurm.conf").display().to_string()
    }

    fn spawn(&mut self, program: &str, args: &[&str]) {
        let child = Command::new(find(program).unwrap())
            .args(args)
            .env("SLURM_CONF", self.conf())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.home.path().join(format!("{program}.err"))).unwrap())
            .spawn()
            .unwrap();
        self.daemons.push(child);
    }

    fn asks(&self, program: &str, args: &[&str]) -> String {
        let asked = Command::new(program).args(args).env("SLURM_CONF", self.conf()).output().unwrap();
        String::from_utf8_lossy(&asked.stdout).into_owned()
    }

    fn until(&self, what: &str, is_so: impl Fn(&Path) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !is_so(self.home.path()) {
            let said = |name: &str| fs::read_to_string(self.home.path().join(name)).unwrap_or_default();
            assert!(Instant::now() < end, "{what}: {}{}", said("slurmctld.log"), said("slurmd.log"));
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Slurm {
    fn drop(&mut self) {
        for daemon in self.daemons.iter_mut().rev() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

#[test]
fn an_array_of_eight_tasks_issues_for_all() {
    if !present(&["slurmctld", "slurmd", "sbatch", "munged"]) {
        return;
    }
    if !rustix::process::geteuid().is_root() {
        return crate::support::tools::say("left out: examples::slurm needs root, as whom slurmd runs");
    }
    // By hand with 8000.
    let number = std::env::var("CERTREQ_TEST_SLURM").ok().map_or(400, |number| number.parse().unwrap());
    let slurm = Slurm::start();
    let list = slurm.home.path().join("ids");
    let ids: Vec<String> = (0..number).map(|number: usize| format!("d{number:05}")).collect();
    fs::write(&list, ids.join("\n")).unwrap();
    let served = Served::start(&["--register-from", &list.display().to_string()]);
    let mut readme = Readme::of("examples/slurm")
        .around("SLURM_CONF", slurm.conf())
        .set("HOST", &served.url)
        .set("LOGIN", "admin");
    fs::write(readme.home().join("ids.txt"), ids.join("\n")).unwrap();
    fs::write(readme.home().join("secret"), SECRET).unwrap();
    fs::set_permissions(readme.home().join("secret"), PermissionsExt::from_mode(0o600)).unwrap();
    // Thousands are set apart by commas.
    let said = readme.follow().replace(',', "");
    assert!(said.contains(&format!("{number} devices in 8 shards: {number} issued")), "{said}");
    let issued = crate::support::account::issued(&served.authority());
    assert!(issued.len() == number && issued.values().all(|there| there.len() == 1));
}
