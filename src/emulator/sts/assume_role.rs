//! AssumeRole.

use super::answer::Members;
use super::handle::{Call, Operation, denied};
use super::member::{
    ARN, EXTERNAL_ID, ROLE_DURATION, SERIAL_NUMBER, SESSION_NAME, SOURCE_IDENTITY, TOKEN_CODE, optional, required,
};
use super::role::Role;
use super::{grant, tags};
use crate::emulator::auth::{Principal, Session};
use crate::emulator::error::AwsError;

pub(super) const OPERATION: Operation = Operation {
    name: "AssumeRole",
    signed: true,
    members: &[
        required("RoleArn", ARN),
        required("RoleSessionName", SESSION_NAME),
        optional("DurationSeconds", ROLE_DURATION),
        optional("ExternalId", EXTERNAL_ID),
        optional("SerialNumber", SERIAL_NUMBER),
        optional("TokenCode", TOKEN_CODE),
        optional("SourceIdentity", SOURCE_IDENTITY),
    ],
    unbuilt: &["Policy", "PolicyArns", "ProvidedContexts", "MinimumSessionTokenSize"],
    run,
};

fn run(call: &Call<'_>) -> Result<Members, AwsError> {
    tags::check(call.form)?;
    let arn = call.text("RoleArn");
    let role = Role::parse(arn)?;
    let forbidden = |action: &str| {
        let who = call.caller.arn().unwrap_or_default();
        denied(format!("User: {who} is not authorized to perform: {action} on resource: {arn}"))
    };
    let asker = call.caller.session.as_ref();
    // A federated user may call GetCallerIdentity and nothing else.
    if matches!(asker, Some(Session { principal: Principal::Federated(_), .. })) {
        return Err(forbidden("sts:AssumeRole"));
    }
    grant::mfa(call)?;
    grant::chained(call)?;
    let source = call.form.get("SourceIdentity");
    // Once it is set it stays.
    if asker.and_then(|session| session.source.as_deref()).is_some_and(|set| source.is_some_and(|new| new != set)) {
        return Err(forbidden("sts:SetSourceIdentity"));
    }
    let (_, members) = grant::role(call, &role, |session| {
        if let Some(source) = source {
            session.source = Some(source.to_owned());
        }
    })?;
    Ok(members)
}
