//! The pages of docs/: what they tell their reader to type works, their links lead somewhere, and the page of messages
//! is what the source says.

mod links;
mod messages;
mod typed;
mod words;
