//! Expressions that DynamoDB does not read: the operator or the function that was meant.

mod condition;
mod functions;
mod lessons;
mod tokens;
mod update;

use super::near;
pub(super) use lessons::{
    empty, function, misused, operand_type, operands, overlap, section_twice, short, shown, syntax, type_name,
    update_of,
};
pub(in crate::mcp) use tokens::{Kind, tokens};
pub(super) use tokens::{Token, attribute, comparisons, first_operand_of, value};
