//! Servers differ in everything that a standard leaves open, and in some that it does not: certreq succeeds with each
//! form that is legal, and explains each that is not.

use certreq::pki::{base64_lines, certificate::Certificate, cms};

use super::leaf;
use crate::support::{
    forger::{Forger, Wish},
    platform::workplace,
    scripted::{Reply, Request, Scripted},
    terminal::{Ended, certreq},
};

/// DER of a bundle, in base64 of one line without an end.
pub(super) fn encoded(certificates: &[&Certificate]) -> String {
    let der = cms::certs_only(certificates).unwrap();
    base64_lines::encode(&der, base64_lines::Lines::One).trim_end().to_owned()
}

pub(super) fn encoded_pem(pem: &str) -> String {
    let all = Certificate::all_from_pem(pem).unwrap();
    encoded(&all.iter().collect::<Vec<_>>())
}

pub(super) fn pkcs7(body: &str) -> Reply {
    Reply::status(200).header("content-type", "application/pkcs7-mime; smime-type=certs-only").body(body)
}

pub(super) fn csr_pem(body: &[u8]) -> String {
    let der = base64_lines::decode(body).unwrap();
    certreq::pki::pem::encode("CERTIFICATE REQUEST", &der)
}

/// Enrols at a server that answers simpleenroll as `answer` says; the first argument is the right bundle's base64.
fn with(
    answer: impl Fn(&str, &Forger, &Request) -> Reply + Send + Sync + 'static,
) -> (Ended, tempfile::TempDir, Scripted) {
    at(pkcs7, answer)
}

fn at(
    authorities: impl Fn(&str) -> Reply + Send + Sync + 'static,
    answer: impl Fn(&str, &Forger, &Request) -> Reply + Send + Sync + 'static,
) -> (Ended, tempfile::TempDir, Scripted) {
    let home = workplace();
    let forger = Forger::new("CA");
    let bundle = encoded(&[&forger.root]);
    let server = Scripted::start(move |request| match request.line().as_str() {
        "GET /.well-known/est/cacerts" => authorities(&bundle),
        "GET /.well-known/est/csrattrs" => Reply::status(404),
        "POST /.well-known/est/simpleenroll" => {
            let right = encoded_pem(&forger.sign(&csr_pem(&request.body), &Wish::default()));
            answer(&right, &forger, request)
        }
        line => panic!("unexpected request: {line}"),
    });
    let ended = certreq(home.path())
        .args(["issue", "a1998e", "--est", &server.url(), "-u", "dev", "-s", "x", "--retries", "1", "-q"])
        .run();
    (ended, home, server)
}

#[track_caller]
fn succeeds(what: &str, answer: impl Fn(&str, &Forger, &Request) -> Reply + Send + Sync + 'static) {
    let (ended, home, _) = with(answer);
    assert_eq!(ended.code, 0, "{what}: {}", ended.stderr);
    assert!(leaf(home.path(), "a1998e").subject.contains("a1998e"), "{what}");
}

#[track_caller]
fn explains(
    what: &str,
    code: i32,
    words: &str,
    answer: impl Fn(&str, &Forger, &Request) -> Reply + Send + Sync + 'static,
) {
    let (ended, home, _) = with(answer);
    assert_eq!(ended.code, code, "{what}: {}", ended.stderr);
    assert!(ended.stderr.contains(words), "{what}: {}", ended.stderr);
    assert!(!home.path().join("cert_a1998e").exists(), "{what}");
}

fn folded(text: &str, width: usize, end: &str) -> String {
    let lines: Vec<&str> =
        text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join(end) + end
}

