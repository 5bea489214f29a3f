//! Lists are complete and without duplicates, whatever the pages look like, and they end.

use std::sync::atomic::{AtomicUsize, Ordering};

use certreq::platform::{CertificateRecord, ErrorKind, Registry};
use serde_json::{Value, json};

use super::pair;
use crate::support::scripted::{Reply, Request};

fn page(request: &Request, name: &str) -> usize {
    request.query(name).unwrap().parse().unwrap()
}

#[tokio::test]
async fn only_an_empty_page_ends_the_devices() {
    let pages = [vec!["0a1b2", "a1998e"], vec!["a1998e"], vec!["../etc", "z"], vec![]];
    let (server, client) = pair(move |request| {
        assert_eq!(request.query("idsOnly"), Some("true"));
        Reply::json(200, json!(pages[page(request, "page_num") - 1]))
    });
    assert_eq!(client.devices().await.unwrap(), ["0a1b2", "a1998e", "../etc", "z"]);
    assert_eq!(server.count("GET /device"), 4);
}

#[tokio::test]
async fn a_list_that_repeats_itself_is_not_read_for_ever() {
    let (server, client) = pair(|_| Reply::json(200, json!(["a1998e"])));
    let error = client.devices().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidResponse);
    assert!(error.message.contains("does not end"), "{error}");
    assert_eq!(server.count("GET /device"), 4);

    let (server, client) = pair(|_| Reply::json(200, json!({ "certificates": [record(1)] })));
    assert_eq!(client.certificates(&|_| true).await.unwrap_err().kind, ErrorKind::InvalidResponse);
    assert_eq!(server.count("GET /x509/v1/certificates"), 4);
}

#[tokio::test]
async fn a_list_that_is_none_is_nonsense() {
    for body in [json!(null), json!({ "message": "Unauthorized" }), json!([1]), json!("a")] {
        let (_server, client) = pair(move |_| Reply::json(200, body.clone()));
        assert_eq!(client.devices().await.unwrap_err().kind, ErrorKind::InvalidResponse);
        assert_eq!(client.certificates(&|_| true).await.unwrap_err().kind, ErrorKind::InvalidResponse);
    }
    let (_server, client) = pair(|_| Reply::json(200, json!({ "certificates": [{ "pem": "x" }] })));
    assert_eq!(client.certificates(&|_| true).await.unwrap_err().kind, ErrorKind::InvalidResponse);
}

fn record(number: usize) -> Value {
    json!({ "fingerprint": format!("{number:02}"), "belongsTo": { "device": format!("dev{number}") } })
}

/// One page of two records; `paging` as the platform writes it.
fn listing(records: &[usize], total: usize, number: usize) -> Reply {
    let records: Vec<Value> = records.iter().copied().map(record).collect();
    let paging = json!({ "previous": null, "current": { "number": number, "url": "/api/v1/certificates?page=1" },
        "next": null, "totalItems": total, "totalPages": total.div_ceil(2), "limitPerPage": 2 });
    Reply::json(200, json!({ "paging": paging, "certificates": records }))
}

fn names(records: &[CertificateRecord]) -> Vec<&str> {
    records.iter().map(|record| record.device.as_deref().unwrap_or("-")).collect()
}

#[tokio::test]
async fn certificates_are_filtered_here_over_all_pages() {
    let (server, client) = pair(|request| match page(request, "page") {
        1 => listing(&[1, 2], 5, 1),
        2 => listing(&[3, 4], 5, 2),
        _ => listing(&[5], 5, 3),
    });
    let found = client.certificates(&|record| record.device.as_deref() != Some("dev2")).await.unwrap();
    assert_eq!(names(&found), ["dev1", "dev3", "dev4", "dev5"]);
    let requests = server.requests();
    assert_eq!(requests.len(), 4, "one login, three pages");
    assert_eq!(requests[1].query("limit"), Some("250"));
    assert_eq!(
        requests[1].query("fields"),
        Some("fingerprint,pem,belongsTo,subjectDN,createdAt,issuedByDojotPki")
    );
    assert_eq!(requests[1].query("keyVal"), None, "the platform's filters are not trusted");
}

#[tokio::test]
async fn a_list_that_changes_meanwhile_is_read_again() {
    let reading = AtomicUsize::new(0);
    let (server, client) = pair(move |request| {
        let number = page(request, "page");
        let first = reading.fetch_add(1, Ordering::SeqCst) < 2;
        match (first, number) {
            // Certificate 1 goes away after the first page, so 3 moves to that page and is missed.
            (true, 1) => listing(&[1, 2], 4, 1),
            (false, 1) => listing(&[2, 3], 3, 1),
            _ => listing(&[4], 3, 2),
        }
    });
    let found = client.certificates(&|_| true).await.unwrap();
    let mut found = names(&found);
    found.sort_unstable();
    assert_eq!(found, ["dev1", "dev2", "dev3", "dev4"]);
    assert_eq!(server.count("GET /x509/v1/certificates"), 4);
}

#[tokio::test]
async fn a_list_that_never_stands_still_is_read_four_times() {
    let total = AtomicUsize::new(100);
    let (server, client) = pair(move |request| match page(request, "page") {
        1 => listing(&[1, 2], total.fetch_add(1, Ordering::SeqCst), 1),
        2 => listing(&[3], total.fetch_add(1, Ordering::SeqCst), 2),
        _ => listing(&[], 7, 3),
    });
    assert_eq!(client.certificates(&|_| true).await.unwrap().len(), 3);
    assert_eq!(server.count("GET /x509/v1/certificates"), 12);
}

#[tokio::test]
async fn the_later_version_of_a_record_counts() {
    let reading = AtomicUsize::new(0);
    let (_server, client) = pair(move |_| match reading.fetch_add(1, Ordering::SeqCst) {
        0 => listing(&[1], 2, 1),
        _ => Reply::json(
            200,
            json!({ "paging": { "totalItems": 1, "totalPages": 1 }, "certificates": [{ "fingerprint": "01", "belongsTo": { "device": null } }] }),
        ),
    });
    assert!(client.certificates(&|record| record.device.as_deref() == Some("dev1")).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_older_release_is_asked_without_fields_from_then_on() {
    let (server, client) = pair(|request| {
        if request.query("fields").is_some() {
            return Reply::json(400, json!({ "message": "The fields provided are not valid: [subjectDN]" }));
        }
        listing(&[page(request, "page")], 3, page(request, "page"))
    });
    assert_eq!(names(&client.certificates(&|_| true).await.unwrap()), ["dev1", "dev2"]);
    client.certificates(&|_| true).await.unwrap();
    let with_fields = server.requests().iter().filter(|request| request.query("fields").is_some()).count();
    assert_eq!(with_fields, 1);
}
