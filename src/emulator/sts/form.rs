//! The parameters of the query protocol: in the query, in a form, or in both.

use http::request::Parts;

use super::super::auth::query_pairs;

/// The parameters of a request, in order.
#[derive(Debug, Clone, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Those of the query, then those of the form that is the body.
    #[must_use]
    pub fn of(parts: &Parts, body: &[u8]) -> Self {
        let body = if parts.method == http::Method::POST { body } else { b"" };
        Self::read(parts.uri.query().unwrap_or_default(), body)
    }

    /// Those of a query, then those of a form.
    #[must_use]
    pub fn read(query: &str, form: &[u8]) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let given = [query, &String::from_utf8_lossy(form)];
        Self(given.iter().flat_map(|raw| query_pairs(raw)).map(|(name, value)| (text(name), text(value))).collect())
    }

    /// The parameter of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is this parameter, or one below it: `Tags` for `Tags.member.1.Key`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0
            .iter()
            .any(|(known, _)| known.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// How many members the list of this name has; no more than `most` are counted.
    #[must_use]
    pub fn count(&self, list: &str, most: usize) -> usize {
        (1..=most).take_while(|at| self.has(&format!("{list}.member.{at}"))).count()
    }
}
