//! The manual: a page for each verb, one for the configuration file, one for the output. No page holds a date.

mod contract;
mod file;
mod page;
mod verb;

use super::shaped;

/// A page, and the name of its file.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) roff: String,
}

/// Every page. `keys`: the keys that a profile may hold, and their meaning.
pub(crate) fn all(keys: &[(&str, &str)]) -> Vec<Page> {
    let command = verb::built(shaped());
    let mut pages = vec![verb::own(&command)];
    verb::below(&command, &mut pages);
    pages.push(file::page(keys));
    pages.push(contract::page());
    pages
}
