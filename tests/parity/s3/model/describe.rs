//! What a write says of its object beside the bytes, and how reads tell it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};

use super::refusal::{self, Refusal};
use super::state::{Described, Object, Tags};
use super::{TIME, header, tags, text};

/// The headers that an object keeps.
const KEPT: [&str; 5] =
    ["CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "WebsiteRedirectLocation"];
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

/// Reads what a write says. `sent` is the content type that the client sends where none is named.
pub fn read(input: &Json, sent: &str) -> Result<Described, Refusal> {
    let untagged = untagged(input, sent)?;
    Ok(Described { tags: tags::of_header(input)?, ..untagged })
}

/// The same without tags, of which a copy is told otherwise.
pub fn untagged(input: &Json, sent: &str) -> Result<Described, Refusal> {
    let mut described = Described { class: class(input)?, ..Described::default() };
    for name in KEPT {
        if let Some(value) = text(input, name) {
            described.headers.insert(name, value.to_owned());
        }
    }
    if let Some(value) = header(input, "expires") {
        described.headers.insert("Expires", value.to_owned());
    }
    described.headers.insert("ContentType", text(input, "ContentType").unwrap_or(sent).to_owned());
    check_redirect(&described)?;
    let metadata = input.get("Metadata").and_then(Json::as_object).into_iter().flatten();
    described.metadata = metadata
        .filter_map(|(name, value)| Some((name.to_ascii_lowercase(), value.as_str()?.trim().to_owned())))
        .collect();
    let size: usize = described.metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > 2048 {
        let message = "Your metadata headers exceed the maximum allowed metadata size";
        let refusal = Refusal::new(400, "MetadataTooLarge", message);
        return Err(refusal.with("Size", size.to_string()).with("MaxSizeAllowed", "2048"));
    }
    Ok(described)
}

/// The storage class that a write names; none for STANDARD.
pub fn class(input: &Json) -> Result<Option<String>, Refusal> {
    match text(input, "StorageClass") {
        None | Some("STANDARD") => Ok(None),
        Some(class) if CLASSES.contains(&class) => Ok(Some(class.to_owned())),
        Some(class) => Err(Refusal::new(400, "InvalidStorageClass", "The storage class you specified is not valid")
            .with("StorageClassRequested", class)),
    }
}

pub fn check_redirect(described: &Described) -> Result<(), Refusal> {
    match described.headers.get("WebsiteRedirectLocation") {
        Some(to) if !["/", "http://", "https://"].iter().any(|start| to.starts_with(start)) => {
            Err(Refusal::vague(400, "InvalidRedirectLocation"))
        }
        _ => Ok(()),
    }
}

/// What GetObject and HeadObject tell of an object, without length and checksum.
pub fn shown(object: &Object, id: Option<&str>, input: &Json) -> Result<Json, Refusal> {
    let described = &object.described;
    let mut output = json!({
        "AcceptRanges": "bytes",
        "ETag": format!("\"{}\"", object.etag),
        "LastModified": TIME,
        "ServerSideEncryption": "AES256",
        "StorageClass": described.class,
        "TagCount": count(&described.tags),
        "VersionId": id,
    });
    for (name, value) in &described.headers {
        // Unlike metadata, these come back as the bytes that they are.
        output[*name] = json!(value);
    }
    if !described.metadata.is_empty() {
        let metadata = described.metadata.iter().map(|(name, value)| (name.clone(), mail_safe(value).into()));
        output["Metadata"] = metadata.collect::<Map<_, _>>().into();
    }
    for name in ["CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType"] {
        let Some(value) = text(input, &format!("Response{name}")) else { continue };
        if !value.chars().all(|letter| u32::from(letter) < 256) {
            let words: String = name.chars().fold(String::new(), |words, letter| {
                let dash = if letter.is_uppercase() { "-" } else { "" };
                format!("{words}{dash}{}", letter.to_ascii_lowercase())
            });
            let message = "Header value cannot be represented using ISO-8859-1.";
            return Err(refusal::invalid_argument(message, &format!("response{words}"), value));
        }
        output[name] = json!(value);
    }
    Ok(output)
}

fn count(tags: &Tags) -> Option<usize> {
    Some(tags.len()).filter(|count| *count > 0)
}

/// What is not ASCII comes back by RFC 2047: `Q` where more than half of it is plain, else `B`.
fn mail_safe(value: &str) -> String {
    if value.is_ascii() {
        return value.to_owned();
    }
    let plain = value.chars().filter(char::is_ascii).count();
    if 2 * plain <= value.chars().count() {
        return format!("=?UTF-8?B?{}?=", STANDARD.encode(value));
    }
    let word = value.bytes().map(|byte| match byte {
        b' ' => "_".to_owned(),
        b'=' | b'?' | b'_' | 0x80.. => format!("={byte:02X}"),
        byte => char::from(byte).to_string(),
    });
    format!("=?UTF-8?Q?{}?=", word.collect::<String>())
}
