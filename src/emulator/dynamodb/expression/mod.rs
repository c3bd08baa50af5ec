//! Expressions: condition, filter, key condition, projection, update. One lexer, one parser, one tree, one evaluator.
//!
//! Sources: recorded answers of us-east-1 (2026-09-20), the Developer Guide's "Expressions" pages for the grammar, the
//! reserved words and the limits.

mod apply;
mod bindings;
mod charge;
mod check;
mod condition;
mod condition_parser;
mod evaluate;
mod findings;
mod key_condition;
pub mod legacy;
mod lexer;
mod parser;
mod path;
mod print;
mod projection;
mod reserved;
mod tree;
mod update;
mod update_parser;

pub use bindings::Bindings;
pub use condition::{Condition, ConditionKind};
pub use key_condition::KeyCondition;
pub use path::{Path, Segment};
pub use projection::{Projection, project};
pub use update::{Update, Updated};
