//! The token file: what counts as a token, and who can read it.

use std::{fs, os::unix::fs::PermissionsExt};

use certreq::{
    pki::time::Time,
    platform::dojot::{Claims, Token, TokenFile},
};
use serde_json::json;

use super::jwt;

#[test]
fn what_is_no_token_of_this_user_counts_as_none() {
    let directory = tempfile::tempdir().unwrap();
    let file = TokenFile::new(directory.path().join("token.jwt"));
    let now = Time::from_unix(1_000_000);
    let read = |content: &str| {
        fs::write(file.path(), content).unwrap();
        file.read("Admin", now).unwrap().map(|token| token.expose().to_owned())
    };
    let good = jwt(json!({ "username": "admin", "exp": 1_000_031 }));
    assert_eq!(read(&good).as_deref(), Some(good.as_str()));
    assert_eq!(read(&format!("{good}\n")).as_deref(), Some(good.as_str()));
    let eternal = jwt(json!({ "username": "admin" }));
    assert_eq!(read(&eternal).as_deref(), Some(eternal.as_str()));
    let junk = [
        String::new(),
        "null".to_owned(),
        "null\n".to_owned(),
        "junk".to_owned(),
        "a.b.c".to_owned(),
        format!("{good}.more"),
        format!("{good} {good}"),
        jwt(json!(["no object"])),
        jwt(json!({ "username": "somebody", "exp": 1_000_031 })),
        jwt(json!({ "username": "admin", "exp": 1_000_030 })),
        jwt(json!({ "username": "admin", "exp": 1 })),
    ];
    for content in junk {
        assert_eq!(read(&content), None, "{content:?}");
    }
    fs::write(file.path(), [0xff, 0xfe, 0]).unwrap();
    assert!(file.read("admin", now).unwrap().is_none());
    assert!(file.remove().unwrap());
    assert!(!file.remove().unwrap());
    assert!(file.read("admin", now).unwrap().is_none(), "no file, no token");
    assert!(TokenFile::new(directory.path()).read("admin", now).is_err(), "a directory is an error");
}

#[test]
fn a_kept_token_is_for_its_owner_only_even_where_the_file_was_open() {
    let directory = tempfile::tempdir().unwrap();
    let file = TokenFile::new(directory.path().join("token.jwt"));
    fs::write(file.path(), "null").unwrap();
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).unwrap();
    let token = Token::new(&jwt(json!({ "username": "admin" }))).unwrap();
    file.write(&token).unwrap();
    assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(file.read("admin", Time::from_unix(0)).unwrap().unwrap().expose(), token.expose());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn claims_of_both_kinds_of_login_are_understood() {
    let claims = |value| Token::new(&jwt(value)).unwrap().claims().unwrap();
    let dojot = claims(json!({ "iat": 1, "exp": 421, "service": "acme", "username": "admin" }));
    let expected = Claims {
        issuer: None,
        user: Some("admin".to_owned()),
        tenant: Some("acme".to_owned()),
        issued: Some(Time::from_unix(1)),
        expires: Some(Time::from_unix(421)),
    };
    assert_eq!(dojot, expected);
    let keycloak = claims(json!({
        "iat": 1, "exp": 421.0, "iss": "http://host:8000/auth/realms/acme", "preferred_username": "admin"
    }));
    let issuer = Some("http://host:8000/auth/realms/acme".to_owned());
    assert_eq!(keycloak, Claims { issuer, ..expected });
    for no_tenant in ["https://login.example", "https://login.example/", "a key's name", ""] {
        assert_eq!(claims(json!({ "iss": no_tenant })).tenant, None, "{no_tenant}");
    }
    assert_eq!(claims(json!({ "exp": "soon", "username": 7 })), Claims::default());
}
