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

use std::collections::{BTreeMap, BTreeSet};

/// Actions, such as `s3:GetObject`, each with its resources: `s3://bucket`, `s3://bucket/key`, `dynamodb://table`,
/// `dynamodb://table/index/NAME`, `dynamodb://table/stream`, the ARN of a role, or `*` for what has no resource. An action without
/// resources is one whose resources are not known.
pub type Access = BTreeMap<String, BTreeSet<String>>;

/// The resource of an action that has none of its own.
pub const ANY: &str = "*";

/// Adds that this action is asked for on a resource.
pub(super) fn ask(access: &mut Access, action: &str, resource: impl Into<String>) {
    access.entry(action.to_owned()).or_default().insert(resource.into());
}

#[cfg(test)]
mod tests;
