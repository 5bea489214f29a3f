//! Revocation lists and OCSP, judged by openssl.

use std::time::Duration;

use serde_json::json;

use crate::support::lab::{Lab, csr, openssl, openssl_raw, text};

const PATH: &str = "/x509/v1/certificates";

async fn crl(lab: &Lab) -> String {
    text(&lab.get("/x509/v1/ca/crl").await.1["crl"])
}

fn number(crl: &str) -> u64 {
    let shown = openssl(&["crl", "-noout", "-crlnumber"], crl.as_bytes());
    u64::from_str_radix(shown.trim().strip_prefix("crlNumber=0x").unwrap(), 16).unwrap()
}

#[tokio::test]
async fn the_list_names_what_was_revoked_when_and_why() {
    let lab = Lab::start().await;
    let root = lab.root_file();
    let root = root.to_str().unwrap();
    let empty = crl(&lab).await;
    assert!(empty.ends_with("-----END X509 CRL-----"));
    let shown = openssl(&["crl", "-noout", "-text"], empty.as_bytes());
    assert!(shown.contains("Version 2 (0x1)") && shown.contains("No Revoked Certificates"), "{shown}");
    assert!(shown.contains("X509v3 Authority Key Identifier"), "{shown}");

    let (fingerprint, pem) = lab.issue(&csr("a"), None).await;
    let (_, good) = lab.issue(&csr("b"), None).await;
    assert_eq!(number(&crl(&lab).await), number(&empty), "issuing is not a reason for a new list");
    assert_eq!(lab.delete(&format!("{PATH}/{fingerprint}")).await.0, 204);
    let list = crl(&lab).await;
    assert_eq!(number(&list), number(&empty) + 1);
    assert_eq!(number(&crl(&lab).await), number(&list), "nothing new, the same list");
    let (_, _, verdict) = openssl_raw(&["crl", "-noout", "-CAfile", root], list.as_bytes());
    assert!(verdict.contains("verify OK"), "{verdict}");
    let serial = openssl(&["x509", "-noout", "-serial"], pem.as_bytes());
    let serial = serial.trim().strip_prefix("serial=").unwrap();
    let shown = openssl(&["crl", "-noout", "-text"], list.as_bytes());
    assert!(shown.contains(&format!("Serial Number: {serial}")) && shown.contains("Superseded"), "{shown}");

    let file = lab.file("crl.pem", list.as_bytes());
    let check = |pem: &str| {
        let leaf = lab.file("leaf.pem", pem.as_bytes());
        let args = ["verify", "-crl_check", "-CRLfile", file.to_str().unwrap(), "-CAfile", root];
        openssl_raw(&[&args[..], &[leaf.to_str().unwrap()]].concat(), b"")
    };
    assert!(check(&good).0);
    let (ok, out, err) = check(&pem);
    assert!(!ok && format!("{out}{err}").contains("certificate revoked"), "{out}{err}");

    let (status, der) = lab.bytes("/crl.der").await;
    assert_eq!(status, 200);
    assert_eq!(der, ::pem::parse(&list).unwrap().contents());
}

