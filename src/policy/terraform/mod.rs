//! The policy in Terraform, with the buckets and tables that it is about as they stand.
//!
//! Blocks are those of HashiCorp's AWS provider
//! (<https://registry.terraform.io/providers/hashicorp/aws/latest/docs>). In the policy, ARNs of buckets and tables that
//! are written down beside it are references to them, so that it holds in whatever account and region they are made.

mod bucket;
mod hcl;
mod labels;
mod policy;
mod table;

use aws_sdk_dynamodb::config::Region;

use self::hcl::Writer;
use self::labels::Labels;
use super::{Document, InUse};
use crate::backend::Clients;

/// An AWS resource that stands in the file.
struct Written {
    /// Its ARN in the policy.
    arn: String,
    /// What refers to its ARN, such as `aws_s3_bucket.photos.arn`.
    reference: String,
}

/// Terraform for `document`, and for the buckets and tables in use as `clients`, whose account is `account`, see them.
/// What is gone or cannot be read is a comment.
pub async fn write(document: &Document, in_use: &InUse, clients: &Clients, account: Option<&str>) -> String {
    let mut writer = Writer::default();
    let mut labels = Labels::default();
    let mut written = Vec::new();
    for name in &in_use.buckets {
        let label = labels.give("aws_s3_bucket", name);
        match bucket::write(&mut writer, &clients.s3, name, &label).await {
            Ok(()) => {
                // A bucket's ARN says nothing of the account; the partition is the policy's.
                let partitions = ["aws", "aws-cn", "aws-us-gov"].into_iter();
                let reference = format!("aws_s3_bucket.{label}.arn");
                written.extend(partitions.map(|partition| Written {
                    arn: format!("arn:{partition}:s3:::{name}"),
                    reference: reference.clone(),
                }));
            }
            Err(reason) => writer.comment(&format!("Bucket {name} is not written down: {reason}")),
        }
    }
    let home = clients.dynamodb.config().region().map(ToString::to_string).unwrap_or_default();
    for (place, name, arn) in &in_use.tables {
        if account.is_some_and(|account| account != place.account && place.account != "*") {
            writer.comment(&format!(
                "Table {name} of account {} is not written down: it is another account",
                place.account
            ));
            continue;
        }
        let region = if place.region == "*" { &home } else { &place.region };
        let config = clients.dynamodb.config().to_builder().region(Region::new(region.clone())).build();
        let label = labels.give("aws_dynamodb_table", name);
        let elsewhere = (*region != home).then_some(region.as_str());
        match table::write(&mut writer, &aws_sdk_dynamodb::Client::from_conf(config), name, &label, elsewhere).await {
            Ok(()) => written.push(Written { arn: arn.clone(), reference: format!("aws_dynamodb_table.{label}.arn") }),
            Err(reason) => writer.comment(&format!("Table {name} is not written down: {reason}")),
        }
    }
    policy::write(&mut writer, document, &written);
    writer.finish()
}

/// Why the far side did not answer as hoped: AWS's code and message.
fn reason<E, R>(error: &aws_smithy_runtime_api::client::result::SdkError<E, R>) -> String
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match error.as_service_error() {
        Some(told) => format!("{}: {}", told.code().unwrap_or("error"), told.message().unwrap_or_default())
            .trim_end_matches(": ")
            .to_owned(),
        None => crate::causes::told(error),
    }
}

#[cfg(test)]
mod tests;
