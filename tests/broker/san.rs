//! `issue --san`: a server's certificate, asked for by name, and never without it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use certreq::pki::certificate::Certificate;
use serde_json::json;

use crate::support::{
    forger::{Forger, Wish, platform, signed_answer, token},
    platform::workplace,
    scripted::{Reply, Scripted},
    terminal::certreq,
    tools::openssl,
};

#[test]
fn a_servers_certificate_holds_its_names() {
    let home = workplace();
    let args = ["issue", "--authority", "authority", "-i", "broker"];
    let names = ["--san", "dns:Broker.example.org,ip:192.0.2.1", "--san", "ip:2001:db8::1"];
    certreq(home.path()).args(args).args(names).run().exits(0);
    let text =
        openssl(home.path(), &["x509", "-in", "cert_broker/cert.pem", "-noout", "-ext", "subjectAltName"]);
    assert!(
        text.contains("DNS:broker.example.org, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1"),
        "{text}"
    );
    for (option, name) in [("-verify_hostname", "broker.example.org"), ("-verify_ip", "192.0.2.1")] {
        let args =
            ["verify", "-CAfile", "ca/ca.pem", "-purpose", "sslserver", option, name, "cert_broker/cert.pem"];
        openssl(home.path(), &args);
    }
    // The same again is content with it; another name is not skipped over.
    certreq(home.path()).args(args).args(names).run().exits(0).stdout_has("skipped");
    certreq(home.path())
        .args(args)
        .args(["--san", "dns:other.example.org"])
        .run()
        .exits(6)
        .stderr_has("cert_broker holds a pair that is not for dns:other.example.org")
        .stderr_has("--force issues a new pair and archives this one");
}

#[test]
fn names_that_are_none_and_ids_that_are_many_are_wrong_usage() {
    let home = workplace();
    let issue = |args: &[&str]| {
        certreq(home.path()).args(["issue", "--authority", "authority"]).args(args).run().exits(2)
    };
    issue(&["-i", "a", "--san", "dns:*.example.org"])
        .stderr_is("error: --san: \"*.example.org\" is a wildcard; name each server\n");
    issue(&["-i", "a", "--san", "dns:a..b"]).stderr_has("is not a DNS name");
    issue(&["-i", "a", "--san", "ip:1.2.3"]).stderr_has("is not an IP address");
    issue(&["-i", "a", "--san", "broker"]).stderr_has("write dns:NAME or ip:ADDRESS");
    issue(&["-i", "a,b", "--san", "dns:x"]).stderr_is(
        "error: --san names one server, and there are 2 ids\n\
         hint: issue for one server at a time: -i broker --san dns:NAME\n",
    );
    issue(&["--san", "dns:x"]).stderr_has("--san names one server, and no id was given");
    assert!(!home.path().join("ca").exists(), "nothing was begun");
}

#[test]
fn a_platform_that_leaves_the_names_out_is_not_believed() {
    let home = workplace();
    let forgetful = platform(Forger::new("Forgetful CA"), |forger, request| {
        let csr = request.json()["csr"].as_str().unwrap().to_owned();
        // The certificate is for the right key and device, and for no server.
        Reply::json(201, signed_answer(&forger.sign(&csr, &Wish { nameless: true, ..Wish::default() })))
    });
    certreq(home.path())
        .args(["issue", "-h", &forgetful.url(), "-u", "admin", "-i", "broker", "--retries", "0"])
        .args(["--san", "dns:broker"])
        .env("CERTREQ_SECRET", "x")
        .run()
        .exits(6)
        .stderr_has("the certificate is not for dns:broker")
        .stderr_has("the platform leaves names out");
    assert!(!home.path().join("cert_broker").exists());
}

