//! A bucket's CORS rules, and what they grant a request (recorded 2023-07 to 2025-07).

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

/// One rule, as it was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rule {
    /// Its name, where it has one.
    pub id: Option<String>,
    /// Origins, each with at most one `*`.
    pub origins: Vec<String>,
    /// Methods in capitals.
    pub methods: Vec<String>,
    /// Request headers, each with at most one `*`.
    pub headers: Vec<String>,
    /// Response headers that a page may read.
    pub expose: Vec<String>,
    /// How long a browser may remember a preflight, in seconds.
    pub max_age: Option<i32>,
}

/// What a request asks of the rules.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// `Origin`.
    pub origin: HeaderValue,
    /// The method that is to be allowed.
    pub method: String,
    /// The names in `Access-Control-Request-Headers`, in lower case.
    pub headers: Vec<String>,
}

/// The first rule that allows a request, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grant<'a> {
    rule: &'a Rule,
    /// Whether the origin was allowed as any is: by `*` alone.
    any: bool,
}

impl Asked {
    /// What a request with these headers asks; none where it names no origin.
    pub(super) fn of(headers: &HeaderMap, method: &str) -> Option<Self> {
        let origin = headers.get(http::header::ORIGIN)?.clone();
        let asked = headers.get_all("access-control-request-headers").iter().filter_map(|value| value.to_str().ok());
        let names = asked.flat_map(|names| names.split(',')).map(|name| name.trim().to_ascii_lowercase());
        Some(Self { origin, method: method.to_owned(), headers: names.filter(|name| !name.is_empty()).collect() })
    }

    /// The first of the rules that allows this.
    pub(super) fn granted<'a>(&self, rules: &'a [Rule]) -> Option<Grant<'a>> {
        let origin = self.origin.to_str().ok()?;
        rules.iter().find_map(|rule| {
            let allowed = rule.origins.iter().find(|allowed| fits(allowed, origin))?;
            let method = rule.methods.contains(&self.method);
            let header = |name: &String| rule.headers.iter().any(|allowed| fits(&allowed.to_ascii_lowercase(), name));
            (method && self.headers.iter().all(header)).then_some(Grant { rule, any: allowed == "*" })
        })
    }

    /// Whether one of the rules allows this and has the origin word for word. `null` is not one: any page can have it.
    pub(super) fn is_named(&self, rules: &[Rule]) -> bool {
        let names = |rule: &Rule| rule.origins.iter().any(|origin| origin.as_bytes() == self.origin.as_bytes());
        let allows = |rule| self.granted(std::slice::from_ref(rule)).is_some();
        self.origin.as_bytes() != b"null" && rules.iter().any(|rule| names(rule) && allows(rule))
    }

    /// Adds the headers that tell a browser of a grant.
    pub(super) fn tell(&self, grant: Grant<'_>, headers: &mut HeaderMap) {
        let Grant { rule, any } = grant;
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(ACCESS_CONTROL_ALLOW_METHODS, &rule.methods.join(", "));
        if any {
            set(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        } else {
            set(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        if !self.headers.is_empty() {
            set(ACCESS_CONTROL_ALLOW_HEADERS, &self.headers.join(", "));
        }
        if !rule.expose.is_empty() {
            set(ACCESS_CONTROL_EXPOSE_HEADERS, &rule.expose.join(", "));
        }
        if let Some(seconds) = rule.max_age {
            set(ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
        }
        set(VARY, "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
        if !any {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.origin.clone());
        }
    }
}

/// Whether `text` is `pattern`, in which one `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => text.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_and_never_overlaps() {
        for (pattern, text, expected) in [
            ("*", "http://a", true),
            ("http://*.a.com", "http://b.a.com", true),
            ("http://*.a.com", "http://a.com", false),
            ("http://a*a", "http://a", false),
            ("http://a", "http://A", false),
            ("", "", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }
}
