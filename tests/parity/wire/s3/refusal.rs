//! Refusals: the error document as it came, and what the headers tell.

use aws_sdk_s3::error::SdkError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::display::DisplayErrorContext;
use serde_json::{Map, Value as Json};

use crate::call::Answer;
use crate::wire::{Sent, Unanswered};

/// What an error document says that is never the same twice.
const EACH_TIME: [&str; 4] = ["RequestId", "HostId", "Resource", "ServerTime"];
/// The headers that tell of the object that was found.
const HEADERS: [(&str, &str); 4] =
    [("x-amz-delete-marker", "DeleteMarker"), ("x-amz-version-id", "VersionId"), ("etag", "ETag"), ("allow", "Allow")];

/// An error as AWS told it. HEAD and 304 have no document, and so no code.
pub fn refused<E>(error: SdkError<E, HttpResponse>) -> Sent
where
    E: std::error::Error + Send + Sync + 'static,
{
    let Some(response) = error.raw_response() else {
        return Err(Unanswered(DisplayErrorContext(error).to_string()));
    };
    let status = response.status().as_u16();
    let document = String::from_utf8_lossy(response.body().bytes().unwrap_or_default()).into_owned();
    if status < 300 && !document.contains("<Error>") {
        return Err(Unanswered(format!("{status}: {}", DisplayErrorContext(&error))));
    }
    let mut output = members(&document);
    let mut take = |name: &str| output.remove(name).and_then(|value| value.as_str().map(str::to_owned));
    let (code, message) = (take("Code").unwrap_or_default(), take("Message"));
    for (header, member) in HEADERS {
        if let Some(value) = response.headers().get(header) {
            // A member of the document wins: it is the version that was asked for.
            output.entry(member).or_insert_with(|| value.into());
        }
    }
    Ok(Answer { status, code: Some(code), message, output })
}

/// The elements of an error document.
fn members(document: &str) -> Map<String, Json> {
    let mut members = Map::new();
    let Some((_, inner)) = document.split_once("<Error>") else { return members };
    let mut rest = inner.split_once("</Error>").map_or(inner, |(inner, _)| inner);
    while let Some((name, after)) = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')) {
        let (value, next) = match name.strip_suffix('/') {
            Some(_) => ("", after),
            None => after.split_once(&format!("</{name}>")).unwrap_or((after, "")),
        };
        let name = name.trim_end_matches('/');
        if !EACH_TIME.contains(&name) {
            members.insert(name.to_owned(), plain(value).into());
        }
        rest = next;
    }
    members
}

fn plain(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
