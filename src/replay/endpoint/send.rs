//! Sends a recorded request through the SDK's clients.
//!
//! The clients find the endpoint, sign, retry and wait; an interceptor puts the recorded request in the place of a small
//! one of theirs before it is signed, and keeps the answer before anybody makes something of it. No second way to AWS has
//! to be right then.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::retry::RetryConfig;

use super::request::{Request, Service};
use crate::mcp::{Context, ToolError};

/// The most bytes of an object that are fetched to be compared; its tag tells of the rest.
const MOST: usize = 1 << 20;

/// What came.
#[derive(Debug, Clone, Default)]
pub(in crate::replay) struct Raw {
    pub(super) status: u16,
    /// By lower-case name, in order.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// The length of the body, where not all of it was fetched.
    pub(super) whole: Option<u64>,
}

/// Sends `request`, and gives what came, an error of the service too.
///
/// # Errors
/// [`ToolError`] where no answer came.
pub(in crate::replay) async fn send(context: &Context, request: Request) -> Result<Raw, ToolError> {
    let operation = request.operation.clone();
    let instead = Instead { request: Arc::new(request), came: Arc::default() };
    let failed = match &instead.request.service {
        Service::S3 { bucket: Some(bucket), key: Some(key) } if operation == "GetObject" => {
            return object(context, bucket, key, instead.clone()).await;
        }
        Service::S3 { bucket: Some(bucket), key: Some(key) } => {
            let sent = context.s3.head_object().bucket(bucket).key(key).customize().interceptor(instead.clone());
            sent.send().await.err().map(ToolError::from)
        }
        Service::S3 { bucket: Some(bucket), .. } => {
            let sent = context.s3.head_bucket().bucket(bucket).customize().interceptor(instead.clone());
            sent.send().await.err().map(ToolError::from)
        }
        Service::S3 { .. } => {
            let sent = context.s3.list_buckets().customize().interceptor(instead.clone());
            sent.send().await.err().map(ToolError::from)
        }
        Service::DynamoDb | Service::Streams => {
            let sent = context.dynamodb.list_tables().customize().interceptor(instead.clone());
            sent.send().await.err().map(ToolError::from)
        }
        Service::Sts => {
            let Some(sts) = &context.sts else {
                return Err(ToolError::new("no_answer", "there is no way to STS"));
            };
            // What it does not understand of another operation's answer, the client would ask for again.
            let once = aws_sdk_sts::config::Builder::new().retry_config(RetryConfig::disabled());
            let sent = sts.get_caller_identity().customize().config_override(once).interceptor(instead.clone());
            sent.send().await.err().map(ToolError::from)
        }
    };
    instead.take().ok_or_else(|| failed.unwrap_or_else(|| ToolError::new("no_answer", "nothing came")))
}

/// An object, which may be large.
async fn object(context: &Context, bucket: &str, key: &str, instead: Instead) -> Result<Raw, ToolError> {
    let sent = context.s3.get_object().bucket(bucket).key(key).customize().interceptor(instead.clone()).send().await;
    let mut body = Vec::new();
    let mut whole = None;
    let failed = match sent {
        Ok(mut output) => {
            while let Some(bytes) = output
                .body
                .try_next()
                .await
                .map_err(|error| ToolError::new("no_answer", format!("the object's content broke off: {error}")))?
            {
                body.extend_from_slice(&bytes);
                if body.len() > MOST {
                    body.truncate(MOST);
                    whole = output.content_length.and_then(|length| u64::try_from(length).ok());
                    break;
                }
            }
            None
        }
        Err(error) => Some(ToolError::from(error)),
    };
    match (instead.take(), failed) {
        (Some(raw), None) => Ok(Raw { body, whole, ..raw }),
        (Some(raw), Some(_)) => Ok(raw),
        (None, failed) => Err(failed.unwrap_or_else(|| ToolError::new("no_answer", "nothing came"))),
    }
}

/// Puts a request in the place of the client's own, and keeps its answer.
#[derive(Debug, Clone)]
struct Instead {
    request: Arc<Request>,
    came: Arc<Mutex<Option<Raw>>>,
}

impl Instead {
    fn take(&self) -> Option<Raw> {
        self.came.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, http: &mut HttpRequest) -> Result<(), BoxError> {
        let request = &self.request;
        http.set_method(request.method)?;
        let uri = http.uri().to_owned();
        let place = uri.split('?').next().unwrap_or_default();
        let place = if request.service == Service::Streams { streams(place) } else { place.to_owned() };
        let mark = if request.query.is_empty() { "" } else { "?" };
        http.set_uri(format!("{place}{mark}{}", request.query))?;
        // What the client says of its own request is not true of this one.
        let stays = |name: &str| name.ends_with("user-agent") || name.starts_with("amz-sdk-");
        let others: Vec<String> =
            http.headers().iter().map(|(name, _)| name.to_owned()).filter(|name| !stays(name)).collect();
        for name in others {
            http.headers_mut().remove(name);
        }
        for (name, value) in &request.headers {
            http.headers_mut().append(name.as_str().to_owned(), value.to_str()?.to_owned());
        }
        if !matches!(request.method, "GET" | "HEAD") || !request.body.is_empty() {
            http.headers_mut().insert("content-length", request.body.len().to_string());
        }
        *http.body_mut() = SdkBody::from(request.body.clone());
        Ok(())
    }
}

/// The endpoint of streams beside that of tables: AWS has one of its own, everything else answers for both.
fn streams(place: &str) -> String {
    if !place.contains(".amazonaws.com") {
        return place.to_owned();
    }
    match place.split_once("://dynamodb.") {
        Some((scheme, rest)) => format!("{scheme}://streams.dynamodb.{rest}"),
        None => match (place.split_once("://"), place.split_once(".ddb.")) {
            // An account's own endpoint.
            (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://streams.dynamodb.{rest}"),
            _ => place.to_owned(),
        },
    }
}

impl Intercept for Instead {
    fn name(&self) -> &'static str {
        "footbridge::Instead"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.put(context.request_mut())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let headers = response.headers().iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        let raw = Raw {
            status: response.status().as_u16(),
            headers: headers.collect(),
            body: response.body().bytes().unwrap_or_default().to_vec(),
            whole: None,
        };
        *self.came.lock().unwrap_or_else(PoisonError::into_inner) = Some(raw);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::streams;

    #[test]
    fn streams_have_an_endpoint_of_their_own_on_aws_alone() {
        for (tables, wanted) in [
            ("https://dynamodb.eu-west-1.amazonaws.com/", "https://streams.dynamodb.eu-west-1.amazonaws.com/"),
            ("https://123456789012.ddb.us-east-1.amazonaws.com/", "https://streams.dynamodb.us-east-1.amazonaws.com/"),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
        ] {
            assert_eq!(streams(tables), wanted);
        }
    }
}
