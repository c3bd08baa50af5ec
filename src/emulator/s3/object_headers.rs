//! The headers that an object keeps: system headers, user metadata and storage class, in and out.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::blobs::BlobId;
use super::catalogue::{Content, NULL_VERSION, Version};
use super::checksum::Checksum;
use super::context::Context;
use super::date;
use super::error::invalid_argument;
use super::ingest::Stored;
use super::mail_words;
use super::tags::{self, Tags};
use crate::emulator::error::AwsError;

/// Headers that come back as they were given; an `Expires` that is no date too.
const KEPT: [&str; 7] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    REDIRECT,
];
const REDIRECT: &str = "x-amz-website-redirect-location";
/// The names and values of user metadata together, in bytes.
const METADATA_LIMIT: usize = 2048;
const META: &str = "x-amz-meta-";
const CLASSES: [&str; 8] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "GLACIER_IR",
    "DEEP_ARCHIVE",
];
/// The storage class of objects that name none.
pub(super) const STANDARD_CLASS: &str = "STANDARD";

/// What a write says of its object beside the bytes.
#[derive(Debug, Clone)]
pub(super) struct Described {
    /// System headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// User metadata by lower-case name, without the prefix.
    pub metadata: BTreeMap<String, String>,
    /// Storage class.
    pub storage_class: String,
    /// Tags.
    pub tags: Tags,
}

impl Described {
    /// Reads the headers of a write.
    pub(super) fn read(context: &Context) -> Result<Self, AwsError> {
        let untagged = Self::untagged(context)?;
        Ok(Self { tags: tags::of_header(context)?, ..untagged })
    }

    fn untagged(context: &Context) -> Result<Self, AwsError> {
        let source = context.headers();
        let mut headers = BTreeMap::new();
        for name in KEPT {
            if let Some(value) = joined(source, name).filter(|value| !value.is_empty()) {
                headers.insert(name.to_owned(), value);
            }
        }
        headers.entry("content-type".to_owned()).or_insert_with(|| "binary/octet-stream".to_owned());
        check_redirect(&headers)?;
        let mut metadata = BTreeMap::new();
        for name in source.keys() {
            if let Some(short) = name.as_str().strip_prefix(META).filter(|short| !short.is_empty())
                && let Some(value) = joined(source, name.as_str())
            {
                // Recorded: AWS keeps what was meant, and encodes it again where it must.
                metadata.insert(short.to_owned(), mail_words::decode(&value));
            }
        }
        let size: usize = metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size > METADATA_LIMIT {
            let message = "Your metadata headers exceed the maximum allowed metadata size";
            return Err(AwsError::new(400, "MetadataTooLarge", message)
                .with("Size", size)
                .with("MaxSizeAllowed", METADATA_LIMIT));
        }
        Ok(Self { headers, metadata, storage_class: storage_class(context)?, tags: Tags::new() })
    }

    /// What a copy of `source` says of itself: its source's headers, metadata and tags, or those of the request, as
    /// the two directives want it. Storage class and website redirection are never the source's.
    pub(super) fn of_copy(context: &Context, source: &Version) -> Result<Self, AwsError> {
        let mut described = if replaces(context, "x-amz-metadata-directive", "Unknown metadata directive.")? {
            Self::untagged(context)?
        } else {
            let mut headers = source.headers.clone();
            headers.remove(REDIRECT);
            headers.extend(joined(context.headers(), REDIRECT).map(|location| (REDIRECT.to_owned(), location)));
            check_redirect(&headers)?;
            let (metadata, storage_class) = (source.metadata.clone(), storage_class(context)?);
            Self { headers, metadata, storage_class, tags: Tags::new() }
        };
        described.tags = if replaces(context, "x-amz-tagging-directive", "Unknown tagging directive.")? {
            tags::of_header(context)?
        } else {
            source.tags.clone()
        };
        Ok(described)
    }
}

/// The bytes of a version that lie in one blob.
#[derive(Debug)]
pub(super) struct Whole {
    /// Where they are.
    pub blob: BlobId,
    /// How many they are.
    pub size: u64,
    /// Their entity tag, without quotes.
    pub etag: String,
    /// Their checksum.
    pub checksum: Checksum,
}

impl Whole {
    /// The body that was taken in, in the blob that holds it.
    pub(super) fn of(stored: &Stored, blob: BlobId) -> Self {
        Self { blob, size: stored.size, etag: stored.md5.clone(), checksum: stored.checksum.clone() }
    }
}

impl Described {
    /// The version of these bytes, written by `owner` at `modified`, in milliseconds since the Unix epoch.
    pub(super) fn version(self, bytes: Whole, owner: &str, modified: u64) -> Version {
        Version {
            id: String::new(),
            null_order: None,
            modified,
            size: bytes.size,
            etag: bytes.etag,
            content: Content::Blob(bytes.blob),
            headers: self.headers,
            metadata: self.metadata,
            checksum: Some(bytes.checksum),
            storage_class: self.storage_class,
            parts: 0,
            part_checksums: false,
            owner: owner.to_owned(),
            tags: self.tags,
        }
    }
}

