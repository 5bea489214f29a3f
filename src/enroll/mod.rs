//! The batch engine: make the key, ask for the certificate, check the answer, publish the pair.
//!
//! One failing device never stops the others, and a device that was cut off anywhere is finished by the next run:
//! its key is on disk before its request leaves, and before asking again the platform is searched for a
//! certificate of that key.

mod approval;
mod backoff;
pub mod check;
pub mod command;
mod context;
mod device;
mod doubt;
mod engine;
mod first;
mod last_look;
mod limiter;
mod lost_key;
pub mod outcome;
mod recovery;
mod search_barrier;
mod stop;
pub mod token_key;
mod trial;
mod work;

pub(crate) use backoff::Backoff;
pub use command::UserCommand;
pub use context::Batch;
pub use engine::run;
pub use first::First;
pub use last_look::{Extra, LastLook};
pub(crate) use limiter::RequestLimiter;
pub use outcome::{DeviceFailure, Fate, Issued, Outcome};
pub(crate) use stop::Reachable;
pub use stop::Stop;
pub use trial::Trial;
pub use work::{ExternalCsr, Key, Limits, Predecessor, Work};
