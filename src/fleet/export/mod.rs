//! A device's pair in the files other software expects: which ones, under which names, with which modes.

mod content;
mod form;
mod name;
mod source;
mod token;
mod write;

pub use content::{Content, Sealing};
pub use form::{File, Form, FormError};
pub use name::{Name, NameError};
pub use source::{Key, Material, SourceError, read};
pub use write::{Made, WriteError, Written, publish};

/// Where `to` leads for a device: `{id}` in it becomes the id.
#[must_use]
pub fn destination(to: &str, id: &crate::device_id::DeviceId) -> std::path::PathBuf {
    to.replace(name::ID, id.as_str()).into()
}

/// Whether each device gets files of its own when all are written to `to`.
#[must_use]
pub fn is_apart(to: &str, form: &Form) -> bool {
    to.contains(name::ID) || form.is_apart()
}