#[test]
fn every_legal_form_of_an_answer_is_taken() {
    succeeds("one line", |body, _, _| pkcs7(body));
    succeeds("one line and LF", |body, _, _| pkcs7(&format!("{body}\n")));
    succeeds("one line and CRLF", |body, _, _| pkcs7(&format!("{body}\r\n")));
    succeeds("64 columns, LF", |body, _, _| pkcs7(&folded(body, 64, "\n")));
    succeeds("64 columns, CRLF", |body, _, _| pkcs7(&folded(body, 64, "\r\n")));
    succeeds("76 columns, LF", |body, _, _| pkcs7(&folded(body, 76, "\n")));
    succeeds("76 columns, CRLF", |body, _, _| pkcs7(&folded(body, 76, "\r\n")));
    succeeds("spaces and tabs", |body, _, _| pkcs7(&folded(body, 20, " \t")));
    succeeds("no smime-type", |body, _, _| {
        Reply::status(200).header("content-type", "application/pkcs7-mime").body(body)
    });
    succeeds("a type in capitals", |body, _, _| {
        Reply::status(200).header("Content-Type", "Application/PKCS7-MIME;smime-type=certs-only").body(body)
    });
    succeeds("a transfer encoding", |body, _, _| pkcs7(body).header("Content-Transfer-Encoding", "base64"));
    succeeds("a wrong transfer encoding", |body, _, _| {
        pkcs7(body).header("Content-Transfer-Encoding", "binary")
    });
    succeeds("chunks", |body, _, _| {
        let head =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/pkcs7-mime\r\n\r\n";
        let (one, two) = body.split_at(10);
        let chunks = format!("{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n", one.len(), two.len());
        Reply::raw(format!("{head}{chunks}"))
    });
    succeeds("no length, until the end", |body, _, _| {
        Reply::raw(format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/pkcs7-mime\r\nConnection: close\r\n\r\n{body}"
        ))
    });
    succeeds("leaf and CA", |body, forger, _| {
        let mut all = cms::certificates(&base64_lines::decode(body.as_bytes()).unwrap()).unwrap();
        all.insert(0, forger.root.clone());
        pkcs7(&encoded(&all.iter().collect::<Vec<_>>()))
    });
    succeeds("armour", |body, _, _| {
        pkcs7(&format!("-----BEGIN PKCS7-----\n{}-----END PKCS7-----\n", folded(body, 64, "\n")))
    });
}

#[test]
fn the_request_has_the_one_form_that_every_server_takes() {
    let (ended, _, server) = with(|body, _, request| {
        let text = String::from_utf8(request.body.clone()).unwrap();
        let is_right = text.ends_with('\n') && text.lines().all(|line| line.len() <= 64) && !text.contains('-');
        assert!(is_right, "{text}");
        pkcs7(body)
    });
    ended.exits(0);
    let request = server.requests().into_iter().find(|one| one.method == "POST").unwrap();
    assert_eq!(request.header("content-type"), Some("application/pkcs10"));
    assert_eq!(request.header("content-transfer-encoding"), Some("base64"));
    assert!(request.header("content-length").is_some());
}

#[test]
fn what_is_no_answer_of_est_is_explained() {
    explains("a page", 5, "the answer is a web page, titled \"Login\"", |_, _, _| {
        Reply::html(200, "<html><title>Login</title></html>")
    });
    explains("another type", 5, "EST needs application/pkcs7-mime", |body, _, _| {
        Reply::status(200).header("content-type", "application/json").body(body)
    });
    explains("no type", 5, "the answer has no type", |body, _, _| Reply::status(200).body(body));
    explains("nothing", 5, "the answer is empty", |_, _, _| pkcs7(""));
    explains("no base64", 5, "not base64", |_, _, _| pkcs7("{\"error\": 1}"));
    explains("a bare certificate", 5, "a bare certificate, and no PKCS#7 bundle", |_, forger, request| {
        let pem = forger.sign(&csr_pem(&request.body), &Wish::default());
        let der = Certificate::all_from_pem(&pem).unwrap().remove(0).der().to_vec();
        pkcs7(&base64_lines::encode(&der, base64_lines::Lines::One))
    });
    explains("cut short", 5, "cannot be used", |body, _, _| pkcs7(&body[..body.len() / 4 * 2]));
    explains("an empty bundle", 5, "empty PKCS#7 bundle", |_, _, _| pkcs7(&encoded(&[])));
    explains("a foreign key", 6, "the certificate is for another key", |_, forger, request| {
        let wish = Wish { other_key: true, ..Wish::default() };
        pkcs7(&encoded_pem(&forger.sign(&csr_pem(&request.body), &wish)))
    });
    explains("another device", 6, "names b2c3d4, not a1998e", |_, forger, request| {
        let wish = Wish { common_name: Some("b2c3d4".to_owned()), ..Wish::default() };
        pkcs7(&encoded_pem(&forger.sign(&csr_pem(&request.body), &wish)))
    });
    explains("another CA", 6, "cannot be trusted", |_, _, request| {
        pkcs7(&encoded_pem(&Forger::new("Other").sign(&csr_pem(&request.body), &Wish::default())))
    });
    explains("the CA alone", 6, "for another key", |_, forger, _| pkcs7(&encoded(&[&forger.root])));
}

