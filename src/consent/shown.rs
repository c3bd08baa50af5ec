//! What of a call a person is shown: without secrets, and short.

use serde_json::Value;

use crate::journal::{Redactor, at_most, kept_resources};

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

    /// A sentence, likewise.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let short = &text[..text.floor_char_boundary(MOST)];
        self.0.text(short).into_owned()
    }

    /// What a call is about, as far as there is room.
    #[must_use]
    pub fn resources(&self, resources: &[String]) -> Vec<String> {
        kept_resources(resources.to_vec(), &self.0)
    }
}
