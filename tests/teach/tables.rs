//! Tables of the examples: names that this machine does not have, files they find, and files they leave.

use std::fs;

use super::scene::{Place, Scene};
use crate::{support::postgres, tokens::softhsm};

pub(super) const COLUMNS: u16 = 80;

/// Verbs whose examples share a scene; the empty one is certreq itself. Every verb stands in one group.
pub(super) const GROUPS: [&[&str]; 8] = [
    &["", "issue", "register", "devices", "devices add", "list", "login", "logout"],
    &["key", "csr", "join", "whoami", "config", "config show", "config check", "completions", "man"],
    &["inspect", "verify", "connect", "doctor"],
    &["oob", "oob add", "oob list", "oob remove", "oob approve", "discover"],
    &["renew", "revoke", "status", "summary", "export"],
    &["ca", "ca show", "ca fetch", "ca crl", "ca bundle"],
    &[
        "ca trust",
        "ca trust add",
        "ca trust list",
        "ca trust remove",
        "ca trust auto-registration",
        "serve",
        "authority",
        "authority copy",
    ],
    &["est", "est list", "est approve", "est refuse"],
];

/// Words for something outside of this machine, and their substitutes. Longer ones come first.
pub(super) type Word = (&'static str, fn(&Scene, &Place) -> String);
pub(super) const WORDS: &[Word] = &[
    ("--operator DIR", |_, _| "--operator .".to_owned()),
    ("--est https://HOST", |scene, _| format!("--est {}", scene.est())),
    ("--idprov HUB", |scene, place| format!("--idprov {}", scene.hub(place))),
    ("--key-store 'pkcs11:token=lab?module-path=MODULE'", |_, _| match softhsm::SoftHsm::here() {
        Some(module) => format!("--key-store 'pkcs11:token=lab?module-path={module}'"),
        None => "--key-store file".to_owned(),
    }),
    ("-h https://HOST", |scene, _| format!("-h {}", scene.gateway())),
    ("-h HOST", |scene, _| format!("-h {}", scene.platform())),
    ("-h 10.0.0.2", |scene, _| format!("-h {}", scene.platform())),
    // The embedded platform knows one user.
    ("-u USER", |_, _| "-u admin".to_owned()),
    ("-u ci", |_, _| "-u admin".to_owned()),
    ("mqtts://broker", |scene, _| format!("mqtts://{}", scene.broker())),
    ("broker:8883", |scene, _| scene.broker()),
    ("https://gateway", |scene, _| scene.gateway()),
    ("--database postgres://certreq@db.example/certreq", |_, _| match postgres::shared("teach::examples") {
        Some(cluster) => format!("--database {}", cluster.fresh().url()),
        None => String::new(),
    }),
    ("postgres://certreq@db.example/certreq", |_, _| match postgres::shared("teach::examples") {
        Some(cluster) => cluster.fresh().url(),
        None => "elsewhere".to_owned(),
    }),
    ("0.0.0.0:8443", |_, _| "127.0.0.1:0".to_owned()),
    // Paths of the system are below a directory of the test.
    (" /srv/", |_, place| format!(" {}/", place.root().display())),
    (" /etc/", |_, place| format!(" {}/", place.root().display())),
    (" /var/lib/", |_, place| format!(" {}/", place.root().display())),
    // As many as stolen.txt has lines.
    ("--confirm 212", |_, _| "--confirm 2".to_owned()),
    ("24:59:...:FA", |_, place| read(place, "fingerprint")),
    ("FINGERPRINT", |_, place| read(place, "fingerprint")),
];

/// A foreign CA, `their-root.pem`, its fingerprint, and a certificate of it for a1998e, with its issuer.
pub(super) const THEIRS: &str = "
ext() { printf 'basicConstraints=critical,CA:%s\\nkeyUsage=critical,%s\\n' $1 $2 > ext; }
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=$1 -keyout $1.key -out $1.csr; }
sign() { openssl x509 -req -in $1.csr -extfile ext -days 90 -out $2 ${@:3}; }
new root; new between; new a1998e
ext TRUE keyCertSign; sign root their-root.pem -signkey root.key
sign between chain.pem -CA their-root.pem -CAkey root.key -CAcreateserial
ext FALSE digitalSignature; sign a1998e cert.pem -CA chain.pem -CAkey between.key -CAcreateserial
cat chain.pem >> cert.pem; cat their-root.pem >> chain.pem
openssl x509 -in their-root.pem -noout -fingerprint -sha256 | cut -d= -f2 | tr -d '\\n' > fingerprint
rm *.key *.csr *.srl ext
";

