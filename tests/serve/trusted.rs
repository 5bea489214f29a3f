//! Foreign CAs, and certificates registered under them.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::lab::{Lab, csr, openssl, text};

const CAS: &str = "/x509/v1/trusted-cas";
const PATH: &str = "/x509/v1/certificates";

/// A foreign root, an intermediate, and leaves of each, PEM.
pub(super) struct Chain {
    pub(super) root: String,
    pub(super) intermediate: String,
    pub(super) leaf: String,
    pub(super) deep_leaf: String,
}

pub(super) fn foreign_chain(dir: &Path) -> Chain {
    let root = foreign(dir, "root", None);
    let intermediate = foreign(dir, "between", Some("root"));
    let leaf = foreign(dir, "leaf", Some("root"));
    let deep_leaf = foreign(dir, "deep", Some("between"));
    Chain { root, intermediate, leaf, deep_leaf }
}

/// One certificate for 30 days, signed by an earlier one or by itself; what has CAs' names is a CA.
fn foreign(dir: &Path, name: &str, issuer: Option<&str>) -> String {
    let path = |name: &str, kind: &str| dir.join(format!("{name}.{kind}")).to_str().unwrap().to_owned();
    let (key, request, cert) = (path(name, "key"), path(name, "csr"), path(name, "crt"));
    let extensions = match name {
        "root" | "between" => "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n",
        _ => "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n",
    };
    let file = path(name, "ext");
    std::fs::write(&file, extensions).unwrap();
    openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", &key], b"");
    let subject = format!("/O=Foreign/CN={name}");
    openssl(&["req", "-new", "-key", &key, "-subj", &subject, "-out", &request], b"");
    let args = ["x509", "-req", "-in", &request, "-days", "30", "-extfile", &file, "-out", &cert];
    match issuer {
        None => openssl(&[&args[..], &["-signkey", &key]].concat(), b""),
        Some(issuer) => {
            let (ca, ca_key) = (path(issuer, "crt"), path(issuer, "key"));
            openssl(&[&args[..], &["-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial"]].concat(), b"")
        }
    };
    std::fs::read_to_string(cert).unwrap()
}

#[tokio::test]
async fn a_root_is_trusted_listed_changed_and_forgotten() {
    let lab = Lab::start().await;
    let chain = foreign_chain(lab.dir.path());
    lab.clock.advance(60);
    let (status, body) = lab.post(CAS, json!({ "caPem": chain.root, "more": 1 })).await;
    assert_eq!(status, 201, "{body}");
    let fingerprint = text(&body["caFingerprint"]);
    let exists = format!("The certificate with fingerprint '{fingerprint}' already exists.");
    assert_eq!(lab.post(CAS, json!({ "caPem": chain.root })).await, (409, json!({ "error": exists })));
    let one = format!("{CAS}/{}", fingerprint.replace(':', "").to_lowercase());
    let (status, record) = lab.get(&one).await;
    assert_eq!(status, 200);
    assert_eq!(record["caPem"], chain.root.trim_end());
    assert_eq!(record["subjectDN"], "O=Foreign, CN=root");
    assert_eq!(record["allowAutoRegistration"], false);
    assert_eq!(lab.patch(&one, json!({ "allowAutoRegistration": true })).await.0, 204);
    assert_eq!(lab.patch(&one, json!({ "allowAutoRegistration": "yes" })).await.0, 400);
    let (_, record) = lab.get(&format!("{one}?fields=allowAutoRegistration,validity.notAfter")).await;
    assert_eq!(record["allowAutoRegistration"], true);
    assert_eq!(record.as_object().unwrap().len(), 2);

    let count = async |query: &str| lab.get(&format!("{CAS}?{query}")).await.1["paging"]["totalItems"].clone();
    assert_eq!(count("").await, 1);
    assert_eq!(count("subjectDN=~Foreign&allowAutoRegistration=true").await, 1);
    assert_eq!(count("subjectDN=^CN").await, 0);
    assert_eq!(count("allowAutoRegistration=!true").await, 0);
    assert_eq!(
        lab.get(&format!("{CAS}?fields=caFingerprint")).await.1["trusted-cas"],
        json!([{ "caFingerprint": fingerprint }])
    );

    assert_eq!(lab.delete(&one).await.0, 204);
    let (status, body) = lab.delete(&one).await;
    let error = format!(
        r#"No records found for the following parameters: {{"caFingerprint":"{fingerprint}","tenant":"admin"}}"#
    );
    assert_eq!((status, body), (404, json!({ "error": error })));
}

