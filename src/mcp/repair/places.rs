//! URIs and ARNs where a bucket, a key or a table is meant.

use serde_json::{Map, Value};

use super::names::fold;
use super::shape::{Kind, Shape};
use super::uri::{self, Object};
use super::work::{Work, either, is_empty, place, refused, shown};
use crate::mcp::error::ToolError;

/// The account of the embedded emulator's own tables.
const OUR_ACCOUNT: &str = "000000000000";

/// A whole place under a name of its own: `{"uri": "s3://media/a.txt"}`.
pub(super) fn named(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) {
    if !shape.has("bucket") {
        return;
    }
    let is_uri = |name: &String| {
        matches!(fold(name).as_str(), "uri" | "s3uri" | "url" | "s3url" | "s3path" | "arn" | "objectarn")
    };
    let Some(name) = map.keys().find(|name| is_uri(name) && !shape.has(name)).cloned() else { return };
    let Some(Value::String(text)) = map.get(&name).cloned() else { return };
    if uri::object(&text).is_none() {
        return;
    }
    map.shift_remove(&name);
    if map.get("bucket").is_some_and(|bucket| !is_empty(bucket)) {
        map.insert(name, Value::String(text));
        return;
    }
    map.insert("bucket".to_owned(), Value::String(text));
    work.read(name, "bucket");
}

/// Buckets and keys.
pub(super) fn objects(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) -> Result<(), ToolError> {
    if !shape.has("bucket") {
        return Ok(());
    }
    bucket(work, shape, map)?;
    for name in ["key", "prefix"] {
        if shape.property(name).is_some_and(|of| of.kind == Kind::Text)
            && let Some(Value::String(text)) = map.get(name).cloned()
            && let Some(found) = uri::object(&text)
        {
            same_bucket(map, name, &found)?;
            version(work, shape, map, name, &found)?;
            if found.rest.is_empty() && (name == "key" || deletes(shape)) {
                return Err(ToolError::arguments(format!("{name}: {} names a bucket and nothing in it", shown(&text))));
            }
            work.read(shown(&text), format!("bucket and {name}"));
            map.insert(name.to_owned(), Value::String(found.rest));
        }
    }
    keys(work, shape, map)
}

/// Whether a call with a prefix deletes.
pub(super) fn deletes(shape: &Shape) -> bool {
    shape.has("prefix") && shape.has("confirm")
}

fn bucket(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) -> Result<(), ToolError> {
    let Some(Value::String(text)) = map.get("bucket").cloned() else { return Ok(()) };
    // No bucket has a slash in its name.
    let plain = text.contains('/').then(|| format!("s3://{text}"));
    let found = uri::object(&text).or_else(|| plain.as_deref().filter(|_| !text.contains(':')).and_then(uri::object));
    let Some(found) = found else { return Ok(()) };
    version(work, shape, map, "bucket", &found)?;
    let Object { bucket, rest, .. } = found;
    map.insert("bucket".to_owned(), Value::String(bucket.clone()));
    let target = if shape.property("key").is_some_and(|of| of.kind == Kind::Text) {
        "key"
    } else if deletes(shape) && shape.has("keys") {
        "keys"
    } else {
        "prefix"
    };
    if rest.is_empty() {
        work.read(shown(&text), "bucket");
        return Ok(());
    }
    if !shape.has(target) {
        // The whole bucket is not what was named: nothing is said that would do more.
        let error = ToolError::arguments(format!("bucket: {} is something in a bucket, not one", shown(&text)));
        return Err(error
            .hint(format!("{} is about a whole bucket; s3_delete_objects deletes what is in one.", work.facts.tool)));
    }
    let rest = rest.strip_suffix('*').filter(|_| target == "prefix" && !deletes(shape)).unwrap_or(&rest).to_owned();
    match (target, map.get(target)) {
        (_, Some(given)) if given.as_str() == Some(rest.as_str()) => {}
        ("keys", None) if map.get("prefix").is_none() && !rest.ends_with(['/', '*']) => {
            map.insert("keys".to_owned(), Value::Array(vec![Value::String(rest)]));
        }
        ("keys", None) if map.get("prefix").is_none() => {
            let (mut object, mut all) = (map.clone(), map.clone());
            object.insert("keys".to_owned(), Value::Array(vec![Value::String(rest.clone())]));
            all.insert("prefix".to_owned(), Value::String(rest.trim_end_matches('*').to_owned()));
            let problem = format!("bucket: {} may be one object, or all that begin so", shown(&text));
            return Err(either(problem, &object, &all));
        }
        ("key" | "prefix", None) => drop(map.insert(target.to_owned(), Value::String(rest))),
        (_, Some(Value::String(given)))
            if uri::object(given).is_some_and(|of| of.bucket == bucket && of.rest == rest) => {}
        (_, given) => {
            let (alone, mut joined) = (map.clone(), map.clone());
            if let Some(Value::String(given)) = given {
                joined.insert(target.to_owned(), Value::String(format!("{}/{given}", rest.trim_end_matches('/'))));
                let problem = format!("bucket: {} has a {target} in it, and {target} is given too", shown(&text));
                return Err(either(problem, &alone, &joined));
            }
            let problem = format!("bucket: {} is more than a bucket, beside keys or a prefix", shown(&text));
            return Err(refused(problem, &alone));
        }
    }
    work.read(shown(&text), format!("bucket and {target}"));
    Ok(())
}

