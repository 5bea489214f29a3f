//! Certificate policies: the graph of RFC 9618, which replaces the tree of RFC 5280 §6.1 and cannot grow without bound.

use std::collections::{BTreeMap, BTreeSet};

use x509_parser::{der_parser::Oid, extensions::ParsedExtension};

use super::{
    budget::{Budget, Exhausted},
    node::Node,
};

/// The content of an OBJECT IDENTIFIER.
pub(super) type Policy = Vec<u8>;

/// anyPolicy, 2.5.29.32.0.
const ANY: [u8; 4] = [0x55, 0x1d, 0x20, 0];

/// The demands on certificate policies (RFC 5280 §6.1.1 (c), (e) to (g)). The default demands none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyDemand {
    /// Dotted; empty: any.
    pub accepted: Vec<PolicyId>,
    /// The path must be valid for one of the accepted policies (initial-explicit-policy).
    pub explicit: bool,
    /// Mapping of policies is not allowed (initial-policy-mapping-inhibit).
    pub no_mapping: bool,
    /// anyPolicy in a certificate does not count (initial-any-policy-inhibit).
    pub no_any: bool,
}

/// The object identifier of a certificate policy; prints dotted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId(Policy);

/// A text that is no object identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an object identifier; write it with dots, such as 1.3.6.1.4.1.99999.1")]
pub struct PolicyIdError(String);

impl std::str::FromStr for PolicyId {
    type Err = PolicyIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = der::asn1::ObjectIdentifier::new(text).map_err(|_| PolicyIdError(text.to_owned()))?;
        Ok(Self(id.as_bytes().to_vec()))
    }
}

impl std::fmt::Display for PolicyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == ANY {
            return f.write_str("anyPolicy");
        }
        f.write_str(&Oid::new(self.0.as_slice().into()).to_id_string())
    }
}

/// One level of the graph: what the certificate at this depth was issued under.
#[derive(Debug, Default)]
struct Level(BTreeMap<Policy, Entry>);

#[derive(Debug)]
struct Entry {
    /// The policies by which a certificate below may name this one (expected_policy_set).
    expected: BTreeSet<Policy>,
    /// In the level above.
    parents: BTreeSet<Policy>,
}

/// The variables of RFC 5280 §6.1.2 (a), (d) to (f).
#[derive(Debug)]
pub(super) struct Policies {
    /// `None`: valid_policy_graph is NULL.
    graph: Option<Vec<Level>>,
    explicit: usize,
    mapping: usize,
    any: usize,
}

/// Why policies are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PolicyRefusal {
    /// A policy is required, and no policy is left.
    Nothing,
    /// anyPolicy is mapped (RFC 5280 §6.1.4 (a)).
    AnyMapped,
    Exhausted,
}

impl From<Exhausted> for PolicyRefusal {
    fn from(_: Exhausted) -> Self {
        Self::Exhausted
    }
}

impl Policies {
    /// `length`: certificates in the path without the anchor.
    pub(super) fn new(demand: &PolicyDemand, length: usize) -> Self {
        let first = Entry { expected: BTreeSet::from([ANY.to_vec()]), parents: BTreeSet::new() };
        let after = |now: bool| if now { 0 } else { length + 1 };
        Self {
            graph: Some(vec![Level(BTreeMap::from([(ANY.to_vec(), first)]))]),
            explicit: after(demand.explicit),
            mapping: after(demand.no_mapping),
            any: after(demand.no_any),
        }
    }

    /// RFC 5280 §6.1.3 (d) to (f), for the certificate at the next depth.
    pub(super) fn process(
        &mut self,
        node: &Node<'_>,
        is_last: bool,
        budget: &Budget,
    ) -> Result<(), PolicyRefusal> {
        match (node.policies(), &mut self.graph) {
            (Some(listed), Some(graph)) => {
                budget.work(listed.len())?;
                let any_counts = self.any > 0 || (!is_last && node.is_self_issued());
                let above = graph.last().map(|level| &level.0);
                let level = above.map(|above| next(above, &listed, any_counts)).unwrap_or_default();
                budget.work(level.0.values().map(|entry| 1 + entry.parents.len()).sum())?;
                graph.push(level);
                if !prune(graph) {
                    self.graph = None;
                }
            }
            _ => self.graph = None,
        }
        if self.explicit == 0 && self.graph.is_none() {
            return Err(PolicyRefusal::Nothing);
        }
        Ok(())
    }

    /// RFC 5280 §6.1.4 (a), (b), (h) to (j).
    pub(super) fn prepare(&mut self, node: &Node<'_>, budget: &Budget) -> Result<(), PolicyRefusal> {
        if let Some(mappings) = node.mappings() {
            budget.work(mappings.len())?;
            if mappings.iter().any(|(from, to)| *from == ANY || *to == ANY) {
                return Err(PolicyRefusal::AnyMapped);
            }
            self.map(&mappings);
        }
        if !node.is_self_issued() {
            for counter in [&mut self.explicit, &mut self.mapping, &mut self.any] {
                *counter = counter.saturating_sub(1);
            }
        }
        self.limit(node);
        Ok(())
    }

    /// Lowers the counters to the limits that an authority, or the anchor, sets for the certificates below it.
    pub(super) fn limit(&mut self, node: &Node<'_>) {
        let limit = |counter: &mut usize, said: Option<u32>| {
            if let Some(said) = said {
                *counter = (*counter).min(said as usize);
            }
        };
        let constraints = node.find(|extension| match extension {
            ParsedExtension::PolicyConstraints(constraints) => Some(constraints),
            _ => None,
        });
        limit(&mut self.explicit, constraints.and_then(|constraints| constraints.require_explicit_policy));
        limit(&mut self.mapping, constraints.and_then(|constraints| constraints.inhibit_policy_mapping));
        let any = node.find(|extension| match extension {
            ParsedExtension::InhibitAnyPolicy(inhibit) => Some(inhibit.skip_certs),
            _ => None,
        });
        limit(&mut self.any, any);
    }

