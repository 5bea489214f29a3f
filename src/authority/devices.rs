//! The device registry.

use super::{
    authority::Authority,
    error::Refusal,
    repository::{Device, DeviceQuery},
};
use crate::device_id::DeviceId;

impl Authority {
    /// Adds devices to the tenant's registry; those already there stay as they are. Says how many were new.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn register_devices(&self, tenant: &str, ids: &[DeviceId]) -> Result<usize, Refusal> {
        let created = self.now();
        let device = |id: &DeviceId| Device { id: id.to_string(), label: id.to_string(), created };
        Ok(self.repository.add_devices(tenant, ids.iter().map(device).collect()).await?)
    }

    /// Adds devices with labels of their own; those already there stay as they are. Says how many were new.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn add_devices(&self, tenant: &str, devices: Vec<Device>) -> Result<usize, Refusal> {
        Ok(self.repository.add_devices(tenant, devices).await?)
    }

    /// Removes one device, or all of them, and says which there were. Their certificates stay good.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn remove_devices(&self, tenant: &str, id: Option<&str>) -> Result<Vec<Device>, Refusal> {
        Ok(self.repository.remove_devices(tenant, id).await?)
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
