//! Giving temporary credentials.

use super::answer::Members;
use super::handle::{Call, denied, validation};
use super::role::Role;
use crate::emulator::auth::{Principal, Session, iso};
use crate::emulator::error::AwsError;

/// An hour in seconds: what a role's session lasts where nothing is said, and the most for an account's root and for a
/// role that a role assumed.
pub(super) const HOUR: u64 = 3600;

/// Credentials as an answer has them, of a session that is filled in by `with`.
pub(super) fn credentials(
    call: &Call<'_>,
    account: &str,
    principal: Principal,
    seconds: u64,
    with: impl FnOnce(&mut Session),
) -> Result<(Session, Members), AwsError> {
    let now = call.context.clock.millis() / 1000;
    let mut session = Session::of(call.caller, account, principal, now.saturating_add(seconds));
    session.proof = call.context.proof(call.caller);
    with(&mut session);
    let given = call.context.sessions.give(&session, call.id)?;
    let end = std::time::UNIX_EPOCH + std::time::Duration::from_secs(session.expires);
    let members = Members::default()
        .text("AccessKeyId", given.access_key)
        .text("SecretAccessKey", given.secret)
        .text("SessionToken", given.token)
        .text("Expiration", iso(end));
    Ok((session, members))
}

/// The session of a role, and `AssumedRoleUser` and `Credentials` as an answer has them.
pub(super) fn role(
    call: &Call<'_>,
    role: &Role,
    with: impl FnOnce(&mut Session),
) -> Result<(Session, Members), AwsError> {
    let principal = Principal::Role {
        partition: role.partition.clone(),
        role: role.name.clone(),
        session: call.text("RoleSessionName").to_owned(),
    };
    let seconds = call.duration().unwrap_or(HOUR);
    let (session, credentials) = credentials(call, &role.account, principal, seconds, with)?;
    let user = Members::default()
        .text("AssumedRoleId", session.user_id().unwrap_or_default())
        .text("Arn", session.arn().unwrap_or_default());
    let members = Members::default()
        .group("AssumedRoleUser", user)
        .group("Credentials", credentials)
        .maybe("SourceIdentity", session.source.clone());
    Ok((session, members))
}

/// How long a session of a user lasts: half a day, or what is asked; of an account's root an hour at most.
pub(super) fn user_seconds(call: &Call<'_>) -> u64 {
    let asked = call.duration().unwrap_or(12 * HOUR);
    if call.caller.user.is_some() { asked } else { asked.min(HOUR) }
}

/// Refuses temporary credentials, with which this operation cannot be called.
pub(super) fn long_lived(call: &Call<'_>, operation: &str) -> Result<(), AwsError> {
    match call.caller.session {
        Some(_) => Err(denied(format!("Cannot call {operation} with session credentials"))),
        None => Ok(()),
    }
}

/// Holds `SerialNumber` and `TokenCode` to coming together. There are no devices, so that every code is taken.
pub(super) fn mfa(call: &Call<'_>) -> Result<(), AwsError> {
    if call.form.has("SerialNumber") == call.form.has("TokenCode") {
        return Ok(());
    }
    Err(denied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."))
}

/// Refuses a role's session that would assume another role for more than an hour.
pub(super) fn chained(call: &Call<'_>) -> Result<(), AwsError> {
    let is_role = matches!(&call.caller.session, Some(Session { principal: Principal::Role { .. }, .. }));
    if is_role && call.duration().is_some_and(|seconds| seconds > HOUR) {
        let message =
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
        return Err(validation(message));
    }
    Ok(())
}
