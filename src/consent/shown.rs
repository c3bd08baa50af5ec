//! What of a call a person is shown: without secrets, and short.

use serde_json::Value;

use crate::journal::{Redactor, at_most};

/// Bytes of what is shown of one value.
const MOST: usize = 16 << 10;

/// Takes secrets out, as the journal does, and cuts.
#[derive(Debug)]
pub struct Shown(Redactor);

impl Shown {
    /// Compiles the patterns.
    ///
    /// # Errors
    /// One of them is broken, so that nothing may be shown.
    pub fn new() -> Result<Self, regex_lite::Error> {
        Redactor::new().map(Self)
    }

    /// A value, as a person is shown it.
    #[must_use]
    pub fn value(&self, value: &Value) -> Value {
        at_most(value, MOST, &self.0)
    }
}
