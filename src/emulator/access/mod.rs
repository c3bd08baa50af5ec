//! What IAM asks of a call: actions, and the resources that each is asked for.
//!
//! IAM's actions are not the API's operations: HeadObject wants `s3:GetObject`, a transaction the action of each of its
//! parts, a copy those of its source. What wants what is in AWS's Service Authorization Reference
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html> and `list_dynamodb.html`
//! beside it), in "Required permissions for Amazon S3 API operations"
//! (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>) and on the page of each
//! operation in the API references.
//!
//! It is read from a request while that is at hand, because a journal keeps no bodies.

mod dynamodb;
mod s3;
mod sts;

use std::collections::{BTreeMap, BTreeSet};

pub use dynamodb::{of_dynamodb, tables};
pub use s3::{S3Call, of_s3, takes_object};
pub use sts::of_sts;

/// Actions, such as `s3:GetObject`, each with its resources: `s3://bucket`, `s3://bucket/key`, `dynamodb://table`,
/// `dynamodb://table/index/NAME`, `dynamodb://table/stream`, the ARN of a role, or `*` for what has no resource. An action without
/// resources is one whose resources are not known.
pub type Access = BTreeMap<String, BTreeSet<String>>;

/// The resource of an action that has none of its own.
pub const ANY: &str = "*";

/// What IAM asks of a call of which only the operation and the resources are known, as older journals have it; `None`
/// where the operation is not known either. What hangs on the rest of the request is not in it.
#[must_use]
pub fn by_name(service: &str, operation: &str, resources: &[String]) -> Option<Access> {
    match service {
        "s3" => s3::by_name(operation, resources),
        "dynamodb" | "dynamodbstreams" => dynamodb::by_name(operation, resources),
        "sts" => sts::by_name(operation, resources),
        _ => None,
    }
}

fn ask(access: &mut Access, action: &str, resource: impl Into<String>) {
    access.entry(action.to_owned()).or_default().insert(resource.into());
}

#[cfg(test)]
mod tests;
