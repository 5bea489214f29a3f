//! Every version of TLS, every kind of key, and authorities in between.

use std::{fs, path::Path};

use certreq::pki::{certificate::Certificate, csr, key};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType,
};

use super::{
    mosquitto::{Broker, is_here, publish},
    scene::MUTUAL,
};
use crate::support::{
    platform::workplace,
    terminal::{Ended, certreq},
};

fn issue(home: &Path, args: &[&str]) {
    certreq(home).args(["issue", "--authority", "authority"]).args(args).run().exits(0);
}

/// Devices, and the kinds of their keys.
const KINDS: [(&str, &str); 4] = [("a2048", "rsa2048"), ("a256", "p256"), ("a384", "p384"), ("a521", "p521")];

/// For openssl, and so for mosquitto, whose own option knows no upper bound.
const ONLY_12: &str =
    "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMaxProtocol = TLSv1.2\n";

#[test]
fn every_kind_of_pair_gets_in_over_both_versions_of_tls() {
    if !is_here() {
        return;
    }
    let home = workplace();
    for (id, kind) in KINDS {
        issue(home.path(), &["-i", id, "--key", kind]);
    }
    let only_12 = home.path().join("only-1.2.cnf");
    fs::write(&only_12, ONLY_12).unwrap();
    // The broker's own pair is of two kinds, too.
    for (version, kind) in [("1.2", "rsa2048"), ("1.3", "p521")] {
        issue(home.path(), &["-i", "bede12", "--san", "dns:localhost,ip:127.0.0.1", "--key", kind, "--force"]);
        let broker = if version == "1.2" {
            Broker::with(home.path(), MUTUAL, &[("OPENSSL_CONF", &only_12)])
        } else {
            Broker::start(home.path(), &format!("{MUTUAL}tls_version tlsv1.3\n"))
        };
        for (id, kind) in KINDS {
            let args = ["connect", &format!("mqtts://localhost:{}", broker.port), &format!("cert_{id}")];
            certreq(home.path())
                .args(args)
                .args(["--subscribe", "x", "--publish", "x", "-m", kind])
                .run()
                .exits(0)
                .stdout_has(&format!("ok    tls         TLS {version}, TLS_"))
                .stdout_has("ok    receive     x came back");
            // The name and the address are both in the broker's certificate.
            let host = if kind == "p256" { "127.0.0.1" } else { "localhost" };
            let output = publish(home.path(), host, id, &broker, ("x", kind), &["-q", "1"]);
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{kind} {version} {host}: {stderr}");
        }
        certreq(home.path())
            .args(["connect", &format!("mqtts://127.0.0.1:{}", broker.port), "--all"])
            .run()
            .exits(0)
            .stderr_has("5 directories to mqtts://127.0.0.1");
    }
}

#[test]
fn a_broker_that_insists_on_the_largest_curve_is_spoken_to() {
    if !is_here() {
        return;
    }
    let home = workplace();
    issue(home.path(), &["-i", "bede12", "--san", "dns:localhost,ip:127.0.0.1", "--key", "p521"]);
    issue(home.path(), &["-i", "a256"]);
    let configuration = home.path().join("openssl.cnf");
    for (limit, version) in [("", "1.3"), ("MaxProtocol = TLSv1.2\n", "1.2")] {
        let begin = ONLY_12.split("MaxProtocol").next().unwrap();
        fs::write(&configuration, format!("{begin}{limit}Groups = P-521\n")).unwrap();
        let broker = Broker::with(home.path(), MUTUAL, &[("OPENSSL_CONF", &configuration)]);
        certreq(home.path())
            .args(["connect", &format!("mqtts://localhost:{}", broker.port), "cert_bede12"])
            .run()
            .exits(0)
            .stdout_has(&format!("ok    tls         TLS {version}, TLS_"));
        if version == "1.2" {
            // There, the curve of the certificate must be one of them, too.
            certreq(home.path())
                .args(["connect", &format!("mqtts://localhost:{}", broker.port), "cert_a256"])
                .run()
                .exits(4)
                .stdout_has("it does not take the curve of our key");
        }
    }
}

/// A root, an authority below it, and what they issue.
struct Hierarchy {
    root: (CertificateParams, KeyPair),
    between: (CertificateParams, KeyPair, String),
}

impl Hierarchy {
    fn new() -> Self {
        let authority = |name: &str| {
            let mut params = CertificateParams::default();
            params.distinguished_name = DistinguishedName::new();
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            params.use_authority_key_identifier_extension = true;
            (params, KeyPair::generate().unwrap())
        };
        let root = authority("Root CA");
        let (params, key) = authority("Factory CA");
        let pem = params.signed_by(&key, &Issuer::from_params(&root.0, &root.1)).unwrap().pem();
        Self { root, between: (params, key, pem) }
    }

    fn root_pem(&self) -> String {
        self.root.0.self_signed(&self.root.1).unwrap().pem()
    }

    /// Of the root itself, or of the authority below it.
    fn leaf(&self, csr: &str, of_root: bool) -> String {
        self.leaf_for(
            csr,
            of_root,
            &[ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth],
            -1,
        )
    }

