//! What IAM asks of S3's operations.

use percent_encoding::percent_decode_str;
use s3s::xml::Deserializer;

use super::{ANY, Access, ask};

/// What an action is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    Service,
    Bucket,
    Object,
}

/// An operation's own actions: as it is, and where it names a version.
struct Wants {
    operation: &'static str,
    on: On,
    plain: &'static [&'static str],
    versioned: &'static [&'static str],
}

const fn service(operation: &'static str, plain: &'static [&'static str]) -> Wants {
    Wants { operation, on: On::Service, plain, versioned: plain }
}

const fn bucket(operation: &'static str, plain: &'static [&'static str]) -> Wants {
    Wants { operation, on: On::Bucket, plain, versioned: plain }
}

const fn object(operation: &'static str, plain: &'static [&'static str]) -> Wants {
    Wants { operation, on: On::Object, plain, versioned: plain }
}

const fn version(operation: &'static str, plain: &'static [&'static str], versioned: &'static [&'static str]) -> Wants {
    Wants { operation, on: On::Object, plain, versioned }
}

const PUT: &[&str] = &["PutObject"];

const WANTS: &[Wants] = &[
    service("ListBuckets", &["ListAllMyBuckets"]),
    bucket("CreateBucket", &["CreateBucket"]),
    bucket("DeleteBucket", &["DeleteBucket"]),
    bucket("DeleteBucketCors", &["PutBucketCORS"]),
    bucket("DeleteBucketEncryption", &["PutEncryptionConfiguration"]),
    bucket("DeleteBucketTagging", &["PutBucketTagging"]),
    bucket("GetBucketCors", &["GetBucketCORS"]),
    bucket("GetBucketEncryption", &["GetEncryptionConfiguration"]),
    bucket("GetBucketLocation", &["GetBucketLocation"]),
    bucket("GetBucketTagging", &["GetBucketTagging"]),
    bucket("GetBucketVersioning", &["GetBucketVersioning"]),
    bucket("HeadBucket", &["ListBucket"]),
    bucket("ListMultipartUploads", &["ListBucketMultipartUploads"]),
    bucket("ListObjectVersions", &["ListBucketVersions"]),
    bucket("ListObjects", &["ListBucket"]),
    bucket("ListObjectsV2", &["ListBucket"]),
    bucket("PutBucketCors", &["PutBucketCORS"]),
    bucket("PutBucketEncryption", &["PutEncryptionConfiguration"]),
    bucket("PutBucketTagging", &["PutBucketTagging"]),
    bucket("PutBucketVersioning", &["PutBucketVersioning"]),
    object("AbortMultipartUpload", &["AbortMultipartUpload"]),
    object("CompleteMultipartUpload", PUT),
    object("CopyObject", PUT),
    object("CreateMultipartUpload", PUT),
    version("DeleteObject", &["DeleteObject"], &["DeleteObjectVersion"]),
    version("DeleteObjectTagging", &["DeleteObjectTagging"], &["DeleteObjectVersionTagging"]),
    version("DeleteObjects", &["DeleteObject"], &["DeleteObjectVersion"]),
    version("GetObject", &["GetObject"], &["GetObjectVersion"]),
    version(
        "GetObjectAttributes",
        &["GetObject", "GetObjectAttributes"],
        &["GetObjectVersion", "GetObjectVersionAttributes"],
    ),
    version("GetObjectTagging", &["GetObjectTagging"], &["GetObjectVersionTagging"]),
    version("HeadObject", &["GetObject"], &["GetObjectVersion"]),
    object("ListParts", &["ListMultipartUploadParts"]),
    object("PostObject", PUT),
    object("PutObject", PUT),
    version("PutObjectTagging", &["PutObjectTagging"], &["PutObjectVersionTagging"]),
    object("UploadPart", PUT),
    object("UploadPartCopy", PUT),
];

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
    let Some(wants) = WANTS.iter().find(|wants| wants.operation == call.operation) else { return access };
    if call.operation == "DeleteObjects" {
        delete_objects(&mut access, wants, call);
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
    match call.operation {
        "CreateBucket" => {
            let of_headers = BUCKET_HEADERS.iter().filter(|(names, _)| given(names)).flat_map(|(_, actions)| *actions);
            let tagged = contains(call.document, b"<Tag>").then_some(&"TagResource");
            for action in of_headers.chain(tagged) {
                ask(&mut access, &format!("s3:{action}"), resource.as_str());
            }
        }
        "CopyObject" | "CreateMultipartUpload" | "PostObject" | "PutObject" => {
            for (_, action) in OBJECT_HEADERS.iter().filter(|(names, _)| given(names)) {
                ask(&mut access, &format!("s3:{action}"), resource.as_str());
            }
        }
        _ => {}
    }
    if matches!(call.operation, "CopyObject" | "UploadPartCopy") {
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

fn delete_objects(access: &mut Access, wants: &Wants, call: &S3Call<'_>) {
    let Some(bucket) = call.bucket else { return };
    let mut document = Deserializer::new(call.document);
    let Ok(asked) = document.named_element("Delete", Deserializer::content::<s3s::dto::Delete>) else {
        ask(access, "s3:DeleteObject", format!("s3://{bucket}"));
        return;
    };
    for object in asked.objects {
        let actions = if object.version_id.is_some() { wants.versioned } else { wants.plain };
        for action in actions {
            ask(access, &format!("s3:{action}"), format!("s3://{bucket}/{}", object.key));
        }
    }
}

/// Whether the resource of this action is an object.
#[must_use]
pub fn takes_object(action: &str) -> bool {
    let Some(name) = action.strip_prefix("s3:") else { return false };
    let mut own = WANTS.iter().filter(|wants| wants.on == On::Object);
    own.any(|wants| wants.plain.contains(&name) || wants.versioned.contains(&name))
        || OBJECT_HEADERS.iter().any(|(_, action)| *action == name)
}

/// As [`of_s3`], from what a journal without the rest of the request has.
pub(super) fn by_name(operation: &str, resources: &[String]) -> Option<Access> {
    let wants = WANTS.iter().find(|wants| wants.operation == operation)?;
    let named = || resources.iter().filter_map(|resource| resource.strip_prefix("s3://"));
    let bucket_of = |name: &str| format!("s3://{}", name.split('/').next().unwrap_or_default());
    let mut access = Access::new();
    for action in wants.plain {
        let asked = access.entry(format!("s3:{action}")).or_default();
        match wants.on {
            On::Service => asked.extend([ANY.to_owned()]),
            On::Bucket => asked.extend(named().map(bucket_of)),
            On::Object => asked.extend(named().map(|name| format!("s3://{name}"))),
        }
    }
    if matches!(operation, "CopyObject" | "UploadPartCopy") {
        access.entry("s3:GetObject".to_owned()).or_default();
    }
    Some(access)
}

fn contains(document: &[u8], part: &[u8]) -> bool {
    document.windows(part.len()).any(|window| window == part)
}
