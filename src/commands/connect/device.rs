//! Material of a device: its pair, the roots it trusts, and the facts known here about both.

use std::path::Path;

use super::{
    cause::{Cause, Trouble},
    now,
};
use crate::{
    connection::tls::OurKey,
    device_id::{self, DeviceName},
    evidence::{
        beside, bundle,
        fleet_authorities::{FleetAuthorities, Fleets},
    },
    fleet::{
        anchor,
        layout::{KEY_FILE, Layout},
        pair::{PairFault, Seen},
    },
    output::span,
    pki::{
        certificate::{Certificate, Validity},
        chain::{self, ChainError, Purpose},
        revocation::{Evidence, State as Revocation},
    },
};

/// Days before the end from which it is worth a warning.
const SOON: i64 = 30 * 86_400;

pub(super) struct Device {
    /// By the name of its directory, else the common name.
    pub(super) id: String,
    /// Leaf first.
    pub(super) chain: Vec<Certificate>,
    pub(super) key: OurKey,
    /// The mode of a key file that others may use.
    exposed: Option<u32>,
    pub(super) anchors: Vec<Certificate>,
    pub(super) standing: Standing,
}

/// State of the pair, as far as it can be known without the server.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) validity: Validity,
    /// As a TLS client, under the roots held here.
    pub(super) path: Result<(), ChainError>,
    /// When it was revoked, and by which evidence of the fleet.
    pub(super) revoked: Option<String>,
}

impl Device {
    pub(super) fn leaf(&self) -> Option<&Certificate> {
        self.chain.first()
    }

    /// Reads a directory and looks at it.
    pub(super) fn read(directory: &Path, ca: Option<&Path>, fleets: &Fleets) -> Result<Self, Trouble> {
        let shown = directory.display();
        let unusable = |why: String| {
            Trouble::new(Cause::UnusablePair, why, format!("check the directory: certreq verify {shown}"))
        };
        if !directory.is_dir() {
            let next = match Path::new(&format!("cert_{shown}")) {
                sibling if sibling.is_dir() => format!("name the directory: cert_{shown}"),
                _ => "device directories are named cert_<id>; --all means all of --dir".to_owned(),
            };
            return Err(Trouble::new(Cause::UnusablePair, format!("there is no directory {shown}"), next));
        }
        let seen = Seen::at(directory).map_err(|error| unusable(format!("{shown} {error}")))?;
        let foreign = |why: String| Trouble { cause: Cause::MismatchedPair, ..unusable(why) };
        let pair = seen.pair().map_err(|fault| match fault {
            PairFault::OtherKey => foreign(fault.to_string()),
            fault => unusable(fault.to_string()),
        })?;
        let key = if pair.key.signer().is_some() {
            OurKey::Held(pair.key)
        } else {
            OurKey::Here(seen.key.pkcs8().map_err(|fault| unusable(PairFault::Key(fault).to_string()))?)
        };
        let home = directory.canonicalize().map_err(|error| unusable(error.to_string()))?;
        let fleet = Layout::new(home.parent().unwrap_or(&home));
        let anchors = anchors(&fleet, ca)?;
        let named = beside::device_id(directory);
        device_id::check(named.as_ref(), &pair.leaf).map_err(|other| foreign(other.to_string()))?;
        let id = named.map(|id| id.to_string());
        let id =
            id.or_else(|| DeviceName::of(&pair.leaf).map(|named| named.name.to_owned())).unwrap_or_default();
        let exposed = seen.key.exposed_mode();
        let standing = Standing::of(&pair.leaf, &pair.intermediates, &anchors, &fleets.of(directory));
        let chain = std::iter::once(pair.leaf).chain(pair.intermediates).collect();
        Ok(Self { id, chain, key, exposed, anchors, standing })
    }

    /// Whether the pair is doubtful or ends soon, and a description of it.
    pub(super) fn summary(&self) -> (bool, String) {
        let Some(leaf) = self.leaf() else { return (true, "empty".to_owned()) };
        let (soon, life) = life(leaf);
        let doubt = match &self.standing {
            Standing { validity: Validity::Expired | Validity::NotYetValid, .. } => None,
            Standing { revoked: Some(when), .. } => Some(when.clone()),
            Standing { path: Err(error), .. } => Some(error.to_string()),
            _ => self.exposed.map(|mode| format!("{KEY_FILE} has the mode {mode:04o}: chmod 600 it")),
        };
        let text = doubt.as_ref().map_or_else(String::new, |doubt| format!("; {doubt}"));
        (soon || doubt.is_some(), format!("{}, {life}{text}", leaf.subject))
    }
}

/// `expires in 364d 8h`, and whether that is soon, over, or not begun.
pub(super) fn life(certificate: &Certificate) -> (bool, String) {
    let now = now();
    let left = certificate.not_after.unix() - now.unix();
    let lifetime = certificate.not_after.unix() - certificate.not_before.unix();
    match certificate.validity_at(now) {
        Validity::Expired => (true, format!("EXPIRED {} ago", span::duration(left))),
        Validity::NotYetValid => (true, format!("NOT VALID before {}", span::moment(certificate.not_before))),
        // A third of the lifetime is the limit of short lifetimes: a certificate of one day is not always about to end.
        Validity::Valid => (left < SOON.min(lifetime / 3), format!("expires in {}", span::duration(left))),
    }
}

fn anchors(fleet: &Layout, ca: Option<&Path>) -> Result<Vec<Certificate>, Trouble> {
    let place = ca.map_or_else(|| fleet.ca_certificate(), Path::to_path_buf);
    let unusable = |why: String| {
        let next = "name the root certificate with --ca, or fetch the platform's with certreq issue";
        Trouble::new(Cause::UnusablePair, why, next)
    };
    if let Some(path) = ca {
        return bundle::certificates(path).map_err(|error| unusable(format!("{}: {error}", path.display())));
    }
    match anchor::read(fleet) {
        Ok(Some(anchors)) => Ok(anchors),
        Ok(None) => Err(unusable(format!("there is no root certificate {}", place.display()))),
        Err(error) => Err(unusable(error.to_string())),
    }
}

impl Standing {
    fn of(
        leaf: &Certificate,
        others: &[Certificate],
        anchors: &[Certificate],
        fleet: &FleetAuthorities,
    ) -> Self {
        let now = now();
        Self {
            validity: leaf.validity_at(now),
            path: chain::find_path(leaf, others, anchors, now, Purpose::ClientIfLimited).map(|_| ()),
            revoked: revoked(leaf, others, anchors, fleet),
        }
    }
}

/// Evidence that is missing or unreadable has no effect here: the server decides.
fn revoked(
    leaf: &Certificate,
    others: &[Certificate],
    anchors: &[Certificate],
    fleet: &FleetAuthorities,
) -> Option<String> {
    let chain: Vec<Certificate> = others.iter().chain(anchors).cloned().collect();
    let revoked = fleet.revoked(leaf, &chain, now())?;
    let says = match revoked.evidence {
        Some(Evidence::Journal { .. }) => "this directory's journal",
        _ => "ca/crl.pem",
    };
    match revoked.state {
        Revocation::Revoked { at, .. } => Some(format!("revoked at {}, says {says}", span::moment(at))),
        Revocation::OnHold { since } => Some(format!("on hold since {}, says {says}", span::moment(since))),
        _ => None,
    }
}
