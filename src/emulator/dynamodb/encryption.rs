//! Encryption at rest as tables declare it: with AWS's own key, of which nothing shows, or with the key that AWS manages in
//! the account, `alias/aws/dynamodb`. Nothing is encrypted here; a customer's key would promise that.
//!
//! Source: LocalStack's snapshots of AWS, and what people measured on AWS in October 2026.

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use uuid::Builder;

use super::schema::present;
use super::table::{TableName, TableRow};
use crate::emulator::error::AwsError;

const ALIAS: &str = "alias/aws/dynamodb";

/// What `SSESpecification` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// AWS's own key, as if nothing had been said.
    Owned,
    /// The key that AWS manages in the account.
    Managed,
    /// The same, named by its ARN.
    ByArn,
}

impl Encryption {
    /// Reads it, of `table`; `operation` is what a customer's key is not built for.
    pub fn read(given: &Json, operation: &str, table: &TableName) -> Result<Self, AwsError> {
        let text = |name: &str| present(given, name).and_then(Json::as_str);
        let (kind, key) = (text("SSEType"), text("KMSMasterKeyId"));
        let named = present(given, "Enabled").and_then(Json::as_bool);
        match (named.unwrap_or(kind.is_some() || key.is_some()), kind, key) {
            (false, Some(_), _) => Err(invalid("SSEType can not be specified if Enabled is false")),
            (false, None, Some(_)) => Err(invalid("KMSMasterKeyId can not be specified if Enabled is false")),
            (false, None, None) => Ok(Self::Owned),
            (true, Some("AES256"), _) => Err(invalid("SSEType AES256 is not supported")),
            (true, None, Some(_)) => Err(invalid("SSEType KMS is required if KMSMasterKeyId is specified")),
            (true, _, None) => Ok(Self::Managed),
            (true, _, Some(key)) if key == managed_key(table) => Ok(Self::ByArn),
            (true, _, Some(key)) if key == ALIAS || key == alias(table) => Ok(Self::Managed),
            (true, _, Some(_)) => {
                Err(AwsError::not_implemented(&format!("{operation} with SSESpecification.KMSMasterKeyId")))
            }
        }
    }

    /// What a new table's row says.
    #[must_use]
    pub fn is_managed(self) -> bool {
        self != Self::Owned
    }

    /// Changes a table's row; what UpdateTable then shows, in which AWS names the key that was.
    pub fn apply(self, row: &mut TableRow, table: &TableName) -> Result<Json, AwsError> {
        let was = row.encrypted;
        match self {
            Self::Owned if !was => return Err(invalid("Table is already encrypted by default")),
            Self::ByArn if was => {
                return Err(invalid(
                    "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to \
                     change Master Key",
                ));
            }
            _ => row.encrypted = self.is_managed(),
        }
        Ok(if was { described(table, "UPDATING") } else { json!({"Status": "UPDATING"}) })
    }
}

/// `SSEDescription` of a table whose row this is; none where nothing was asked for.
#[must_use]
pub fn describe(row: &TableRow, table: &TableName) -> Option<Json> {
    row.encrypted.then(|| described(table, "ENABLED"))
}

fn described(table: &TableName, status: &str) -> Json {
    json!({"Status": status, "SSEType": "KMS", "KMSMasterKeyArn": managed_key(table)})
}

/// The ARN of the key that AWS manages for DynamoDB: one in each account and region, always the same.
fn managed_key(table: &TableName) -> String {
    let TableName { account, region, .. } = table;
    let digest = Sha256::digest(format!("{ALIAS} {account} {region}"));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, of)| *byte = of);
    format!("arn:aws:kms:{region}:{account}:key/{}", Builder::from_random_bytes(bytes).into_uuid())
}

fn alias(table: &TableName) -> String {
    format!("arn:aws:kms:{}:{}:{ALIAS}", table.region, table.account)
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}
