//! What is looked at: the clients of a region, and of the regions that buckets lie in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use aws_sdk_s3::config::Region;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use footbridge_tui::ask::Trouble;

use super::trouble;
use crate::backend::aws::Target;
use crate::config::is_region;
use crate::mcp::{Authorizer, BoxError, Bridge, CallRecorder, Caller, Decision, Effect, Options};

/// In which S3 says where a bucket is.
const BUCKET_REGION: &str = "x-amz-bucket-region";

/// The clients of one region.
pub(super) struct Reach {
    pub(super) bridge: Bridge,
    pub(super) streams: aws_sdk_dynamodbstreams::Client,
    /// The bridge's options, and the client for streams, as they were given: without what records their calls.
    options: Options,
    plain: aws_sdk_dynamodbstreams::Client,
    /// Regions of buckets as S3 told them.
    told: Mutex<HashMap<String, String>>,
}

impl Reach {
    pub(super) fn new(options: Options, streams: aws_sdk_dynamodbstreams::Client) -> Self {
        let confirmed: Arc<dyn Authorizer> = Arc::new(AtKeyboard(Arc::clone(&options.authorizer)));
        let bridge = Bridge::new(Options { authorizer: confirmed, ..options.clone() });
        let recording = streams.config().to_builder().interceptor(CallRecorder).build();
        let plain = streams;
        let streams = aws_sdk_dynamodbstreams::Client::from_conf(recording);
        Self { bridge, streams, plain, options, told: Mutex::default() }
    }

    /// The same clients in another region.
    pub(super) fn in_region(&self, name: &str) -> Result<Self, Trouble> {
        if !is_region(name) {
            return Err(trouble::ours("invalid_request", format!("{name:?} is no region, such as us-east-1")));
        }
        let region = || Region::new(name.to_owned());
        let mut options = self.options.clone();
        name.clone_into(&mut options.target.region);
        options.s3 = aws_sdk_s3::Client::from_conf(options.s3.config().to_builder().region(region()).build());
        options.dynamodb =
            aws_sdk_dynamodb::Client::from_conf(options.dynamodb.config().to_builder().region(region()).build());
        let streams = self.plain.config().to_builder().region(region()).build();
        Ok(Self::new(options, aws_sdk_dynamodbstreams::Client::from_conf(streams)))
    }

    /// The client for a bucket, and its region.
    pub(super) fn s3(&self, bucket: &str) -> (aws_sdk_s3::Client, String) {
        let own = &self.options.target.region;
        let region = self.told().get(bucket).filter(|region| *region != own).cloned();
        match region {
            Some(region) => (self.s3_in(&region), region),
            None => (self.bridge.context().s3.clone(), own.clone()),
        }
    }

    /// Whether it is known where a bucket is.
    pub(super) fn knows(&self, bucket: &str) -> bool {
        self.told().contains_key(bucket)
    }

    /// Keeps in mind where a bucket is.
    pub(super) fn lies_in(&self, bucket: &str, region: &str) {
        if is_region(region) {
            self.told().insert(bucket.to_owned(), region.to_owned());
        }
    }

    /// The client of the region that S3 names, where this error says that the bucket is elsewhere.
    pub(super) async fn elsewhere<E: ProvideErrorMetadata>(
        &self,
        bucket: &str,
        asked: &str,
        error: &SdkError<E, HttpResponse>,
    ) -> Option<aws_sdk_s3::Client> {
        let answer = error.raw_response()?;
        let code = error.as_service_error().and_then(|error| error.code().map(str::to_owned));
        let moved = matches!(answer.status().as_u16(), 301 | 307)
            || matches!(code.as_deref(), Some("PermanentRedirect" | "AuthorizationHeaderMalformed"));
        if !moved {
            return None;
        }
        let named = match answer.headers().get(BUCKET_REGION) {
            Some(region) => region.to_owned(),
            // The region that a refused signature should have been for is told by its own answer.
            None => match self.bridge.context().s3.head_bucket().bucket(bucket).send().await {
                Ok(head) => head.bucket_region?,
                Err(error) => error.raw_response()?.headers().get(BUCKET_REGION)?.to_owned(),
            },
        };
        if named == asked || !is_region(&named) {
            return None;
        }
        self.lies_in(bucket, &named);
        Some(self.s3_in(&named))
    }

    fn s3_in(&self, region: &str) -> aws_sdk_s3::Client {
        let own = self.bridge.context().s3.config().to_builder();
        aws_sdk_s3::Client::from_conf(own.region(Region::new(region.to_owned())).build())
    }

    fn told(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the dashboard's own question, which a person has answered before anything is asked here, for the person's word.
struct AtKeyboard(Arc<dyn Authorizer>);

#[async_trait]
impl Authorizer for AtKeyboard {
    async fn check(
        &self,
        caller: &Caller,
        tool: &str,
        target: &Target,
        resources: &[String],
        effect: Effect,
    ) -> Result<Decision, BoxError> {
        Ok(match self.0.check(caller, tool, target, resources, effect).await? {
            Decision::Ask => Decision::Allow,
            decided => decided,
        })
    }
}
