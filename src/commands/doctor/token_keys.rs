//! Keys in tokens: those that no directory names any more.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    fleet::{journal, layout::Layout, vault},
    keys::{self, Listed},
    output::{checks::Check, count},
    pki::token_uri::{TokenUri, hexadecimal},
};

/// The authority's own key; no device's directory names it.
const AUTHORITY: &str = "certreq CA";

/// One check for each token that this fleet has keys in.
pub(super) fn checks(layout: &Layout) -> Vec<Check> {
    let named = vault::named_keys(layout);
    // A damaged journal has a check of its own.
    let made = journal::key_objects(&layout.journal()).unwrap_or_default();
    let made: Vec<TokenUri> = made.iter().filter_map(|uri| uri.parse().ok()).collect();
    let mut tokens: BTreeMap<String, TokenUri> = BTreeMap::new();
    for uri in named.iter().chain(&made) {
        tokens.entry(uri.of_token().identity().to_string()).or_insert_with(|| uri.of_token());
    }
    let ids: BTreeSet<&[u8]> = named.iter().filter_map(|uri| uri.id.as_deref()).collect();
    tokens.values().map(|token| check(token, &ids, &named)).collect()
}

fn check(token: &TokenUri, ids: &BTreeSet<&[u8]>, named: &[TokenUri]) -> Check {
    let words = token.token_words();
    let listed = match keys::listed(token) {
        Ok(listed) => listed,
        Err(error) => {
            let hint = error.hint().unwrap_or("see the token: pkcs11-tool --list-slots");
            return Check::fail("token keys", error.to_string()).hint(hint);
        }
    };
    let is_ours = |key: &Listed| {
        ids.contains(key.id.as_slice())
            || key.label == AUTHORITY
            || named.iter().any(|uri| uri.id.is_none() && uri.object.as_deref() == Some(key.label.as_str()))
    };
    let (ours, others): (Vec<_>, Vec<_>) = listed.into_iter().partition(is_ours);
    if others.is_empty() {
        return Check::ok(
            "token keys",
            format!("{} in {words}, each has its directory", count(ours.len(), "key")),
        );
    }
    let shown: Vec<String> = others.iter().take(3).map(shown).collect();
    let more = if others.len() > 3 { format!(" and {} more", others.len() - 3) } else { String::new() };
    let text = format!(
        "no directory here names {} in {words}: {}{more}",
        count(others.len(), "key"),
        shown.join(", ")
    );
    let id: String = others.first().map(|key| hexadecimal(&key.id)).unwrap_or_default();
    Check::warn("token keys", text).hint(format!(
        "if no other directory names it: pkcs11-tool --module {} --login --delete-object --type privkey --id {id}",
        token.module_path.as_deref().unwrap_or("MODULE")
    ))
}

fn shown(key: &Listed) -> String {
    format!("{} (id {})", key.label, hexadecimal(&key.id))
}
