//! GetCallerIdentity.

use super::answer::Members;
use super::handle::{Call, Operation};
use crate::emulator::error::AwsError;

pub(super) const OPERATION: Operation =
    Operation { name: "GetCallerIdentity", signed: true, members: &[], unbuilt: &[], run };

#[allow(clippy::unnecessary_wraps, reason = "as all operations")]
fn run(call: &Call<'_>) -> Result<Members, AwsError> {
    Ok(Members::default()
        .text("Arn", call.caller.arn().unwrap_or_default())
        .text("UserId", call.caller.user_id().unwrap_or_default())
        .text("Account", call.caller.account.clone()))
}
