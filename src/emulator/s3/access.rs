//! What IAM asks of S3's operations.

use percent_encoding::percent_decode_str;

use super::operation::{row, rows};
use super::xml;
use crate::emulator::access::{ANY, Access, ask};
use crate::uri::S3Uri;

/// What an action is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    Service,
    Bucket,
    Object,
}

/// What IAM asks of an operation: its own actions, as it is and where it names a version, and what else it looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asks {
    on: On,
    plain: &'static [&'static str],
    versioned: &'static [&'static str],
    more: More,
}

/// What of a request asks for more actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum More {
    /// Nothing.
    None,
    /// Headers that set something for a new bucket.
    BucketHeaders,
    /// Headers that set something for a new object.
    ObjectHeaders,
    /// The keys in its document, each of which is asked for by itself.
    Keys,
}

impl Asks {
    const fn new(on: On, plain: &'static [&'static str]) -> Self {
        Self { on, plain, versioned: plain, more: More::None }
    }

    /// These actions on no resource.
    pub(super) const fn service(plain: &'static [&'static str]) -> Self {
        Self::new(On::Service, plain)
    }

    /// These actions on the bucket.
    pub(super) const fn bucket(plain: &'static [&'static str]) -> Self {
        Self::new(On::Bucket, plain)
    }

    /// These actions on the object.
    pub(super) const fn object(plain: &'static [&'static str]) -> Self {
        Self::new(On::Object, plain)
    }

    /// These actions where the request names a version.
    pub(super) const fn or_versioned(self, versioned: &'static [&'static str]) -> Self {
        Self { versioned, ..self }
    }

    /// And what the headers of a new bucket ask for.
    pub(super) const fn and_bucket_headers(self) -> Self {
        Self { more: More::BucketHeaders, ..self }
    }

    /// And what the headers of a new object ask for.
    pub(super) const fn and_object_headers(self) -> Self {
        Self { more: More::ObjectHeaders, ..self }
    }

    /// Of each key in the document.
    pub(super) const fn of_each_key(self) -> Self {
        Self { more: More::Keys, ..self }
    }

    /// Whether the document has to be read to know.
    pub(super) const fn looks_into_document(&self) -> bool {
        matches!(self.more, More::Keys | More::BucketHeaders)
    }
}

/// What a header of a writing request asks beside its operation's own actions. Where two are named, either of them.
const OBJECT_HEADERS: &[(&[&str], &str)] = &[
    (
        &[
            "x-amz-acl",
            "x-amz-grant-full-control",
            "x-amz-grant-read",
            "x-amz-grant-read-acp",
            "x-amz-grant-write",
            "x-amz-grant-write-acp",
        ],
        "PutObjectAcl",
    ),
    (&["x-amz-tagging"], "PutObjectTagging"),
    (&["x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"], "PutObjectRetention"),
    (&["x-amz-object-lock-legal-hold"], "PutObjectLegalHold"),
];
const BUCKET_HEADERS: &[(&[&str], &[&str])] = &[
    (OBJECT_HEADERS[0].0, &["PutBucketAcl"]),
    (&["x-amz-object-ownership"], &["PutBucketOwnershipControls"]),
    (&["x-amz-bucket-object-lock-enabled"], &["PutBucketObjectLockConfiguration", "PutBucketVersioning"]),
];

/// A call to S3, as far as IAM looks at it.
pub struct S3Call<'a> {
    /// AWS's name of the operation.
    pub operation: &'a str,
    /// The bucket.
    pub bucket: Option<&'a str>,
    /// The object's key, decoded.
    pub key: Option<&'a str>,
    /// Whether it names a version.
    pub versioned: bool,
    /// The value of a header, named in lower case.
    pub header: &'a dyn Fn(&str) -> Option<String>,
    /// The document in its body, where there is one.
    pub document: &'a [u8],
}