    fn map(&mut self, mappings: &[(&[u8], &[u8])]) {
        let Some(graph) = &mut self.graph else { return };
        let mut grouped: BTreeMap<&[u8], BTreeSet<Policy>> = BTreeMap::new();
        for (from, to) in mappings {
            grouped.entry(from).or_default().insert(to.to_vec());
        }
        let Some(level) = graph.last_mut() else { return };
        let has_any = level.0.contains_key(ANY.as_slice());
        for (from, to) in grouped {
            if self.mapping == 0 {
                level.0.remove(from);
            } else if let Some(entry) = level.0.get_mut(from) {
                entry.expected = to;
            } else if has_any {
                let parents = BTreeSet::from([ANY.to_vec()]);
                level.0.insert(from.to_vec(), Entry { expected: to, parents });
            }
        }
        if !prune(graph) {
            self.graph = None;
        }
    }

    /// RFC 5280 §6.1.5 (a), (b), (g): the policies of the path that were asked for.
    pub(super) fn finish(
        mut self,
        node: &Node<'_>,
        demand: &PolicyDemand,
    ) -> Result<Vec<PolicyId>, PolicyRefusal> {
        self.explicit = self.explicit.saturating_sub(1);
        let required = node.find(|extension| match extension {
            ParsedExtension::PolicyConstraints(constraints) => constraints.require_explicit_policy,
            _ => None,
        });
        if required == Some(0) {
            self.explicit = 0;
        }
        let granted = self.granted();
        let left: Vec<PolicyId> = if demand.accepted.is_empty() || demand.accepted.iter().any(|id| id.0 == ANY)
        {
            granted.into_iter().map(PolicyId).collect()
        } else {
            let all = granted.contains(ANY.as_slice());
            let wanted: BTreeSet<&PolicyId> = demand.accepted.iter().collect();
            wanted.into_iter().filter(|id| all || granted.contains(&id.0)).cloned().collect()
        };
        if self.explicit == 0 && left.is_empty() {
            return Err(PolicyRefusal::Nothing);
        }
        Ok(left)
    }

    /// authority_constrained_policy_set: the policies that anyPolicy led to, and anyPolicy if it reaches the end.
    fn granted(&self) -> BTreeSet<Policy> {
        let mut granted = BTreeSet::new();
        let Some(graph) = &self.graph else { return granted };
        for (depth, level) in graph.iter().enumerate().skip(1) {
            let is_last = depth + 1 == graph.len();
            let from_any = level.0.iter().filter(|(policy, entry)| {
                entry.parents.contains(ANY.as_slice()) && (policy.as_slice() != ANY || is_last)
            });
            granted.extend(from_any.map(|(policy, _)| policy.clone()));
        }
        granted
    }
}

/// The level below `above` for a certificate that lists these policies (RFC 9618 §5.4 (d)).
fn next(above: &BTreeMap<Policy, Entry>, listed: &[&[u8]], any_counts: bool) -> Level {
    // Which nodes above expect a policy.
    let mut expecting: BTreeMap<&Policy, BTreeSet<Policy>> = BTreeMap::new();
    for (policy, entry) in above {
        for expected in &entry.expected {
            expecting.entry(expected).or_default().insert(policy.clone());
        }
    }
    let mut level = BTreeMap::new();
    let node = |policy: &[u8], parents: BTreeSet<Policy>| {
        (policy.to_vec(), Entry { expected: BTreeSet::from([policy.to_vec()]), parents })
    };
    for policy in listed.iter().filter(|policy| **policy != ANY) {
        let parents = expecting.get(&policy.to_vec()).cloned();
        let from_any = || above.contains_key(ANY.as_slice()).then(|| BTreeSet::from([ANY.to_vec()]));
        level.extend(parents.or_else(from_any).map(|parents| node(policy, parents)));
    }
    if any_counts && listed.iter().any(|policy| **policy == ANY) {
        for (policy, parents) in expecting {
            level.entry(policy.clone()).or_insert_with(|| node(policy, parents).1);
        }
    }
    Level(level)
}

/// Drops nodes without a child in the level below; `false` when the last level has no node.
fn prune(graph: &mut [Level]) -> bool {
    for depth in (1..graph.len()).rev() {
        let (above, below) = graph.split_at_mut(depth);
        let (Some(above), Some(below)) = (above.last_mut(), below.first()) else { continue };
        let used: BTreeSet<&Policy> = below.0.values().flat_map(|entry| &entry.parents).collect();
        let before = above.0.len();
        above.0.retain(|policy, _| used.contains(policy));
        if above.0.len() == before {
            break;
        }
    }
    graph.last().is_some_and(|level| !level.0.is_empty())
}

impl Node<'_> {
    /// certificatePolicies; `None` when it has none.
    fn policies(&self) -> Option<Vec<&[u8]>> {
        self.find(|extension| match extension {
            ParsedExtension::CertificatePolicies(policies) => {
                Some(policies.iter().map(|policy| policy.policy_id.as_bytes()).collect())
            }
            _ => None,
        })
    }

    /// policyMappings: pairs of issuerDomainPolicy and subjectDomainPolicy.
    fn mappings(&self) -> Option<Vec<(&[u8], &[u8])>> {
        self.find(|extension| match extension {
            ParsedExtension::PolicyMappings(mappings) => Some(
                mappings
                    .mappings
                    .iter()
                    .map(|pair| (pair.issuer_domain_policy.as_bytes(), pair.subject_domain_policy.as_bytes()))
                    .collect(),
            ),
            _ => None,
        })
    }
}
