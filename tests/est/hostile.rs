//! Servers without an end, and clients that send nonsense to ours.

use super::{peculiar, served};
use crate::support::{
    platform::workplace,
    scripted::{Reply, Scripted},
    terminal::certreq,
    tools,
};

#[test]
fn an_answer_without_an_end_has_one_here() {
    let home = workplace();
    let server = Scripted::start(|_| {
        Reply::status(200).header("content-type", "application/pkcs7-mime").body("TUlJ".repeat(1000)).endless()
    });
    certreq(home.path())
        .args(["issue", "a1998e", "--est", &server.url()])
        .run()
        .exits(1)
        .stderr_has("answered with more than 1 MiB");
    let server = Scripted::start(|_| Reply::hang());
    certreq(home.path())
        .args(["issue", "a1998e", "--est", &server.url(), "--timeout", "1s"])
        .run()
        .exits(5)
        .stderr_has("no answer from");
}

#[test]
fn absurd_waits_do_not_hold_a_run() {
    let home = workplace();
    let forger = crate::support::forger::Forger::new("CA");
    let bundle = peculiar::encoded(&[&forger.root]);
    for wait in ["99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "soon", "-1", ""] {
        let (bundle, wait_said) = (bundle.clone(), wait.to_owned());
        let server = Scripted::start(move |request| match request.method.as_str() {
            "GET" if request.path().ends_with("cacerts") => peculiar::pkcs7(&bundle),
            "GET" => Reply::status(204),
            _ => Reply::status(202).header("retry-after", &wait_said),
        });
        certreq(home.path())
            .args(["issue", "a1998e", "--est", &server.url()])
            .run()
            .exits(5)
            .stderr_has("until it is approved there");
        assert!(home.path().join(".certreq/staged/a1998e/private.key").exists(), "{wait}");
    }
}

#[test]
fn our_server_says_no_in_words_to_what_is_no_request() {
    let home = workplace();
    let served = served(home.path(), &[]);
    if !tools::present(&["curl"]) {
        return;
    }
    let send = |operation: &str, kind: &str, body: &str, more: &[&str]| {
        let output = std::process::Command::new("curl")
            .args([
                "-sS",
                "--cacert",
                "ca/ca.pem",
                "-u",
                &format!("admin:{}", crate::support::platform::SECRET),
            ])
            .args(["-H", &format!("Content-Type: {kind}"), "--data-binary", body, "-w", " %{http_code}"])
            .args(more)
            .arg(format!("{}/.well-known/est/{operation}", served.url))
            .current_dir(home.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let pkcs10 = "application/pkcs10";
    let said = |operation, kind, body, words: &str, status: &str| {
        let answer = send(operation, kind, body, &[]);
        assert!(answer.contains(words) && answer.ends_with(status), "{operation}: {answer}");
    };
    said("simpleenroll", "application/json", "{}", "application/pkcs10", "415");
    said("simpleenroll", pkcs10, "", "is empty", "400");
    said("simpleenroll", pkcs10, "{}", "is not base64", "400");
    said("simpleenroll", pkcs10, "MAA=", "", "400");
    said("simplereenroll", pkcs10, "MAA=", "must be shown in TLS", "403");
    said("serverkeygen", pkcs10, "MAA=", "serverkeygen is not offered", "501");
    said("fullcmc", pkcs10, "MAA=", "fullcmc is not offered", "501");
    said("cacerts", pkcs10, "MAA=", "GET", "405");
    said("elsewhere", pkcs10, "MAA=", "no such operation", "404");
    said("simpleenroll", pkcs10, &"A".repeat(20_000), "too large", "413");
    assert!(send("simpleenroll", pkcs10, "MAA=", &["-u", "admin:wrong"]).ends_with("401"));
}

#[test]
fn a_challenge_password_is_refused_unless_it_is_of_this_connection() {
    let home = workplace();
    let served = served(home.path(), &[]);
    if !tools::present(&["curl"]) {
        return;
    }
    std::fs::write(
        home.path().join("req.cnf"),
        "[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\n[dn]\nCN=a1998e\n[at]\nchallengePassword=bm90IHlvdXJz\n",
    )
    .unwrap();
    tools::openssl(
        home.path(),
        &[
            "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-config", "req.cnf", "-out",
            "r.pem",
        ],
    );
    let output = std::process::Command::new("curl")
        .args(["-sS", "--cacert", "ca/ca.pem", "-u", &format!("admin:{}", crate::support::platform::SECRET)])
        .args([
            "-H",
            "Content-Type: application/pkcs10; charset=x",
            "--data-binary",
            "@r.pem",
            "-w",
            " %{http_code}",
        ])
        .arg(format!("{}/.well-known/est/simpleenroll", served.url))
        .current_dir(home.path())
        .output()
        .unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    assert!(answer.contains("tls-unique cannot be checked") && answer.ends_with("400"), "{answer}");
}