#[test]
fn a_run_that_was_cut_off_asks_for_the_same_names_again() {
    let home = workplace();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (seen, tries) = (Arc::clone(&asked), AtomicUsize::new(0));
    let shaky = platform(Forger::new("Shaky CA"), move |forger, request| {
        let csr = request.json()["csr"].as_str().unwrap().to_owned();
        seen.lock().unwrap().push(csr.clone());
        if tries.fetch_add(1, Ordering::SeqCst) == 0 {
            return Reply::json(503, json!({"error": "Service Unavailable"}));
        }
        Reply::json(201, signed_answer(&forger.sign(&csr, &Wish::default())))
    });
    let issue = || {
        certreq(home.path())
            .args(["issue", "-h", &shaky.url(), "-u", "admin", "-i", "broker", "--retries", "0"])
            .args(["--san", "dns:broker,ip:192.0.2.1"])
            .env("CERTREQ_SECRET", "x")
            .run()
    };
    issue().exits(5);
    issue().exits(0);
    let asked = asked.lock().unwrap();
    let texts: Vec<String> = asked
        .iter()
        .enumerate()
        .map(|(index, csr)| {
            let name = format!("{index}.csr");
            std::fs::write(home.path().join(&name), csr).unwrap();
            openssl(home.path(), &["req", "-in", &name, "-noout", "-text", "-verify"])
        })
        .collect();
    assert_eq!(texts.len(), 2);
    for text in &texts {
        assert!(text.contains("DNS:broker, IP Address:192.0.2.1"), "{text}");
    }
    let key = |text: &str| text.split("Public-Key").nth(1).unwrap().split("ASN1").next().unwrap().to_owned();
    assert_eq!(key(&texts[0]), key(&texts[1]), "and with the same key");
}

#[test]
fn a_certificate_an_earlier_run_asked_for_without_names_is_not_taken_for_one_with_names() {
    let home = workplace();
    let forger = Forger::new("Test CA");
    let issued: Mutex<Vec<String>> = Mutex::default();
    // The first answer is lost on its way; the platform has the certificate all the same.
    let lossy = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({"jwt": token()})),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::json(404, json!({"error": "Not Found"})),
        "GET /x509/v1/certificates" => {
            let records: Vec<_> = issued
                .lock()
                .unwrap()
                .iter()
                .map(|pem| {
                    let fingerprint = Certificate::all_from_pem(pem).unwrap()[0].fingerprint().to_string();
                    json!({"fingerprint": fingerprint, "pem": pem, "belongsTo": {"device": "b40ce4"}})
                })
                .collect();
            Reply::json(
                200,
                json!({"paging": {"previous": null, "current": {"number": 1}, "next": null,
                    "totalItems": records.len(), "totalPages": 1, "limitPerPage": 250}, "certificates": records}),
            )
        }
        "POST /x509/v1/certificates" => {
            let pem = forger.sign(request.json()["csr"].as_str().unwrap(), &Wish::default());
            let mut issued = issued.lock().unwrap();
            issued.push(pem.clone());
            if issued.len() == 1 { Reply::cut() } else { Reply::json(201, signed_answer(&pem)) }
        }
        line => panic!("unexpected request: {line}"),
    });
    let issue = |more: &[&str]| {
        certreq(home.path())
            .args(["issue", "-h", &lossy.url(), "-u", "admin", "-i", "b40ce4", "--retries", "0"])
            .args(more)
            .env("CERTREQ_SECRET", "x")
            .run()
    };
    let san = ["--san", "dns:broker"];
    issue(&[]).exits(5);
    // The hint's advice helps.
    issue(&san)
        .exits(6)
        .stderr_has("the certificate is not for dns:broker")
        .stderr_has("finish that one without --san, and issue again with --san and --force");
    issue(&[]).exits(0).stdout_has("recovered");
    issue(&[san[0], san[1], "--force"]).exits(0);
    let text =
        openssl(home.path(), &["x509", "-in", "cert_b40ce4/cert.pem", "-noout", "-ext", "subjectAltName"]);
    assert!(text.contains("DNS:broker"), "{text}");
    assert_eq!(lossy.count("POST /x509/v1/certificates"), 2, "one for each key");
}
