//! The device registry.

use super::{
    error::Refusal,
    open::Authority,
    repository::{Device, DeviceQuery},
};
use crate::device_id::DeviceId;

impl Authority {
    /// Adds devices to the tenant's registry; those already there stay as they are. Says how many were new.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn register_devices(&self, tenant: &str, ids: &[DeviceId]) -> Result<usize, Refusal> {
        let ids = ids.iter().map(ToString::to_string).collect();
        Ok(self.repository.add_devices(tenant, ids, self.now()).await?)
    }

    /// One device of the tenant.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn device(&self, tenant: &str, id: &str) -> Result<Option<Device>, Refusal> {
        Ok(self.repository.device(tenant, id).await?)
    }

    /// A slice of the tenant's registry ordered by id, and how many match in all.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn devices(&self, tenant: &str, query: DeviceQuery) -> Result<(Vec<Device>, u64), Refusal> {
        Ok(self.repository.devices(tenant, query).await?)
    }
}
