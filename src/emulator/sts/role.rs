//! The ARN of a role, which is all that is known of it here.

use super::handle::validation;
use crate::emulator::auth::is_account;
use crate::emulator::error::AwsError;

/// A role by its ARN: `arn:aws:iam::ACCOUNT:role/PATH/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) partition: String,
    pub(super) account: String,
    /// Without its path.
    pub(super) name: String,
}

impl Role {
    pub(super) fn parse(arn: &str) -> Result<Self, AwsError> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let &["arn", partition, service, region, account, resource] = parts.as_slice() else {
            return Err(validation(format!("{arn} is invalid")));
        };
        let refused = || validation("Request ARN is invalid");
        let path = resource.strip_prefix("role/").ok_or_else(refused)?;
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_partition = partition == "aws"
            || partition.strip_prefix("aws-").is_some_and(|rest| {
                !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase() || b"-".contains(&byte))
            });
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
        let is_name = (1..=64).contains(&name.len()) && name.bytes().all(fits);
        // A path has any character from `!` to DEL, up to 512 with the slashes at both ends.
        let is_path = path.bytes().all(|byte| (b'!'..=0x7f).contains(&byte)) && path.len() - name.len() < 512;
        if !is_partition || service != "iam" || !region.is_empty() || !is_account(account) || !is_name || !is_path {
            return Err(refused());
        }
        Ok(Self { partition: partition.to_owned(), account: account.to_owned(), name: name.to_owned() })
    }
}
