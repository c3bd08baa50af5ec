//! Calls as the SDK's clients make them.

pub mod dynamodb;
pub mod s3;

use serde_json::Value as Json;

use crate::call::Answer;

/// No answer came.
#[derive(Debug)]
pub struct Unanswered(pub String);

/// What came of a call: the answer, before it is normalised.
pub type Sent = Result<Answer, Unanswered>;

/// Sets in `input` what asks for the page after `page`; whether there is one.
pub fn next_page(operation: &str, input: &mut Json, page: &Answer) -> bool {
    // Member of the answer, and the member of the request that takes it.
    let members: &[(&str, &str)] = match operation {
        "Query" | "Scan" => &[("LastEvaluatedKey", "ExclusiveStartKey")],
        "ListBuckets" => &[("ContinuationToken", "ContinuationToken")],
        "ListObjectsV2" => &[("NextContinuationToken", "ContinuationToken")],
        "ListObjects" => &[("NextMarker", "Marker")],
        "ListObjectVersions" => &[("NextKeyMarker", "KeyMarker"), ("NextVersionIdMarker", "VersionIdMarker")],
        "ListParts" => &[("NextPartNumberMarker", "PartNumberMarker")],
        "ListMultipartUploads" => &[("NextKeyMarker", "KeyMarker"), ("NextUploadIdMarker", "UploadIdMarker")],
        other => panic!("{other} has no pages"),
    };
    match page.output.get("IsTruncated") {
        Some(Json::Bool(false)) => return false,
        // Without a delimiter there is no NextMarker: the last key is the marker.
        Some(_) if operation == "ListObjects" && page.output.get("NextMarker").is_none() => {
            let last = page.output["Contents"].as_array().and_then(|contents| contents.last());
            input["Marker"] = last.map(|last| last["Key"].clone()).unwrap_or_default();
            return input["Marker"].is_string();
        }
        _ => {}
    }
    for (from, to) in members {
        match page.output.get(*from) {
            Some(value) => input[*to] = value.clone(),
            None => drop(input.as_object_mut().and_then(|input| input.remove(*to))),
        }
    }
    page.output.contains_key(members[0].0)
}
