//! The tags of objects and buckets: read from a header or a document, and held against AWS's limits.

use std::collections::{BTreeMap, HashSet};

use percent_encoding::percent_decode_str;

use super::context::Context;
use super::error::{invalid_argument, malformed_xml};
use super::xml::{self, Document, Element};
use crate::emulator::error::AwsError;

/// Keys and values, by key.
pub(super) type Tags = Vec<(String, String)>;

/// The header that carries tags with a write.
pub(super) const HEADER: &str = "x-amz-tagging";
/// The longest key and the longest value, in characters.
const LONGEST: (usize, usize) = (128, 256);

/// What is tagged: limits and wordings differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// An object.
    Object,
    /// A bucket.
    Bucket,
    /// A bucket that is being made.
    NewBucket,
}

/// The tags that a write carries in its header.
pub(super) fn of_header(context: &Context) -> Result<Tags, AwsError> {
    let Some(header) = context.header(HEADER) else { return Ok(Tags::new()) };
    let malformed = || {
        let message = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters \
                       without tag name duplicates.";
        invalid_argument(message, HEADER, header)
    };
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| malformed())
    };
    let mut pairs = Vec::new();
    for pair in header.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.contains('=') {
            return Err(malformed());
        }
        pairs.push((decode(key)?, decode(value)?));
    }
    let mut seen = HashSet::new();
    if !pairs.iter().all(|(key, _)| seen.insert(key.as_str())) {
        return Err(malformed());
    }
    checked(Holder::Object, pairs)
}

/// The tags of a `Tagging` document; one without a TagSet has none (recorded 2026-02).
pub(super) fn of_document(holder: Holder, document: &[u8]) -> Result<Tags, AwsError> {
    let mut root = xml::read(document, "Tagging")?;
    let tags = of_list(holder, root.take("TagSet")?)?;
    root.end()?;
    Ok(tags)
}

/// The tags of a list of them.
pub(super) fn of_list(holder: Holder, list: Option<Element>) -> Result<Tags, AwsError> {
    let Some(mut list) = list else { return Ok(Tags::new()) };
    let mut pairs = Vec::new();
    for mut tag in list.take_all("Tag") {
        let (Some(key), Some(value)) = (tag.take_text("Key")?, tag.take_text("Value")?) else {
            return Err(malformed_xml());
        };
        tag.end()?;
        pairs.push((key, value));
    }
    list.end()?;
    checked(holder, pairs)
}

/// Tags that a holder may have (recorded 2026-02; the counts and lengths are in AWS's public pages).
pub(super) fn checked(holder: Holder, pairs: Vec<(String, String)>) -> Result<Tags, AwsError> {
    let invalid = |message: &str| AwsError::new(400, "InvalidTag", message);
    let most = if holder == Holder::Object { 10 } else { 50 };
    if pairs.len() > most {
        let what = if holder == Holder::Object { "Object tags" } else { "Bucket tag count" };
        return Err(AwsError::new(400, "BadRequest", format!("{what} cannot be greater than {most}")));
    }
    let mut tags = BTreeMap::new();
    for (key, value) in pairs {
        if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
            return Err(match holder {
                Holder::Object => invalid("Your TagKey cannot be prefixed with aws:").with("TagKey", key),
                Holder::Bucket => invalid("System tags cannot be added/updated by requester").with("TagKey", key),
                Holder::NewBucket => invalid(
                    "User-defined tag keys can't start with \"aws:\". This prefix is reserved for system tags. Remove \
                     \"aws:\" from your tag keys and try again.",
                ),
            });
        }
        if key.is_empty() || !fits(&key, LONGEST.0) {
            return Err(invalid("The TagKey you have provided is invalid").with("TagKey", key));
        }
        if !fits(&value, LONGEST.1) {
            return Err(invalid("The TagValue you have provided is invalid")
                .with("TagKey", key)
                .with("TagValue", value));
        }
        if tags.contains_key(&key) {
            return Err(match holder {
                // Recorded so: CreateBucket itself breaks off.
                Holder::NewBucket => {
                    AwsError::new(500, "InternalError", "We encountered an internal error. Please try again.")
                }
                _ => invalid("Cannot provide multiple Tags with the same key").with("TagKey", key),
            });
        }
        tags.insert(key, value);
    }
    Ok(tags.into_iter().collect())
}

/// Letters, digits and spaces of any script, and a few signs; no more than `longest` characters.
fn fits(text: &str, longest: usize) -> bool {
    let allowed = |character: char| {
        character.is_alphanumeric()
            || (character.is_whitespace() && !character.is_control())
            || "+-=._:/@".contains(character)
    };
    text.chars().count() <= longest && text.chars().all(allowed)
}

/// The document that lists tags.
pub(super) fn document(tags: &Tags) -> Document {
    let mut document = Document::new("Tagging");
    document.inside("TagSet", |set| {
        for (key, value) in tags {
            set.inside("Tag", |tag| {
                tag.text("Key", key);
                tag.text("Value", value);
            });
        }
    });
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(holder: Holder, pairs: &[(&str, &str)]) -> String {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        checked(holder, pairs).map_or_else(|error| error.code.into_owned(), |_| "kept".into())
    }

    #[test]
    fn keys_and_values_keep_to_the_limits() {
        for (key, value, expected) in [
            ("Ümläut 1", "+ - = . _ : / @", "kept"),
            (&"k".repeat(128), &"v".repeat(256), "kept"),
            (&"k".repeat(129), "v", "InvalidTag"),
            ("k", &"v".repeat(257), "InvalidTag"),
            ("", "v", "InvalidTag"),
            ("a,b", "v", "InvalidTag"),
            ("a\nb", "v", "InvalidTag"),
            ("k", "a{b", "InvalidTag"),
            ("AWS:x", "v", "InvalidTag"),
            ("aws", "v", "kept"),
        ] {
            assert_eq!(refusal(Holder::Object, &[(key, value)]), expected, "{key:?} {value:?}");
        }
        let many: Vec<String> = (0..51).map(|number| format!("key{number}")).collect();
        let pairs: Vec<(&str, &str)> = many.iter().map(|key| (key.as_str(), "")).collect();
        assert_eq!(refusal(Holder::Object, &pairs[..10]), "kept");
        assert_eq!(refusal(Holder::Object, &pairs[..11]), "BadRequest");
        assert_eq!(refusal(Holder::Bucket, &pairs[..50]), "kept");
        assert_eq!(refusal(Holder::Bucket, &pairs), "BadRequest");
    }

    #[test]
    fn documents_are_read_strictly() {
        let of = |body: &str| of_document(Holder::Object, body.as_bytes()).map_err(|error| error.code.into_owned());
        let tag = "<Tag><Key>k</Key><Value>v</Value></Tag>";
        assert_eq!(of(&format!("<Tagging><TagSet>{tag}</TagSet></Tagging>")).map(|tags| tags.len()), Ok(1));
        assert_eq!(of("<Tagging/>").map(|tags| tags.len()), Ok(0));
        assert_eq!(of("<Tagging><TagSet/></Tagging>").map(|tags| tags.len()), Ok(0));
        for body in [
            "",
            "<Tagging>",
            "<Other/>",
            "<Tagging/><Tagging/>",
            "<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>",
            "<Tagging><TagSet><Tag><Value>v</Value></Tag></TagSet></Tagging>",
            "<Tagging><TagSet/><TagSet/></Tagging>",
            "<Tagging><Other/></Tagging>",
            "no xml",
        ] {
            assert_eq!(of(body), Err("MalformedXML".into()), "{body}");
        }
    }
}
