//! The URIs of resources.

use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What cannot stand in a key as it is: what ends a path, and what a template's `{+key}` would not leave alone.
const IN_KEY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// What cannot stand in one part of a path.
const IN_PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The templates, as clients are told of them.
pub(super) const OBJECT: &str = "s3://{bucket}/{+key}";
pub(super) const TABLE: &str = "dynamodb://{table}";
pub(super) const ITEM: &str = "dynamodb://{table}/{pk}{/sk}";

/// What a URI names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    Bucket(String),
    Object { bucket: String, key: String },
    Table(String),
    Item { table: String, hash: String, range: Option<String> },
}

impl Address {
    /// Reads a URI; nothing where it is none of a resource.
    pub(super) fn parse(uri: &str) -> Option<Self> {
        let (scheme, rest) = uri.split_once("://")?;
        let (name, path) = match rest.split_once('/') {
            Some((name, path)) => (name, Some(path)),
            None => (rest, None),
        };
        let name = decoded(name).filter(|name| !name.is_empty())?;
        match scheme {
            "s3" => match path.filter(|path| !path.is_empty()) {
                None => Some(Self::Bucket(name)),
                Some(key) => Some(Self::Object { bucket: name, key: decoded(key)? }),
            },
            "dynamodb" => {
                let Some(path) = path.filter(|path| !path.is_empty()) else { return Some(Self::Table(name)) };
                let mut parts = path.split('/');
                let hash = decoded(parts.next()?)?;
                let range = match parts.next() {
                    None => None,
                    Some(part) => Some(decoded(part)?),
                };
                parts.next().is_none().then_some(Self::Item { table: name, hash, range })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |text| utf8_percent_encode(text, IN_PART);
        match self {
            Self::Bucket(bucket) => write!(f, "s3://{}", part(bucket)),
            Self::Object { bucket, key } => write!(f, "s3://{}/{}", part(bucket), utf8_percent_encode(key, IN_KEY)),
            Self::Table(table) => write!(f, "dynamodb://{}", part(table)),
            Self::Item { table, hash, range } => {
                write!(f, "dynamodb://{}/{}", part(table), part(hash))?;
                range.as_deref().map_or(Ok(()), |range| write!(f, "/{}", part(range)))
            }
        }
    }
}

/// The text without percent signs; nothing where it is no text.
fn decoded(part: &str) -> Option<String> {
    percent_decode_str(part).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn uris_name_what_the_templates_say() {
        let object = |bucket: &str, key: &str| Some(Address::Object { bucket: bucket.into(), key: key.into() });
        let item = |hash: &str, range: Option<&str>| {
            Some(Address::Item { table: "orders".into(), hash: hash.into(), range: range.map(Into::into) })
        };
        assert_eq!(Address::parse("s3://media/a/b c.txt"), object("media", "a/b c.txt"));
        assert_eq!(Address::parse("s3://media/a%20b%2Fc//"), object("media", "a b/c//"));
        assert_eq!(Address::parse("s3://media/"), Some(Address::Bucket("media".into())));
        assert_eq!(Address::parse("dynamodb://orders"), Some(Address::Table("orders".into())));
        assert_eq!(Address::parse("dynamodb://orders/a%2Fb/7"), item("a/b", Some("7")));
        assert_eq!(Address::parse("dynamodb://orders/a"), item("a", None));
        for none in
            ["", "media", "s3://", "s3:///k", "file:///etc/passwd", "dynamodb://", "dynamodb://t/a/b/c", "s3://b/%ff"]
        {
            assert_eq!(Address::parse(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn a_uri_leads_back_to_what_it_names(bucket in "[a-z.-]{3,9}", key in "\\PC{1,20}", hash in "\\PC{1,9}", range in proptest::option::of("\\PC{1,9}")) {
            for address in [
                Address::Object { bucket: bucket.clone(), key },
                Address::Item { table: bucket.clone(), hash, range },
                Address::Bucket(bucket.clone()),
                Address::Table(bucket),
            ] {
                let uri = address.to_string();
                prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{}", uri);
                prop_assert_eq!(Address::parse(&uri), Some(address));
            }
        }
    }
}
