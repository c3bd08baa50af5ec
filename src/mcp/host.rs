//! Who has the bridge that a session's calls go to: it may not be open yet.

use std::sync::Arc;

use async_trait::async_trait;

use super::bridge::{Bridge, Options};
use super::error::ToolError;
use super::targets::{Opener, Others};
use crate::backend::aws::{Target, TargetKind};
use crate::config::{Backend, Settings};

/// Has the bridge of a session. A session begins whatever stands in the way of its calls, which are told it.
#[async_trait]
pub trait Host: Send + Sync + 'static {
    /// The bridge, opened now if it is not open.
    ///
    /// # Errors
    /// What stands in the way, and what to do about it. It is looked at again each time.
    async fn bridge(&self) -> Result<Bridge, ToolError>;

    /// What can be said without opening anything.
    fn known(&self) -> Known;

    /// The session's client has said what it calls itself. It may say so again with each call.
    fn met(&self, _client: &str) {}
}

/// What is known of a bridge before a call.
#[derive(Clone)]
pub struct Known {
    /// The bridge, or one of the same tools that reaches nothing.
    pub bridge: Bridge,
    /// What stood in the way when it was tried last.
    pub trouble: Option<ToolError>,
}

#[async_trait]
impl<H: Host + ?Sized> Host for Arc<H> {
    async fn bridge(&self) -> Result<Bridge, ToolError> {
        (**self).bridge().await
    }

    fn known(&self) -> Known {
        (**self).known()
    }

    fn met(&self, client: &str) {
        (**self).met(client);
    }
}

#[async_trait]
impl Host for Bridge {
    async fn bridge(&self) -> Result<Bridge, ToolError> {
        Ok(self.clone())
    }

    fn known(&self) -> Known {
        Known { bridge: self.clone(), trouble: None }
    }
}

/// Opens nothing, and says why.
struct Nobody(ToolError);

#[async_trait]
impl Opener for Nobody {
    async fn open(&self, _name: &str) -> Result<Bridge, ToolError> {
        Err(self.0.clone())
    }
}

impl Known {
    /// What a client should know before its first call.
    pub(super) fn instructions(&self) -> String {
        match &self.trouble {
            None => self.bridge.instructions(),
            Some(trouble) => format!(
                "S3 and DynamoDB, which cannot be used until this is cured; bridge_status says when it is.\n{trouble}"
            ),
        }
    }

    /// The tools as `settings` make them, or as they are without any, over clients that reach nothing.
    #[must_use]
    pub fn unopened(settings: Option<&Settings>, trouble: ToolError) -> Self {
        let s3 = aws_sdk_s3::Config::builder().behavior_version(aws_sdk_s3::config::BehaviorVersion::latest());
        let dynamodb =
            aws_sdk_dynamodb::Config::builder().behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest());
        let nowhere = Options::local(
            aws_sdk_s3::Client::from_conf(s3.build()),
            aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
        );
        let options = match settings {
            // As where nothing is configured: file tools work in the working directory.
            None => Options { files: std::env::current_dir().into_iter().collect(), ..nowhere },
            Some(settings) => {
                let aws = settings.backend.value == Backend::Aws;
                let kind = if aws { TargetKind::Aws } else { TargetKind::Local };
                Options {
                    target: Target {
                        name: settings.target.to_string(),
                        kind,
                        ..Target::local(settings.local_region())
                    },
                    mode: settings.mode.value,
                    allowed: settings.allowed.clone(),
                    others: Others::of(settings, Arc::new(Nobody(trouble.clone()))),
                    default_bucket: settings.default_bucket.as_ref().map(|setting| setting.value.clone()),
                    default_table: settings.default_table.as_ref().map(|setting| setting.value.clone()),
                    files: settings.files.value.clone(),
                    tools: settings.tools.value.clone(),
                    ..nowhere
                }
            }
        };
        Self { bridge: Bridge::new(options), trouble: Some(trouble) }
    }
}
