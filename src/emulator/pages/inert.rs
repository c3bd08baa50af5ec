//! Answers that a browser shows and does not run.

use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue, X_CONTENT_TYPE_OPTIONS};

/// Sees to it that a browser which navigates to this answer runs nothing of it: objects are anybody's, and their origin
/// is the endpoint's.
///
/// No type is guessed, and documents that can have scripts get an origin of their own and no rights. Others are left
/// alone: Chromium's PDF viewer, for one, fails in a sandbox.
pub fn make_inert(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !is_passive(headers) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    }
}

/// Whether the content type is one, well formed, that is no document with scripts to any browser. A missing or an odd
/// one is not: browsers differ in what they read out of it.
fn is_passive(headers: &HeaderMap) -> bool {
    let mut kinds = headers.get_all(CONTENT_TYPE).iter();
    let (Some(kind), None) = (kinds.next().and_then(|kind| kind.to_str().ok()), kinds.next()) else { return false };
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((family, name)) = essence.split_once('/') else { return false };
    let token =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    // Of a list, browsers take the last.
    let one = !kind.contains(',') && token(family) && token(name);
    let active = ["html", "xml", "xsl", "xslt", "svg"].iter().any(|word| name.contains(word));
    one && !active && !matches!(family, "multipart" | "message")
}
