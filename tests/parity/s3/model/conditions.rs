//! Conditions on reads, writes and deletes.

use serde_json::Value as Json;

use super::refusal::{self, Refusal};
use super::state::{Bucket, Object};
use super::{header, text};

/// When a generator's dates are: long before every write, long after, or no date.
fn when(date: Option<&str>) -> Option<bool> {
    match date?.rsplit_once(' ')?.0 {
        date if date.contains(" 1994 ") => Some(false),
        date if date.contains(" 2100 ") => Some(true),
        _ => None,
    }
}

/// Whether a list of entity tags names this one; quotes may be missing.
fn names(list: &str, etag: &str) -> bool {
    list.split(',').map(|tag| tag.trim().trim_matches('"')).any(|tag| tag == "*" || tag == etag)
}

/// The first condition that does not hold, in the order of RFC 9110, as AWS's guide gives it.
fn failing(conditions: [Option<&str>; 4], object: &Object) -> Option<usize> {
    let [matches, unmodified, none_match, _] = conditions;
    if matches.is_some_and(|list| !names(list, &object.etag)) {
        return Some(0);
    }
    // The object was changed after 1994 and before 2100.
    if matches.is_none() && when(unmodified) == Some(false) {
        return Some(1);
    }
    // If-Modified-Since fails only for a date between the last change and now, which no generator makes: one before holds,
    // and one in the future is none.
    none_match.is_some_and(|list| names(list, &object.etag)).then_some(2)
}

/// Judges a read.
pub fn read(input: &Json, object: &Object, shown: Option<&str>) -> Result<(), Refusal> {
    let conditions = [
        text(input, "IfMatch"),
        header(input, "if-unmodified-since"),
        text(input, "IfNoneMatch"),
        header(input, "if-modified-since"),
    ];
    match failing(conditions, object) {
        None => Ok(()),
        Some(failed @ (0 | 1)) => Err(refusal::precondition(["If-Match", "If-Unmodified-Since"][failed])),
        Some(_) => {
            let refusal = Refusal::new(304, "", "").with_header("ETag", format!("\"{}\"", object.etag));
            Err(shown.map_or(refusal.clone(), |id| refusal.with_header("VersionId", id)))
        }
    }
}

/// Judges the source of a copy.
pub fn source(input: &Json, object: &Object) -> Result<(), Refusal> {
    let conditions = [
        text(input, "CopySourceIfMatch"),
        header(input, "x-amz-copy-source-if-unmodified-since"),
        text(input, "CopySourceIfNoneMatch"),
        header(input, "x-amz-copy-source-if-modified-since"),
    ];
    // In AWS's own mixture of cases.
    let names = ["If-Match", "If-Unmodified-Since", "If-None-Match", "If-Modified-Since"];
    let failed = failing(conditions, object);
    failed.map_or(Ok(()), |failed| Err(refusal::precondition(&format!("x-amz-copy-source-{}", names[failed]))))
}

/// Refuses the conditions that a write knows not: only `If-None-Match: *` and `If-Match` with an entity tag.
pub fn writable(input: &Json) -> Result<(), Refusal> {
    let no = |header: &str| {
        let why = format!("We don't accept the provided value of {header} header for this API");
        Err(refusal::not_implemented(header, &why))
    };
    match (text(input, "IfMatch"), text(input, "IfNoneMatch")) {
        (Some(_), Some(_)) => {
            let why = "Multiple conditional request headers present in the request";
            Err(refusal::not_implemented("If-Match,If-None-Match", why))
        }
        (Some("*"), None) => no("If-Match"),
        (None, Some(other)) if other != "*" => no("If-None-Match"),
        _ => Ok(()),
    }
}

/// Judges a write.
pub fn write(input: &Json, bucket: &Bucket, key: &str) -> Result<(), Refusal> {
    match (text(input, "IfMatch"), text(input, "IfNoneMatch"), bucket.current(key)) {
        (Some(_), _, None) => Err(refusal::no_such_key(key)),
        (Some(tag), _, Some(object)) if tag.trim_matches('"') != object.etag => Err(refusal::precondition("If-Match")),
        (_, Some(_), Some(_)) => Err(refusal::precondition("If-None-Match")),
        _ => Ok(()),
    }
}

/// Judges a delete, whose condition is on the newest version.
pub fn delete(tag: Option<&str>, bucket: &Bucket, key: &str) -> Result<(), Refusal> {
    match (tag, bucket.current(key)) {
        (None, _) | (Some("*"), Some(_)) => Ok(()),
        (Some(_), None) => Err(refusal::no_such_key(key)),
        (Some(tag), Some(object)) if tag.trim_matches('"') == object.etag => Ok(()),
        _ => Err(refusal::precondition("If-Match")),
    }
}
