//! A platform that signs and keeps no records: what the engine does there, and what verbs that need records say.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use certreq::{
    authority, commands,
    enroll::{self, Batch, Limits, Outcome, Stop, Work},
    failure::Exit,
    fleet::{
        journal::{self, Event},
        layout::Layout,
        lock::FleetLock,
        vault::{Occupied, Vault},
    },
    keys::KeyStore,
    output::{Ui, Verbosity},
    pki::{certificate::Certificate, key::KeySpec, time::Time},
    platform::{
        ErrorKind, Platform, PlatformError, Reply, SignRequest, Signed, local::Local, registry_of,
        trust_store_of,
    },
};

/// The embedded authority without its records. The first answers are lost on the way.
#[derive(Debug)]
struct SignsOnly {
    local: Local,
    lost: AtomicUsize,
    requests: Mutex<Vec<String>>,
}

impl SignsOnly {
    async fn losing(answers: usize, dir: &std::path::Path) -> Self {
        let local = Local::open(dir, authority::Options::default()).await.unwrap();
        Self { local, lost: AtomicUsize::new(answers), requests: Mutex::default() }
    }
}

impl Platform for SignsOnly {
    fn display_name(&self) -> String {
        "https://est.example".to_owned()
    }

    fn root(&self) -> Reply<'_, Certificate> {
        self.local.root()
    }

    fn crl(&self) -> Reply<'_, String> {
        self.local.crl()
    }

    fn list_delay(&self) -> Option<Duration> {
        None
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> Reply<'a, Signed> {
        Box::pin(async {
            self.requests.lock().unwrap().push(request.csr_pem.clone());
            let signed = self.local.sign(request).await?;
            let lost = self.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            match lost {
                Ok(_) => Err(PlatformError::new(ErrorKind::OutcomeUnknown, "the connection was closed")),
                Err(_) => Ok(signed),
            }
        })
    }
}

fn now() -> Time {
    SystemTime::now().into()
}

/// Runs the engine for one device and returns what became of it, and what the journal says in order.
async fn issue(platform: &Arc<SignsOnly>, retries: usize) -> (Outcome, Vec<Event>) {
    let fleet = tempfile::tempdir().unwrap();
    let layout = Layout::new(fleet.path());
    let _lock = FleetLock::take(&layout, false).unwrap();
    let vault = Vault::open(layout.clone(), now).unwrap();
    let batch = Batch {
        platform: Arc::clone(platform) as Arc<dyn Platform>,
        vault: vault.clone(),
        anchors: vec![platform.root().await.unwrap()],
        limits: Limits { jobs: 1, retries, give_up_after: Duration::from_secs(60) },
        now,
        stop: Arc::new(Stop::default()),
        trial: None,
        first: None,
    };
    let work = Work::new(
        "a1998e".parse().unwrap(),
        None,
        (KeySpec::P256, KeyStore::File),
        Occupied::Refuse,
        Vec::new(),
    );
    let mut outcomes = Vec::new();
    enroll::run(batch, vec![work], |outcome| outcomes.push(outcome)).await;
    let mut records = journal::read(&layout.journal()).unwrap();
    if outcomes[0].result.is_err() {
        // No pair was published, so the run did not wait for its lines to be written: the call that waits for them
        // also shortens.
        vault.compact().await.unwrap();
        records = journal::read(&layout.journal()).unwrap();
    }
    (outcomes.remove(0), records.into_iter().map(|record| record.event).collect())
}

#[tokio::test]
async fn after_a_lost_answer_the_same_request_is_sent_again_and_the_journal_says_why() {
    let authority = tempfile::tempdir().unwrap();
    let platform = Arc::new(SignsOnly::losing(1, authority.path()).await);
    let (outcome, events) = issue(&platform, 3).await;
    let issued = outcome.result.unwrap();
    assert!(!issued.recovered, "nothing could be looked up");
    let requests = platform.requests.lock().unwrap().clone();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0], requests[1], "the same key, the same request");
    let says = |event: &Event| match event {
        Event::Unanswered { error, .. } => error.clone(),
        _ => String::new(),
    };
    assert!(
        events.iter().any(|event| says(event)
            == "https://est.example keeps no records to search for a certificate of this key; the same request is \
                sent again"),
        "{events:?}"
    );
    assert!(matches!(events.last(), Some(Event::Published { .. })), "{events:?}");
}

#[tokio::test]
async fn an_outcome_that_stays_open_is_a_failure_that_the_next_run_goes_on_with() {
    let authority = tempfile::tempdir().unwrap();
    let platform = Arc::new(SignsOnly::losing(9, authority.path()).await);
    let (outcome, events) = issue(&platform, 1).await;
    let failure = outcome.result.unwrap_err();
    assert_eq!((failure.exit, failure.resumable), (Exit::Unavailable, true));
    assert_eq!(platform.requests.lock().unwrap().len(), 2, "one attempt, and one more");
    assert!(matches!(events.last(), Some(Event::Unanswered { .. })), "{events:?}");
}

#[tokio::test]
async fn what_needs_records_or_a_trust_store_says_so_in_one_sentence() {
    let authority = tempfile::tempdir().unwrap();
    let platform = SignsOnly::losing(0, authority.path()).await;
    let error = registry_of(&platform, "list").err().unwrap();
    assert_eq!(error.kind, ErrorKind::NotOffered);
    assert_eq!(
        error.to_string(),
        "list needs a platform that keeps records; https://est.example signs certificates only"
    );
    let error = trust_store_of(&platform, "register").err().unwrap();
    assert_eq!(
        error.to_string(),
        "register needs a platform that trusts the CAs of others; https://est.example trusts only its own"
    );
    let plan = commands::ca::Plan {
        dir: authority.path().join("fleet"),
        root: commands::anchor::Terms::default(),
        json: false,
        action: commands::ca::Action::Trusted,
    };
    let failure = commands::ca::run(&platform, plan, &Ui::new(Verbosity::Quiet)).await.unwrap_err();
    assert_eq!(failure.exit, Exit::Failed);
    assert!(failure.message.starts_with("ca trust needs a platform that trusts"), "{failure}");
}
