//! Names: AWS's own, other spellings of ours, and the name that a mistyped one is nearest to.

use serde_json::{Map, Value};

use super::shape::Shape;
use super::types;
use super::work::{Work, either, place, shown, stated};
use crate::mcp::error::ToolError;
use crate::near::nearest;

/// Our names with others for the same, AWS's among them, all folded. A name counts only where the tool has the parameter,
/// and has none of that very name.
const ALIASES: [(&str, &[&str]); 37] = [
    ("table", &["tablename", "tablearn"]),
    ("bucket", &["bucketname", "bucketarn", "s3bucket"]),
    ("key", &["objectkey", "objectname", "object", "s3key", "keyname", "primarykey", "itemkey"]),
    ("keys", &["key", "objectkeys", "objects", "object", "objectkey", "primarykeys", "primarykey", "itemkeys"]),
    ("items", &["item", "documents", "document", "records", "record", "rows"]),
    ("operations", &["transactitems", "operation", "actions"]),
    ("key_condition", &["keyconditionexpression", "keyexpression"]),
    ("filter", &["filterexpression", "where"]),
    ("condition", &["conditionexpression"]),
    ("update", &["updateexpression", "set"]),
    ("names", &["expressionattributenames", "attributenames", "expressionnames"]),
    ("values", &["expressionattributevalues", "attributevalues", "expressionvalues"]),
    ("fields", &["projectionexpression", "projection", "attributestoget", "attributes", "columns"]),
    ("index", &["indexname", "indexarn", "gsi"]),
    ("limit", &["maxkeys", "maxresults", "maxitems", "maxbuckets", "pagesize"]),
    ("cursor", &["nexttoken", "continuationtoken", "startingtoken", "nextcursor", "pagetoken"]),
    ("consistent", &["consistentread", "stronglyconsistent"]),
    ("return", &["returnvalues", "returning"]),
    ("text", &["body", "content", "contents", "data"]),
    ("base64", &["base64content", "contentbase64", "base64body", "bodybase64", "base64data"]),
    ("file", &["filepath", "path", "localpath", "localfile", "sourcefile", "filename"]),
    (
        "save_to",
        &["path", "filepath", "localpath", "localfile", "outputpath", "outputfile", "filename", "saveas", "file"],
    ),
    ("content_type", &["mimetype"]),
    ("metadata", &["usermetadata"]),
    ("version_id", &["version"]),
    ("from", &["source", "src", "copysource", "fromuri", "sourceuri"]),
    ("to", &["destination", "dest", "target", "dst", "touri", "destinationuri"]),
    ("method", &["httpmethod", "clientmethod"]),
    ("expires_in", &["expires", "expiration", "expiry", "expirationseconds", "expiresseconds", "ttl", "duration"]),
    ("prefix", &["keyprefix", "startswith"]),
    ("indexes", &["indices", "gsis", "secondaryindexes"]),
    ("billing", &["billingmode"]),
    ("deletion_protection", &["deletionprotectionenabled"]),
    ("token", &["clientrequesttoken", "idempotencytoken"]),
    ("descending", &["desc", "reverse", "reversed", "backwards"]),
    ("ttl", &["ttlattribute", "timetolive", "timetoliveattribute"]),
    ("project", &["projection", "nonkeyattributes"]),
];
/// The opposite of one of ours.
const OPPOSITES: [(&str, &[&str]); 1] = [("descending", &["scanindexforward", "ascending", "asc", "forward"])];
/// What AWS takes and what changes nothing of what is done: what a tool's answer has, it has always.
const WITHOUT_EFFECT: [&str; 4] =
    ["returnconsumedcapacity", "returnitemcollectionmetrics", "returnvaluesonconditioncheckfailure", "encodingtype"];

/// A name's letters and digits, in lower case.
pub(super) fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The parameter that a name means.
pub(super) fn meant<'s>(shape: &'s Shape, name: &str) -> Option<&'s str> {
    let ours = |found: &dyn Fn(&str) -> bool| {
        shape.properties.iter().map(|(known, _)| known.as_str()).find(|known| found(known))
    };
    if let Some(known) = ours(&|known| known == name) {
        return Some(known);
    }
    let folded = fold(name);
    if folded.is_empty() {
        return None;
    }
    ours(&|known| fold(known) == folded).or_else(|| {
        let alias = ALIASES.iter().find(|(known, aliases)| shape.has(known) && aliases.contains(&folded.as_str()));
        alias.and_then(|(alias, _)| ours(&|known| known == *alias))
    })
}

