//! Records of a dojot tenant; each operation stands in the file of the records it reads or changes.

use super::client::Dojot;
use crate::{
    device_id::DeviceId,
    pki::fingerprint::Fingerprint,
    platform::{CertificateRecord, DeviceRecord, Keep, Registry, Reply, See},
};

impl Registry for Dojot {
    fn tenant(&self) -> Option<String> {
        self.tenant()
    }

    fn devices(&self) -> Reply<'_, Vec<String>> {
        Box::pin(self.devices())
    }

    fn each_device<'a>(&'a self, see: See<'a, DeviceRecord>) -> Reply<'a, ()> {
        Box::pin(self.each_device(see))
    }

    fn device_exists<'a>(&'a self, device: &'a DeviceId) -> Reply<'a, ()> {
        Box::pin(self.device_exists(device))
    }

    fn add_device<'a>(&'a self, device: &'a DeviceId, template: Option<&'a str>) -> Reply<'a, bool> {
        Box::pin(self.add_device(device, template))
    }

    fn certificates<'a>(&'a self, keep: Keep<'a>) -> Reply<'a, Vec<CertificateRecord>> {
        Box::pin(self.certificates(keep))
    }

    fn each_certificate<'a>(&'a self, see: See<'a, CertificateRecord>) -> Reply<'a, ()> {
        Box::pin(self.each_certificate(see))
    }

    fn certificate<'a>(&'a self, fingerprint: &'a Fingerprint) -> Reply<'a, CertificateRecord> {
        Box::pin(self.certificate(fingerprint))
    }

    fn set_owner<'a>(&'a self, certificate: &'a Fingerprint, device: &'a DeviceId) -> Reply<'a, ()> {
        Box::pin(self.set_owner(certificate, device))
    }

    fn remove_owner<'a>(&'a self, certificate: &'a Fingerprint) -> Reply<'a, ()> {
        Box::pin(self.remove_owner(certificate))
    }

    fn delete<'a>(&'a self, certificate: &'a Fingerprint) -> Reply<'a, ()> {
        Box::pin(self.delete(certificate))
    }
}
