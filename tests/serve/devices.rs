//! The device registry.

use serde_json::json;

use crate::support::{lab::Lab, platform::Served, terminal::certreq};

#[tokio::test]
async fn ids_come_page_by_page_until_a_page_is_empty() {
    let lab = Lab::start().await;
    let ids: Vec<String> = (0..45).map(|number| format!("{number:05x}")).collect();
    lab.register(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let (status, first) = lab.get("/device?idsOnly=true").await;
    assert_eq!((status, first), (200, json!(ids[..20])), "twenty unless asked otherwise");
    assert_eq!(lab.get("/device?idsOnly=1&page_num=3").await.1, json!(ids[40..]));
    assert_eq!(lab.get("/device?idsOnly&page_num=4").await.1, json!([]));
    assert_eq!(lab.get("/device?idsOnly=true&page_size=1000").await.1, json!(ids));
    assert_eq!(lab.get("/device?idsOnly=true&page_size=2&page_num=2").await.1, json!(ids[2..4]));
    assert_eq!(lab.get("/device?idsOnly=true&label=0002c").await.1, json!(["0002c"]));
    assert_eq!(lab.get("/device?idsOnly=true&template=1").await.1, json!([]));
}

#[tokio::test]
async fn the_full_form_has_devices_and_pagination() {
    let lab = Lab::start().await;
    lab.register(&["a1998e", "0a1b2", "ffff0"]).await;
    let (status, page) = lab.get("/device?page_size=2").await;
    assert_eq!(status, 200);
    assert_eq!(page["pagination"], json!({ "page": 1, "total": 2, "has_next": true, "next_page": 2 }));
    assert_eq!(page["devices"][1]["id"], "a1998e");
    let (_, page) = lab.get("/device?page_size=2&page_num=2").await;
    assert_eq!(page["pagination"], json!({ "page": 2, "total": 2, "has_next": false, "next_page": null }));
    let (status, device) = lab.get("/device/a1998e").await;
    assert_eq!((status, &device["label"], &device["templates"]), (200, &json!("a1998e"), &json!([])));
    let missing = json!({ "message": "No such device: zzz", "status": 404 });
    assert_eq!(lab.get("/device/zzz").await, (404, missing));
}

#[tokio::test]
async fn pages_that_cannot_be_are_refused() {
    let lab = Lab::start().await;
    for query in ["page_num=0", "page_size=0", "page_num=-3"] {
        let (status, body) = lab.get(&format!("/device?{query}")).await;
        assert_eq!((status, &body["status"]), (400, &json!(400)), "{query}");
    }
    assert_eq!(lab.get("/device?page_size=x").await, (500, json!({ "msg": "Internal Error" })));
}

#[tokio::test]
async fn registering_again_changes_nothing() {
    let lab = Lab::start().await;
    lab.register(&["a1998e"]).await;
    let (_, before) = lab.get("/device/a1998e").await;
    lab.clock.advance(100);
    lab.register(&["a1998e", "0a1b2"]).await;
    assert_eq!(lab.get("/device/a1998e").await.1, before);
    assert_eq!(lab.get("/device?idsOnly=true").await.1, json!(["0a1b2", "a1998e"]));
}

#[test]
fn a_device_is_added_while_the_platform_runs_and_gets_its_certificate() {
    for local in [false, true] {
        let served = (!local).then(|| Served::start(&[]));
        let home = tempfile::tempdir().unwrap();
        let place =
            served.as_ref().map_or_else(|| vec!["--authority".to_owned(), "ca".to_owned()], Served::login);
        let run = |args: &[&str]| certreq(home.path()).args(args).args(&place).run();
        if local {
            run(&["issue", "-i", "a00001"]).exits(0);
        } else {
            run(&["issue", "-i", "b0a4d1"]).exits(1).stderr_has("was not found");
        }
        let added = run(&["devices", "add", "b0a4d1", "b0a4d2,b0a4d3"]).exits(0);
        added.stderr_has("3 devices added").stdout_has("b0a4d1  added");
        run(&["devices", "add", "b0a4d1"]).exits(0).stdout_has("b0a4d1  present").stderr_has("0 devices added");
        let lines = run(&["devices", "add", "b0a4d4", "--format", "json"]).exits(0).json();
        assert_eq!(lines, [json!({ "schema": "certreq.devices.add/1", "device": "b0a4d4", "state": "added" })]);
        run(&["devices", "--format", "csv"]).exits(0).stdout_has("b0a4d3");
        run(&["issue", "-i", "b0a4d1"]).exits(0).stderr_has("1 issued");
        run(&["devices", "add", "../x"]).exits(2);
    }
}