fn opposite<'s>(shape: &'s Shape, name: &str) -> Option<&'s str> {
    let folded = fold(name);
    let (known, _) = OPPOSITES.iter().find(|(_, others)| others.contains(&folded.as_str()))?;
    shape.properties.iter().map(|(name, _)| name.as_str()).find(|name| name == known)
}

/// Whether a tool takes a parameter of this name, or of one that means the same.
pub(super) fn known(shape: &Shape, name: &str) -> bool {
    meant(shape, name).is_some()
        || opposite(shape, name).is_some()
        || WITHOUT_EFFECT.contains(&fold(name).as_str())
        || super::aws::known(shape, name)
}

/// Gives each member the name that the tool has for it.
pub(super) fn given(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    if !shape.is_closed() || map.keys().all(|name| shape.has(name)) {
        return Ok(());
    }
    let mut named: Map<String, Value> = map.clone();
    named.retain(|name, _| shape.has(name));
    for (name, value) in map.iter().filter(|(name, _)| !shape.has(name)) {
        let (ours, value) = if let Some(ours) = meant(shape, name) {
            (ours, value.clone())
        } else if let (Some(ours), Some(flag)) = (opposite(shape, name), types::flag(value)) {
            (ours, Value::Bool(!flag))
        } else if unneeded(work, shape, name, value)? {
            work.left_out(name);
            continue;
        } else {
            // Whoever reads the arguments says that it is unknown.
            named.insert(name.clone(), value.clone());
            continue;
        };
        if value.is_null() {
            continue;
        }
        match named.get(ours) {
            Some(other) if *other == value => {}
            Some(Value::String(text)) if text.is_empty() => drop(named.insert(ours.to_owned(), value)),
            Some(_) if value.as_str() == Some("") => {}
            Some(_) => return Err(both(map, name, ours, at)),
            None => drop(named.insert(ours.to_owned(), value)),
        }
        if name.starts_with(|first: char| first.is_ascii_uppercase()) {
            work.from_aws.push(place(at, ours));
        }
        if fold(name) != fold(ours) {
            work.read(shown(name), ours);
        }
    }
    *map = named;
    Ok(())
}

/// Two names of one parameter, with two values.
fn both(map: &Map<String, Value>, name: &str, ours: &str, at: &str) -> ToolError {
    let problem = format!("{}: {} is another name for it, with another value", place(at, ours), shown(name));
    let (mut first, mut second) = (map.clone(), map.clone());
    first.shift_remove(name);
    if let Some(value) = second.shift_remove(name) {
        second.insert(ours.to_owned(), value);
    }
    either(problem, &first, &second)
}

/// Whether something may be left out: what it asks for is so, or is nothing that is done.
fn unneeded(work: &Work<'_>, shape: &Shape, name: &str, value: &Value) -> Result<bool, ToolError> {
    let folded = fold(name);
    let text = value.as_str().map(fold).unwrap_or_default();
    Ok(match folded.as_str() {
        _ if WITHOUT_EFFECT.contains(&folded.as_str()) => true,
        "consistentread" => types::flag(value) == Some(false),
        "returnvalues" => text == "none" || text == "allold" && shape.has("keys"),
        "select" => matches!(text.as_str(), "allattributes" | "allprojectedattributes" | "specificattributes"),
        "region" | "regionname" | "awsregion" if value.as_str() == Some(work.facts.region) => true,
        "region" | "regionname" | "awsregion" => {
            let problem = format!("{}: this session works in {}", shown(name), work.facts.region);
            return Err(
                ToolError::arguments(problem).hint("leave it out, or a person restarts with --region for another.")
            );
        }
        _ => false,
    })
}

/// The arguments with a mistyped name put right, as text to send, where one that is left is near enough.
pub(in crate::mcp) fn respelled(shape: &Shape, arguments: &Map<String, Value>) -> Option<String> {
    let mut changed = false;
    let mended = arguments.iter().map(|(name, value)| {
        let near = (!shape.has(name)).then(|| {
            let free = shape.properties.iter().map(|(known, _)| known.as_str());
            let near = nearest(name, free.filter(|known| !arguments.contains_key(*known)));
            // To be sent, and not only thought of, it must be very near.
            let far = |known: &str| strsim::damerau_levenshtein(&fold(known), &fold(name));
            near.filter(|known| far(known) <= 2 && far(known) * 2 < known.len())
        });
        changed |= near.flatten().is_some();
        (near.flatten().map_or_else(|| name.clone(), str::to_owned), value.clone())
    });
    let mended: Map<_, _> = mended.collect();
    changed.then(|| stated(&mended)).flatten()
}
