//! Conditions on reads and writes.

use super::catalogue::Placed;
use super::context::Context;
use super::{date, error};
use crate::emulator::error::AwsError;

/// What the conditions of a read come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Go on.
    Proceed,
    /// 304.
    NotModified,
}

/// The headers of a read's conditions: match, unmodified since, none match, modified since.
const READ: [&str; 4] = ["If-Match", "If-Unmodified-Since", "If-None-Match", "If-Modified-Since"];
/// The same of a copy's source, in AWS's own mixture of cases (recorded 2026-02).
const SOURCE: [&str; 4] = [
    "x-amz-copy-source-If-Match",
    "x-amz-copy-source-If-Unmodified-Since",
    "x-amz-copy-source-If-None-Match",
    "x-amz-copy-source-If-Modified-Since",
];

/// Judges the conditions of GetObject and HeadObject.
pub(super) fn judge_read(context: &Context, etag: &str, modified: u64, now: u64) -> Result<Verdict, AwsError> {
    match failing(context, READ, etag, modified, now) {
        None => Ok(Verdict::Proceed),
        Some(header) if header == READ[2] || header == READ[3] => Ok(Verdict::NotModified),
        Some(header) => Err(error::precondition_failed(header)),
    }
}

/// Judges the conditions that a copy sets on its source.
pub(super) fn judge_source(context: &Context, etag: &str, modified: u64, now: u64) -> Result<(), AwsError> {
    failing(context, SOURCE, etag, modified, now).map_or(Ok(()), |header| Err(error::precondition_failed(header)))
}

/// The header whose condition does not hold, in AWS's order: If-Match hides If-Unmodified-Since, and If-None-Match
/// hides If-Modified-Since. Dates compare in whole seconds; what is no date is ignored, as is a future one in
/// If-Modified-Since.
fn failing(context: &Context, headers: [&'static str; 4], etag: &str, modified: u64, now: u64) -> Option<&'static str> {
    let [matches, unmodified, none_match, modified_since] = headers;
    let modified = date::whole_seconds(modified);
    let since = |name: &str| context.header(name).and_then(date::parse);
    if let Some(tags) = context.header(matches) {
        if !lists(tags, etag) {
            return Some(matches);
        }
    } else if since(unmodified).is_some_and(|date| modified > date) {
        return Some(unmodified);
    }
    if let Some(tags) = context.header(none_match) {
        if lists(tags, etag) {
            return Some(none_match);
        }
    } else if since(modified_since).is_some_and(|date| modified <= date && date <= now) {
        return Some(modified_since);
    }
    None
}

/// Whether a list of entity tags names this one. Quotes may be missing.
fn lists(tags: &str, etag: &str) -> bool {
    tags.split(',')
        .map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'))
        .any(|tag| tag == "*" || tag == etag)
}

/// The condition of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WriteCondition {
    /// None.
    Always,
    /// `If-None-Match: *`: the key must have no object.
    Absent,
    /// `If-Match`: the object must have this entity tag.
    Matches(String),
}

impl WriteCondition {
    /// Reads the condition. Other forms are refused as AWS refuses them (recorded 2026-02).
    pub(super) fn of(context: &Context) -> Result<Self, AwsError> {
        let refused = |header: &'static str, why: String| {
            Err(error::header_not_implemented(header).with("additionalMessage", why))
        };
        let unacceptable = |header: &str| format!("We don't accept the provided value of {header} header for this API");
        match (context.header("if-match"), context.header("if-none-match")) {
            (None, None) => Ok(Self::Always),
            (Some(_), Some(_)) => {
                refused("If-Match,If-None-Match", "Multiple conditional request headers present in the request".into())
            }
            (None, Some("*")) => Ok(Self::Absent),
            (None, Some(_)) => refused("If-None-Match", unacceptable("If-None-Match")),
            (Some("*"), None) => refused("If-Match", unacceptable("If-Match")),
            (Some(tag), None) => Ok(Self::Matches(tag.trim_matches('"').to_owned())),
        }
    }

    /// Judges the newest version, inside the commit that replaces it. A delete marker is no object.
    pub(super) fn judge(&self, key: &str, newest: Option<&Placed>) -> Result<(), AwsError> {
        match (self, newest.filter(|newest| !newest.version.is_marker())) {
            (Self::Always, _) | (Self::Absent, None) => Ok(()),
            (Self::Absent, Some(_)) => Err(error::precondition_failed("If-None-Match")),
            (Self::Matches(_), None) => Err(error::no_such_key(key)),
            (Self::Matches(tag), Some(current)) if *tag == current.version.etag => Ok(()),
            (Self::Matches(_), Some(_)) => Err(error::precondition_failed("If-Match")),
        }
    }
}

/// The condition of a delete: on the newest version, whichever is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DeleteCondition {
    /// None.
    Always,
    /// `If-Match: *`: the key must have an object.
    Present,
    /// `If-Match`: the object must have this entity tag.
    Matches(String),
}

impl DeleteCondition {
    /// The condition in an `If-Match`, or in the `ETag` of an object in DeleteObjects.
    pub(super) fn of(tag: Option<&str>) -> Self {
        match tag {
            None => Self::Always,
            Some("*") => Self::Present,
            Some(tag) => Self::Matches(tag.trim_matches('"').to_owned()),
        }
    }

    /// Judges the newest version, inside the commit that deletes. A delete marker is no object.
    pub(super) fn judge(&self, key: &str, newest: Option<&Placed>) -> Result<(), AwsError> {
        match (self, newest.filter(|newest| !newest.version.is_marker())) {
            (Self::Always, _) | (Self::Present, Some(_)) => Ok(()),
            (Self::Present | Self::Matches(_), None) => Err(error::no_such_key(key)),
            (Self::Matches(tag), Some(current)) if *tag == current.version.etag => Ok(()),
            (Self::Matches(_), Some(_)) => Err(error::precondition_failed("If-Match")),
        }
    }
}
