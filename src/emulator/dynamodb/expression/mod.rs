//! Expressions: condition, filter, key condition, projection, update. One lexer, one parser, one tree, one evaluator.

mod bindings;
mod condition;
mod key_condition;
pub mod legacy;
mod path;
mod projection;
mod update;

pub use bindings::Bindings;
pub use condition::{Condition, ConditionKind};
pub use key_condition::KeyCondition;
pub use path::{Path, Segment};
pub use projection::{Projection, project};
pub use update::{Update, Updated};
