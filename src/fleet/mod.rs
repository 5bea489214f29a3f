//! The fleet on disk: device ids, device directories, and how a pair gets into one.

pub mod anchor;
mod archive;
pub mod carried;
pub mod export;
pub mod folder;
pub mod id_list;
pub mod journal;
pub mod layout;
pub mod ledger;
pub mod lock;
pub mod named;
pub mod pair;
pub mod scan;
pub mod services;
pub mod shard;
pub mod survey;
pub mod vault;
mod write;
