//! Shows the waits of the program on the screen.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

use crate::{output::Ui, platform::wait};

/// Waits that end together are one wait: many devices wait for the same thing.
const TOGETHER: Duration = Duration::from_secs(2);

/// Listens for waits.
pub(super) struct Waits {
    ui: Ui,
    /// When the latest one that was shown ends.
    until: Mutex<Option<Instant>>,
}

impl Waits {
    pub(super) fn new(ui: &Ui) -> Self {
        Self { ui: ui.clone(), until: Mutex::new(None) }
    }

    fn show(&self, said: &Said) {
        let Some(until) = Instant::now().checked_add(Duration::from_secs(said.seconds)) else { return };
        let mut shown = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.is_some_and(|shown| until < shown + TOGETHER) {
            return;
        }
        *shown = Some(until);
        self.ui.waiting(&said.message, said.seconds, &said.next);
    }
}

impl<S: Subscriber> Layer<S> for Waits {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == wait::TARGET {
            let mut said = Said::default();
            event.record(&mut said);
            self.show(&said);
        }
    }
}

/// The fields of one event.
#[derive(Default)]
struct Said {
    message: String,
    seconds: u64,
    next: String,
}

impl Visit for Said {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "seconds" {
            self.seconds = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "next" {
            value.clone_into(&mut self.next);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }
}
