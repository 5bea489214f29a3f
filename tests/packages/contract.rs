//! certreq-json(7) describes every object, field by field.

use std::{collections::BTreeMap, collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::support::terminal::certreq;

const CONTRACT: &str = include_str!("../../src/help/manual/contract.txt");

/// The paths that are described for each schema, without the marks for what is optional, and their types.
fn described() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut schema = String::new();
    for line in CONTRACT.lines() {
        if let Some(name) = line.strip_prefix("# ") {
            name.clone_into(&mut schema);
            found.entry(schema.clone()).or_default();
        } else if let [path, kind, _] = line.split(" | ").collect::<Vec<_>>()[..] {
            found.get_mut(&schema).unwrap().insert(path.replace('?', ""), kind.to_owned());
        }
    }
    found
}

/// `"certreq.X/1"` in the sources.
fn spoken(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            spoken(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(path).unwrap();
            let names = text.split('"').filter(|word| word.starts_with("certreq.") && word.ends_with("/1"));
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn every_schema_of_the_program_is_described_and_no_other() {
    let mut sources = BTreeSet::new();
    spoken(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    assert!(sources.len() > 10, "{sources:?}");
    let described: BTreeSet<String> = described().into_keys().collect();
    assert_eq!(sources, described, "src/help/manual/contract.txt (right) differs from the sources (left)");
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("man/certreq-json.7")).unwrap();
    for schema in sources {
        assert!(page.lines().any(|line| line == format!(".SH {schema}")), "{schema}");
    }
}

/// Types whose insides are described once, in TYPES.
const COMPOUND: [&str; 5] = ["error", "key", "root", "revocation", "certreq.journal/1"];

/// Complains about what is in an object and not in its description.
fn check(schema: &str, value: &Value, path: &str, known: &BTreeMap<String, String>) {
    let compound = known.get(path).is_some_and(|kind| COMPOUND.contains(&kind.as_str()));
    match value {
        Value::Object(fields) if path.is_empty() || !compound => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                if path != "schema" {
                    check(schema, field, &path, known);
                }
            }
        }
        Value::Array(elements) if elements.iter().any(Value::is_object) => {
            for element in elements {
                check(schema, element, &format!("{path}[]"), known);
            }
        }
        Value::Array(_) => {
            let inside = |other: &String| other.starts_with(&format!("{path}[]"));
            assert!(known.contains_key(path) || known.keys().any(inside), "{schema}: {path} is not described");
        }
        Value::Object(_) => {}
        _ => {
            let any = path.rsplit_once('.').map(|(above, _)| format!("{above}.*"));
            let is_known = known.contains_key(path) || any.is_some_and(|any| known.contains_key(&any));
            assert!(is_known, "{schema}: {path} is not described");
        }
    }
}

/// Runs a line and checks every object it prints; the schemas it spoke.
fn speaks(home: &Path, line: &str, schemas: &mut BTreeSet<String>) {
    let known = described();
    let ended = certreq(home).args(line.split_whitespace()).run();
    assert!(!ended.stdout.is_empty(), "{line}: {}", ended.stderr);
    for object in ended.stdout.lines() {
        let object: Value = serde_json::from_str(object).unwrap();
        let schema = object["schema"].as_str().unwrap().to_owned();
        check(&schema, &object, "", &known[&schema]);
        schemas.insert(schema);
    }
}

#[test]
fn what_a_run_prints_has_no_field_that_is_not_described() {
    let home = tempfile::tempdir().unwrap();
    let mut schemas = BTreeSet::new();
    let shard = r#""shard":{"index":0,"count":2}"#;
    let line = format!("{{\"schema\":\"certreq.issue/1\",\"device\":\"d\",\"state\":\"issued\",{shard}}}\n");
    fs::write(home.path().join("lines"), line).unwrap();
    for line in [
        "issue --authority authority -i a1998e,b2c3d4 --format json",
        "issue --authority authority --registered-only -i nobody --format json",
        "renew --authority authority a1998e --all --format json",
        "renew --authority authority b2c3d4 --dry-run --format json",
        "inspect -r . --pem --format json",
        "verify cert_a1998e nothing.pem --format json",
        "status --format json",
        "status --platform --authority authority --format json",
        "status --journal --format json",
        "export a1998e --p12 --chain --format json",
        "list --authority authority --format json",
        "devices --authority authority --format json",
        "ca show --authority authority --format json",
        "ca fetch --authority authority --format json",
        "ca crl --authority authority --format json",
        "config show --format json",
        "whoami cert_a1998e --format json",
        "connect tls://127.0.0.1:1 cert_a1998e --format json",
        "doctor --authority authority --format json",
        "revoke -i b2c3d4 --yes --authority authority --format json",
        "devices --authority authority --without-certificate --format json",
        "status --format json",
        "issue --authority authority -i e1,e2,e3 --shard 0/2 --dir shards/0 --format json",
        "issue --authority authority -i e1,e2,e3 --shard 1/2 --dir shards/1 --format json",
        "status shards --format json",
        "status shards/0 --format json",
        "verify shards/0 --shard 0/2 --format json",
        "summary lines --format json",
    ] {
        speaks(home.path(), line, &mut schemas);
    }
    assert!(schemas.len() >= 12, "{schemas:?}");
}