    /// For these uses, from a day before or after now.
    fn leaf_for(&self, csr: &str, of_root: bool, uses: &[ExtendedKeyUsagePurpose], begin: i64) -> String {
        let mut request = CertificateSigningRequestParams::from_pem(csr).unwrap();
        let params = &mut request.params;
        params.extended_key_usages = uses.to_vec();
        params.not_before = time::OffsetDateTime::now_utc() + time::Duration::days(begin);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        if of_root {
            params.subject_alt_names.push(SanType::DnsName("localhost".try_into().unwrap()));
            return request.signed_by(&Issuer::from_params(&self.root.0, &self.root.1)).unwrap().pem();
        }
        request.signed_by(&Issuer::from_params(&self.between.0, &self.between.1)).unwrap().pem()
    }
}

fn pair(home: &Path, id: &str, sign: impl Fn(&str) -> String) {
    let key = key::PrivateKey::generate(key::KeySpec::P256).unwrap();
    let directory = home.join(format!("cert_{id}"));
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("private.key"), key.to_pkcs8_pem().unwrap().as_str()).unwrap();
    fs::write(directory.join("cert.pem"), sign(&csr::request(&key, id).unwrap())).unwrap();
}

#[test]
fn a_broker_says_little_about_what_it_refuses_and_connect_says_why() {
    if !is_here() {
        return;
    }
    let (home, authorities, strangers) = (workplace(), Hierarchy::new(), Hierarchy::new());
    fs::create_dir(home.path().join("ca")).unwrap();
    fs::write(home.path().join("ca/ca.pem"), authorities.root_pem()).unwrap();
    let client = [ExtendedKeyUsagePurpose::ClientAuth];
    pair(home.path(), "bede12", |csr| authorities.leaf(csr, true));
    pair(home.path(), "server", |csr| {
        authorities.leaf_for(csr, true, &[ExtendedKeyUsagePurpose::ServerAuth], -1)
    });
    pair(home.path(), "tomorrow", |csr| authorities.leaf_for(csr, true, &client, 1));
    pair(home.path(), "stranger", |csr| strangers.leaf(csr, false));
    pair(home.path(), "twin", |csr| strangers.leaf(csr, true));
    let only_12 = home.path().join("only-1.2.cnf");
    fs::write(&only_12, ONLY_12).unwrap();
    // TLS 1.2 refuses in the handshake, 1.3 after it.
    for broker in
        [Broker::start(home.path(), MUTUAL), Broker::with(home.path(), MUTUAL, &[("OPENSSL_CONF", &only_12)])]
    {
        let connect = |id: &str| -> (i32, serde_json::Value) {
            let server = format!("mqtts://localhost:{}", broker.port);
            let args = ["connect", &server, &format!("cert_{id}"), "--format", "json"];
            let ended = certreq(home.path()).args(args).run();
            (ended.code, ended.json()[0]["error"].clone())
        };
        for (id, code, cause, words) in [
            ("server", 4, "certificate_purpose", "limited to other purposes"),
            ("tomorrow", 13, "certificate_not_yet_valid", "it is not valid before"),
            ("stranger", 4, "certificate_authority_unknown", "it does not know CN=Factory CA"),
        ] {
            let (ended, error) = connect(id);
            assert_eq!((ended, error["cause"].as_str()), (code, Some(cause)), "{id}: {error}");
            assert_eq!(error["step"], "tls", "{id}: {error}");
            assert!(error["message"].as_str().unwrap().contains(words), "{id}: {error}");
        }
        // Another key under the root's name: openssl has two words for it.
        let (ended, error) = connect("twin");
        assert_eq!(ended, 4, "{error}");
        assert!(
            error["message"].as_str().unwrap().starts_with("the server refused our certificate")
                || error["message"].as_str().unwrap().starts_with("the server found a signature wrong"),
            "{error}"
        );
    }
}

#[test]
fn a_broker_that_knows_the_root_alone_takes_a_chain_and_a_lone_leaf_is_told_what_it_lacks() {
    if !is_here() {
        return;
    }
    let (home, authorities) = (workplace(), Hierarchy::new());
    let pair = |id: &str, of_root: bool, more: &str| {
        pair(home.path(), id, |csr| authorities.leaf(csr, of_root) + more);
    };
    fs::create_dir(home.path().join("ca")).unwrap();
    fs::write(home.path().join("ca/ca.pem"), authorities.root_pem()).unwrap();
    pair("bede12", true, "");
    pair("whole", false, &authorities.between.2);
    pair("lone", false, "");
    let broker = Broker::start(home.path(), MUTUAL);
    let connect = |id: &str| -> Ended {
        let server = format!("mqtts://localhost:{}", broker.port);
        certreq(home.path()).args(["connect", &server, &format!("cert_{id}")]).run()
    };
    connect("whole").exits(0);
    let output = publish(home.path(), "localhost", "whole", &broker, ("x", "y"), &["-q", "1"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    connect("lone")
        .exits(4)
        .stdout_has("the server refused our certificate: it does not know")
        .stdout_has("CN=Factory CA, which issued it")
        .stderr_has("its certificate belongs into cert.pem, after our own");

    // The other way round: a broker that does not send what its own certificate needs.
    pair("gateway", false, "");
    let text = MUTUAL.replace("cert_bede12", "cert_gateway");
    let forgetful = Broker::start(home.path(), &text);
    let server = format!("mqtts://localhost:{}", forgetful.port);
    certreq(home.path())
        .args(["connect", &server, "cert_whole"])
        .run()
        .exits(14)
        .stdout_has("FAIL  server      the server's certificate comes from CN=Factory CA; trusted here")
        .stderr_has("if that is an intermediate authority, the server must send its certificate along");
    assert_eq!(Certificate::all_from_pem(&authorities.root_pem()).unwrap().len(), 1);
}