/// Two requests that wait for an approval at the authority of the home.
pub(super) const WAITING: &str = "
certreq serve --est --est-approve 2> said & until grep -q 'listening on' said; do sleep 0.1; done
for id in a1998e b2c3d4 c3d4e5; do
    certreq issue $id --force -q --est $(sed -n 's/^listening on //p' said) || test $? = 5
done
kill $!; wait; rm said
";
/// A token called `lab`, where SoftHSM is here: it finds its settings in the home.
pub(super) const TOKEN: &str = "
if command -v softhsm2-util > /dev/null; then
    mkdir -p ~/.config/softhsm2 ~/tokens
    echo \"directories.tokendir = $HOME/tokens\" > ~/.config/softhsm2/softhsm2.conf
    softhsm2-util --init-token --free --label lab --pin $CERTREQ_PIN --so-pin 87654321
fi
";
/// The secret of dev1, as the hub knows it.
pub(super) const OOB: &str = "(umask 077; printf k7wq-m2xp-94tz-hh3d-vc8n > s)";

/// Files that the examples of a verb find in their directory besides the fleet, or do not.
pub(super) const PREPARED: &[(&str, &str)] = &[
    ("", "rm -r cert_* ca .certreq"),
    (
        "issue",
        "rm -r cert_* ca .certreq; printf 'id,site\\nf6a7b8,north\\n' > ids.csv; @OOB@; @TOKEN@
        certreq key e5f6a7 --dir away; certreq csr --dir away --out requests; rm -r away",
    ),
    ("register", "@THEIRS@ certreq ca trust add their-root.pem -h $PLATFORM"),
    ("key", "rm -r cert_* ca .certreq; printf 'd4e5f6\\ne5f6a7\\n' > ids.txt"),
    ("config", "@CONFIG@"),
    ("config show", "@CONFIG@"),
    ("config check", "@CONFIG@"),
    ("completions", "mkdir -p $ROOT/bash_completion.d ~/.zfunc"),
    ("inspect", "cp cert_a1998e/cert.pem .; rm secret"),
    ("verify", "cp cert_a1998e/cert.pem ca/ca.pem ca/crl.pem ."),
    ("doctor", "cp -r . $ROOT/fleet"),
    (
        "renew",
        "mkdir ~/bin; printf '#!/bin/sh\\necho \"$@\" >> ~/systemctl' > ~/bin/systemctl; chmod +x ~/bin/systemctl
        rm -r cert_broker; cp -r . $ROOT/certreq; mkdir -p ~/.config/certreq
        (umask 022; printf '[profile.default]\\nwithin = \"100%%\"\\n' > ~/.config/certreq/config.toml)",
    ),
    (
        "revoke",
        "certreq issue -i c3d4e5,d4e5f6 -h $PLATFORM -q; printf 'cert_c3d4e5\\ncert_d4e5f6\\n' > stolen.txt",
    ),
    ("oob", "@OOB@"),
    ("oob add", "@OOB@; printf 'id,secret\\ndev2,k7wq-m2xp-94tz-hh3d-vc8n\\n' > devices.csv"),
    ("oob approve", "openssl rand -hex 32 | tr -d '\\n' > fingerprint"),
    (
        "status",
        "cp -r . $ROOT/fleet; mkdir $ROOT/node_exporter $ROOT/shards
        for k in 0 1; do certreq issue a1998e,b2c3d4 --local --shard $k/2 --dir $ROOT/shards/$k -q; done",
    ),
    ("ca", "mkdir $ROOT/fleet; @THEIRS@"),
    ("ca fetch", "mkdir $ROOT/fleet"),
    ("ca crl", "cp -r . $ROOT/fleet"),
    ("ca trust", "@THEIRS@"),
    ("ca trust add", "@THEIRS@"),
    ("ca trust remove", "@THEIRS@ certreq ca trust add their-root.pem -h $PLATFORM"),
    ("ca trust auto-registration", "@THEIRS@ certreq ca trust add their-root.pem -h $PLATFORM"),
    ("est", "@WAITING@"),
    ("est list", "@WAITING@"),
    ("est approve", "@WAITING@"),
    ("est refuse", "@WAITING@"),
    ("authority", "certreq issue a1998e --authority lab-ca --dir lab -q"),
    ("authority copy", "certreq issue a1998e --authority lab-ca --dir lab -q"),
    ("serve", "cp cert_broker/cert.pem server.pem; cp cert_broker/private.key server.key"),
];

/// Commands that go on until they are stopped, and their words when they are ready.
pub(super) const STAYS: &[(&str, &str)] = &[
    ("certreq serve", "listening on "),
    ("certreq renew --watch", "next check at"),
    ("certreq ca crl --watch", " revoked "),
];

