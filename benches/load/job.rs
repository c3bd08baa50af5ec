//! The calls that are measured: what is sent, and what must come back.

use anyhow::ensure;

use crate::support::aws::{dynamodb, s3};
use crate::support::http::Connection;

/// The table of the item calls, with hash key `pk` (a string) and range key `sk` (a number).
pub const TABLE: &str = "load";
/// The bucket of the object calls.
pub const BUCKET: &str = "load";
/// Partitions that are filled before.
pub const PARTITIONS: u64 = 100;
/// Items in each of them, which a Query answers with.
pub const ITEMS: u64 = 20;
/// Objects that are put before.
pub const OBJECTS: u64 = 100;

/// The two services.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Service {
    DynamoDb,
    S3,
}

/// One kind of call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Job {
    PutItem,
    GetItem,
    Query,
    PutObject,
    GetObject,
}

impl Job {
    pub const ALL: [Self; 5] = [Self::PutItem, Self::GetItem, Self::Query, Self::PutObject, Self::GetObject];

    pub fn name(self) -> &'static str {
        match self {
            Self::PutItem => "PutItem 1 KB",
            Self::GetItem => "GetItem 1 KB",
            Self::Query => "Query 20 x 1 KB",
            Self::PutObject => "PutObject 1 KiB",
            Self::GetObject => "GetObject 1 KiB",
        }
    }

    pub fn service(self) -> Service {
        match self {
            Self::PutItem | Self::GetItem | Self::Query => Service::DynamoDb,
            Self::PutObject | Self::GetObject => Service::S3,
        }
    }

    /// Makes the call, the `number`th of this client, and looks at the answer.
    pub fn call(self, connection: &mut Connection, client: usize, number: u64) -> anyhow::Result<()> {
        let some = number.wrapping_mul(7919).wrapping_add(client as u64 * 31);
        let partition = some % PARTITIONS;
        let (wanted, answer) = match self {
            Self::PutItem => {
                let item = item(&format!("new-{client}"), number % 5000);
                (2, dynamodb(connection, "PutItem", &format!(r#"{{"TableName":"{TABLE}","Item":{item}}}"#))?)
            }
            Self::GetItem => {
                let sk = some / PARTITIONS % ITEMS;
                let key = format!(r#"{{"pk":{{"S":"part-{partition}"}},"sk":{{"N":"{sk}"}}}}"#);
                (1000, dynamodb(connection, "GetItem", &format!(r#"{{"TableName":"{TABLE}","Key":{key}}}"#))?)
            }
            Self::Query => {
                let body = format!(
                    r#"{{"TableName":"{TABLE}","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{{":p":{{"S":"part-{partition}"}}}}}}"#
                );
                (20_000, dynamodb(connection, "Query", &body)?)
            }
            Self::PutObject => {
                let key = format!("/{BUCKET}/new-{client}-{}", number % 5000);
                (0, s3(connection, "PUT", &key, &[b'x'; 1024])?)
            }
            Self::GetObject => (1024, s3(connection, "GET", &format!("/{BUCKET}/object-{}", some % OBJECTS), b"")?),
        };
        let (status, body) = answer;
        ensure!(status == 200, "{} answered {status}: {}", self.name(), String::from_utf8_lossy(&body));
        ensure!(body.len() >= wanted, "{} answered {} bytes", self.name(), body.len());
        Ok(())
    }
}

/// An item of about 1 KB.
pub fn item(pk: &str, sk: u64) -> String {
    let text = "x".repeat(900);
    format!(
        r#"{{"pk":{{"S":"{pk}"}},"sk":{{"N":"{sk}"}},"status":{{"S":"open"}},"total":{{"N":"1{sk}.25"}},"text":{{"S":"{text}"}}}}"#
    )
}
