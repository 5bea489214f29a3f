//! The pages of docs/: what they tell their reader to type works, their links and flags exist, and the page of messages
//! is what the source says.

mod flags;
mod links;
mod messages;
mod typed;
mod words;
