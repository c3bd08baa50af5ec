//! URIs and ARNs of buckets, objects, tables and indexes.

use percent_encoding::percent_decode_str;

use crate::uri::S3Uri;

/// A bucket, and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) bucket: String,
    /// A key, the start of one, or nothing.
    pub(super) rest: String,
    /// The version of an object that a URL names.
    pub(super) version: Option<String>,
}

/// A table, and an index of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) index: Option<String>,
    /// Whether its stream is named, and not the table.
    pub(super) stream: bool,
    /// The region and the account of an ARN.
    pub(super) owner: Option<(String, String)>,
}

/// Reads `s3://bucket/key`, `arn:aws:s3:::bucket/key` and S3's own URLs.
pub(super) fn object(text: &str) -> Option<Object> {
    let text = text.trim();
    let split = |rest: &str| {
        let S3Uri { bucket, rest } = S3Uri::path(rest)?;
        Some(Object { bucket: bucket.to_owned(), rest: rest.to_owned(), version: None })
    };
    if let Some((scheme, rest)) = text.split_once("://")
        && ["s3", "s3a", "s3n"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return split(rest);
    }
    if text.starts_with("arn:") {
        let parts: Vec<_> = text.splitn(6, ':').collect();
        // Those of access points have a region and an account.
        let [_, _, "s3", "", "", rest] = parts.as_slice() else { return None };
        return split(rest);
    }
    url(text)
}

/// `https://bucket.s3.eu-west-1.amazonaws.com/key` and `https://s3.amazonaws.com/bucket/key`.
fn url(text: &str) -> Option<Object> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = path.split('#').next().unwrap_or(path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let version = version(query)?;
    let path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
    let host = host.strip_suffix(".amazonaws.com")?;
    if is_s3(host) {
        let S3Uri { bucket, rest } = S3Uri::path(&path)?;
        return Some(Object { bucket: bucket.to_owned(), rest: rest.to_owned(), version });
    }
    // A bucket may have such a label in its own name: S3's is the last.
    let at = host.rfind(".s3").filter(|at| is_s3(&host[at + 1..]))?;
    Some(Object { bucket: host[..at].to_owned(), rest: path, version })
}

/// Whether a host is S3's own: `s3`, `s3.eu-west-1`, `s3-eu-west-1` or `s3.dualstack.eu-west-1`. Those of access points,
/// of Object Lambda and of Outposts name no bucket.
fn is_s3(host: &str) -> bool {
    let region = |label: &str| {
        let number = label.rsplit('-').next().unwrap_or_default();
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        label.chars().all(letters)
            && label.contains('-')
            && number.len() == 1
            && number.bytes().all(|b| b.is_ascii_digit())
    };
    let Some(rest) = host.strip_prefix("s3") else { return false };
    let rest = rest.strip_prefix("-fips").unwrap_or(rest);
    let rest = rest.strip_prefix("-accelerate").unwrap_or(rest);
    let rest = rest.strip_prefix(".dualstack").unwrap_or(rest);
    rest.is_empty() || rest.strip_prefix(['.', '-']).is_some_and(region)
}

/// The version that a query names, if it does; nothing where it asks for something else than the object.
#[expect(clippy::option_option, reason = "a URL without a version is one, and a URL that asks for more is none")]
fn version(query: &str) -> Option<Option<String>> {
    let mut version = None;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if name == "versionId" {
            version = Some(percent_decode_str(value).decode_utf8().ok()?.into_owned());
        } else if !(name.starts_with("X-Amz-") || ["AWSAccessKeyId", "Signature", "Expires", "x-id"].contains(&name)) {
            return None;
        }
    }
    Some(version)
}

/// Reads `arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by_status`, `dynamodb://orders` and
/// `orders/index/by_status`.
pub(super) fn table(text: &str) -> Option<Table> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("dynamodb://") {
        let table = rest.trim_end_matches('/');
        return (!table.is_empty() && !table.contains('/')).then(|| Table {
            name: table.to_owned(),
            index: None,
            stream: false,
            owner: None,
        });
    }
    if text.starts_with("arn:") {
        let parts: Vec<_> = text.splitn(6, ':').collect();
        let [_, _, "dynamodb", region, account, resource] = parts.as_slice() else { return None };
        let of = named(resource.strip_prefix("table/")?)?;
        return Some(Table { owner: Some(((*region).to_owned(), (*account).to_owned())), ..of });
    }
    named(text).filter(|of| of.index.is_some() || of.stream)
}