/// The bucket of a URI, which is no other than the one that is given.
fn same_bucket(map: &mut Map<String, Value>, name: &str, found: &Object) -> Result<(), ToolError> {
    let given = map.get("bucket").and_then(Value::as_str).unwrap_or_default();
    if !given.is_empty() && given != found.bucket {
        let (mut ours, mut theirs) = (map.clone(), map.clone());
        ours.insert(name.to_owned(), Value::String(found.rest.clone()));
        theirs.insert(name.to_owned(), Value::String(found.rest.clone()));
        theirs.insert("bucket".to_owned(), Value::String(found.bucket.clone()));
        let problem = format!("{name}: it is in bucket {}, and bucket is {}", shown(&found.bucket), shown(given));
        return Err(either(problem, &ours, &theirs));
    }
    map.insert("bucket".to_owned(), Value::String(found.bucket.clone()));
    Ok(())
}

/// The version that a URL names, which no call leaves out.
pub(super) fn version(
    work: &Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    name: &str,
    found: &Object,
) -> Result<(), ToolError> {
    let Some(version) = &found.version else { return Ok(()) };
    let other = map.get("version_id").is_some_and(|given| !is_empty(given) && given.as_str() != Some(version.as_str()));
    if matches!(name, "to" | "keys") || !shape.has("version_id") || other {
        let problem = format!("{name}: its URL names version {}", shown(version));
        return Err(ToolError::arguments(problem).hint(format!(
            "{} takes no such version there; give the bucket and the key without it if the object itself is meant.",
            work.facts.tool
        )));
    }
    map.insert("version_id".to_owned(), Value::String(version.clone()));
    Ok(())
}

