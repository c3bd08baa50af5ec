//! The two wordings of AWS's validation messages.
//!
//! Since summer 2026 some operations answer through a new validator, which counts its findings: `1 validation error
//! detected: ` stands before the sentence. In us-east-1 (recorded 2026-09-20 and 2026-10-07) PutItem, UpdateItem and
//! DeleteItem do so for values, condition and update expressions and their names and values; reads, batches and
//! transactions do not. An operation knows which it is and passes its wording down.

use crate::emulator::error::AwsError;

const COUNT: &str = "1 validation error detected: ";

/// How an operation words what it finds wrong in values and expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wording {
    /// The sentence alone.
    #[default]
    Plain,
    /// `1 validation error detected: ` and the sentence.
    Counted,
    /// The sentence alone, from an operation on many items: a batch or a transaction.
    Many,
}

impl Wording {
    /// A `ValidationException` in this wording.
    pub fn error(self, message: impl AsRef<str>) -> AwsError {
        match self {
            Self::Plain | Self::Many => AwsError::validation(message.as_ref()),
            Self::Counted => AwsError::validation(format!("{COUNT}{}", message.as_ref())),
        }
    }
}
