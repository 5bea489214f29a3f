//! What a user can observe, one module per promise.

mod dojot;
mod support;