/// Whether a directive of a copy is REPLACE.
fn replaces(context: &Context, header: &'static str, unknown: &str) -> Result<bool, AwsError> {
    match context.header(header) {
        None | Some("COPY") => Ok(false),
        Some("REPLACE") => Ok(true),
        Some(other) => Err(invalid_argument(unknown, header, other)),
    }
}

fn check_redirect(headers: &BTreeMap<String, String>) -> Result<(), AwsError> {
    if headers
        .get(REDIRECT)
        .is_some_and(|location| !["/", "http://", "https://"].iter().any(|start| location.starts_with(start)))
    {
        let message = "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.";
        return Err(AwsError::new(400, "InvalidRedirectLocation", message));
    }
    Ok(())
}

/// The storage class that a write asks for.
fn storage_class(context: &Context) -> Result<String, AwsError> {
    let asked = context.header("x-amz-storage-class").unwrap_or(STANDARD_CLASS);
    if CLASSES.contains(&asked) {
        return Ok(asked.to_owned());
    }
    Err(AwsError::new(400, "InvalidStorageClass", "The storage class you specified is not valid")
        .with("StorageClassRequested", asked))
}

/// What no write could have said of an object, in words.
pub(super) fn check(version: &Version) -> Result<(), String> {
    if let Some(name) = version.headers.keys().find(|name| !KEPT.contains(&name.as_str())) {
        return Err(format!("no object keeps the header {name:?}"));
    }
    check_redirect(&version.headers).map_err(|error| error.message)?;
    let size: usize = version.metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    let named = |name: &String| {
        HeaderName::try_from(format!("{META}{name}")).is_ok_and(|known| known.as_str() == format!("{META}{name}"))
    };
    if size > METADATA_LIMIT || !version.metadata.keys().all(named) {
        return Err("its metadata cannot be so".to_owned());
    }
    let text = |value: &String| HeaderValue::from_bytes(value.as_bytes()).is_ok();
    if !version.headers.values().all(text) || !CLASSES.contains(&version.storage_class.as_str()) {
        return Err("its headers or its storage class cannot be so".to_owned());
    }
    Ok(())
}

/// The headers that GetObject and HeadObject give for `version`.
pub(super) fn of_version(version: &Version) -> HeaderMap {
    let mut map = HeaderMap::new();
    set(&mut map, "accept-ranges", "bytes");
    set(&mut map, "etag", &version.quoted_etag());
    set(&mut map, "last-modified", &date::http(version.modified));
    set(&mut map, "x-amz-server-side-encryption", "AES256");
    if version.storage_class != STANDARD_CLASS {
        set(&mut map, "x-amz-storage-class", &version.storage_class);
    }
    if !version.tags.is_empty() {
        set(&mut map, "x-amz-tagging-count", &version.tags.len().to_string());
    }
    for (name, value) in &version.headers {
        set(&mut map, name, value);
    }
    for (name, value) in &version.metadata {
        set(&mut map, &format!("{META}{name}"), &mail_words::encode(value));
    }
    map
}

/// Adds the headers of a checksum.
pub(super) fn add_checksum(map: &mut HeaderMap, checksum: &Checksum) {
    set(map, checksum.algorithm.header(), &checksum.value);
    set(map, "x-amz-checksum-type", checksum.kind.name());
}

/// Adds the id of the version that a write made; AWS shows none where that is the null version.
pub(super) fn add_version(map: &mut HeaderMap, id: &str) {
    if id != NULL_VERSION {
        set(map, "x-amz-version-id", id);
    }
}

/// Replaces headers as the `response-*` parameters of the query ask.
pub(super) fn override_by_query(map: &mut HeaderMap, context: &Context) -> Result<(), AwsError> {
    for parameter in [
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "response-content-language",
        "response-content-type",
        "response-expires",
    ] {
        let Some(value) = context.query(parameter) else { continue };
        // Recorded: what ISO-8859-1 lacks is refused.
        let latin: Option<Vec<u8>> = value.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
        let value = latin.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok()).ok_or_else(|| {
            invalid_argument("Header value cannot be represented using ISO-8859-1.", parameter, value)
        })?;
        map.insert(HeaderName::from_static(parameter.trim_start_matches("response-")), value);
    }
    Ok(())
}

/// Sets a header, unless its value cannot be one.
pub(super) fn set(map: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes())) {
        map.insert(name, value);
    }
}

/// The values of a header that may be repeated, joined by commas as AWS joins them.
fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<String> = headers
        .get_all(name)
        .iter()
        .map(|value| match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => text.trim().to_owned(),
            // Not UTF-8: HTTP's own ISO-8859-1.
            Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
        })
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}