/// A table's name with what follows it in an ARN.
fn named(text: &str) -> Option<Table> {
    let mut parts = text.split('/');
    let name = parts.next().filter(|name| !name.is_empty())?.to_owned();
    match (parts.next(), parts.next(), parts.next()) {
        (Some("index"), Some(index), None) => {
            Some(Table { name, index: Some(index.to_owned()), stream: false, owner: None })
        }
        (None, _, _) => Some(Table { name, index: None, stream: false, owner: None }),
        (Some("stream"), Some(_), None) => Some(Table { name, index: None, stream: true, owner: None }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_from_uris_arns_and_urls() {
        let of = |bucket: &str, rest: &str| Some(Object { bucket: bucket.into(), rest: rest.into(), version: None });
        assert_eq!(object("s3://media/a b/ü.txt"), of("media", "a b/ü.txt"));
        assert_eq!(object("S3://media/"), of("media", ""));
        assert_eq!(object("arn:aws:s3:::media"), of("media", ""));
        assert_eq!(object("arn:aws-cn:s3:::media/a/b"), of("media", "a/b"));
        assert_eq!(object("https://media.s3.amazonaws.com/a%20b?X-Amz-Date=1"), of("media", "a b"));
        let version = object("https://media.s3.amazonaws.com/a?versionId=v%2F1").and_then(|of| of.version);
        assert_eq!(version.as_deref(), Some("v/1"));
        assert_eq!(object("https://my3.s3-data.s3.us-east-1.amazonaws.com/k"), of("my3.s3-data", "k"));
        assert_eq!(object("https://media.s3-us-west-2.amazonaws.com/k"), of("media", "k"));
        assert_eq!(object("https://media.s3.dualstack.us-west-2.amazonaws.com/k"), of("media", "k"));
        assert_eq!(object("https://my.media.s3.eu-west-1.amazonaws.com/a"), of("my.media", "a"));
        assert_eq!(object("https://s3.eu-west-1.amazonaws.com/media/a/b"), of("media", "a/b"));
        assert_eq!(object("https://s3-eu-west-1.amazonaws.com/media"), of("media", ""));
        for none in [
            "media",
            "a/b",
            "s3://",
            "s3:///k",
            "arn:aws:s3:eu-west-1:123456789012:accesspoint/mine",
            "arn:aws:sqs:::x",
            "https://example.com/a",
            "https://s3.amazonaws.com/",
            "https://mine-123456789012.s3-accesspoint.us-west-2.amazonaws.com/k",
            "https://mine-123456789012.s3-object-lambda.us-west-2.amazonaws.com/k",
            "https://my3.s3-data.amazonaws.com/k",
            "https://media.s3.amazonaws.com/a?acl",
            "arn:",
        ] {
            assert_eq!(object(none), None, "{none}");
        }
    }

    #[test]
    fn tables_and_indexes_are_read_from_arns() {
        let arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders";
        let owner = Some(("eu-west-1".into(), "123456789012".into()));
        assert_eq!(table(arn), Some(Table { name: "orders".into(), index: None, stream: false, owner: owner.clone() }));
        let index = table(&format!("{arn}/index/by_status")).unwrap();
        assert_eq!((index.index.as_deref(), index.owner), (Some("by_status"), owner));
        assert!(table(&format!("{arn}/stream/2026-01-01T00:00:00.000")).unwrap().stream);
        assert_eq!(table("orders/index/by_status").unwrap().index.as_deref(), Some("by_status"));
        assert_eq!(table("dynamodb://orders").unwrap().name, "orders");
        for none in ["orders", "", "a/b", "arn:aws:s3:::x", "arn:aws:dynamodb:eu-west-1:1:backup/x", "dynamodb://a/b"] {
            assert_eq!(table(none), None, "{none}");
        }
    }
}
