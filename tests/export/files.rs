//! Chains, combined files and DER.

use std::fs;

use super::{export, fleet};
use crate::support::{
    platform::text,
    terminal::tree,
    tools::{mode, openssl},
};

#[test]
fn chain_combined_and_der_hold_what_their_names_say() {
    let home = fleet("p256", "a1998e");
    let home = home.path();
    export(home, &["a1998e", "--chain", "--combined", "--der"]).run().exits(0).stderr_is("").stdout_is(
        "FILE                        MODE  CONTENT\n\
         export/a1998e/chain.pem     0644  certificate to root\n\
         export/a1998e/combined.pem  0600  private key, certificate\n\
         export/a1998e/cert.der      0644  certificate, DER\n\
         export/a1998e/key.der       0600  private key, DER\n\
         export/a1998e/ca.der        0644  root, DER\n",
    );
    let (key, cert, root) =
        (text(home, "cert_a1998e/private.key"), text(home, "cert_a1998e/cert.pem"), text(home, "ca/ca.pem"));
    assert_eq!(text(home, "export/a1998e/chain.pem"), format!("{cert}{root}"));
    assert_eq!(text(home, "export/a1998e/combined.pem"), format!("{key}{cert}"), "the key comes first");
    for (file, mode_of) in
        [("chain.pem", 0o644), ("combined.pem", 0o600), ("cert.der", 0o644), ("key.der", 0o600)]
    {
        assert_eq!(mode(&home.join("export/a1998e").join(file)), mode_of, "{file}");
    }
    let of_der = openssl(home, &["x509", "-inform", "DER", "-in", "export/a1998e/cert.der"]);
    assert_eq!(of_der, cert);
    assert_eq!(openssl(home, &["x509", "-inform", "DER", "-in", "export/a1998e/ca.der"]), root);
    let of_der = openssl(home, &["pkey", "-inform", "DER", "-in", "export/a1998e/key.der"]);
    assert_eq!(of_der, key);
}

#[test]
fn the_same_again_changes_nothing_and_another_content_needs_force() {
    let home = fleet("p256", "a1998e");
    let home = home.path();
    export(home, &["a1998e", "--combined"]).run().exits(0);
    export(home, &["a1998e", "--combined"]).run().exits(0).stdout_has("(unchanged)");
    let file = home.join("export/a1998e/combined.pem");
    fs::write(&file, "mine").unwrap();
    export(home, &["a1998e", "--combined", "--chain"])
        .run()
        .exits(6)
        .stdout_is("")
        .stderr_has("export/a1998e/combined.pem is there already, and differs")
        .stderr_has("hint: --force replaces it");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(tree(&home.join("export")), ["a1998e/", "a1998e/combined.pem"], "nothing was begun");
    export(home, &["a1998e", "--combined", "--force"]).run().exits(0).stdout_has("(replaced)");
    assert!(fs::read_to_string(&file).unwrap().contains("PRIVATE KEY"));
}

#[test]
fn a_file_that_is_more_open_than_it_should_be_is_not_left_so() {
    use std::os::unix::fs::PermissionsExt;
    let home = fleet("p256", "a1998e");
    let file = home.path().join("export/a1998e/combined.pem");
    export(home.path(), &["a1998e", "--combined"]).run().exits(0);
    fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    export(home.path(), &["a1998e", "--combined"]).run().exits(6);
    export(home.path(), &["a1998e", "--combined", "--force"]).run().exits(0);
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn a_link_is_replaced_and_never_written_through() {
    let home = fleet("p256", "a1998e");
    let victim = home.path().join("victim");
    fs::write(&victim, "untouched").unwrap();
    fs::create_dir_all(home.path().join("export/a1998e")).unwrap();
    std::os::unix::fs::symlink(&victim, home.path().join("export/a1998e/combined.pem")).unwrap();
    export(home.path(), &["a1998e", "--combined"]).run().exits(6);
    export(home.path(), &["a1998e", "--combined", "--force"]).run().exits(0);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
    assert_eq!(mode(&home.path().join("export/a1998e/combined.pem")), 0o600);
}

#[test]
fn a_fleet_is_exported_and_a_broken_device_does_not_stop_the_rest() {
    let home = fleet("p256", "a1998e,b2c3d4,c3");
    fs::remove_file(home.path().join("cert_b2c3d4/private.key")).unwrap();
    let ended = export(home.path(), &[".", "--chain", "--format", "json"]).run().exits(3);
    let lines = ended.json();
    let states: Vec<_> = lines.iter().map(|line| (line["device"].as_str(), line["state"].as_str())).collect();
    let expected =
        [(Some("a1998e"), Some("exported")), (Some("b2c3d4"), Some("failed")), (Some("c3"), Some("exported"))];
    assert_eq!(states, expected);
    assert_eq!(lines[0]["schema"], "certreq.export/1");
    let file = serde_json::json!({
        "path": "export/a1998e/chain.pem", "content": "chain", "mode": "0644", "state": "written"
    });
    assert_eq!(lines[0]["files"], serde_json::json!([file]));
    assert_eq!(lines[1]["error"]["message"], "private.key is missing");
    ended.stderr_has("2 devices exported, 1 failed: 2 files");
}
