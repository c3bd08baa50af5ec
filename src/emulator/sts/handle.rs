//! From a request to an operation and back.

use http::request::Parts;
use http::{Method, Request, Response};
use uuid::Uuid;

use super::answer::{self, Members};
use super::form::Form;
use super::member::{self, Member};
use super::{ABSENT, OPERATIONS};
use crate::emulator::auth::{AuthContext, Caller, aws_error};
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;

/// The only version of the API.
const VERSION: &str = "2011-06-15";

/// The largest form that is read, in bytes.
const MAX_FORM: usize = 256 * 1024;

/// An operation: its row is all that is known of it elsewhere.
pub(super) struct Operation {
    /// AWS's name.
    pub(super) name: &'static str,
    /// Whether it has to be signed.
    pub(super) signed: bool,
    /// What AWS declares of its parameters, those apart that are lists.
    pub(super) members: &'static [Member],
    /// Parameters that would change what is answered later on, and are not built.
    pub(super) unbuilt: &'static [&'static str],
    pub(super) run: fn(&Call<'_>) -> Result<Members, AwsError>,
}

/// A call whose parameters are what AWS declares of them.
pub(super) struct Call<'a> {
    pub(super) caller: &'a Caller,
    pub(super) context: &'a AuthContext,
    pub(super) form: &'a Form,
    /// Names the call; nothing else has this id.
    pub(super) id: Uuid,
}

impl Call<'_> {
    /// A parameter that was found to be there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }

    /// `DurationSeconds`, where it is given.
    pub(super) fn duration(&self) -> Option<u64> {
        self.form.get("DurationSeconds").and_then(|seconds| seconds.parse().ok())
    }
}

/// Answers an admitted request. Never fails: an error is an answer.
pub async fn handle(
    context: &AuthContext,
    caller: &Caller,
    request: Request<Body>,
    request_id: Uuid,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let form = match read(&parts, body).await {
        Ok(form) => form,
        Err(error) => return refuse(&error, request_id),
    };
    match run(context, caller, &form, request_id) {
        Ok((operation, result)) => answer::success(operation, &result, request_id),
        Err(error) => refuse(&error, request_id),
    }
}

/// An error in the form of the query protocol.
#[must_use]
pub fn refuse(error: &AwsError, request_id: Uuid) -> Response<Body> {
    answer::failure(error, request_id)
}

/// The operation that a form asks for, or `Unknown`, and what it is about: the ARN of a role.
#[must_use]
pub fn describe(form: &Form) -> (&'static str, Vec<String>) {
    let asked = form.get("Action").unwrap_or_default();
    let known = OPERATIONS.iter().map(|operation| operation.name).chain(ABSENT.iter().copied());
    let operation = known.into_iter().find(|name| *name == asked).unwrap_or("Unknown");
    (operation, form.get("RoleArn").map(str::to_owned).into_iter().collect())
}

async fn read(parts: &Parts, form: Body) -> Result<Form, AwsError> {
    if parts.method != Method::POST {
        return Ok(Form::of(parts, b""));
    }
    let body = body::read(form, MAX_FORM).await.map_err(|error| {
        let aws = aws_error(error.as_ref()).cloned();
        aws.unwrap_or_else(|| AwsError::new(413, "RequestEntityTooLarge", "Request entity too large"))
    })?;
    Ok(Form::of(parts, &body))
}

fn run(context: &AuthContext, caller: &Caller, form: &Form, id: Uuid) -> Result<(&'static str, Members), AwsError> {
    let found = form.get("Action").and_then(|action| OPERATIONS.iter().find(|operation| operation.name == action));
    if caller.is_anonymous() && found.is_none_or(|operation| operation.signed) {
        return Err(AwsError::new(403, "MissingAuthenticationToken", "Request is missing Authentication Token"));
    }
    let Some(action) = form.get("Action") else {
        return Err(AwsError::new(400, "MissingAction", "The request must contain the parameter Action."));
    };
    let version = form.get("Version");
    let Some(operation) = found.filter(|_| version == Some(VERSION)) else {
        return Err(if ABSENT.contains(&action) {
            not_built(action, &format!("{action} of STS"))
        } else {
            let version = version.unwrap_or("NO_VERSION_SPECIFIED");
            let message = format!("Could not find operation {action} for version {version}");
            AwsError::new(400, "InvalidAction", message)
        });
    };
    member::check(operation.members, form)?;
    if let Some(unbuilt) = operation.unbuilt.iter().find(|name| form.has(name)) {
        return Err(not_built(unbuilt, &format!("the parameter {unbuilt} of {action}")));
    }
    Ok((operation.name, (operation.run)(&Call { caller, context, form, id })?))
}

fn not_built(name: &str, what: &str) -> AwsError {
    AwsError::not_implemented(what).with_header("x-footbridge-refused", name)
}

/// 400 as STS says of a parameter.
pub(super) fn validation(message: impl Into<String>) -> AwsError {
    AwsError::new(400, "ValidationError", message)
}

/// 403, in words of STS.
pub(super) fn denied(message: impl Into<String>) -> AwsError {
    AwsError::new(403, "AccessDenied", message)
}
