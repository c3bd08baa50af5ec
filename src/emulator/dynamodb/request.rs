//! A request whose members have the declared types and satisfy what is declared of them.

use serde_json::{Map, Value as Json};

/// The members of a request; a null member is as good as none.
#[derive(Debug, Default)]
pub struct Request(Map<String, Json>);

impl Request {
    /// The members of a JSON object.
    #[must_use]
    pub fn new(members: Map<String, Json>) -> Self {
        Self(members)
    }

    /// The member, unless it is absent or null.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// The member, which is then gone from the request.
    pub fn take(&mut self, name: &str) -> Option<Json> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// All members, as they were given.
    #[must_use]
    pub fn members(&self) -> &Map<String, Json> {
        &self.0
    }

    /// Whether the member is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A member that is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// A member that is true or false; false where it is absent.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Json::as_bool).unwrap_or(false)
    }

    /// A member that is an integer.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Json::as_i64)
    }

    /// Those of `names` that are there, in the order given.
    #[must_use]
    pub fn present<'n>(&self, names: &[&'n str]) -> Vec<&'n str> {
        names.iter().copied().filter(|name| self.has(name)).collect()
    }
}
