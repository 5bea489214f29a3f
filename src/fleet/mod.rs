//! The fleet on disk: device ids, device directories, and how a pair gets into one.

pub mod device_id;
