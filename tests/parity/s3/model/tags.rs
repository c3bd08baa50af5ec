//! Tags of objects and buckets.

use percent_encoding::percent_decode_str;
use serde_json::{Value as Json, json};

use super::refusal::{self, Refusal};
use super::state::{Object, Tags, World, check_key};
use super::{Said, Told, told};

/// What is tagged: limits and words differ.
#[derive(Clone, Copy, PartialEq)]
pub enum Holder {
    Object,
    Bucket,
    NewBucket,
}

/// The tags in the header of a write.
pub fn of_header(input: &Json) -> Result<Tags, Refusal> {
    let Some(header) = super::text(input, "Tagging") else { return Ok(Tags::new()) };
    let malformed = || {
        let message = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters \
                       without tag name duplicates.";
        refusal::invalid_argument(message, "x-amz-tagging", header)
    };
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in header.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.contains('=') || pairs.iter().any(|(known, _)| *known == decode(key)) {
            return Err(malformed());
        }
        pairs.push((decode(key), decode(value)));
    }
    checked(Holder::Object, pairs)
}

/// The tags in a document.
pub fn of_list(holder: Holder, list: &Json) -> Result<Tags, Refusal> {
    let of = |tag: &Json, member: &str| tag[member].as_str().expect("a text").to_owned();
    let pairs = list.as_array().into_iter().flatten().map(|tag| (of(tag, "Key"), of(tag, "Value")));
    checked(holder, pairs.collect())
}

/// Holds tags against AWS's rules; the limits are those of its user guides, whose words are not known.
fn checked(holder: Holder, pairs: Vec<(String, String)>) -> Result<Tags, Refusal> {
    let invalid = |message: &str| Refusal::new(400, "InvalidTag", message);
    if pairs.len() > if holder == Holder::Object { 10 } else { 50 } {
        return Err(Refusal::vague(400, "BadRequest"));
    }
    let mut tags = Tags::new();
    for (key, value) in pairs {
        if key.to_lowercase().starts_with("aws:") {
            return Err(match holder {
                Holder::Object => invalid("Your TagKey cannot be prefixed with aws:").with("TagKey", key),
                Holder::Bucket => invalid("System tags cannot be added/updated by requester").with("TagKey", key),
                Holder::NewBucket => invalid(
                    "User-defined tag keys can't start with \"aws:\". This prefix is reserved for system tags. Remove \
                     \"aws:\" from your tag keys and try again.",
                ),
            });
        }
        if key.is_empty() || !fits(&key, 128) {
            return Err(invalid("The TagKey you have provided is invalid").with("TagKey", key));
        }
        if !fits(&value, 256) {
            let refusal = invalid("The TagValue you have provided is invalid");
            return Err(refusal.with("TagKey", key).with("TagValue", value));
        }
        if tags.contains_key(&key) {
            return Err(match holder {
                Holder::NewBucket => {
                    Refusal::new(500, "InternalError", "We encountered an internal error. Please try again.")
                }
                _ => invalid("Cannot provide multiple Tags with the same key").with("TagKey", key),
            });
        }
        tags.insert(key, value);
    }
    Ok(tags)
}

/// Letters, numbers, spaces, and `+ - = . _ : / @`, as AWS's user guide lists them.
fn fits(text: &str, longest: usize) -> bool {
    let fit = |letter: char| letter.is_alphanumeric() || letter == ' ' || "+-=._:/@".contains(letter);
    text.chars().count() <= longest && text.chars().all(fit)
}

/// Tags as answers show them.
fn shown(tags: &Tags) -> Json {
    if tags.is_empty() {
        return json!("none");
    }
    tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

pub fn put_of_bucket(world: &mut World, input: &Json) -> Said {
    let tags = of_list(Holder::Bucket, &input["Tagging"]["TagSet"])?;
    world.bucket(input)?.tags = tags;
    told(204, json!({}))
}

pub fn get_of_bucket(world: &mut World, input: &Json) -> Said {
    let bucket = world.bucket(input)?;
    if bucket.tags.is_empty() {
        let refusal = Refusal::new(404, "NoSuchTagSet", "The TagSet does not exist");
        return Err(refusal.with("BucketName", input["Bucket"].clone()));
    }
    told(200, json!({"TagSet": shown(&bucket.tags)}))
}

pub fn delete_of_bucket(world: &mut World, input: &Json) -> Said {
    world.bucket(input)?.tags.clear();
    told(204, json!({}))
}

/// Does something with the object that a call on tags means.
fn with(world: &mut World, input: &Json, method: &str, change: impl FnOnce(&mut Object) -> Told) -> Said {
    world.place(input)?;
    let id = world.named(input)?;
    let (bucket, key) = world.place(input)?;
    let (version, _) = match bucket.read(key, id, method) {
        // Tags of a delete marker that is on top are refused as those of one that is named.
        Err(_) if id.is_none() && !bucket.versions(key).is_empty() => {
            return Err(refusal::is_marker(method, &bucket.versions(key)[0]));
        }
        // Recorded: GetObjectTagging names the bucket with the key.
        Err(_) if id.is_none() && method == "GET" => {
            let name = super::text(input, "Bucket").expect("a bucket");
            return Err(refusal::no_such_key(&format!("{name}/{key}")));
        }
        other => other?,
    };
    let (meant, shown) = (version.id.clone(), bucket.shown(version).map(str::to_owned));
    let versions = bucket.keys.get_mut(key).expect("found");
    let version = versions.iter_mut().find(|version| version.id == meant).expect("found");
    let mut told = change(version.object.as_mut().expect("an object"));
    told.output["VersionId"] = json!(shown);
    Ok(told)
}

pub fn put_of_object(world: &mut World, input: &Json) -> Said {
    check_key(input)?;
    let tags = of_list(Holder::Object, &input["Tagging"]["TagSet"])?;
    with(world, input, "PUT", |object| {
        object.described.tags = tags;
        Told { status: 200, output: json!({}) }
    })
}

pub fn get_of_object(world: &mut World, input: &Json) -> Said {
    with(world, input, "GET", |object| Told { status: 200, output: json!({"TagSet": shown(&object.described.tags)}) })
}

pub fn delete_of_object(world: &mut World, input: &Json) -> Said {
    with(world, input, "DELETE", |object| {
        object.described.tags.clear();
        Told { status: 204, output: json!({}) }
    })
}
