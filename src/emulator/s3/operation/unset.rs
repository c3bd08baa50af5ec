//! What was never set, and cannot be yet: what AWS answers for a bucket and an object made today.
//!
//! A read gives the default or AWS's own not-found error. A write is taken where it says what is so anyway, refused where
//! AWS refuses it, and 501 otherwise. Sources: answers recorded in 2026-02, AWS's model and pages; what a bucket of today
//! has by default is in "Default settings for new S3 buckets".

use super::row::{Body, Row, Run};
use crate::emulator::error::AwsError;
use crate::emulator::s3::access::Asks;
use crate::emulator::s3::call::Level;
use crate::emulator::s3::catalogue::{Bucket, Placed, Version, Versioning};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error::{self, invalid_request, malformed_xml};
use crate::emulator::s3::model::{self, Shape};
use crate::emulator::s3::object_headers;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::{self, Document, Element};

/// The answer to an operation on what was never set.
#[derive(Clone, Copy)]
pub(in crate::emulator::s3) enum Unset {
    /// A document with this root.
    Default(&'static str, fn(&mut Document, &Found)),
    /// AWS's error that there is none.
    Missing(&'static str, &'static str),
    /// That what is not there is deleted, which is no error.
    Deleted,
    /// AWS's refusal, whatever the request says.
    Refused(fn(&Context) -> AwsError),
    /// What AWS says of the request, or whether it changes nothing.
    Write(fn(&Context, &Found) -> Result<Written, AwsError>),
}

/// What a write would do.
pub(in crate::emulator::s3) enum Written {
    /// Nothing: what it says is so.
    Nothing,
    /// Something that is not built.
    Something,
}

/// What the request is about.
pub(in crate::emulator::s3) struct Found {
    bucket: Bucket,
    version: Option<Version>,
}

const fn row(shape: &'static Shape, asks: Asks, unset: Unset) -> Row {
    Row::new(shape, asks, Run::Unset(unset))
}

const fn missing(shape: &'static Shape, asks: Asks, code: &'static str, message: &'static str) -> Row {
    row(shape, asks, Unset::Missing(code, message))
}

/// A configuration that a bucket can have several of, by their ids.
const fn by_id(shape: &'static Shape, asks: Asks) -> Row {
    missing(shape, asks, NO_CONFIGURATION, "The specified configuration does not exist.")
}

const fn list(shape: &'static Shape, asks: Asks, root: &'static str) -> Row {
    row(shape, asks, Unset::Default(root, |document, _| document.value("IsTruncated", false)))
}

const fn empty(shape: &'static Shape, asks: Asks, root: &'static str) -> Row {
    row(shape, asks, Unset::Default(root, |_, _| {}))
}

const NO_CONFIGURATION: &str = "NoSuchConfiguration";
const NO_POLICY: (&str, &str) = ("NoSuchBucketPolicy", "The bucket policy does not exist");
const ANALYTICS: (Asks, Asks) =
    (Asks::bucket(&["GetAnalyticsConfiguration"]), Asks::bucket(&["PutAnalyticsConfiguration"]));
const TIERING: (Asks, Asks) =
    (Asks::bucket(&["GetIntelligentTieringConfiguration"]), Asks::bucket(&["PutIntelligentTieringConfiguration"]));
const INVENTORY: (Asks, Asks) =
    (Asks::bucket(&["GetInventoryConfiguration"]), Asks::bucket(&["PutInventoryConfiguration"]));
const METRICS: (Asks, Asks) = (Asks::bucket(&["GetMetricsConfiguration"]), Asks::bucket(&["PutMetricsConfiguration"]));

/// Operations on what was never set. One that is built leaves this table for its own file.
pub(super) static ROWS: &[Row] = &[
    row(&model::GET_BUCKET_ACL, Asks::bucket(&["GetBucketAcl"]), Unset::Default("AccessControlPolicy", acl)),
    row(
        &model::GET_OBJECT_ACL,
        Asks::object(&["GetObjectAcl"]).or_versioned(&["GetObjectVersionAcl"]),
        Unset::Default("AccessControlPolicy", acl),
    ),
    row(&model::PUT_BUCKET_ACL, Asks::bucket(&["PutBucketAcl"]), Unset::Refused(put_acl)),
    row(
        &model::PUT_OBJECT_ACL,
        Asks::object(&["PutObjectAcl"]).or_versioned(&["PutObjectVersionAcl"]),
        Unset::Refused(put_acl),
    ),
    row(
        &model::GET_BUCKET_OWNERSHIP_CONTROLS,
        Asks::bucket(&["GetBucketOwnershipControls"]),
        Unset::Default("OwnershipControls", |document, _| {
            document.inside("Rule", |rule| rule.text("ObjectOwnership", ENFORCED));
        }),
    ),
    row(
        &model::PUT_BUCKET_OWNERSHIP_CONTROLS,
        Asks::bucket(&["PutBucketOwnershipControls"]),
        Unset::Write(put_ownership),
    ),
    missing(&model::GET_BUCKET_POLICY, Asks::bucket(&["GetBucketPolicy"]), NO_POLICY.0, NO_POLICY.1),
    missing(&model::GET_BUCKET_POLICY_STATUS, Asks::bucket(&["GetBucketPolicyStatus"]), NO_POLICY.0, NO_POLICY.1),
    Row {
        // To the model it is a text like any other.
        body: Body::DOCUMENT,
        ..row(&model::PUT_BUCKET_POLICY, Asks::bucket(&["PutBucketPolicy"]), Unset::Write(put_policy))
    },
    row(&model::DELETE_BUCKET_POLICY, Asks::bucket(&["DeleteBucketPolicy"]), Unset::Deleted),
    missing(
        &model::GET_BUCKET_LIFECYCLE_CONFIGURATION,
        Asks::bucket(&["GetLifecycleConfiguration"]),
        "NoSuchLifecycleConfiguration",
        "The lifecycle configuration does not exist",
    ),
    row(&model::DELETE_BUCKET_LIFECYCLE, Asks::bucket(&["PutLifecycleConfiguration"]), Unset::Deleted),
    missing(
        &model::GET_BUCKET_WEBSITE,
        Asks::bucket(&["GetBucketWebsite"]),
        "NoSuchWebsiteConfiguration",
        "The specified bucket does not have a website configuration",
    ),
    row(&model::DELETE_BUCKET_WEBSITE, Asks::bucket(&["DeleteBucketWebsite"]), Unset::Deleted),
    missing(
        &model::GET_BUCKET_REPLICATION,
        Asks::bucket(&["GetReplicationConfiguration"]),
        "ReplicationConfigurationNotFoundError",
        "The replication configuration was not found",
    ),
    row(&model::PUT_BUCKET_REPLICATION, Asks::bucket(&["PutReplicationConfiguration"]), Unset::Write(put_replication)),
    row(&model::DELETE_BUCKET_REPLICATION, Asks::bucket(&["PutReplicationConfiguration"]), Unset::Deleted),
    missing(
        &model::GET_OBJECT_LOCK_CONFIGURATION,
        Asks::bucket(&["GetBucketObjectLockConfiguration"]),
        "ObjectLockConfigurationNotFoundError",
        "Object Lock configuration does not exist for this bucket",
    ),
    row(
        &model::PUT_OBJECT_LOCK_CONFIGURATION,
        Asks::bucket(&["PutBucketObjectLockConfiguration"]),
        Unset::Write(put_lock),
    ),
    row(&model::GET_OBJECT_RETENTION, Asks::object(&["GetObjectRetention"]), Unset::Refused(no_lock)),
    row(&model::PUT_OBJECT_RETENTION, Asks::object(&["PutObjectRetention"]), Unset::Refused(no_lock)),
    row(&model::GET_OBJECT_LEGAL_HOLD, Asks::object(&["GetObjectLegalHold"]), Unset::Refused(no_lock)),
    row(&model::PUT_OBJECT_LEGAL_HOLD, Asks::object(&["PutObjectLegalHold"]), Unset::Refused(no_lock)),
    row(&model::RESTORE_OBJECT, Asks::object(&["RestoreObject"]), Unset::Write(restore)),
    empty(
        &model::GET_BUCKET_NOTIFICATION_CONFIGURATION,
        Asks::bucket(&["GetBucketNotification"]),
        "NotificationConfiguration",
    ),
    row(
        &model::PUT_BUCKET_NOTIFICATION_CONFIGURATION,
        Asks::bucket(&["PutBucketNotification"]),
        Unset::Write(|context, _| nothing_but_an_empty(context, "NotificationConfiguration")),
    ),
    empty(&model::GET_BUCKET_LOGGING, Asks::bucket(&["GetBucketLogging"]), "BucketLoggingStatus"),
    row(
        &model::PUT_BUCKET_LOGGING,
        Asks::bucket(&["PutBucketLogging"]),
        Unset::Write(|context, _| nothing_but_an_empty(context, "BucketLoggingStatus")),
    ),
    row(
        &model::GET_BUCKET_REQUEST_PAYMENT,
        Asks::bucket(&["GetBucketRequestPayment"]),
        Unset::Default("RequestPaymentConfiguration", |document, _| document.text("Payer", "BucketOwner")),
    ),
    row(
        &model::PUT_BUCKET_REQUEST_PAYMENT,
        Asks::bucket(&["PutBucketRequestPayment"]),
        Unset::Write(put_request_payment),
    ),
    row(
        &model::GET_BUCKET_ABAC,
        Asks::bucket(&["GetBucketAbac"]),
        Unset::Default("AbacStatus", |document, _| document.text("Status", "Disabled")),
    ),
    by_id(&model::GET_BUCKET_ANALYTICS_CONFIGURATION, ANALYTICS.0),
    by_id(&model::DELETE_BUCKET_ANALYTICS_CONFIGURATION, ANALYTICS.1),
    list(
        &model::LIST_BUCKET_ANALYTICS_CONFIGURATIONS,
        ANALYTICS.0,
        // The Rust SDK insists on the names of AWS's model, others on none.
        "ListBucketAnalyticsConfigurationResult",
    ),
    by_id(&model::GET_BUCKET_INTELLIGENT_TIERING_CONFIGURATION, TIERING.0),
    by_id(&model::DELETE_BUCKET_INTELLIGENT_TIERING_CONFIGURATION, TIERING.1),
    list(
        &model::LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS,
        TIERING.0,
        "ListBucketIntelligentTieringConfigurationsOutput",
    ),
    by_id(&model::GET_BUCKET_INVENTORY_CONFIGURATION, INVENTORY.0),
    by_id(&model::DELETE_BUCKET_INVENTORY_CONFIGURATION, INVENTORY.1),
    list(&model::LIST_BUCKET_INVENTORY_CONFIGURATIONS, INVENTORY.0, "ListInventoryConfigurationsResult"),
    by_id(&model::GET_BUCKET_METRICS_CONFIGURATION, METRICS.0),
    by_id(&model::DELETE_BUCKET_METRICS_CONFIGURATION, METRICS.1),
    list(&model::LIST_BUCKET_METRICS_CONFIGURATIONS, METRICS.0, "ListMetricsConfigurationsResult"),
];

impl Unset {
    /// The answer, once what the request is about is there and is the caller's.
    pub(in crate::emulator::s3) fn answer(self, core: &Core, context: &Context) -> Result<Reply, AwsError> {
        let read = core.read()?;
        let bucket = context.open_bucket(&read)?;
        let version = match context.level() {
            Level::Object => {
                let (key, id) = (context.key(), context.query("versionId"));
                Some(Placed::asked(&read, bucket.id, key, id, context.method())?.version)
            }
            Level::Service | Level::Bucket => None,
        };
        let found = Found { bucket, version };
        match self {
            Self::Default(root, write) => {
                let mut document = Document::new(root);
                write(&mut document, &found);
                Ok(Reply::document_with(document, found.headers()))
            }
            Self::Missing(NO_CONFIGURATION, message) => Err(AwsError::new(404, NO_CONFIGURATION, message)),
            Self::Missing(name, message) => Err(AwsError::new(404, name, message).with("BucketName", context.bucket())),
            Self::Deleted => Ok(Reply::empty()),
            Self::Refused(refusal) => Err(refusal(context)),
            Self::Write(write) => match write(context, &found)? {
                Written::Nothing => Ok(Reply::headers(found.headers())),
                Written::Something => Err(AwsError::not_implemented(context.operation())),
            },
        }
    }
}

impl Found {
    /// The header that names the version, where the bucket keeps any.
    fn headers(&self) -> http::HeaderMap {
        let mut headers = http::HeaderMap::new();
        if let Some(version) = self.version.as_ref().filter(|_| self.bucket.versioning != Versioning::Unversioned) {
            object_headers::set(&mut headers, "x-amz-version-id", &version.id);
        }
        headers
    }

