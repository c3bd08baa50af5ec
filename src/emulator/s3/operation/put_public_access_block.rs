//! PutPublicAccessBlock.

use serde::{Deserialize, Serialize};

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml;

/// Under which name a bucket keeps it.
pub(super) const SETTING: &str = "publicAccessBlock";

/// What can be blocked, in AWS's order.
pub(super) const FLAGS: [&str; 4] =
    ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/// Which of [`FLAGS`] are set. There is no public access to block: buckets have neither policies nor ACLs yet.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Block(pub [bool; FLAGS.len()]);

impl Block {
    /// That of a bucket made today.
    pub(super) const NEW: Self = Self([true; FLAGS.len()]);
}

/// Sets what of public access is blocked; what the document leaves out is not.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let mut root = xml::read(context.document(), "PublicAccessBlockConfiguration")?;
    let mut set = [false; FLAGS.len()];
    for (flag, name) in set.iter_mut().zip(FLAGS) {
        *flag = root.take_value(name)?.unwrap_or(false);
    }
    root.end()?;
    replace(core, context, Some(Block(set))).await
}

/// Puts `block` in place of the bucket's; `None` for none at all.
pub(super) async fn replace(core: &Core, context: &Context, block: Option<Block>) -> Result<Reply, AwsError> {
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        bucket.set(SETTING, &block)?;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(Reply::empty())
}