/// What IAM asks of a call to S3; nothing where the operation is not known.
#[must_use]
pub fn of_s3(call: &S3Call<'_>) -> Access {
    let mut access = Access::new();
    let Some(row) = row(call.operation) else { return access };
    let wants = row.asks;
    if wants.more == More::Keys {
        of_keys(&mut access, wants, call);
        return access;
    }
    let resource = match (wants.on, call.bucket, call.key) {
        (On::Service, ..) => ANY.to_owned(),
        (On::Object, Some(bucket), Some(key)) => format!("s3://{bucket}/{key}"),
        // The key of a form is in the form.
        (_, Some(bucket), _) => format!("s3://{bucket}"),
        (_, None, _) => return access,
    };
    let actions = if call.versioned { wants.versioned } else { wants.plain };
    for action in actions {
        ask(&mut access, &format!("s3:{action}"), resource.as_str());
    }
    let given = |names: &[&str]| names.iter().any(|name| (call.header)(name).is_some_and(|value| !value.is_empty()));
    match wants.more {
        More::BucketHeaders => {
            let of_headers = BUCKET_HEADERS.iter().filter(|(names, _)| given(names)).flat_map(|(_, actions)| *actions);
            let tagged = contains(call.document, b"<Tag>").then_some(&"TagResource");
            for action in of_headers.chain(tagged) {
                ask(&mut access, &format!("s3:{action}"), resource.as_str());
            }
        }
        More::ObjectHeaders => {
            for (_, action) in OBJECT_HEADERS.iter().filter(|(names, _)| given(names)) {
                ask(&mut access, &format!("s3:{action}"), resource.as_str());
            }
        }
        More::None | More::Keys => {}
    }
    if row.shape.copies {
        copy_source(&mut access, call, &resource);
    }
    access
}

/// A copy reads its source. CopyObject copies the tags too, unless it is told not to.
fn copy_source(access: &mut Access, call: &S3Call<'_>, target: &str) {
    let header = (call.header)("x-amz-copy-source").unwrap_or_default();
    let (path, version) = match header.rsplit_once("?versionId=") {
        Some((path, version)) => (path, !version.is_empty()),
        None => (header.as_str(), false),
    };
    let decoded = path.replace('+', " ");
    let decoded = percent_decode_str(&decoded).decode_utf8_lossy();
    let source = format!("s3://{}", decoded.strip_prefix('/').unwrap_or(&decoded));
    ask(access, if version { "s3:GetObjectVersion" } else { "s3:GetObject" }, source.as_str());
    let replaces = (call.header)("x-amz-tagging-directive").is_some_and(|how| how.eq_ignore_ascii_case("REPLACE"));
    if call.operation == "CopyObject" && !replaces {
        ask(access, if version { "s3:GetObjectVersionTagging" } else { "s3:GetObjectTagging" }, source);
        ask(access, "s3:PutObjectTagging", target);
    }
}

fn of_keys(access: &mut Access, wants: Asks, call: &S3Call<'_>) {
    let Some(bucket) = call.bucket else { return };
    let Ok(mut asked) = xml::read(call.document, "Delete") else {
        for action in wants.plain {
            ask(access, &format!("s3:{action}"), format!("s3://{bucket}"));
        }
        return;
    };
    for mut object in asked.take_all("Object") {
        let (Ok(Some(key)), Ok(version)) = (object.take_text("Key"), object.take_text("VersionId")) else { continue };
        let actions = if version.is_some() { wants.versioned } else { wants.plain };
        for action in actions {
            ask(access, &format!("s3:{action}"), format!("s3://{bucket}/{key}"));
        }
    }
}

/// Whether the resource of this action is an object.
#[must_use]
pub fn takes_object(action: &str) -> bool {
    let Some(name) = action.strip_prefix("s3:") else { return false };
    let mut own = rows().map(|row| row.asks).filter(|wants| wants.on == On::Object);
    own.any(|wants| wants.plain.contains(&name) || wants.versioned.contains(&name))
        || OBJECT_HEADERS.iter().any(|(_, action)| *action == name)
}

/// As [`of_s3`], from what a journal without the rest of the request has.
#[must_use]
pub fn by_name(operation: &str, resources: &[String]) -> Option<Access> {
    let row = row(operation)?;
    let wants = row.asks;
    let named = || resources.iter().filter_map(|resource| S3Uri::parse(resource));
    let bucket_of = |uri: S3Uri<'_>| S3Uri { rest: "", ..uri }.to_string();
    let mut access = Access::new();
    for action in wants.plain {
        let asked = access.entry(format!("s3:{action}")).or_default();
        match wants.on {
            On::Service => asked.extend([ANY.to_owned()]),
            On::Bucket => asked.extend(named().map(bucket_of)),
            On::Object => asked.extend(named().map(|uri| uri.to_string())),
        }
    }
    if row.shape.copies {
        access.entry("s3:GetObject".to_owned()).or_default();
    }
    Some(access)
}

