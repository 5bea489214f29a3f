//! Requests that get a certificate, requests that do not, and the content of a certificate.

use serde_json::json;

use crate::support::lab::{Lab, csr, openssl, openssl_csr, openssl_raw};

const EC: &str = "ec_paramgen_curve:";

#[tokio::test]
async fn a_certificate_is_what_the_profile_says_and_openssl_accepts_it() {
    let lab = Lab::start().await;
    let (fingerprint, pem) = lab.issue(&csr("a1998e"), None).await;
    assert!(pem.ends_with("-----END CERTIFICATE-----"), "no newline at the end");
    let root = lab.root_file();
    let root = root.to_str().unwrap();
    let leaf = lab.file("leaf.pem", pem.as_bytes());
    openssl(&["verify", "-x509_strict", "-CAfile", root, leaf.to_str().unwrap()], b"");
    let shown = openssl(&["x509", "-noout", "-text", "-fingerprint", "-sha256"], pem.as_bytes());
    for line in [
        "Version: 3",
        "Signature Algorithm: ecdsa-with-SHA256",
        "Subject: CN = a1998e, O = dojot IoT Platform\n",
        "X509v3 Basic Constraints: critical\n                CA:FALSE\n",
        "X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation, Key Agreement\n",
        "X509v3 Extended Key Usage: \n                TLS Web Client Authentication, TLS Web Server Authentication\n",
        "X509v3 Subject Key Identifier",
        "X509v3 Authority Key Identifier",
        &format!("URI:{}/crl.der\n", lab.url),
        &format!("OCSP - URI:{}/ocsp\n", lab.url),
        &fingerprint,
    ] {
        assert!(shown.contains(line), "{line:?} is not in {shown}");
    }
    let root = openssl(&["x509", "-noout", "-text", "-in", root], b"");
    for line in [
        "Subject: CN = certreq local CA ",
        "X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0\n",
        "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n",
    ] {
        assert!(root.contains(line), "{line:?} is not in {root}");
    }
    assert!(!root.contains("Extended Key Usage"));
}