/// A list of keys that are URIs.
fn keys(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) -> Result<(), ToolError> {
    if shape.property("keys").and_then(|of| of.inner.as_ref()).is_none_or(|of| of.kind != Kind::Text) {
        return Ok(());
    }
    let Some(Value::Array(keys)) = map.get("keys").cloned() else { return Ok(()) };
    let found: Vec<_> = keys.iter().map(|key| key.as_str().and_then(uri::object)).collect();
    let Some(first) = found.iter().flatten().next() else { return Ok(()) };
    if let Some(other) = found.iter().flatten().find(|other| other.bucket != first.bucket) {
        let problem = format!(
            "keys: they are of two buckets, {} and {}; one call is about one",
            shown(&first.bucket),
            shown(&other.bucket)
        );
        return Err(ToolError::arguments(problem));
    }
    if found.iter().flatten().any(|found| found.rest.is_empty()) {
        return Err(ToolError::arguments("keys: one names a bucket and nothing in it"));
    }
    if let Some(found) = found.iter().flatten().find(|found| found.version.is_some()) {
        version(work, shape, map, "keys", found)?;
    }
    let bare = keys.iter().zip(&found).map(|(key, found)| match found {
        Some(found) => Value::String(found.rest.clone()),
        None => key.clone(),
    });
    let bare: Vec<_> = bare.collect();
    let given = map.get("bucket").and_then(Value::as_str).unwrap_or_default();
    if !given.is_empty() && given != first.bucket {
        let mut theirs = map.clone();
        theirs.insert("keys".to_owned(), Value::Array(bare));
        let problem = format!("keys: they are in bucket {}, and bucket is {}", shown(&first.bucket), shown(given));
        let ours = theirs.clone();
        theirs.insert("bucket".to_owned(), Value::String(first.bucket.clone()));
        return Err(either(problem, &ours, &theirs));
    }
    map.insert("bucket".to_owned(), Value::String(first.bucket.clone()));
    map.insert("keys".to_owned(), Value::Array(bare));
    work.read("URIs", "bucket and keys");
    Ok(())
}

/// Tables and indexes.
pub(super) fn tables(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    for name in ["table", "index"] {
        if shape.has(name)
            && let Some(Value::String(text)) = map.get(name).cloned()
            && let Some(found) = uri::table(&text)
        {
            table(work, shape, map, (name, &place(at, name)), &text, &found)?;
        }
    }
    Ok(())
}

fn table(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    (name, at): (&str, &str),
    text: &str,
    found: &uri::Table,
) -> Result<(), ToolError> {
    if found.stream {
        let problem = format!("{at}: {} is a stream; {} wants a table", shown(text), work.facts.tool);
        return Err(ToolError::arguments(problem).hint(format!("it is the stream of table {}.", shown(&found.name))));
    }
    if let Some((region, account)) = &found.owner {
        if region != work.facts.region {
            let problem =
                format!("{at}: {} is in {region}, and this session works in {}", shown(text), work.facts.region);
            return Err(ToolError::arguments(problem).hint(format!("a person restarts with --region {region}.")));
        }
        if work.facts.local && account != OUR_ACCOUNT {
            return Err(ToolError::arguments(format!(
                "{at}: {} is of account {account}, and the local tables of {OUR_ACCOUNT}",
                shown(text)
            )));
        }
        // On AWS the ARN says whose table it is, which its name does not.
        if !work.facts.local && found.index.is_none() {
            return Ok(());
        }
    }
    let whole = match &found.owner {
        Some((_, _)) if !work.facts.local => text.split("/index/").next().unwrap_or(text).to_owned(),
        _ => found.name.clone(),
    };
    let conflict = |map: &Map<String, Value>, name: &str, value: &str| {
        map.get(name).and_then(Value::as_str).is_some_and(|given| given != value && given != text && !given.is_empty())
    };
    if conflict(map, "table", &whole) && name == "index" {
        let (mut ours, mut theirs) = (map.clone(), map.clone());
        for fixed in [&mut ours, &mut theirs] {
            fixed.insert("index".to_owned(), found.index.clone().into());
        }
        theirs.insert("table".to_owned(), Value::String(whole));
        return Err(either(format!("{at}: it is an index of another table"), &ours, &theirs));
    }
    let mut to = "table";
    if let Some(index) = &found.index {
        if !shape.has("index") {
            return Err(ToolError::arguments(format!(
                "{at}: {} is an index; {} wants a table",
                shown(text),
                work.facts.tool
            )));
        }
        if conflict(map, "index", index) {
            return Err(ToolError::arguments(format!("{at}: {} is another index than {}", shown(text), map["index"])));
        }
        map.insert("index".to_owned(), Value::String(index.clone()));
        to = "table and index";
    }
    map.insert("table".to_owned(), Value::String(whole));
    work.read(shown(text), to);
    Ok(())
}