#[test]
fn refusals_are_sorted_by_their_status_and_say_what_the_server_says() {
    explains("bad request", 1, "Error 400: bad CSR", |_, _, _| Reply::status(400).body("Error 400: bad CSR\n"));
    explains("wrong type", 1, "415", |_, _, _| Reply::status(415).body("wrong type"));
    explains("forbidden", 4, "not you", |_, _, _| Reply::status(403).body("not you"));
    explains("not there", 1, "check the label", |_, _, _| Reply::status(404));
    explains("busy", 5, "503", |_, _, _| Reply::status(503).header("retry-after", "0"));
    explains("escape codes", 1, "\\u{1b}[31mred", |_, _, _| Reply::status(400).body("\u{1b}[31mred"));
    explains("JSON of a gateway", 1, "device is not registered", |_, _, _| {
        Reply::json(422, serde_json::json!({"message": "device is not registered"}))
    });
    explains("a redirect", 1, "redirect to https://elsewhere.example", |_, _, _| {
        Reply::status(302).header("location", "https://elsewhere.example/x")
    });
    explains("202 without a length", 5, "until it is approved there", |_, _, _| {
        Reply::raw("HTTP/1.1 202 Accepted\r\nRetry-After: 3600\r\n\r\n")
    });
    explains("no content", 5, "without a certificate", |_, _, _| Reply::status(204));
}

#[test]
fn a_password_is_sent_once_it_is_asked_for_and_never_in_a_loop() {
    let (ended, _, server) = with(|_, _, _| Reply::status(401).header("www-authenticate", "Basic realm=\"x\""));
    ended.exits(4);
    assert_eq!(server.count("POST /.well-known/est/simpleenroll"), 2, "without, and with");
    // libest names no scheme when the password is wrong.
    let (ended, _, server) = with(|_, _, _| Reply::status(401));
    ended.exits(4);
    assert_eq!(server.count("POST /.well-known/est/simpleenroll"), 2);
    let challenge = "Digest realm=\"estrealm\", qop=\"auth\", nonce=\"abc\", algorithm=MD5";
    let (ended, _, server) =
        with(move |_, _, _| Reply::status(401).header("www-authenticate", &format!("{challenge}, stale=true")));
    ended.exits(4);
    assert!(server.count("POST /.well-known/est/simpleenroll") <= 3, "no loop");
    let (ended, _, server) = with(move |body, _, request| match request.header("authorization") {
        Some(text) if text.starts_with("Digest username=\"dev\", realm=\"estrealm\"") => pkcs7(body),
        _ => Reply::status(401).header("www-authenticate", challenge),
    });
    ended.exits(0);
    assert!(
        server
            .requests()
            .iter()
            .all(|one| one.header("authorization").is_none_or(|text| !text.starts_with("Basic")))
    );
}

#[test]
fn authorities_come_in_many_forms_too() {
    let right = |body: &str, _: &Forger, _: &Request| pkcs7(body);
    let (ended, ..) = at(|bundle| pkcs7(&folded(bundle, 64, "\r\n")), right);
    ended.exits(0);
    let (ended, ..) =
        at(|bundle| Reply::status(200).header("content-type", "application/pkcs7-mime").body(bundle), right);
    ended.exits(0);
    let (ended, ..) = at(|_| Reply::html(200, "<html><title>Welcome</title></html>"), right);
    ended.exits(1).stderr_has("titled \"Welcome\"");
    let (ended, ..) = at(|_| pkcs7(&encoded(&[])), right);
    ended.exits(1).stderr_has("empty");
    let (ended, ..) = at(|_| pkcs7("MAA="), right);
    ended.exits(1);
}
