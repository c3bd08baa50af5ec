//! A server that is measured: what it has, and the data that the calls need.

use std::time::{Duration, Instant};

use anyhow::ensure;

use crate::job::{BUCKET, ITEMS, OBJECTS, PARTITIONS, Service, TABLE, item};
use crate::support::aws::{dynamodb, s3};
use crate::support::http::Connection;

/// A server with its data in place.
pub struct Target {
    pub name: String,
    pub endpoint: String,
    dynamodb: bool,
    s3: bool,
}

impl Target {
    /// Finds out what the server at `endpoint` has, and fills it.
    pub fn open(name: &str, endpoint: &str) -> anyhow::Result<Self> {
        let has_dynamodb = fill_table(endpoint)?;
        let has_s3 = fill_bucket(endpoint)?;
        ensure!(has_dynamodb || has_s3, "{name} has neither DynamoDB nor S3 at {endpoint}");
        Ok(Self { name: name.to_owned(), endpoint: endpoint.to_owned(), dynamodb: has_dynamodb, s3: has_s3 })
    }

    pub fn has(&self, service: Service) -> bool {
        match service {
            Service::DynamoDb => self.dynamodb,
            Service::S3 => self.s3,
        }
    }
}

/// Whether it has DynamoDB.
fn fill_table(endpoint: &str) -> anyhow::Result<bool> {
    let mut connection = Connection::open(endpoint)?;
    if !matches!(dynamodb(&mut connection, "ListTables", "{}"), Ok((200, _))) {
        return Ok(false);
    }
    let table = format!(
        r#"{{"TableName":"{TABLE}","BillingMode":"PAY_PER_REQUEST","KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}},{{"AttributeName":"sk","KeyType":"RANGE"}}],"AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}},{{"AttributeName":"sk","AttributeType":"N"}}]}}"#
    );
    done(dynamodb(&mut connection, "CreateTable", &table)?, "CreateTable")?;
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let (_, body) = dynamodb(&mut connection, "DescribeTable", &format!(r#"{{"TableName":"{TABLE}"}}"#))?;
        if String::from_utf8_lossy(&body).contains("ACTIVE") {
            break;
        }
        ensure!(Instant::now() < deadline, "the table does not become active");
    }
    for partition in 0..PARTITIONS {
        let puts: Vec<_> = (0..ITEMS)
            .map(|sk| format!(r#"{{"PutRequest":{{"Item":{}}}}}"#, item(&format!("part-{partition}"), sk)))
            .collect();
        let body = format!(r#"{{"RequestItems":{{"{TABLE}":[{}]}}}}"#, puts.join(","));
        done(dynamodb(&mut connection, "BatchWriteItem", &body)?, "BatchWriteItem")?;
    }
    Ok(true)
}

/// Whether it has S3.
fn fill_bucket(endpoint: &str) -> anyhow::Result<bool> {
    let mut connection = Connection::open(endpoint)?;
    if !matches!(s3(&mut connection, "PUT", &format!("/{BUCKET}"), b""), Ok((200, _))) {
        return Ok(false);
    }
    for number in 0..OBJECTS {
        let key = format!("/{BUCKET}/object-{number}");
        done(s3(&mut connection, "PUT", &key, &[b'x'; 1024])?, "PutObject")?;
    }
    Ok(true)
}

fn done((status, body): (u16, Vec<u8>), what: &str) -> anyhow::Result<()> {
    ensure!(status == 200, "{what} answered {status}: {}", String::from_utf8_lossy(&body));
    Ok(())
}