/// Proofs of an example's effect, for bash; where its exit code says too little.
pub(super) const PROOFS: &[(&str, &str)] = &[
    ("certreq issue --local a1998e", "openssl verify -CAfile ca/ca.pem cert_a1998e/cert.pem"),
    (
        "certreq issue --local broker --san dns:broker.example.org,ip:10.0.0.2",
        "openssl x509 -in cert_broker/cert.pem -noout -checkhost broker.example.org -checkip 10.0.0.2 | grep -c 'does match' | grep 2",
    ),
    (
        "certreq issue -h HOST -u ci --csr requests/ --out certificates/",
        "openssl verify -CAfile certificates/ca.pem certificates/e5f6a7.pem",
    ),
    (
        "certreq issue -h HOST -u admin --ids-from todo.csv --id-column device",
        "test -s cert_c3d4e5/private.key",
    ),
    ("certreq list -h HOST -u admin --orphans --format csv > orphans.csv", "grep -c . orphans.csv | grep 1"),
    ("certreq login -h HOST -u ci --secret-file secret --token-file ci.token", "test -s ci.token"),
    ("certreq join certificates", "openssl verify -CAfile ca/ca.pem cert_d4e5f6/cert.pem cert_e5f6a7/cert.pem"),
    (
        "certreq renew cert_a1998e --exec 'systemctl reload mosquitto' -h HOST -u ci",
        "grep -x 'reload mosquitto' ~/systemctl",
    ),
    (
        "certreq renew --watch --dir /var/lib/certreq -h HOST -u ci",
        "ls $ROOT/certreq/.certreq/archive/*a1998e*",
    ),
    (
        "certreq revoke --ids-from stolen.txt --yes --confirm 212 -h HOST -u admin",
        "certreq list -i c3d4e5,d4e5f6 -h $PLATFORM | grep -c 4e5 | grep 0",
    ),
    ("certreq status /srv/shards", "certreq status $ROOT/shards --format csv | grep -c valid | grep 2"),
    ("certreq summary 0.log 1.log", "certreq summary 0.log 1.log --format json | grep '\"missing\":\\[]'"),
    ("certreq status --html fleet.html", "grep -q b2c3d4 fleet.html"),
    (
        "certreq status --format prometheus --out /var/lib/node_exporter/fleet.prom",
        "grep certreq_devices $ROOT/node_exporter/fleet.prom",
    ),
    ("certreq export a1998e --p12", "ls -R . | grep 'p12$'"),
    ("certreq export . --chain --der --out 'out/{id}'", "ls out/a1998e out/b2c3d4 out/broker"),
    (
        "certreq export cert_broker --layout mosquitto --out /etc/mosquitto",
        "test -s $ROOT/mosquitto/certs/server.key",
    ),
    (
        "certreq ca fetch -h HOST -u admin --dir /etc/fleet",
        "test -s $ROOT/fleet/ca/ca.pem -a -s $ROOT/fleet/ca/crl.pem",
    ),
    (
        "certreq ca trust remove FINGERPRINT --yes -h HOST -u admin",
        "! certreq ca trust list -h $PLATFORM --format json | grep -q $(cat fingerprint)",
    ),
    (
        "certreq config show --profile factory",
        "certreq config show --profile factory | grep '/var/lib/devices *profile factory'",
    ),
    ("certreq completions zsh > ~/.zfunc/_certreq", "grep '^#compdef certreq' ~/.zfunc/_certreq"),
];

/// Examples that end with another code than 0.
pub(super) const ENDS: &[(&str, i32)] = &[
    // Interrupted, as every user ends it.
    ("certreq renew --watch --dir /var/lib/certreq -h HOST -u ci", 130),
    ("certreq ca trust remove FINGERPRINT -h HOST -u admin", 2),
    // The network of the tests has no server, and the hub of the examples listens on loopback.
    ("certreq discover", 1),
    ("certreq discover --search 10s --format json", 1),
    // The gateway of the tests asks for no certificate, and a pair that was not asked for is not proven.
    ("certreq connect https://gateway/health cert_a1998e", 1),
];

/// The file that `certreq help config` shows.
pub(super) const CONFIG: &str = "
mkdir -p ~/.config/certreq; (umask 077; certreq config --help | sed -n 's/^  //; /^\\[profile.factory]/,/^$/p' > ~/.config/certreq/config.toml)
";

fn read(place: &Place, name: &str) -> String {
    fs::read_to_string(place.directory.join(name)).unwrap()
}
