//! Bad input of any kind: only a certificate is ever called good.

use std::fs;

use super::authority::Authority;
use crate::support::terminal::certreq;

#[test]
fn what_is_no_certificate_is_unreadable() {
    let authority = Authority::p256();
    let home = authority.path();
    fs::write(home.join("empty"), "").unwrap();
    fs::create_dir(home.join("nothing")).unwrap();
    fs::write(home.join("nothing/readme"), "nothing here").unwrap();
    fs::File::create(home.join("zeros")).unwrap().set_len(1 << 30).unwrap();
    fs::write(home.join("nested"), nested(100_000)).unwrap();
    for input in ["empty", "nothing", "zeros", "nested", "/dev/zero", "nowhere"] {
        authority.certreq(&[input]).exits(1).stdout_has("UNREADABLE");
    }
    authority.certreq(&["zeros"]).exits(1).stdout_has("larger than");
    // The same as lists.
    let file = authority.leaf("a1998e", "extendedKeyUsage=clientAuth");
    let with_list = |list: &str| authority.certreq(&[&file, "--crl", list]).exits(1);
    with_list("zeros").stderr_has("larger than");
    with_list("nested").stderr_has("there is no certificate revocation list in it");
}

#[test]
fn a_file_name_paints_no_terminal() {
    let authority = Authority::p256();
    let file = authority.leaf("a1998e", "extendedKeyUsage=clientAuth");
    authority.list("the.list", "authorityKeyIdentifier=keyid");
    let name = "\u{1b}[31mred\u{202e}.pem";
    fs::copy(authority.path().join(file), authority.path().join(name)).unwrap();
    let said = authority.certreq(&[name, "--crl", "the.list"]).exits(0);
    said.stdout_has("\\u{1b}[31mred\\u{202e}.pem: GOOD");
}

/// SEQUENCEs inside one another.
fn nested(depth: usize) -> Vec<u8> {
    let mut heads = Vec::new();
    let mut length = 0_usize;
    for _ in 0..depth {
        let head = match length {
            0..0x80 => vec![0x30, u8::try_from(length).unwrap()],
            0x80..0x1_0000 => [&[0x30, 0x82][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
            _ => [&[0x30, 0x83][..], &u32::try_from(length).unwrap().to_be_bytes()[1..]].concat(),
        };
        length += head.len();
        heads.push(head);
    }
    heads.into_iter().rev().flatten().collect()
}

#[test]
fn a_certificate_cut_short_anywhere_is_unreadable() {
    let authority = Authority::p256();
    let home = authority.path();
    let file = authority.leaf("whole", "extendedKeyUsage=clientAuth");
    let pem = fs::read(home.join(file)).unwrap();
    let whole = pem::parse(&pem).unwrap().into_contents();
    fs::create_dir(home.join("cut")).unwrap();
    let names: Vec<String> = (0..whole.len())
        .map(|length| {
            let name = format!("cut/{length:04}");
            fs::write(home.join(&name), &whole[..length]).unwrap();
            name
        })
        .collect();
    for verb in [&["verify", "--ca", "ca.pem"][..], &["inspect"]] {
        let ended = certreq(home).args(verb).args(["--format", "json"]).args(&names).run().exits(1);
        let lines = ended.json();
        assert_eq!(lines.len(), whole.len());
        for line in lines {
            assert!(line["verdict"] == "unreadable" || line["kind"] == "error", "{line}");
        }
    }
}
