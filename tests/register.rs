//! `certreq register`: a certificate of a foreign CA, against the embedded platform, served.

use std::path::Path;

use serde_json::json;

use crate::support::{
    lab::{Lab, SECRET, openssl},
    terminal::{Ended, certreq},
};

/// Makes `NAME.crt` and `NAME.key`, signed by an earlier one or by itself.
fn make(dir: &Path, name: &str, issuer: Option<&str>, key: &str, days: &str) {
    let path = |name: &str, kind: &str| dir.join(format!("{name}.{kind}")).to_str().unwrap().to_owned();
    let extensions = if name.starts_with("root") || name.starts_with("between") {
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
    } else {
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
    };
    let (file, request) = (path(name, "ext"), path(name, "csr"));
    std::fs::write(&file, extensions).unwrap();
    let (kind, option) = key.split_once(' ').unwrap();
    openssl(&["genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", &path(name, "key")], b"");
    let subject = format!("/O=Foreign/CN={name}");
    openssl(&["req", "-new", "-key", &path(name, "key"), "-subj", &subject, "-out", &request], b"");
    let out = path(name, "crt");
    let args = ["x509", "-req", "-in", &request, "-days", days, "-extfile", &file, "-out", &out];
    let signer = issuer.map_or_else(
        || vec!["-signkey".to_owned(), path(name, "key")],
        |issuer| {
            ["-CA", &path(issuer, "crt"), "-CAkey", &path(issuer, "key"), "-CAcreateserial"]
                .map(str::to_owned)
                .to_vec()
        },
    );
    let signer: Vec<&str> = signer.iter().map(String::as_str).collect();
    openssl(&[&args[..], &signer].concat(), b"");
}

const P256: &str = "EC ec_paramgen_curve:P-256";

/// A root that the platform trusts, an intermediate below it, and what hangs below both.
struct Foreign {
    lab: Lab,
    root: String,
}

impl Foreign {
    async fn start() -> Self {
        let lab = Lab::start().await;
        lab.register(&["a1998e", "b2c3d4"]).await;
        let dir = lab.dir.path();
        make(dir, "root", None, P256, "30");
        make(dir, "between", Some("root"), P256, "30");
        make(dir, "leaf", Some("root"), P256, "30");
        make(dir, "deep", Some("between"), P256, "30");
        lab.clock.advance(60);
        let pem = std::fs::read_to_string(dir.join("root.crt")).unwrap();
        let (status, body) = lab.post("/x509/v1/trusted-cas", json!({ "caPem": pem })).await;
        assert_eq!(status, 201, "{body}");
        Self { root: body["caFingerprint"].as_str().unwrap().to_owned(), lab }
    }

    fn call(&self, args: &[&str]) -> Ended {
        tokio::task::block_in_place(|| {
            certreq(self.lab.dir.path())
                .args(["register"])
                .args(args)
                .args(["-h", &self.lab.url, "-u", "admin"])
                .env("CERTREQ_SECRET", SECRET)
                .run()
        })
    }

