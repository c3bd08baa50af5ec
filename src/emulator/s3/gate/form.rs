//! The way of a browser's form through the gate: its fields say what other requests say in path, query and headers.

use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderName, Response};

use super::{headers, pages};
use crate::emulator::body::Body;
use crate::emulator::error::AwsError;
use crate::emulator::s3::call::Call;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error;
use crate::emulator::s3::operation::{self, Row};
use crate::emulator::s3::post::{Form, Policy, Reply};
use crate::emulator::s3::service::Core;

/// Headers of the request itself that count for the object as well.
const OWN: [HeaderName; 3] = [IF_MATCH, IF_NONE_MATCH, HeaderName::from_static("x-amz-expected-bucket-owner")];

/// Answers a form: who sent it, whether its policy allows what it says, and then as PutObject.
pub(super) async fn answer(
    core: &Core,
    row: &Row,
    call: Call,
    parts: &Parts,
    body: Body,
) -> Result<Response<Body>, AwsError> {
    let Form { fields, file, door } = Form::read(parts, body).await?;
    let Some(door) = door else {
        return Err(AwsError::not_implemented("forms that are signed in a header or in the query: sign the policy"));
    };
    let Some(key) = fields.get("key").filter(|key| !key.is_empty()) else {
        let message = "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of \
                       the fields.";
        return Err(error::invalid_argument(message, "key", ""));
    };
    let caller = door.admit(|name| fields.get(name))?;
    pages::judge(core, &call.sender, &caller, Some(row), parts)?;
    if caller.is_anonymous() {
        // No bucket can let anybody write yet.
        return Err(error::access_denied());
    }
    let policy = Policy::read(fields.get("policy").unwrap_or_default())?;
    let sizes = policy.check(&fields, call.target.bucket.as_deref().unwrap_or_default(), core.clock().now())?;
    let call = Call { target: call.target.with_key(key).map_err(shown)?, ..call };
    let mut object = fields.headers()?;
    for name in OWN {
        if let Some(value) = parts.headers.get(&name) {
            object.entry(name).or_insert_with(|| value.clone());
        }
    }
    headers::check(row, &call.query, &object)?;
    let reply = Reply::of(&fields);
    operation::post(core, &Context::new(caller, call, object, file), sizes, reply).await
}

/// A browser shows what it gets for a form: never nothing.
fn shown(error: AwsError) -> AwsError {
    AwsError { bare: false, ..error }
}
