//! CreateBucket.

use std::collections::BTreeMap;

use crate::emulator::auth::Caller;
use crate::emulator::error::AwsError;
use crate::emulator::region::REGIONS;
use crate::emulator::s3::call::is_bucket_name;
use crate::emulator::s3::catalogue::{Bucket, Versioning};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags::{self, Holder, Tags};
use crate::emulator::s3::{error, object_headers, xml};

/// The region whose buckets have no location constraint.
const US_EAST_1: &str = "us-east-1";
/// The location constraint that old clients send for eu-west-1.
const EU: &str = "EU";

/// Makes a bucket. Again by its owner it is no error in us-east-1 only.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let caller = context.caller().clone();
    if caller.is_anonymous() {
        return Err(error::access_denied());
    }
    let name = context.bucket().to_owned();
    if !is_bucket_name(&name) {
        return Err(
            AwsError::new(400, "InvalidBucketName", "The specified bucket is not valid.").with("BucketName", name)
        );
    }
    check_headers(context)?;
    let (constraint, tags) = configuration(context.document())?;
    let region = place(&caller.region, constraint.as_deref().filter(|given| !given.is_empty()))?;
    let created = core.clock().millis();
    let bucket_name = name.clone();
    let home = region.clone();
    core.write(move |change| {
        if let Some(existing) = Bucket::find(change, &name)? {
            return refuse_or_repeat(&existing, &caller, &name, &tags);
        }
        let bucket = Bucket {
            id: change.next_sequence()?,
            account: caller.account,
            owner: caller.canonical_id,
            region,
            constraint,
            created,
            cors: Vec::new(),
            encryption_bucket_key: false,
            tags,
            versioning: Versioning::default(),
            settings: BTreeMap::new(),
        };
        Ok(bucket.put(change, &name)?)
    })
    .await?;
    // Recorded: a path for us-east-1, a URL elsewhere.
    let location =
        if home == US_EAST_1 { format!("/{bucket_name}") } else { format!("http://{}/{bucket_name}", context.host()) };
    let mut headers = http::HeaderMap::new();
    object_headers::set(&mut headers, "location", &location);
    object_headers::set(&mut headers, "x-amz-bucket-arn", &format!("arn:aws:s3:::{bucket_name}"));
    Ok(Reply::headers(headers))
}

/// The location constraint and the tags of the document; none where there is no document.
fn configuration(document: &[u8]) -> Result<(Option<String>, Tags), AwsError> {
    if document.is_empty() {
        return Ok((None, Tags::new()));
    }
    let mut root = xml::read(document, "CreateBucketConfiguration")?;
    if root.take("Bucket")?.is_some() || root.take("Location")?.is_some() {
        return Err(AwsError::not_implemented("directory buckets"));
    }
    let constraint = root.take_text("LocationConstraint")?;
    let tags = tags::of_list(Holder::NewBucket, root.take("Tags")?)?;
    root.end()?;
    Ok((constraint, tags))
}

fn check_headers(context: &Context) -> Result<(), AwsError> {
    const OWNERSHIP: &str = "x-amz-object-ownership";
    match context.header(OWNERSHIP) {
        None | Some("BucketOwnerEnforced") => Ok(()),
        Some("BucketOwnerPreferred" | "ObjectWriter") => Err(error::header_not_built(OWNERSHIP, "CreateBucket")),
        Some(other) => {
            let message = format!("Invalid x-amz-object-ownership header: {other}");
            Err(AwsError::new(400, "InvalidArgument", message).with("ArgumentName", OWNERSHIP))
        }
    }
}

/// Whether AWS has this region.
pub(super) fn is_region(name: &str) -> bool {
    REGIONS.contains(&name)
}

/// The region of a bucket that is made through the endpoint of `region` with this constraint (recorded 2026-02).
fn place(region: &str, constraint: Option<&str>) -> Result<String, AwsError> {
    let meant = constraint.map(|given| if given == EU { "eu-west-1" } else { given });
    if region == US_EAST_1 {
        return match meant {
            None => Ok(US_EAST_1.to_owned()),
            Some(meant) if meant != US_EAST_1 && REGIONS.contains(&meant) => Ok(meant.to_owned()),
            Some(_) => {
                Err(AwsError::new(400, "InvalidLocationConstraint", "The specified location-constraint is not valid")
                    .with("LocationConstraint", constraint))
            }
        };
    }
    if meant == Some(region) {
        return Ok(region.to_owned());
    }
    let shown = constraint.unwrap_or("unspecified");
    let message = format!(
        "The {shown} location constraint is incompatible for the region specific endpoint this request was sent to."
    );
    Err(AwsError::new(400, "IllegalLocationConstraintException", message))
}

fn refuse_or_repeat(existing: &Bucket, caller: &Caller, name: &str, tags: &Tags) -> Result<(), AwsError> {
    if existing.account != caller.account {
        let message = "The requested bucket name is not available. The bucket namespace is shared by all users of the \
                       system. Please select a different name and try again.";
        return Err(AwsError::new(409, "BucketAlreadyExists", message).with("BucketName", name));
    }
    // Recorded: with tags it is refused there too, also with the same ones.
    if existing.region == US_EAST_1 && caller.region == US_EAST_1 && tags.is_empty() {
        return Ok(());
    }
    let message = "Your previous request to create the named bucket succeeded and you already own it.";
    Err(AwsError::new(409, "BucketAlreadyOwnedByYou", message).with("BucketName", name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_location_constraint_must_fit_the_endpoint() {
        let code = |region, constraint| place(region, constraint).map_err(|error| error.code.into_owned());
        let ok = |region: &str| Ok(region.to_owned());
        assert_eq!(code("us-east-1", None), ok("us-east-1"));
        assert_eq!(code("us-east-1", Some("eu-west-2")), ok("eu-west-2"));
        assert_eq!(code("us-east-1", Some("EU")), ok("eu-west-1"));
        assert_eq!(code("eu-west-1", Some("EU")), ok("eu-west-1"));
        assert_eq!(code("eu-west-1", Some("eu-west-1")), ok("eu-west-1"));
        let (invalid, illegal) =
            (Err("InvalidLocationConstraint".to_owned()), Err("IllegalLocationConstraintException".to_owned()));
        assert_eq!(code("us-east-1", Some("us-east-1")), invalid);
        assert_eq!(code("us-east-1", Some("foo")), invalid);
        assert_eq!(code("eu-west-1", None), illegal);
        assert_eq!(code("eu-west-1", Some("bar")), illegal);
        assert_eq!(code("us-west-2", Some("EU")), illegal);
    }
}
