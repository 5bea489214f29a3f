//! Tests of the journal: the records it keeps, and those it drops when it is shortened.

use super::*;

fn journal(directory: &tempfile::TempDir) -> (PathBuf, Journal) {
    let path = directory.path().join("journal");
    let journal = Journal::open(&path, || Time::from_unix(0)).unwrap();
    (path, journal)
}

fn published(number: u8) -> Event {
    Event::Published { fingerprint: format!("{number}"), serial: format!("{number}"), request_id: None }
}

/// The journal of a device whose request was sent.
fn asked(directory: &tempfile::TempDir) -> (PathBuf, DeviceId, Fingerprint) {
    let (path, mut journal) = journal(directory);
    let (id, key) = ("a1998e".parse().unwrap(), Fingerprint::of(b"key"));
    journal.add(&id, &key, &Event::Begun);
    journal.add(&id, &key, &Event::Sent);
    journal.append().unwrap();
    (path, id, key)
}

#[test]
fn a_torn_last_line_is_cut_off_and_the_rest_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let (path, id, key) = asked(&directory);
    let whole = std::fs::read(&path).unwrap();
    for cut in 1..whole.len() / 2 {
        std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
        let records = read(&path).unwrap();
        assert_eq!(records.len(), 1, "cut by {cut}");
        let mut journal = Journal::open(&path, || Time::from_unix(0)).unwrap();
        journal.add(&id, &key, &published(1));
        journal.append().unwrap();
        let events: Vec<Event> = read(&path).unwrap().into_iter().map(|record| record.event).collect();
        assert_eq!(events, [Event::Begun, published(1)], "cut by {cut}");
    }
}

#[test]
fn damage_before_the_last_line_is_an_error_and_nothing_is_cut() {
    let directory = tempfile::tempdir().unwrap();
    let (path, ..) = asked(&directory);
    let damaged = std::fs::read_to_string(&path).unwrap().replacen("begun", "begub", 1);
    std::fs::write(&path, &damaged).unwrap();
    assert!(matches!(read(&path), Err(JournalError::Damaged { line: 1, .. })));
    assert!(Journal::open(&path, || Time::from_unix(0)).is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged);
}

#[test]
fn compacting_keeps_one_line_for_every_certificate_and_what_is_open() {
    let directory = tempfile::tempdir().unwrap();
    let (path, mut journal) = journal(&directory);
    let id: DeviceId = "a1998e".parse().unwrap();
    let (first, second, open) = (Fingerprint::of(b"1"), Fingerprint::of(b"2"), Fingerprint::of(b"3"));
    for (key, event) in [
        (&first, Event::Begun),
        (&first, Event::Sent),
        (&second, Event::Begun),
        (&first, published(1)),
        (&second, Event::Sent),
        (&second, published(2)),
        (&open, Event::Begun),
        (&open, Event::Surplus { fingerprint: "4".to_owned() }),
        (&open, Event::Sent),
        (&open, Event::Sent),
    ] {
        journal.add(&id, key, &event);
    }
    journal.append().unwrap();
    journal.compact().unwrap();
    let events: Vec<Event> = read(&path).unwrap().into_iter().map(|record| record.event).collect();
    let surplus = Event::Surplus { fingerprint: "4".to_owned() };
    assert_eq!(events, [published(1), published(2), surplus, Event::Sent]);
    journal.add(&id, &open, &published(3));
    journal.compact().unwrap();
    journal.append().unwrap();
    assert_eq!(read(&path).unwrap().len(), 5, "it goes on behind the compacted lines");
}

#[test]
fn compacting_keeps_every_certificate_of_a_key_that_was_used_again_and_what_is_owed() {
    let directory = tempfile::tempdir().unwrap();
    let (path, mut journal) = journal(&directory);
    let id: DeviceId = "a1998e".parse().unwrap();
    let key = Fingerprint::of(b"1");
    let owed =
        |fingerprint: &str| Event::Owed { fingerprint: fingerprint.to_owned(), exec: true, delete: Vec::new() };
    for event in [
        published(1),
        Event::Begun,
        owed("2"),
        published(2),
        Event::Settled { fingerprint: "2".to_owned() },
        Event::Begun,
        owed("3"),
        published(3),
        owed("3"),
        Event::Begun,
    ] {
        journal.add(&id, &key, &event);
    }
    journal.append().unwrap();
    journal.compact().unwrap();
    let events: Vec<Event> = read(&path).unwrap().into_iter().map(|record| record.event).collect();
    assert_eq!(events, [published(1), published(2), published(3), owed("3"), Event::Begun]);
}

#[test]
fn a_key_is_in_doubt_until_the_platform_was_looked_through_and_compacting_forgets_no_doubt() {
    let directory = tempfile::tempdir().unwrap();
    let (path, mut journal) = journal(&directory);
    let id: DeviceId = "a1998e".parse().unwrap();
    let key = Fingerprint::of(b"1");
    let (old, used) = (Fingerprint::of(b"old"), Fingerprint::of(b"used"));
    let published = |certificate: Fingerprint| Event::Published {
        fingerprint: certificate.to_string(),
        serial: "1".to_owned(),
        request_id: None,
    };
    assert_eq!(in_doubt(&path).unwrap(), [], "no journal");
    for event in [published(old), Event::Begun, Event::InDoubt { fingerprint: used.to_string() }] {
        journal.add(&id, &key, &event);
    }
    journal.append().unwrap();
    assert_eq!(in_doubt(&path).unwrap(), [], "its pair has no final name yet, and is resumed");
    journal.add(&id, &key, &published(used));
    journal.append().unwrap();
    let expected = InDoubt { device: "a1998e".to_owned(), key, used, known: vec![old, used] };
    assert_eq!(in_doubt(&path).unwrap(), std::slice::from_ref(&expected));
    journal.compact().unwrap();
    assert_eq!(in_doubt(&path).unwrap(), [expected]);
    journal.add(&id, &key, &Event::LookedThrough { fingerprint: used.to_string() });
    journal.append().unwrap();
    assert_eq!(in_doubt(&path).unwrap(), []);
    journal.compact().unwrap();
    assert_eq!(read(&path).unwrap().len(), 2);
}
