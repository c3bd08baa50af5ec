//! PutPublicAccessBlock.

use serde::{Deserialize, Serialize};

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml;

/// Under which name a bucket keeps it.
pub(super) const SETTING: &str = "publicAccessBlock";

/// What of public access is blocked. There is none to block: buckets have neither policies nor ACLs yet.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Block {
    pub acls: bool,
    pub ignore_acls: bool,
    pub policy: bool,
    pub restrict: bool,
}

impl Block {
    /// That of a bucket made today.
    pub(super) const NEW: Self = Self { acls: true, ignore_acls: true, policy: true, restrict: true };
}

/// Sets what of public access is blocked; what the document leaves out is not.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let mut root = xml::read(context.document(), "PublicAccessBlockConfiguration")?;
    let mut flag = |name| root.take_value(name).map(|value| value.unwrap_or(false));
    let block = Block {
        acls: flag("BlockPublicAcls")?,
        ignore_acls: flag("IgnorePublicAcls")?,
        policy: flag("BlockPublicPolicy")?,
        restrict: flag("RestrictPublicBuckets")?,
    };
    root.end()?;
    replace(core, context, Some(block)).await
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
