//! An operation's answer: a JSON object written member by member, so that stored JSON goes out as it is.

use bytes::Bytes;
use serde::Serialize;

/// A JSON object under construction.
#[derive(Debug)]
pub struct Answer(Vec<u8>);

impl Default for Answer {
    fn default() -> Self {
        Self::with_capacity(256)
    }
}

impl Answer {
    /// An empty object.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty object with room for about `bytes` bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        let mut out = Vec::with_capacity(bytes);
        out.push(b'{');
        Self(out)
    }

    /// A member whose value is this JSON text.
    pub fn raw(&mut self, name: &str, json: &[u8]) {
        self.name(name);
        self.0.extend_from_slice(json);
    }

    /// A member of any serialisable value.
    pub fn json(&mut self, name: &str, value: &impl Serialize) {
        self.name(name);
        write_json(&mut self.0, value);
    }

    /// The finished object.
    #[must_use]
    pub fn finish(mut self) -> Bytes {
        self.0.push(b'}');
        self.0.into()
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        write_json(&mut self.0, &name);
        self.0.push(b':');
    }
}

/// Appends the JSON text of `value`.
pub fn write_json(out: &mut Vec<u8>, value: &impl Serialize) {
    let start = out.len();
    if serde_json::to_writer(&mut *out, value).is_err() {
        // Only a map with keys that are not text can get here, and no answer has one.
        out.truncate(start);
        out.extend_from_slice(b"null");
    }
}
