//! Accepted by the real thing: mosquitto and its clients with the files as `issue` wrote them.

mod delivery;
mod kinds;
pub(crate) mod mosquitto;
mod revocation;
mod san;
mod scene;
mod trouble;
mod verb;
