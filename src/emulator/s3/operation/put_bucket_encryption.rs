//! PutBucketEncryption.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error::malformed_xml;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::{self, Element};

/// Sets the default encryption: S3's own keys. KMS is not built, and says so.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let rules = rules(context.document())?;
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        let [rule] = <[Rule; 1]>::try_from(rules).map_err(|_| malformed_xml())?;
        check(&rule)?;
        bucket.encryption_bucket_key = rule.bucket_key;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(Reply::empty())
}

/// A rule as it was given.
struct Rule {
    algorithm: Option<String>,
    key: Option<String>,
    bucket_key: bool,
}

fn rules(document: &[u8]) -> Result<Vec<Rule>, AwsError> {
    let mut root = xml::read(document, "ServerSideEncryptionConfiguration")?;
    let rules = root.take_all("Rule").into_iter().map(read).collect();
    root.end()?;
    rules
}

fn read(mut given: Element) -> Result<Rule, AwsError> {
    let mut rule =
        Rule { algorithm: None, key: None, bucket_key: given.take_value("BucketKeyEnabled")?.unwrap_or(false) };
    if let Some(mut default) = given.take("ApplyServerSideEncryptionByDefault")? {
        rule.algorithm = Some(default.take_text("SSEAlgorithm")?.ok_or_else(malformed_xml)?);
        rule.key = default.take_text("KMSMasterKeyID")?;
        default.end()?;
    }
    if given.take("BlockedEncryptionTypes")?.is_some() {
        return Err(AwsError::not_implemented("BlockedEncryptionTypes of PutBucketEncryption"));
    }
    given.end()?;
    Ok(rule)
}

fn check(rule: &Rule) -> Result<(), AwsError> {
    let Some(algorithm) = &rule.algorithm else { return Err(malformed_xml()) };
    match algorithm.as_str() {
        "AES256" if rule.key.is_some() => {
            let message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or \
                           aws:kms:dsse";
            Err(AwsError::new(400, "InvalidArgument", message)
                .with("ArgumentName", "ApplyServerSideEncryptionByDefault"))
        }
        "AES256" => Ok(()),
        "aws:kms" | "aws:kms:dsse" => {
            Err(AwsError::not_implemented("default encryption with KMS keys: SSEAlgorithm must be AES256"))
        }
        _ => Err(malformed_xml()),
    }
}
