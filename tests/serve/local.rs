//! The authority as a platform in this process.

use certreq::{
    authority::{ADMIN, Authority, Options},
    pki::certificate::Certificate,
    platform::{ErrorKind, Platform, Registry, SignRequest, local::Local},
};

use crate::support::lab::csr;

#[tokio::test]
async fn it_signs_lists_links_and_revokes_like_a_platform() {
    let dir = tempfile::tempdir().unwrap();
    let local = Local::open(dir.path(), Options::default()).await.unwrap();
    assert_eq!(local.display_name(), dir.path().display().to_string());
    let request = SignRequest { device: "X1".parse().unwrap(), csr_pem: csr("X1"), holder: None };
    let signed = local.sign(&request).await.unwrap();
    let leaf = Certificate::all_from_pem(&signed.certificate_pem).unwrap().remove(0);
    assert_eq!(signed.fingerprint, leaf.fingerprint().to_string());
    assert_eq!(leaf.issuer, local.root().await.unwrap().subject);
    assert_eq!(local.devices().await.unwrap(), ["X1"], "a device enters the registry with its certificate");

    let mine = local.certificates(&|record| record.device.as_deref() == Some("X1")).await.unwrap();
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].pem.as_deref(), Some(signed.certificate_pem.as_str()));
    local.remove_owner(&leaf.fingerprint()).await.unwrap();
    assert_eq!(local.certificates(&|record| record.device.is_none()).await.unwrap().len(), 1);

    let before = local.crl().await.unwrap();
    local.delete(&leaf.fingerprint()).await.unwrap();
    assert_ne!(local.crl().await.unwrap(), before);
    assert_eq!(local.delete(&leaf.fingerprint()).await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn strangers_are_refused_when_only_registered_devices_count() {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::open(dir.path(), Options::default()).await.unwrap();
    authority.register_devices(ADMIN, &["a1998e".parse().unwrap()]).await.unwrap();
    drop(authority);
    let local = Local::open(dir.path(), Options::default()).await.unwrap();
    let local = local.registered_only(true);
    let request = |id: &str| SignRequest { device: id.parse().unwrap(), csr_pem: csr(id), holder: None };
    local.sign(&request("a1998e")).await.unwrap();
    let error = local.sign(&request("a1998f")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert_eq!(error.message, "Device identifier 'a1998f' was not found for tenant 'admin'.");
}
