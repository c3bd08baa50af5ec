//! Ids that one side gave, in the parameters of later calls at the endpoint.

use serde_json::Value;

use crate::replay::normal::is_given;

/// What stands for an id on the other side; `None` where nobody gave it.
type Other<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Puts the ids of the other side into `parameters`. The error names a parameter whose id nobody gave.
pub(in crate::replay) fn translate(service: &str, parameters: &mut Value, ids: Other<'_>) -> Result<(), String> {
    match service {
        "s3" => {
            if let Some(Value::Object(query)) = parameters.get_mut("query") {
                for (name, value) in query.iter_mut().filter(|(name, _)| is_given(name)) {
                    replace(name, value, ids)?;
                }
            }
            let source = parameters.get_mut("headers").and_then(|headers| headers.get_mut("x-amz-copy-source"));
            if let Some(Value::String(source)) = source
                && let Some((path, id)) = source.split_once("?versionId=")
            {
                let other = other(id, ids).ok_or("version id")?;
                *source = format!("{path}?versionId={other}");
            }
            // A document that an object is may have that element, too.
            let deletes = parameters.get("query").is_some_and(|query| query.get("delete").is_some());
            if let Some(Value::String(body)) = parameters.get_mut("body")
                && deletes
            {
                *body = in_document(body, ids).ok_or("VersionId")?;
            }
        }
        "dynamodb" => {
            let Some(members) = parameters.as_object_mut() else { return Ok(()) };
            for (name, value) in members.iter_mut().filter(|(name, _)| is_given(name)) {
                replace(name, value, ids)?;
            }
            // A client may have made up a key to begin behind.
            if let Some(key) = members.get_mut("ExclusiveStartKey")
                && let Some(other) = ids(&key.to_string())
                && let Ok(other) = serde_json::from_str(&other)
            {
                *key = other;
            }
        }
        _ => {}
    }
    Ok(())
}

fn replace(name: &str, value: &mut Value, ids: Other<'_>) -> Result<(), String> {
    let Value::String(id) = value else { return Ok(()) };
    *id = other(id, ids).ok_or(name)?;
    Ok(())
}

fn other(id: &str, ids: Other<'_>) -> Option<String> {
    // S3's null version has the same name everywhere, and an empty one is none.
    if id == "null" || id.is_empty() { Some(id.to_owned()) } else { ids(id) }
}

fn in_document(body: &str, ids: Other<'_>) -> Option<String> {
    let mut parts = body.split("<VersionId>");
    let mut all = parts.next()?.to_owned();
    for part in parts {
        let (id, rest) = part.split_once("</VersionId>")?;
        all.extend(["<VersionId>", &other(id, ids)?, "</VersionId>", rest]);
    }
    Some(all)
}

/// The parameters of a call without ids that a backend gave, and without checksums over them: two calls that ask the same
/// have the same.
pub(in crate::replay) fn without(service: &str, parameters: &Value) -> Value {
    let mut parameters = parameters.clone();
    // Each id has the same in its place.
    let _ = translate(service, &mut parameters, &|_| Some(String::new()));
    if let Some(Value::Object(headers)) = parameters.get_mut("headers") {
        headers.retain(|name, _| name != "content-md5" && !name.starts_with("x-amz-checksum-"));
    }
    parameters
}
