//! Every message of IDProv, from either side: what is read is written so that it reads back, and no signature is good
//! by chance.
#![no_main]

use certreq::pki::idprov::{
    DeviceStatus, Directory, OobSecret, ProvisionRequest, ProvisionResponse,
    hub::{Approval, Ledger},
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(directory) = Directory::parse(bytes) {
        let _ = directory.root();
        let again = Directory::parse(&directory.to_bytes()).expect("what is written is read");
        assert_eq!(again.services, directory.services);
    }
    if let Ok(request) = ProvisionRequest::parse(bytes) {
        assert_eq!(ProvisionRequest::parse(&request.to_bytes()), Ok(request.clone()));
        assert!(!request.is_signed_with(b"a secret that is in no seed"));
        assert!(request.signed(b"x").is_signed_with(b"x"));
    }
    if let Ok(response) = ProvisionResponse::parse(bytes) {
        assert_eq!(ProvisionResponse::parse(&response.to_bytes()), Ok(response.clone()));
        assert!(!response.is_signed_with(b"a secret that is in no seed"));
    }
    if let Ok(secret) = OobSecret::parse(bytes) {
        assert_eq!(OobSecret::parse(&secret.to_bytes()), Ok(secret));
    }
    if let Ok(status) = DeviceStatus::parse(bytes) {
        let _ = DeviceStatus::parse(&status.to_bytes());
    }
    let _ = serde_json::from_slice::<Ledger>(bytes);
    let _ = serde_json::from_slice::<Approval>(bytes);
});