#[tokio::test]
async fn only_one_self_signed_ca_that_is_not_the_platforms_own_can_be_trusted() {
    let lab = Lab::start().await;
    let chain = foreign_chain(lab.dir.path());
    lab.clock.advance(60);
    let refused = async |pem: &str| {
        let (status, body) = lab.post(CAS, json!({ "caPem": pem })).await;
        assert_eq!(status, 400, "{body}");
        text(&body["error"])
    };
    let two = refused(&format!("{}{}", chain.root, chain.intermediate)).await;
    assert_eq!(two, "Only one CA certificate is expected per request.");
    assert!(refused(&chain.leaf).await.contains("does not contain the flag 'CA:TRUE'"));
    assert!(refused(&chain.intermediate).await.contains("not self signed"));
    assert!(refused(&lab.authority.root().to_pem()).await.contains("same 'CNAME' of the platform"));
    assert_eq!(refused("").await, "Input data schema validation failure.");
    lab.clock.advance(29 * 86_400 + 3600);
    let mut late = lab;
    late.log_in().await;
    let (_, body) = late.post(CAS, json!({ "caPem": chain.root })).await;
    assert_eq!(text(&body["error"]), "The certificate must be valid for more than 1 days.");
}

#[tokio::test]
async fn a_certificate_of_a_trusted_ca_is_registered_with_its_chain() {
    let lab = Lab::start().await;
    lab.register(&["a1998e"]).await;
    let chain = foreign_chain(lab.dir.path());
    lab.clock.advance(60);
    let register = async |body: Value| lab.post(PATH, body).await;
    let error = |text: &str| (400, json!({ "error": text }));
    let whole = format!("{}{}", chain.leaf, chain.root);
    assert_eq!(
        register(json!({ "certificateChain": whole })).await,
        error("The root CA certificate is not registered as a trusted certificate yet.")
    );
    let (_, body) = lab.post(CAS, json!({ "caPem": chain.root })).await;
    let ca = text(&body["caFingerprint"]);
    let (status, body) = register(json!({ "certificateChain": chain.leaf })).await;
    assert!(status == 400 && text(&body["error"]).starts_with("It was not possible to obtain the fingerprint"));
    let body = json!({ "certificateChain": whole, "caFingerprint": "00".repeat(32) });
    assert!(text(&register(body).await.1["error"]).contains("does not match the fingerprint"));

    let body = json!({ "certificateChain": whole, "caFingerprint": ca, "belongsTo": { "device": "a1998e" } });
    let (status, body) = register(body).await;
    assert_eq!(status, 201, "{body}");
    assert!(body.get("certificatePem").is_none());
    let fingerprint = text(&body["certificateFingerprint"]);
    let (_, record) = lab.get(&format!("{PATH}/{fingerprint}")).await;
    assert_eq!(record["issuedByDojotPki"], false);
    assert_eq!(record["caFingerprint"], ca);
    assert_eq!(record["belongsTo"]["device"], "a1998e");
    assert_eq!(register(json!({ "certificateChain": whole })).await.0, 409);

    let deep = format!("{}{}", chain.deep_leaf, chain.intermediate);
    let body = json!({ "certificateChain": deep, "caFingerprint": ca });
    assert_eq!(register(body).await.0, 201, "through an intermediate");
    let (status, body) = lab.delete(&format!("{CAS}/{ca}")).await;
    assert!(status == 400 && text(&body["error"]).starts_with("There are certificates dependent on the CA"));
}

#[tokio::test]
async fn a_chain_that_does_not_hold_is_refused_with_the_reason() {
    let lab = Lab::start().await;
    let chain = foreign_chain(lab.dir.path());
    lab.clock.advance(60);
    let (_, body) = lab.post(CAS, json!({ "caPem": chain.root })).await;
    let ca = text(&body["caFingerprint"]);
    let body = json!({ "certificateChain": chain.deep_leaf, "caFingerprint": ca });
    let (status, body) = lab.post(PATH, body).await;
    assert_eq!((status, text(&body["error"]).as_str()), (400, "The certificate chain of trust is not valid."));
    assert!(body["detail"]["chainOfTrustResult"].is_string());
    let body = json!({ "certificateChain": chain.intermediate, "caFingerprint": ca });
    assert!(text(&lab.post(PATH, body).await.1["error"]).contains("is a CA certificate"));
    // A certificate of this very authority leads nowhere else.
    let (_, own) = lab.issue(&csr("a"), None).await;
    let body = json!({ "certificateChain": own, "caFingerprint": ca });
    assert_eq!(lab.post(PATH, body).await.0, 400);
}
