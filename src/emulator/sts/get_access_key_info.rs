//! GetAccessKeyInfo.

use super::answer::Members;
use super::handle::{Call, Operation};
use super::member::{ACCESS_KEY_ID, required};
use crate::emulator::auth::account_of;
use crate::emulator::error::AwsError;

pub(super) const OPERATION: Operation = Operation {
    name: "GetAccessKeyInfo",
    signed: true,
    members: &[required("AccessKeyId", ACCESS_KEY_ID)],
    unbuilt: &[],
    run,
};

/// The account that whoever calls with this key acts in.
#[allow(clippy::unnecessary_wraps, reason = "as all operations")]
fn run(call: &Call<'_>) -> Result<Members, AwsError> {
    let key = call.text("AccessKeyId");
    let configured = call.context.identities.get(key).map(|identity| identity.account().to_owned());
    let given = || call.context.sessions.account_of(key);
    Ok(Members::default().text("Account", configured.or_else(given).unwrap_or_else(|| account_of(key))))
}
