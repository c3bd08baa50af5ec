//! CopyObject and UploadPartCopy.

use std::ops::Range;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::{Value as Json, json};

use super::digest::{self, Checksum};
use super::refusal::{self, Refusal};
use super::state::{Keeping, Object, Part, World};
use super::{Said, TIME, conditions, describe, tags, text, told};

/// Where a copy comes from.
struct Source {
    bucket: String,
    key: String,
    object: Object,
    id: String,
    /// Whether it is what its key shows.
    current: bool,
}

impl Source {
    /// Bucket, key and version id in the header that names it.
    fn check(input: &Json) -> Result<(String, String, Option<&str>), Refusal> {
        let header = text(input, "CopySource").expect("a source");
        let (path, id) = header.split_once("?versionId=").map_or((header, None), |(path, id)| (path, Some(id)));
        let path = percent_decode_str(&path.replace('+', " ")).decode_utf8_lossy().into_owned();
        let path = path.strip_prefix('/').unwrap_or(&path);
        match path.split_once('/') {
            Some((name, key)) if !key.is_empty() => Ok((name.to_owned(), key.to_owned(), id)),
            _ => {
                let message = "Invalid copy source object key";
                Err(refusal::invalid_argument(message, "x-amz-copy-source", "x-amz-copy-source"))
            }
        }
    }

    fn of(world: &World, input: &Json) -> Result<Self, Refusal> {
        let (name, key, id) = Self::check(input)?;
        let (name, key) = (name.as_str(), key.as_str());
        let bucket = world.buckets.get(name).ok_or_else(|| refusal::no_such_bucket(name))?;
        if let Some(id) = id.filter(|id| !world.is_id(id)) {
            return Err(refusal::invalid_argument("Invalid version id specified", "versionId", id));
        }
        let version = bucket.find(key, id)?;
        let object = match (&version.object, id) {
            (Some(object), _) => object.clone(),
            (None, None) => return Err(refusal::no_such_key(key)),
            (None, Some(_)) => {
                let message =
                    "The source of a copy request may not specifically refer to a delete marker by version id.";
                return Err(refusal::invalid_request(message));
            }
        };
        conditions::source(input, &object)?;
        let current = bucket.versions(key)[0].id == version.id;
        Ok(Self { bucket: name.to_owned(), key: key.to_owned(), object, id: version.id.clone(), current })
    }

    /// The id to show of it.
    fn shown(&self) -> Option<&str> {
        Some(self.id.as_str()).filter(|id| *id != "null")
    }
}

pub fn copy(world: &mut World, input: &Json) -> Said {
    let body = world.next();
    world.place(input)?;
    let (name, key) = (text(input, "Bucket").expect("a bucket"), text(input, "Key").expect("a key"));
    conditions::writable(input)?;
    let source = Source::of(world, input)?;
    let replaces = |directive: &str| text(input, directive) == Some("REPLACE");
    let changes = replaces("MetadataDirective")
        || ["StorageClass", "ServerSideEncryption", "WebsiteRedirectLocation"]
            .iter()
            .any(|member| text(input, member).is_some());
    if (source.bucket.as_str(), source.key.as_str()) == (name, key) && source.current && !changes {
        return Err(refusal::invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing the \
             object's metadata, storage class, website redirect location or encryption attributes.",
        ));
    }
    let mut described = if replaces("MetadataDirective") {
        describe::untagged(input, "binary/octet-stream")?
    } else {
        let mut described = source.object.described.clone();
        described.headers.remove("WebsiteRedirectLocation");
        if let Some(to) = text(input, "WebsiteRedirectLocation") {
            described.headers.insert("WebsiteRedirectLocation", to.to_owned());
        }
        describe::check_redirect(&described)?;
        described.class = describe::class(input)?;
        described
    };
    described.tags =
        if replaces("TaggingDirective") { tags::of_header(input)? } else { source.object.described.tags.clone() };
    let bytes = source.object.bytes.clone();
    let algorithm = text(input, "ChecksumAlgorithm").map_or(source.object.checksum.algorithm, digest::algorithm);
    let checksum = Checksum::of(algorithm, &bytes);
    // A copy shares the body of its source where that is one, and nothing else is wanted of it.
    let shares = source.object.parts.is_empty() && checksum == source.object.checksum;
    let object = Object {
        etag: digest::etag(&bytes),
        checksum,
        bytes,
        described,
        parts: Vec::new(),
        upload: None,
        part_checksums: false,
        bodies: if shares { source.object.bodies.clone() } else { vec![body] },
    };
    let bucket = world.bucket(input)?;
    conditions::write(input, bucket, key)?;
    let keeping = bucket.keeping;
    let mut result = json!({"ETag": format!("\"{}\"", object.etag), "LastModified": TIME});
    object.checksum.show(&mut result);
    let id = world.add(name, key, Some(object));
    told(
        200,
        json!({
            "CopyObjectResult": result,
            "CopySourceVersionId": source.shown(),
            "ServerSideEncryption": "AES256",
            // Recorded: the null version too, once the bucket kept versions.
            "VersionId": Some(id).filter(|_| keeping != Keeping::Never),
        }),
    )
}

/// The first and the last byte that are asked for of a source.
fn asked(input: &Json) -> Result<Option<(usize, usize)>, Refusal> {
    let Some(given) = text(input, "CopySourceRange") else { return Ok(None) };
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let parsed = given.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let range = parsed.and_then(|(first, last)| Some((number(first)?, number(last)?)));
    range.filter(|(first, last)| first <= last).map(Some).ok_or_else(|| {
        let message = "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are \
                       the zero-based offsets of the first and last bytes to copy";
        refusal::invalid_argument(message, "x-amz-copy-source-range", given)
    })
}

/// The bytes of a source of so many that are asked for.
fn within(input: &Json, asked: Option<(usize, usize)>, size: usize) -> Result<Range<usize>, Refusal> {
    match asked {
        None => Ok(0..size),
        Some((first, _)) if first >= size => {
            Err(refusal::invalid_request("The specified copy range is invalid for the source object size"))
        }
        Some((_, last)) if last >= size => {
            let message = format!("Range specified is not valid for source object of size: {size}");
            Err(refusal::invalid_argument(&message, "x-amz-copy-source-range", input["CopySourceRange"].clone()))
        }
        Some((first, last)) => Ok(first..last + 1),
    }
}

pub fn part_copy(world: &mut World, input: &Json) -> Said {
    let number = super::uploads::part_number(input)?;
    Source::check(input)?;
    let asked = asked(input)?;
    super::uploads::find(world, input)?;
    let source = Source::of(world, input)?;
    let bytes = source.object.bytes[within(input, asked, source.object.bytes.len())?].to_vec();
    let body = world.next();
    let upload = super::uploads::find(world, input)?;
    let mut result = json!({"ETag": format!("\"{}\"", digest::etag(&bytes)), "LastModified": TIME});
    let algorithm = upload.checksum.map_or("CRC64NVME", |(algorithm, _)| algorithm);
    let checksum = Checksum::of(algorithm, &bytes);
    if upload.checksum.is_some() {
        result[checksum.member()] = json!(checksum.value);
    }
    let etag = digest::etag(&bytes);
    upload.parts.insert(number, Part { number, bytes: Arc::new(bytes), etag, checksum, body });
    told(
        200,
        json!({
            "CopyPartResult": result, "CopySourceVersionId": source.shown(), "ServerSideEncryption": "AES256",
        }),
    )
}