    /// How many certificates the platform has.
    async fn number(&self) -> u64 {
        let (_, page) = self.lab.get("/x509/v1/certificates?fields=fingerprint").await;
        page["paging"]["totalItems"].as_u64().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_registered_for_its_device_with_the_chain_in_order() {
    let foreign = Foreign::start().await;
    foreign
        .call(&["leaf.crt", "-i", "a1998e", "--chain", "root.crt", "--dry-run"])
        .exits(0)
        .stdout_has("leaf.crt: would be registered for a1998e");
    assert_eq!(foreign.number().await, 0);
    let ended = foreign.call(&["leaf.crt", "-i", "a1998e", "--chain", "root.crt", "--format", "json"]).exits(0);
    let line = &ended.json()[0];
    assert_eq!((&line["schema"], &line["state"]), (&json!("certreq.register/1"), &json!("registered")));
    let (_, record) =
        foreign.lab.get(&format!("/x509/v1/certificates/{}", line["fingerprint"].as_str().unwrap())).await;
    assert_eq!(
        (&record["belongsTo"]["device"], &record["caFingerprint"]),
        (&json!("a1998e"), &json!(foreign.root))
    );
    // Again is no failure; for another device it is one.
    foreign
        .call(&["leaf.crt", "-i", "a1998e", "--trusted-ca", &foreign.root])
        .exits(0)
        .stdout_has("already registered for a1998e");
    foreign
        .call(&["leaf.crt", "-i", "b2c3d4", "--trusted-ca", &foreign.root])
        .exits(1)
        .stdout_has("FAIL  new         it is registered already, and its owner is \"a1998e\"");
    // Issuers in any order, in DER, with one that does not belong.
    openssl(
        &[
            "x509",
            "-in",
            &foreign.lab.dir.path().join("deep.crt").display().to_string(),
            "-outform",
            "DER",
            "-out",
            &foreign.lab.dir.path().join("deep.der").display().to_string(),
        ],
        b"",
    );
    foreign
        .call(&[
            "deep.der",
            "-i",
            "b2c3d4",
            "--chain",
            "root.crt",
            "--chain",
            "leaf.crt",
            "--chain",
            "between.crt",
        ])
        .exits(0)
        .stdout_has("deep.der: registered for b2c3d4")
        .stdout_has("ok    chain       issued by O=Foreign, CN=between, issued by O=Foreign, CN=root");
    assert_eq!(foreign.number().await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rule_that_fails_is_named_before_anything_is_sent() {
    let foreign = Foreign::start().await;
    let dir = foreign.lab.dir.path().to_owned();
    make(&dir, "rsa1024", Some("root"), "RSA rsa_keygen_bits:1024", "30");
    make(&dir, "k1", Some("root"), "EC ec_paramgen_curve:secp256k1", "30");
    make(&dir, "short", Some("root"), P256, "1");
    make(&dir, "root2", None, P256, "30");
    make(&dir, "stranger", Some("root2"), P256, "30");
    make(&dir, "between-old", Some("root"), P256, "1");
    let root = foreign.root.clone();
    let cases: [(&[&str], &str, &str); 10] = [
        (&["between.crt"], "FAIL  kind        it is the certificate of an authority", "comes first"),
        // A device's certificate among those between does not take the place of the named one.
        (
            &["between.crt", "--chain", "leaf.crt", "--chain", "root.crt"],
            "FAIL  kind        it is the certificate of an authority",
            "comes first",
        ),
        (&["rsa1024.crt"], "FAIL  key         RSA 1024", ""),
        (&["k1.crt"], "FAIL  key         ", ""),
        (&["short.crt"], "the platform wants more than a day", ""),
        (&["stranger.crt", "--chain", "root2.crt"], "FAIL  root        ", "certreq ca trust add"),
        (
            &["stranger.crt", "--trusted-ca", &root],
            "FAIL  chain       it does not lead",
            "--intermediates FILE",
        ),
        (&["deep.crt", "--trusted-ca", &root], "FAIL  chain       it does not lead", "--intermediates FILE"),
        (
            &["leaf.crt"],
            "FAIL  chain       it ends at O=Foreign, CN=leaf: the certificate of O=Foreign, CN=root is missing",
            "--trusted-ca",
        ),
        (
            &["stranger.crt", "--chain", "root2.crt", "--trusted-ca", &root],
            "FAIL  root        the chain ends at",
            "",
        ),
    ];
    for (args, finding, hint) in cases {
        let ended = foreign.call(&[args, &["-i", "a1998e"]].concat());
        assert_eq!(ended.code, 1, "{args:?}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stdout.contains(": not registered\n"), "{args:?}: {}", ended.stdout);
        assert!(ended.stdout.contains(finding), "{args:?}: {}", ended.stdout);
        assert!(ended.stderr.contains(hint), "{args:?}: {}", ended.stderr);
    }
    assert_eq!(foreign.number().await, 0);
    // An error that only the platform can know is told in its words.
    foreign
        .call(&["leaf.crt", "-i", "c3d4e5", "--trusted-ca", &root])
        .exits(1)
        .stderr_has("Device identifier 'c3d4e5' was not found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_version_1_is_registered_and_told() {
    let foreign = Foreign::start().await;
    let dir = foreign.lab.dir.path();
    let at = |name: &str| dir.join(name).display().to_string();
    openssl(
        &[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=v1",
            "-keyout",
            &at("v1.key"),
            "-out",
            &at("v1.csr"),
        ],
        b"",
    );
    openssl(
        &[
            "x509",
            "-req",
            "-in",
            &at("v1.csr"),
            "-CA",
            &at("root.crt"),
            "-CAkey",
            &at("root.key"),
            "-CAcreateserial",
            "-days",
            "30",
            "-out",
            &at("v1.crt"),
        ],
        b"",
    );
    let shown = openssl(&["x509", "-in", &at("v1.crt"), "-noout", "-text"], b"");
    assert!(shown.contains("Version: 1"), "openssl without -extfile makes version 1");
    foreign
        .call(&["v1.crt", "-i", "a1998e", "--chain", "root.crt"])
        .exits(0)
        .stdout_has("WARN  version     it is of X.509 version 1")
        .stdout_has("v1.crt: registered for a1998e");
    assert_eq!(foreign.number().await, 1);
}
