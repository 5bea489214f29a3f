//! The batch engine: make the key, ask for the certificate, check the answer, publish the pair.
//!
//! One failing device never stops the others, and a device that was cut off anywhere is finished by the next run:
//! its key is on disk before its request leaves, and before asking again the platform is searched for a
//! certificate of that key.

mod backoff;
pub mod check;
pub mod command;
mod crowd;
mod device;
pub mod engine;
pub mod outcome;
mod pace;
mod recovery;
mod stop;
mod trial;

pub(crate) use backoff::Backoff;
pub use command::UserCommand;
pub use engine::{Batch, Foreign, Key, Limits, Predecessor, Work, run};
pub use outcome::{DeviceFailure, Fate, Issued, Outcome};
pub(crate) use pace::Pace;
pub(crate) use stop::Reachable;
pub use stop::Stop;
pub use trial::Trial;
