//! GetFederationToken.

use super::answer::Members;
use super::handle::{Call, Operation};
use super::member::{DURATION, USER_NAME, optional, required};
use super::{grant, tags};
use crate::emulator::auth::Principal;
use crate::emulator::error::AwsError;

pub(super) const OPERATION: Operation = Operation {
    name: "GetFederationToken",
    signed: true,
    members: &[required("Name", USER_NAME), optional("DurationSeconds", DURATION)],
    unbuilt: &["Policy", "PolicyArns", "MinimumSessionTokenSize"],
    run,
};

fn run(call: &Call<'_>) -> Result<Members, AwsError> {
    tags::check(call.form)?;
    grant::long_lived(call, OPERATION.name)?;
    let principal = Principal::Federated(call.text("Name").to_owned());
    let account = &call.caller.account;
    let (session, credentials) = grant::credentials(call, account, principal, grant::user_seconds(call), |_| ())?;
    let user = Members::default()
        .text("FederatedUserId", session.user_id().unwrap_or_default())
        .text("Arn", session.arn().unwrap_or_default());
    Ok(Members::default().group("Credentials", credentials).group("FederatedUser", user))
}
