//! AssumeRoleWithWebIdentity. Nobody can be asked whether the token is genuine: what it says is believed, and what it
//! obtains is no more than anybody has.

use super::answer::Members;
use super::grant;
use super::handle::{Call, Operation};
use super::jwt::Jwt;
use super::member::{ARN, ROLE_DURATION, SESSION_NAME, WEB_IDENTITY_TOKEN, optional, required};
use super::role::Role;
use crate::emulator::error::AwsError;

pub(super) const OPERATION: Operation = Operation {
    name: "AssumeRoleWithWebIdentity",
    signed: false,
    members: &[
        required("RoleArn", ARN),
        required("RoleSessionName", SESSION_NAME),
        required("WebIdentityToken", WEB_IDENTITY_TOKEN),
        optional("DurationSeconds", ROLE_DURATION),
    ],
    // With a provider the token is an OAuth 2.0 access token, which only the provider can read.
    unbuilt: &["ProviderId", "Policy", "PolicyArns", "MinimumSessionTokenSize"],
    run,
};

fn run(call: &Call<'_>) -> Result<Members, AwsError> {
    let role = Role::parse(call.text("RoleArn"))?;
    let token = Jwt::parse(call.text("WebIdentityToken"))?;
    token.check(call.context.clock.millis() / 1000)?;
    let (_, members) = grant::role(call, &role, |session| session.source.clone_from(&token.source))?;
    Ok(members
        .text("SubjectFromWebIdentityToken", token.subject)
        .text("Provider", token.issuer)
        .maybe("Audience", token.audience))
}