#[tokio::test]
async fn a_list_past_half_its_life_is_replaced_by_one_with_a_higher_number() {
    let lab = Lab::with(|options, settings| {
        options.crl_lifetime = Duration::from_secs(600);
        settings.token_lifetime = Duration::from_secs(9000);
        settings.login_limit = false;
    })
    .await;
    let first = crl(&lab).await;
    lab.clock.advance(299);
    assert_eq!(number(&crl(&lab).await), number(&first));
    lab.clock.advance(1);
    assert_eq!(number(&crl(&lab).await), number(&first) + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_grow_and_the_revoked_stay_revoked_over_a_restart() {
    let lab = Lab::start().await;
    let (fingerprint, pem) = lab.issue(&csr("a"), None).await;
    lab.delete(&format!("{PATH}/{fingerprint}")).await;
    let before = crl(&lab).await;
    let lab = lab.restart().await;
    assert_eq!(crl(&lab).await, before, "the same list while it is fresh");
    let (other, _) = lab.issue(&csr("b"), None).await;
    lab.delete(&format!("{PATH}/{other}")).await;
    let after = crl(&lab).await;
    assert_eq!(number(&after), number(&before) + 1);
    let shown = openssl(&["crl", "-noout", "-text"], after.as_bytes());
    assert_eq!(shown.matches("Superseded").count(), 2);
    let (_, out) = ocsp(&lab, &[&pem], &[]);
    assert!(out.contains("revoked"), "{out}");
}

/// Asks the responder about certificates; whether openssl was satisfied, and all it said.
fn ocsp(lab: &Lab, pems: &[&str], more: &[&str]) -> (bool, String) {
    let root = lab.root_file();
    let root = root.to_str().unwrap();
    let url = format!("{}/ocsp", lab.url);
    let files: Vec<_> = pems
        .iter()
        .enumerate()
        .map(|(index, pem)| lab.file(&format!("ocsp-{index}.pem"), pem.as_bytes()))
        .collect();
    let mut args = vec!["ocsp", "-issuer", root, "-CAfile", root, "-url", &url];
    args.extend(more);
    for file in &files {
        args.extend(["-cert", file.to_str().unwrap()]);
    }
    let (ok, out, err) = openssl_raw(&args, b"");
    (ok, format!("{out}{err}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ocsp_tells_good_from_revoked_from_unknown_and_echoes_the_nonce() {
    let lab = Lab::start().await;
    let (_, good) = lab.issue(&csr("a"), None).await;
    let (fingerprint, revoked) = lab.issue(&csr("b"), None).await;
    assert_eq!(lab.delete(&format!("{PATH}/{fingerprint}")).await.0, 204);
    // -nonce is openssl's default; it warns when the answer has none.
    let (ok, out) = ocsp(&lab, &[&good], &["-sha1"]);
    assert!(ok && out.contains("Response verify OK") && out.contains("ocsp-0.pem: good"), "{out}");
    assert!(!out.to_lowercase().contains("nonce"), "{out}");
    let (ok, out) = ocsp(&lab, &[&revoked], &["-sha256"]);
    assert!(ok && out.contains("Response verify OK") && out.contains(": revoked"), "{out}");
    assert!(out.contains("Reason: superseded"), "{out}");
    let (ok, out) = ocsp(&lab, &[&good], &["-no_nonce", "-sha256"]);
    assert!(ok && out.contains(": good"), "{out}");
    let (ok, out) = ocsp(&lab, &[&good, &revoked], &[]);
    assert!(ok && out.contains("ocsp-0.pem: good") && out.contains("ocsp-1.pem: revoked"), "{out}");
    let (_, out) = ocsp(&lab, &[], &["-serial", "0x4242"]);
    assert!(out.contains("Response verify OK") && out.contains("0x4242: unknown"), "{out}");

    let other = Lab::start().await;
    let (_, strange) = other.issue(&csr("c"), None).await;
    let strange_root = other.root_file();
    let file = lab.file("strange.pem", strange.as_bytes());
    let args =
        ["ocsp", "-issuer", strange_root.to_str().unwrap(), "-cert", file.to_str().unwrap(), "-noverify"];
    let url = format!("{}/ocsp", lab.url);
    let (_, out, _) = openssl_raw(&[&args[..], &["-url", &url]].concat(), b"");
    assert!(out.contains("strange.pem: unknown"), "{out}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ocsp_is_also_answered_in_the_path_and_nonsense_is_malformed() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let lab = Lab::start().await;
    let (_, good) = lab.issue(&csr("a"), None).await;
    let leaf = lab.file("leaf.pem", good.as_bytes());
    let root = lab.root_file();
    let (request, answer) = (lab.dir.path().join("req.der"), lab.dir.path().join("resp.der"));
    let [root, request, answer] = [&root, &request, &answer].map(|path| path.to_str().unwrap());
    let leaf = leaf.to_str().unwrap();
    openssl(&["ocsp", "-issuer", root, "-cert", leaf, "-reqout", request, "-no_nonce"], b"");
    let path = STANDARD.encode(std::fs::read(request).unwrap()).replace('+', "%2B").replace('/', "%2F");
    let (status, der) = lab.bytes(&format!("/ocsp/{path}")).await;
    assert_eq!(status, 200);
    std::fs::write(answer, der).unwrap();
    let args = ["ocsp", "-issuer", root, "-CAfile", root, "-cert", leaf, "-respin", answer, "-no_nonce"];
    let (ok, out, err) = openssl_raw(&args, b"");
    assert!(ok && out.contains("good") && err.contains("Response verify OK"), "{out}{err}");

    let malformed = [0x30, 0x03, 0x0a, 0x01, 0x01];
    let posted = lab.client.post(format!("{}/ocsp", lab.url)).body("nonsense").send().await.unwrap();
    assert_eq!(posted.headers()["content-type"], "application/ocsp-response");
    assert_eq!(posted.bytes().await.unwrap().as_ref(), malformed);
    assert_eq!(lab.bytes("/ocsp/!!").await.1, malformed);
    let large = lab.client.post(format!("{}/ocsp", lab.url)).body(vec![0; 200_000]).send().await;
    assert!(large.is_err() || large.unwrap().status() == 413);
}

#[tokio::test]
async fn a_registered_certificate_is_no_business_of_the_list() {
    let lab = Lab::start().await;
    let before = number(&crl(&lab).await);
    let chain = crate::serve::trusted::foreign_chain(lab.dir.path());
    lab.clock.advance(60);
    let (_, _) = lab.post("/x509/v1/trusted-cas", json!({ "caPem": chain.root })).await;
    let body = json!({ "certificateChain": format!("{}{}", chain.leaf, chain.root) });
    let (status, body) = lab.post(PATH, body).await;
    assert_eq!(status, 201, "{body}");
    let fingerprint = text(&body["certificateFingerprint"]);
    assert_eq!(lab.delete(&format!("{PATH}/{fingerprint}")).await.0, 204);
    assert_eq!(number(&crl(&lab).await), before);
}