#[tokio::test]
async fn every_allowed_key_gets_its_own_key_certified_whatever_digest_signed_the_request() {
    let lab = Lab::start().await;
    let root = lab.root_file();
    for (kind, digest) in [
        ("P-256", "-sha256"),
        ("P-256", "-sha512"),
        ("P-384", "-sha256"),
        ("P-384", "-sha384"),
        ("P-521", "-sha256"),
        ("P-521", "-sha512"),
        ("rsa", "-sha256"),
        ("rsa", "-sha512"),
    ] {
        let curve = format!("{EC}{kind}");
        let key = if kind == "rsa" {
            vec!["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        } else {
            vec!["-algorithm", "EC", "-pkeyopt", &curve]
        };
        let request = openssl_csr(lab.dir.path(), &key, &[digest]);
        let (_, pem) = lab.issue(&request, None).await;
        let leaf = lab.file("leaf.pem", pem.as_bytes());
        openssl(&["verify", "-x509_strict", "-CAfile", root.to_str().unwrap(), leaf.to_str().unwrap()], b"");
        let asked = openssl(&["req", "-noout", "-pubkey"], request.as_bytes());
        let given = openssl(&["x509", "-noout", "-pubkey"], pem.as_bytes());
        assert_eq!(given, asked, "{kind} {digest}");
        let shown = openssl(&["x509", "-noout", "-text"], pem.as_bytes());
        assert_eq!(shown.contains("Key Encipherment"), kind == "rsa", "{kind}");
    }
}

#[tokio::test]
async fn the_subject_alternative_name_is_honoured_and_nothing_else_that_was_asked_for() {
    let lab = Lab::start().await;
    let config = lab.file(
        "req.cnf",
        b"[req]\ndistinguished_name=dn\nreq_extensions=ext\nprompt=no\n[dn]\nCN=a1998e\n[ext]\n\
          subjectKeyIdentifier=hash\nbasicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n\
          subjectAltName=DNS:board.example,IP:10.0.0.7,email:a@b.example,dirName:dir\n[dir]\nCN=x\n",
    );
    let key = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let request = openssl_csr(lab.dir.path(), &key, &["-config", config.to_str().unwrap()]);
    let (_, pem) = lab.issue(&request, None).await;
    let shown = openssl(&["x509", "-noout", "-text"], pem.as_bytes());
    let names = "DNS:board.example, IP Address:10.0.0.7, email:a@b.example, DirName:/CN=x\n";
    assert!(shown.contains(names), "{shown}");
    assert!(shown.contains("CA:FALSE") && !shown.contains("Certificate Sign"), "{shown}");
}

#[tokio::test]
async fn the_subject_keeps_the_first_of_each_attribute_and_gets_the_platforms_organization() {
    let lab = Lab::start().await;
    let key = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let subject = ["-utf8", "-subj", "/C=BR/O=Mine/O=Mine too/CN=first/CN=second/OU=Straße"];
    let (fingerprint, pem) = lab.issue(&openssl_csr(lab.dir.path(), &key, &subject), None).await;
    let shown = openssl(&["x509", "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus"], pem.as_bytes());
    assert_eq!(shown.trim_end(), "subject=C=BR,O=dojot IoT Platform,CN=first,OU=Straße");
    let (_, record) = lab.get(&format!("/x509/v1/certificates/{fingerprint}?fields=subjectDN")).await;
    assert_eq!(record, json!({ "subjectDN": "C=BR, O=dojot IoT Platform, CN=first, OU=Straße" }));
}

#[tokio::test]
async fn keys_the_platform_refuses_are_refused_in_its_words() {
    let lab = Lab::start().await;
    let refused = async |key: &[&str]| {
        let body = json!({ "csr": openssl_csr(lab.dir.path(), key, &[]) });
        let (status, body) = lab.post("/x509/v1/certificates", body).await;
        assert_eq!(status, 400);
        body["error"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        refused(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]).await,
        "The RSA public key length less than 2048 bits is not supported."
    );
    assert_eq!(
        refused(&["-algorithm", "ED25519"]).await,
        "The public key algorithm must be RSA or ECDSA. The key algorithm with OID=1.3.101.112 is not supported"
    );
    assert_eq!(
        refused(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"]).await,
        "The elliptical curve used in the ECDSA public key algorithm is not supported. \
         (Use the NIST-recommended curves: P-256, P-384 or P-521)"
    );
    assert!(refused(&["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"]).await.contains("OID="));
}

#[tokio::test]
async fn a_request_that_does_not_hold_together_is_refused() {
    let lab = Lab::start().await;
    let good = csr("a1998e");
    let der = ::pem::parse(&good).unwrap().into_contents();
    // The subject's letters sit in front of the key: another name, the same signature.
    let at = der.windows(6).position(|window| window == b"a1998e").unwrap();
    let mut forged = der.clone();
    forged[at] = b'b';
    let pem = |der: &[u8]| {
        let config = ::pem::EncodeConfig::new().set_line_ending(::pem::LineEnding::LF);
        ::pem::encode_config(&::pem::Pem::new("CERTIFICATE REQUEST", der), config)
    };
    // The platform has no other answer to what it cannot read; the authority itself gives the reason.
    let broken = "An unexpected error has occurred.";
    let schema = "Input data schema validation failure.";
    let unreadable = "Can not parse ASN1 data structure from binary data";
    for (bad, status, error, reason) in [
        (
            pem(&forged),
            500,
            broken,
            "The signature of the certificate signing request was not made by its public key.",
        ),
        (pem(&der[..der.len() - 9]), 500, broken, unreadable),
        (pem(&[der.as_slice(), b"x"].concat()), 500, broken, unreadable),
        (good.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"), 400, schema, unreadable),
        (format!("{good}\n\n"), 400, schema, ""),
    ] {
        let owner = certreq::authority::Owner::Nobody;
        if !reason.is_empty() {
            let refused = lab.authority.issue("admin", &bad, owner).await.unwrap_err();
            assert_eq!(refused.to_string(), reason);
        }
        let (answered, body) = lab.post("/x509/v1/certificates", json!({ "csr": bad })).await;
        assert_eq!((answered, body["error"].as_str()), (status, Some(error)));
    }
    lab.issue(&format!("{good}\n"), None).await;
    lab.issue(&good.replace('\n', "\r\n"), None).await;
}

#[tokio::test]
async fn a_lifetime_of_minutes_is_kept_and_no_leaf_outlives_its_root() {
    let lab = Lab::with(|options, settings| {
        options.lifetime = std::time::Duration::from_secs(120);
        settings.login_limit = false;
    })
    .await;
    let (_, pem) = lab.issue(&csr("a"), None).await;
    let ends = |pem: &str, seconds: &str| openssl_raw(&["x509", "-checkend", seconds], pem.as_bytes()).0;
    assert!(ends(&pem, "60") && !ends(&pem, "130"));
    let root = lab.authority.root();
    lab.clock.advance(root.not_after.unix() - lab.clock.now().unix() - 60);
    let owner = certreq::authority::Owner::Nobody;
    let late = lab.authority.issue("admin", &csr("b"), owner).await.unwrap();
    let late = certreq::pki::certificate::Certificate::all_from_pem(&late.certificate_pem).unwrap().remove(0);
    assert_eq!(late.not_after, root.not_after);
    lab.clock.advance(120);
    assert!(lab.authority.issue("admin", &csr("c"), owner).await.is_err(), "the root has expired");
}

#[tokio::test]
async fn an_rsa_authority_issues_too() {
    let lab = Lab::with(|options, settings| {
        options.key = certreq::authority::CaKey::Rsa4096;
        settings.login_limit = false;
    })
    .await;
    let (_, pem) = lab.issue(&csr("a1998e"), None).await;
    let leaf = lab.file("leaf.pem", pem.as_bytes());
    openssl(&["verify", "-CAfile", lab.root_file().to_str().unwrap(), leaf.to_str().unwrap()], b"");
    let shown = openssl(&["x509", "-noout", "-text"], pem.as_bytes());
    assert!(shown.contains("Signature Algorithm: sha256WithRSAEncryption"), "{shown}");
    let (status, crl) = lab.bytes("/crl.der").await;
    assert_eq!(status, 200);
    let args =
        ["crl", "-inform", "DER", "-noout", "-CAfile", lab.root_file().to_str().unwrap()].map(str::to_owned);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (_, _, verdict) = openssl_raw(&args, &crl);
    assert!(verdict.contains("verify OK"), "{verdict}");
}

#[tokio::test]
async fn five_hundred_at_once_are_five_hundred_serial_numbers_on_record() {
    let lab = Lab::start().await;
    let request = csr("a1998e");
    let all = (0..500).map(|_| lab.authority.issue("admin", &request, certreq::authority::Owner::Nobody));
    let issued = futures_util::future::join_all(all).await;
    let mut serials: Vec<String> = issued
        .into_iter()
        .map(|one| {
            let pem = one.unwrap().certificate_pem;
            certreq::pki::certificate::Certificate::all_from_pem(&pem).unwrap().remove(0).serial
        })
        .collect();
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), 500);
    let (_, list) = lab.get("/x509/v1/certificates?limit=1").await;
    assert_eq!(list["paging"]["totalItems"], 500);
}
