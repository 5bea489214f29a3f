//! `certreq ca show`: the root on disk beside the platform's.

use serde::Serialize;

use super::{
    Say,
    record::{self, Root},
};
use crate::{
    failure::{Exit, Failure},
    fleet::{anchor, layout::Layout},
    output::{Block, columns},
    pki::certificate::Certificate,
    platform::Platform,
};

#[derive(Serialize)]
struct Shown {
    schema: &'static str,
    file: String,
    disk: Vec<Root>,
    platform: Root,
    /// `null`: no root is on disk yet.
    agree: Option<bool>,
}

pub(super) async fn run(platform: &dyn Platform, layout: &Layout, say: Say<'_>) -> Result<Exit, Failure> {
    let held = anchor::read(layout)
        .map_err(|error| Failure::new(Exit::Unsafe, error.to_string()))?
        .unwrap_or_default();
    let root = match platform.root().await {
        Ok(root) => root,
        Err(error) => {
            // The roots on disk can be shown without the platform.
            if !say.json && !held.is_empty() {
                say.answer(&(), &text(layout, &held, None))?;
            }
            return Err(Failure::from(error).context("fetching the root certificate"));
        }
    };
    let agree = (!held.is_empty()).then(|| held.contains(&root));
    let shown = Shown {
        schema: "certreq.ca.show/1",
        file: layout.ca_certificate().display().to_string(),
        disk: held.iter().map(Root::of).collect(),
        platform: Root::of(&root),
        agree,
    };
    let mut shown_text = text(layout, &held, Some((&platform.display_name(), &root)));
    shown_text.push_str(match agree {
        Some(true) => "They agree.",
        Some(false) => "They differ.",
        None => "No root is pinned on disk yet.",
    });
    say.answer(&shown, &shown_text)?;
    if agree == Some(false) {
        return Err(Failure::new(Exit::Unsafe, "the platform's root is not the one on disk").hint(
            "ask the platform's operator whether it was renewed, then: certreq ca fetch --accept-new-ca ...",
        ));
    }
    Ok(Exit::Done)
}

fn text(layout: &Layout, held: &[Certificate], platform: Option<(&str, &Certificate)>) -> String {
    let mut block = Block::new(columns::of_stdout().unwrap_or(columns::USUAL));
    let file = layout.ca_certificate().display().to_string();
    for root in held {
        record::describe(&mut block, "here", &file, root);
    }
    if let Some((place, root)) = platform {
        record::describe(&mut block, "there", place, root);
    }
    block.finish()
}
