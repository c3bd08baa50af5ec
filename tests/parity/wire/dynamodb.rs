//! DynamoDB's calls: the SDK's client signs and sends, and the input is sent as it stands, so that what the SDK's types
//! cannot say is sent too. The answer is read as it came.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::error::display::DisplayErrorContext;
use serde_json::{Map, Value as Json};

use super::{Sent, Unanswered};
use crate::call::Answer;

/// Status and body of the last response.
#[derive(Debug, Clone, Default)]
struct Seen(Arc<Mutex<Option<Response>>>);

/// Status and body.
type Response = (u16, Vec<u8>);

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for Seen {
    fn name(&self) -> &'static str {
        "Seen"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let body = response.body().bytes().unwrap_or_default().to_vec();
        *self.0.lock().expect("not poisoned") = Some((response.status().as_u16(), body));
        Ok(())
    }
}

/// Sends a call.
pub async fn send(client: &Client, operation: &str, input: &Json) -> Sent {
    let streams = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].contains(&operation);
    let service = if streams { "DynamoDBStreams_20120810" } else { "DynamoDB_20120810" };
    let (target, body) = (format!("{service}.{operation}"), input.to_string());
    let put_in = move |request: &mut HttpRequest| {
        request.headers_mut().insert("x-amz-target", target.clone());
        request.headers_mut().insert("content-length", body.len().to_string());
        *request.body_mut() = SdkBody::from(body.clone());
    };
    let seen = Seen::default();
    // Which operation it is comes from the header: any of the client's will do to carry it.
    let outcome = client.list_tables().customize().mutate_request(put_in).interceptor(seen.clone()).send().await;
    let Some((status, body)) = seen.0.lock().expect("not poisoned").take() else {
        let why = outcome.err().map(|error| DisplayErrorContext(error).to_string());
        return Err(Unanswered(why.unwrap_or_default()));
    };
    let mut members = match serde_json::from_slice(&body) {
        Ok(Json::Object(members)) => members,
        _ if body.is_empty() => Map::new(),
        _ => return Err(Unanswered(format!("{status}, no JSON: {}", String::from_utf8_lossy(&body)))),
    };
    if status < 300 {
        return Ok(Answer { status, output: members, ..Answer::default() });
    }
    let mut take = |names: &[&str]| {
        let taken: Vec<_> = names.iter().filter_map(|name| members.remove(*name)).collect();
        taken.into_iter().find_map(|value| value.as_str().map(str::to_owned))
    };
    let code = take(&["__type"]).map(|name| name.rsplit('#').next().unwrap_or_default().to_owned());
    let message = take(&["message", "Message"]);
    Ok(Answer { status, code: Some(code.unwrap_or_default()), message, output: members })
}