    /// Who owns it.
    fn owner(&self) -> &str {
        self.version.as_ref().map_or(&self.bucket.owner, |version| &version.owner)
    }
}

/// The owner has full control, and nobody else any.
fn acl(document: &mut Document, found: &Found) {
    const USER: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"";
    document.inside("Owner", |owner| owner.text("ID", found.owner()));
    document.inside("AccessControlList", |list| {
        list.inside("Grant", |grant| {
            grant.inside_with("Grantee", USER, |grantee| grantee.text("ID", found.owner()));
            grant.text("Permission", "FULL_CONTROL");
        });
    });
}

/// Refused whatever it says, also what is so: the bucket's owner owns every object.
fn put_acl(context: &Context) -> AwsError {
    let named = context.headers().keys().any(|name| name.as_str().starts_with("x-amz-grant-"))
        || context.header("x-amz-acl").is_some();
    match (named, context.document().is_empty()) {
        (false, true) => AwsError::new(400, "MissingSecurityHeader", "Your request was missing a required header")
            .with("MissingHeaderName", "x-amz-acl"),
        (true, false) => AwsError::new(400, "UnexpectedContent", "This request does not support content"),
        _ => error::no_acls(),
    }
}

const ENFORCED: &str = "BucketOwnerEnforced";

fn put_ownership(context: &Context, _: &Found) -> Result<Written, AwsError> {
    let mut root = xml::read(context.document(), "OwnershipControls")?;
    let [mut rule] = <[Element; 1]>::try_from(root.take_all("Rule")).map_err(|_| malformed_xml())?;
    let ownership = rule.take_text("ObjectOwnership")?;
    rule.end()?;
    root.end()?;
    match ownership.as_deref() {
        Some(ENFORCED) => Ok(Written::Nothing),
        Some("BucketOwnerPreferred" | "ObjectWriter") => Ok(Written::Something),
        _ => Err(malformed_xml()),
    }
}

fn put_policy(context: &Context, _: &Found) -> Result<Written, AwsError> {
    let malformed = |message: &str| Err(AwsError::new(400, "MalformedPolicy", message));
    match serde_json::from_slice::<serde_json::Value>(context.document()) {
        Ok(serde_json::Value::Object(policy)) if policy.contains_key("Statement") => Ok(Written::Something),
        Ok(serde_json::Value::Object(_)) => malformed("Missing required field Statement"),
        _ => malformed("Policies must be valid JSON and the first byte must be '{'"),
    }
}

fn put_replication(context: &Context, found: &Found) -> Result<Written, AwsError> {
    let mut root = xml::read(context.document(), "ReplicationConfiguration")?;
    if found.bucket.versioning != Versioning::Enabled {
        let message = "Versioning must be 'Enabled' on the bucket to apply a replication configuration";
        return Err(invalid_request(message));
    }
    if root.take_all("Rule").is_empty() {
        return Err(malformed_xml());
    }
    Ok(Written::Something)
}

fn put_lock(context: &Context, found: &Found) -> Result<Written, AwsError> {
    xml::read(context.document(), "ObjectLockConfiguration")?;
    if found.bucket.versioning != Versioning::Enabled {
        let message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration";
        return Err(AwsError::new(409, "InvalidBucketState", message));
    }
    Ok(Written::Something)
}

fn no_lock(_: &Context) -> AwsError {
    invalid_request("Bucket is missing Object Lock Configuration")
}

fn restore(_: &Context, found: &Found) -> Result<Written, AwsError> {
    let class = found.version.as_ref().map_or("", |version| version.storage_class.as_str());
    if matches!(class, "GLACIER" | "DEEP_ARCHIVE") {
        return Ok(Written::Something);
    }
    let message = "Restore is not allowed for the object's current storage class";
    Err(AwsError::new(403, "InvalidObjectState", message).with("StorageClass", class))
}

/// Turning off what is off changes nothing.
fn nothing_but_an_empty(context: &Context, root: &str) -> Result<Written, AwsError> {
    let root = xml::read(context.document(), root)?;
    Ok(if root.end().is_ok() { Written::Nothing } else { Written::Something })
}

fn put_request_payment(context: &Context, _: &Found) -> Result<Written, AwsError> {
    let mut root = xml::read(context.document(), "RequestPaymentConfiguration")?;
    let payer = root.take_text("Payer")?;
    root.end()?;
    match payer.as_deref() {
        Some("BucketOwner") => Ok(Written::Nothing),
        Some("Requester") => Ok(Written::Something),
        _ => Err(malformed_xml()),
    }
}