fn contains(document: &[u8], part: &[u8]) -> bool {
    document.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(access: &Access) -> Vec<String> {
        access.iter().flat_map(|(action, of)| of.iter().map(move |resource| format!("{action} {resource}"))).collect()
    }

    fn s3(operation: &str, versioned: bool, headers: &[(&str, &str)], document: &str) -> Vec<String> {
        let header =
            |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let (bucket, key) = (Some("b"), Some("k/1"));
        asks(&of_s3(&S3Call { operation, bucket, key, versioned, header: &header, document: document.as_bytes() }))
    }

    #[test]
    fn every_operation_asks_for_something() {
        for row in rows() {
            let document = "<Delete><Object><Key>k</Key></Object></Delete>";
            assert!(!s3(row.shape.name, false, &[], document).is_empty(), "{}", row.shape.name);
        }
    }

    #[test]
    fn actions_of_s3_are_not_its_operations() {
        for (operation, expected) in [
            ("HeadObject", "s3:GetObject s3://b/k/1"),
            ("UploadPart", "s3:PutObject s3://b/k/1"),
            ("CompleteMultipartUpload", "s3:PutObject s3://b/k/1"),
            ("ListParts", "s3:ListMultipartUploadParts s3://b/k/1"),
            ("ListObjectsV2", "s3:ListBucket s3://b"),
            ("HeadBucket", "s3:ListBucket s3://b"),
            ("ListObjectVersions", "s3:ListBucketVersions s3://b"),
            ("ListMultipartUploads", "s3:ListBucketMultipartUploads s3://b"),
            ("DeleteBucketCors", "s3:PutBucketCORS s3://b"),
            ("GetBucketEncryption", "s3:GetEncryptionConfiguration s3://b"),
            ("ListBuckets", "s3:ListAllMyBuckets *"),
        ] {
            assert_eq!(s3(operation, false, &[], ""), [expected], "{operation}");
        }
    }

    #[test]
    fn a_version_has_actions_of_its_own() {
        assert_eq!(s3("GetObject", true, &[], ""), ["s3:GetObjectVersion s3://b/k/1"]);
        assert_eq!(s3("DeleteObject", true, &[], ""), ["s3:DeleteObjectVersion s3://b/k/1"]);
        assert_eq!(
            s3("GetObjectAttributes", true, &[], ""),
            ["s3:GetObjectVersion s3://b/k/1", "s3:GetObjectVersionAttributes s3://b/k/1"]
        );
        let document = "<Delete><Object><Key>a&amp;b</Key></Object>\
                        <Object><Key>c</Key><VersionId>v</VersionId></Object></Delete>";
        assert_eq!(
            s3("DeleteObjects", false, &[], document),
            ["s3:DeleteObject s3://b/a&b", "s3:DeleteObjectVersion s3://b/c"]
        );
    }

    #[test]
    fn headers_ask_for_more() {
        let tagged = [("x-amz-tagging", "a=b"), ("x-amz-acl", "private")];
        assert_eq!(
            s3("PutObject", false, &tagged, ""),
            ["s3:PutObject s3://b/k/1", "s3:PutObjectAcl s3://b/k/1", "s3:PutObjectTagging s3://b/k/1"]
        );
        assert_eq!(
            s3("CreateBucket", false, &[("x-amz-object-ownership", "ObjectWriter")], "<Tags><Tag/></Tags><Tag>"),
            ["s3:CreateBucket s3://b", "s3:PutBucketOwnershipControls s3://b", "s3:TagResource s3://b"]
        );
    }

    #[test]
    fn a_copy_reads_its_source() {
        let source = ("x-amz-copy-source", "/other/a%20b?versionId=v1");
        assert_eq!(
            s3("CopyObject", false, &[source, ("x-amz-tagging-directive", "REPLACE")], ""),
            ["s3:GetObjectVersion s3://other/a b", "s3:PutObject s3://b/k/1"]
        );
        assert_eq!(
            s3("CopyObject", false, &[("x-amz-copy-source", "other/a")], ""),
            [
                "s3:GetObject s3://other/a",
                "s3:GetObjectTagging s3://other/a",
                "s3:PutObject s3://b/k/1",
                "s3:PutObjectTagging s3://b/k/1",
            ]
        );
        assert_eq!(
            s3("UploadPartCopy", false, &[source], ""),
            ["s3:GetObjectVersion s3://other/a b", "s3:PutObject s3://b/k/1"]
        );
    }
}
