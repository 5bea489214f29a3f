//! IDProv, by which devices provision themselves: its messages as bytes, without a socket and without a clock.
//!
//! Source: the IDProv standard (draft, protocol version 1) and the Go programs that speak it. Where the two differ,
//! both are read, and what is written is what the Go programs read.
//!
//! ```text
//! GET  directory     where everything else is, the root certificate, services     Directory
//! POST oobsecret     an operator brings the secret of a device                    OobSecret
//! POST provreq       a device asks, under its secret                              ProvisionRequest, ProvisionResponse
//! GET  status        has a device its certificate                                 DeviceStatus
//! ```

mod canonical;
pub mod directory;
mod fields;
pub mod hub;
pub mod message;
mod signature;
pub mod strength;

pub use directory::{Directory, DirectoryError, Endpoints};
pub use message::{DeviceStatus, MessageError, OobSecret, ProvisionRequest, ProvisionResponse, Status};

/// The port of the standard.
pub const PORT: u16 = 43776;

/// Where a server's directory is unless discovery says otherwise.
pub const DIRECTORY_PATH: &str = "/idprov/directory";

/// The DNS-SD service type, in the domain that multicast DNS serves.
pub const SERVICE_TYPE: &str = "_idprov._tcp.local.";

/// The version of the protocol that is spoken here; 1.x is compatible.
pub const VERSION: &str = "1";

/// The organizational units that certificates of a hub carry.
pub const DEVICE_UNIT: &str = "iotdevice";
/// Operators, who may post secrets and approve devices.
pub const ADMIN_UNIT: &str = "admin";
/// Programs that may do the same.
pub const PLUGIN_UNIT: &str = "plugin";
