//! The sender of a request.

/// A caller with a valid token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) tenant: String,
    pub(super) admin: bool,
}

impl Caller {
    pub(super) fn tenant(&self) -> &str {
        &self.tenant
    }
}
