//! GetSessionToken.

use super::answer::Members;
use super::grant;
use super::handle::{Call, Operation};
use super::member::{DURATION, SERIAL_NUMBER, TOKEN_CODE, optional};
use crate::emulator::auth::Principal;
use crate::emulator::error::AwsError;

pub(super) const OPERATION: Operation = Operation {
    name: "GetSessionToken",
    signed: true,
    members: &[
        optional("DurationSeconds", DURATION),
        optional("SerialNumber", SERIAL_NUMBER),
        optional("TokenCode", TOKEN_CODE),
    ],
    unbuilt: &["MinimumSessionTokenSize"],
    run,
};

fn run(call: &Call<'_>) -> Result<Members, AwsError> {
    grant::long_lived(call, OPERATION.name)?;
    grant::mfa(call)?;
    let principal = Principal::Same(call.caller.user.clone());
    let account = &call.caller.account;
    let (_, credentials) = grant::credentials(call, account, principal, grant::user_seconds(call), |_| ())?;
    Ok(Members::default().group("Credentials", credentials))
}
