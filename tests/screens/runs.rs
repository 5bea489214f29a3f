//! Runs over devices: issue, renew, revoke, export.

use std::fs;

use serde_json::json;

use super::Scene;
use crate::support::{
    forger::{self, Forger},
    held::{Held, no_record},
    scripted::{Reply, Scripted},
};

#[test]
fn issue_says_what_it_said() {
    let mut scene = Scene::new();
    scene.types("issue @ -i dev-1,dev-2 --dry-run");
    scene.types("issue @ -i dev-1,dev-2");
    scene.types("issue @ -i dev-1,dev-3 --format json");
    fs::create_dir(scene.path().join("cert_dev-4")).unwrap();
    scene.types("issue @ -i dev-1,dev-4,dev-5");
    scene.types("issue @ -i dev-4 --format json");
    scene.types("issue @ -i dev-1,dev-4,dev-6 --dry-run --format json");
    scene.types("issue @ -i dev-1,dev-6 --force --dry-run");
    scene.types("issue @ -i dev-1,dev-7 -q");
    let many: Vec<String> = (10..31).map(|number| format!("dev-{number}")).collect();
    scene.types(&format!("issue @ -i {}", many.join(",")));
    scene.types(&format!("issue @ -i dev-1,{} -v", many.join(",")));
    scene.equals("issue");
}

#[test]
fn issue_says_of_a_platform_what_it_said() {
    let mut scene = Scene::new();
    let refusing = forger::platform(Forger::new("the root"), |_, request| {
        if request.json()["belongsTo"]["device"] == "dev-1" {
            Reply::json(400, json!({ "error": "it is not welcome" }))
        } else {
            Reply::json(401, json!({ "error": "the token is not valid" }))
        }
    });
    scene.call(refusing.url(), "<platform>");
    let login = format!("-h {} -u admin --jobs 1 --retries 0", refusing.url());
    scene.types(&format!("issue {login} -i dev-1"));
    scene.types(&format!("issue {login} -i dev-1 --format json"));
    scene.types(&format!("issue {login} -i dev-2"));
    scene.types(&format!("issue {login} -i dev-2 --format json"));
    let busy = forger::platform(Forger::new("the root"), |_, _| Reply::json(503, json!({ "error": "busy" })));
    scene.call(busy.url(), "<busy platform>");
    let login = format!("-h {} -u admin --retries 0", busy.url());
    scene.types(&format!("issue {login} -i dev-3 --dir other"));
    scene.types(&format!("issue {login} -i dev-4 --dir other --format json"));
    scene.equals("issue-platform");
}

#[test]
fn renew_says_what_it_said() {
    let mut scene = Scene::new();
    // Lives begin with a minute: which device is the first depends on the clock.
    scene.call("next: dev-1", "next: <device>");
    scene.call("next: dev-2", "next: <device>");
    scene.types("renew @");
    scene.types("issue @ -i dev-1,dev-2 -q");
    scene.types("renew @");
    scene.types("renew @ --format json");
    scene.types("renew @ --all --dry-run");
    scene.types("renew @ --all --dry-run --format json");
    scene.types("renew @ --all dev-1");
    scene.types("renew @ --all --revoke-old --format json dev-1");
    scene.types("renew @ --all --exec false dev-1");
    scene.types("renew @ --all --exec false --format json dev-2");
    scene.types("renew @ --exec true");
    scene.types("renew @ --all --exec false --revoke-old dev-1 -q");
    scene.types("renew @ --exec true --revoke-old --format json");
    scene.types("renew @ --revoked");
    fs::remove_file(scene.path().join("cert_dev-2/private.key")).unwrap();
    scene.types("renew @ --all");
    scene.types("renew @ --all --format json");
    scene.types("renew @ --all dev-9");
    scene.equals("renew");
}

#[test]
fn revoke_says_what_it_said() {
    let mut scene = Scene::new();
    scene.types("issue @ -i dev-1,dev-2,dev-3,dev-4 -q");
    scene.types("revoke @ cert_dev-1 cert_dev-2 --dry-run");
    scene.types("revoke @ cert_dev-1 --dry-run --format json");
    scene.types("revoke @ cert_dev-1");
    scene.types("revoke @ cert_dev-1 --yes");
    scene.types("revoke @ cert_dev-2 --yes --format json");
    scene.types("revoke @ cert_dev-2 nowhere --yes");
    scene.types("revoke @ cert_dev-2 ./nowhere --yes --format json");
    scene.types("revoke @ cert_dev-3 --unlink --dry-run");
    scene.types("revoke @ cert_dev-3 --unlink --yes");
    scene.types("revoke @ cert_dev-3 --unlink --yes --format json");
    scene.types("revoke @ -i dev-9 --yes");
    scene.types("revoke @ -i dev-9 --yes --format json");
    scene.types("revoke @ cert_dev-4 --yes -q");
    scene.equals("revoke");
}

#[test]
fn revoke_says_of_a_platform_what_it_said() {
    let mut scene = Scene::new();
    let forger = Forger::new("the root");
    let held = ["dev-1", "dev-2", "dev-3"].map(|device| Held::new(&forger, device));
    let records: Vec<_> = held.iter().map(|held| (held.fingerprint(), held.record())).collect();
    for held in &held {
        held.put(scene.path());
    }
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        line => {
            let Some(at) = records.iter().position(|(fingerprint, _)| line.ends_with(fingerprint)) else {
                return no_record();
            };
            match (line.starts_with("DELETE "), at) {
                (false, _) => Reply::json(200, records[at].1.clone()),
                (true, 0) => Reply::json(403, json!({ "error": "not yours" })).header("x-request-id", "req-1"),
                (true, 1) => Reply::json(500, json!({ "error": "broken" })),
                (true, _) => Reply::json(401, json!({ "error": "the token is not valid" })),
            }
        }
    });
    scene.call(server.url(), "<platform>");
    let login = format!("-h {} -u admin --yes --retries 0 --jobs 1", server.url());
    scene.types(&format!("revoke {login} cert_dev-1"));
    scene.types(&format!("revoke {login} cert_dev-1 --format json"));
    scene.types(&format!("revoke {login} cert_dev-2"));
    scene.types(&format!("revoke {login} cert_dev-2 --format json"));
    scene.types(&format!("revoke {login} cert_dev-3 cert_dev-1"));
    scene.types(&format!("revoke {login} cert_dev-3 cert_dev-1 --format json"));
    scene.equals("revoke-platform");
}

#[test]
fn export_says_what_it_said() {
    let mut scene = Scene::new();
    scene.types("issue @ -i dev-1,dev-2 -q");
    scene.types("export dev-1 --out out --chain");
    scene.types("export dev-1 --out out --chain");
    scene.types("export dev-1 dev-2 --out all/{id} --chain --format json");
    scene.types("export dev-1 dev-2 --out all/{id} --chain");
    scene.types("export dev-1 dev-2 --out all/{id} --chain -q");
    fs::remove_file(scene.path().join("cert_dev-2/private.key")).unwrap();
    scene.types("export dev-1 dev-2 --out more/{id} --chain");
    scene.types("export dev-1 dev-2 --out more/{id} --chain --format json");
    scene.types("export dev-2 --out two --chain --format json");
    scene.types("export dev-9 --out nine --chain");
    fs::write(scene.path().join("password"), "a long password\n").unwrap();
    scene.types("export dev-1 --out sealed --p12 --password-file password");
    scene.equals("export");
}
