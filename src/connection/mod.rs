//! Use of a device's pair: look up the name, connect, shake hands, then speak MQTT or HTTP. Each step stands alone, so
//! that the caller can say which one failed and how long it took.

mod curve;
pub mod http;
mod judge;
pub mod mqtt;
pub mod network;
pub mod tls;
