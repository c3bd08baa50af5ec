//! DynamoDB: the wire protocol, the operations and what they are made of.

pub mod expression;
pub mod item;
pub mod key;
pub mod number;
pub mod value;
pub mod wording;
