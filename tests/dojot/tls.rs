//! TLS: trusted with the platform's own CA certificate, refused in words without it.

use certreq::platform::{
    ErrorKind, Platform,
    dojot::{BaseUrl, Dojot, Options},
};

use super::{ca_answer, granted, options, platform, text};
use crate::support::scripted::Scripted;

type Change = fn(&mut rcgen::CertificateParams);

struct Identity {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// A self-signed server certificate for `name`.
fn identity(name: &str, change: impl FnOnce(&mut rcgen::CertificateParams)) -> Identity {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    change(&mut params);
    let certificate = params.self_signed(&key).unwrap().der().to_vec();
    Identity { certificate, key: key.serialize_der() }
}

fn serve(identity: &Identity) -> Scripted {
    Scripted::tls(&identity.certificate, &identity.key, |request| {
        if request.line() == "POST /auth" { granted() } else { ca_answer() }
    })
}

fn trusting(server: &Scripted, certificate: &[u8]) -> Dojot {
    Dojot::new(Options { cacerts: vec![certificate.to_vec()], ..options(server) }).unwrap()
}

#[tokio::test]
async fn the_given_certificate_is_trusted_and_no_other() {
    let identity = identity("127.0.0.1", |_| {});
    let server = serve(&identity);
    assert!(server.url().starts_with("https://"));
    trusting(&server, &identity.certificate).root().await.unwrap();

    let sent = server.requests().len();
    let stranger = self::identity("127.0.0.1", |_| {});
    let error = trusting(&server, &stranger.certificate).root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("signed by a CA that is not trusted here"), "{error}");
    assert!(text(&error).contains("--cacert"), "{error}");
    assert_eq!(server.requests().len(), sent, "nothing was sent");
}

#[tokio::test]
async fn wrong_names_and_times_are_said_in_words() {
    let other = identity("iot.example", |_| {});
    let server = serve(&other);
    let error = trusting(&server, &other.certificate).root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("another name"), "{error}");
    assert!(error.message.contains("iot.example"), "{error}");

    let old = identity("127.0.0.1", |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let server = serve(&old);
    let error = trusting(&server, &old.certificate).root().await.unwrap_err();
    assert!(error.message.contains("has expired"), "{error}");

    let early = identity("127.0.0.1", |params| params.not_before = rcgen::date_time_ymd(3000, 1, 1));
    let server = serve(&early);
    let error = trusting(&server, &early.certificate).root().await.unwrap_err();
    assert!(error.message.contains("not valid yet"), "{error}");
}

/// A certificate as `openssl req -x509` makes it.
#[tokio::test]
async fn a_self_signed_ca_is_believed_when_it_is_the_one_given() {
    let ca = |params: &mut rcgen::CertificateParams| {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    };
    let given = identity("127.0.0.1", ca);
    let server = serve(&given);
    trusting(&server, &given.certificate).root().await.unwrap();

    let imposter = identity("127.0.0.1", ca);
    let server = serve(&imposter);
    let error = trusting(&server, &given.certificate).root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(text(&error).contains("--cacert"), "{error}");
    assert!(server.requests().is_empty());

    let cases: [(&str, Change, &str); 3] = [
        ("iot.example", |_| {}, "another name"),
        ("127.0.0.1", |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1), "has expired"),
        ("127.0.0.1", |params| params.not_before = rcgen::date_time_ymd(3000, 1, 1), "not valid yet"),
    ];
    for (name, change, words) in cases {
        let wrong = identity(name, |params| {
            ca(params);
            change(params);
        });
        let server = serve(&wrong);
        let error = trusting(&server, &wrong.certificate).root().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unreachable);
        assert!(error.message.contains(words), "{error}");
        assert!(server.requests().is_empty());
    }
}

#[tokio::test]
async fn the_wrong_scheme_is_noticed_both_ways() {
    let identity = identity("127.0.0.1", |_| {});
    let server = serve(&identity);
    let plain = BaseUrl::parse("http://127.0.0.1", Some(server.port())).unwrap();
    let error = Dojot::new(Options { base: plain, ..options(&server) }).unwrap().root().await.unwrap_err();
    assert!(text(&error).contains("https://"), "{error}");

    let server = platform(|_| ca_answer());
    let base = BaseUrl::parse("https://127.0.0.1", Some(server.port())).unwrap();
    let options = Options { base, cacerts: vec![identity.certificate.clone()], ..options(&server) };
    let error = Dojot::new(options).unwrap().root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(text(&error).contains("http://"), "{error}");
}

#[tokio::test]
async fn a_certificate_that_does_not_parse_is_refused_before_anything_is_sent() {
    let server = platform(|_| ca_answer());
    let base = BaseUrl::parse("https://127.0.0.1", Some(server.port())).unwrap();
    let options = Options { base, cacerts: vec![vec![1, 2, 3]], ..options(&server) };
    let error = Dojot::new(options).unwrap_err();
    assert!(error.message.contains("cannot set up TLS"), "{error}");
}
