//! `s3_create_bucket`: CreateBucket, in the region at hand.

use async_trait::async_trait;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Kind, Tool};
use crate::mcp::{notes, teach};

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
}

pub(crate) struct CreateBucket;

#[async_trait]
impl Tool for CreateBucket {
    type Args = Args;
    const NAME: &'static str = "s3_create_bucket";
    const DESCRIPTION: &'static str = "Creates a bucket in the current region.";
    const KIND: Kind = Kind::Adds;
    const EXAMPLE: &'static str = r#"{"bucket": "photos"}"#;

    fn access(args: &Args) -> Access {
        Access::write(format!("s3://{}", args.bucket))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let region = context.target.region.as_str();
        // us-east-1 is the one region that is named by naming none.
        let location = (region != "us-east-1").then(|| {
            CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region)).build()
        });
        // In us-east-1, one's own bucket is made again without an error. Here at home it can be seen before.
        if context.is_local()
            && teach::look(context, context.s3.head_bucket().bucket(&args.bucket).send()).await.is_ok()
        {
            notes::say("the bucket was there already");
        }
        context.s3.create_bucket().bucket(&args.bucket).set_create_bucket_configuration(location).send().await?;
        Ok(json!({ "created": args.bucket, "region": region }))
    }
}
