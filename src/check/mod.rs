//! Whether a project will work with the emulator: what it uses of S3 and DynamoDB, read off its source or a journal, held
//! against the emulator's own tables of operations.
//!
//! Nothing of a project is run. Source is read as tokens and not by its grammar; docs/check.md says why, and what
//! that cannot see.

mod calls;
mod differences;
mod documents;
mod found;
mod judge;
mod language;
mod model;
mod report;
mod token;
mod tree;

pub use calls::read as read_call;
pub use differences::{MEMBERS, PARAGRAPHS, SECTION, TAKEN, Values};
pub use documents::documented;
pub use found::{Found, Given, Use, Value};
pub use judge::{Note, Status};
pub use language::{read as read_source, syntax_of};
pub use model::Model;
pub use report::{Checked, OtherService, Parameter, Place, Report, Reporter};
pub use token::Syntax;
pub use tree::{Files, NotRead, read as read_tree};
