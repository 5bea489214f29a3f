//! One file per verb: its plan, and what carries it out.

pub mod serve;
