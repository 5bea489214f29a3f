//! The provisioning half of `certreq serve`: a port of its own, an operator's first certificate, an announcement.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::future::BoxFuture;

use crate::{
    authority::{Authority, provisioning::Provisioning},
    custody,
    failure::Failure,
    output::Ui,
    pki::{
        alt_name::AltName,
        certificate::Certificate,
        issuer::{self, Issuer},
        key::PrivateKey,
        time::Time,
    },
    serve::{Announcement, Hub, ServeError},
};

/// Where an operator's first certificate goes, below the authority's directory.
const OPERATOR: &str = "idprov-admin";
/// The files in it.
pub const OPERATOR_CERTIFICATE: &str = "admin.pem";
pub const OPERATOR_KEY: &str = "admin.key";
pub const OPERATOR_ROOT: &str = "ca.pem";

/// Seconds before its end at which an operator's certificate is replaced.
const SOON: i64 = 30 * 24 * 60 * 60;

/// Octets of the longest file that is read as a certificate.
const LONGEST: u64 = 64 * 1024;

/// How provisioning is served.
#[derive(Clone, Debug)]
pub struct IdprovPlan {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Name that is announced on the local network; `None`: it is not announced.
    pub announce_as: Option<String>,
    /// Services that certificates are good for: name to URL.
    pub services: BTreeMap<String, String>,
}

/// A hub that listens.
pub(super) struct Listening {
    plan: IdprovPlan,
    hub: Hub,
}

impl Listening {
    pub(super) fn open(plan: IdprovPlan) -> Result<Self, Failure> {
        let hub = Hub::bind(plan.listen)?;
        Ok(Self { plan, hub })
    }

    /// Says how it is reached; the hub answers while the returned future is awaited. `names` are those of the other
    /// server; with the hub's own they become the names of the one certificate that both have.
    pub(super) async fn begin(
        self,
        authority: &Arc<Authority>,
        names: &mut Vec<AltName>,
        stop: impl Future<Output = ()> + Send + 'static,
        ui: &Ui,
    ) -> Result<BoxFuture<'static, Result<(), ServeError>>, Failure> {
        let Self { plan, hub } = self;
        let provisioning = Provisioning::open(Arc::clone(authority)).await?;
        let operator = operator(&provisioning).await?;
        let address = hub.address();
        for name in own_names(address.ip()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let announcement = match &plan.announce_as {
            // A loopback address leads nowhere from elsewhere.
            Some(name) if !address.ip().is_loopback() => Some(announce(name, address, ui)),
            _ => None,
        };
        ui.note(&format!(
            "provisioning on https://{address} (IDProv)\noperator's certificate: {}\nroot certificate, SHA-256: {}",
            operator.display(),
            authority.root().fingerprint()
        ));
        let served = hub.serve(provisioning, names.clone(), plan.services, stop);
        Ok(Box::pin(async move {
            let served = served.await;
            if let Some(Some(announcement)) = announcement {
                announcement.end().await;
            }
            served
        }))
    }
}

fn announce(name: &str, address: SocketAddr, ui: &Ui) -> Option<Announcement> {
    let announced = Announcement::begin(name, &host_name(), address);
    announced.inspect_err(|error| ui.warn(&format!("not announced on the local network: {error}"))).ok()
}

/// The machine's name, as far as it is one for DNS.
fn host_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let name = name.split('.').next().unwrap_or_default();
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(63).collect();
    if plain.is_empty() { "idprov".to_owned() } else { plain }
}

/// Under which names a server at this address is reached.
fn own_names(address: IpAddr) -> Vec<AltName> {
    let mut names = vec![AltName::Ip(address)];
    if address.is_unspecified() {
        names =
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()].into_iter().map(AltName::Ip).collect();
        let mut addresses: Vec<IpAddr> =
            if_addrs::get_if_addrs().unwrap_or_default().iter().map(if_addrs::Interface::ip).collect();
        addresses.retain(|ip| !matches!(ip, IpAddr::V6(v6) if v6.is_unicast_link_local()));
        addresses.sort_unstable();
        names.extend(addresses.into_iter().map(AltName::Ip));
    }
    if address.is_unspecified() || address.is_loopback() {
        names.push(AltName::Dns("localhost".to_owned()));
    }
    if !address.is_loopback() {
        let host = host_name();
        names.extend([host.clone(), format!("{host}.local")].map(AltName::Dns));
    }
    names
}

/// The directory with an operator's certificate and key, which are made unless there are good ones.
async fn operator(provisioning: &Provisioning) -> Result<PathBuf, Failure> {
    let directory = provisioning.authority().directory().join(OPERATOR);
    let root = provisioning.authority().root();
    if !is_good(&directory, root, provisioning.now()) {
        let (key, certificate) = provisioning.operator("admin").await?;
        let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", directory.display()));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory).map_err(failed)?;
        write(&directory.join(OPERATOR_KEY), 0o600, &key).map_err(failed)?;
        write(&directory.join(OPERATOR_CERTIFICATE), 0o644, &certificate).map_err(failed)?;
        write(&directory.join(OPERATOR_ROOT), 0o644, &root.to_pem()).map_err(failed)?;
    }
    Ok(directory)
}

/// A certificate of this root that does not end soon, and its key.
fn is_good(directory: &Path, root: &Certificate, now: Time) -> bool {
    let text = |name: &str| custody::read_text(&directory.join(name), LONGEST).ok();
    let certificate =
        text(OPERATOR_CERTIFICATE).and_then(|text| Certificate::all_from_pem(&text).ok()?.into_iter().next());
    let key =
        custody::open(&directory.join(OPERATOR_KEY)).and_then(|file| custody::read_secret(file, 64 * 1024));
    let key = key.ok().and_then(|text| PrivateKey::from_pem(&text).ok());
    let (Some(certificate), Some(key)) = (certificate, key) else { return false };
    certificate.public_key_info() == key.public_key_info()
        && matches!(issuer::find(&certificate, std::slice::from_ref(root)), Issuer::Found(_))
        && now < certificate.not_after.plus(-SOON)
        && text(OPERATOR_ROOT).is_some_and(|text| text == root.to_pem())
}

/// Complete before it has its name, and with its mode from the start.
fn write(path: &Path, mode: u32, text: &str) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let _ = fs::remove_file(&new);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}
