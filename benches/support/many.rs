//! Many items and many keys, written by many writers at once.

use std::time::Instant;

use anyhow::{Context as _, ensure};

use super::aws;
use super::http::Connection;

/// Items of a partition.
pub const ITEMS: u64 = 20;
/// Items in one BatchWriteItem.
pub const BATCH: u64 = 25;
const WRITERS: u64 = 16;

/// Has all writers write `from..to` in portions; gives the seconds it took.
pub fn write(
    endpoint: &str,
    from: u64,
    to: u64,
    portion: u64,
    put: &(dyn Fn(&mut Connection, u64, u64) -> anyhow::Result<()> + Sync),
) -> anyhow::Result<f64> {
    let began = Instant::now();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn(move || {
                    let mut connection = Connection::open(endpoint)?;
                    let mut at = from + writer * portion;
                    while at < to {
                        put(&mut connection, at, (at + portion).min(to))?;
                        at += WRITERS * portion;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        writers.into_iter().try_for_each(|writer| writer.join().ok().context("a writer panicked")?)
    })?;
    Ok(began.elapsed().as_secs_f64())
}

/// Makes the table that [`items`] go to.
pub fn table(connection: &mut Connection, name: &str) -> anyhow::Result<()> {
    let body = r#""BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
        {"AttributeName":"sk","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
        {"AttributeName":"sk","AttributeType":"N"}]"#;
    dynamodb(connection, "CreateTable", &format!(r#"{{"TableName":"{name}",{body}}}"#))
}

/// Puts the items `from..to` into that table, in one call.
pub fn items(connection: &mut Connection, table: &str, from: u64, to: u64) -> anyhow::Result<()> {
    let puts: Vec<_> = (from..to).map(|n| format!(r#"{{"PutRequest":{{"Item":{}}}}}"#, item(n))).collect();
    dynamodb(connection, "BatchWriteItem", &format!(r#"{{"RequestItems":{{"{table}":[{}]}}}}"#, puts.join(",")))
}

/// The key of an item, as members.
pub fn key(n: u64) -> String {
    format!(r#""pk":{{"S":"p{}"}},"sk":{{"N":"{}"}}"#, n / ITEMS, n % ITEMS)
}

fn item(n: u64) -> String {
    format!(r#"{{{},"name":{{"S":"item {n}"}},"tags":{{"SS":["a","b"]}},"price":{{"N":"{n}.25"}}}}"#, key(n))
}

/// Calls DynamoDB; anything but a success is an error.
pub fn dynamodb(connection: &mut Connection, operation: &str, body: &str) -> anyhow::Result<()> {
    answered(aws::dynamodb(connection, operation, body)?)
}

/// Calls S3 without a body; anything but a success is an error.
pub fn s3(connection: &mut Connection, method: &str, path: &str) -> anyhow::Result<()> {
    answered(aws::s3(connection, method, path, b"")?)
}

fn answered((status, body): (u16, Vec<u8>)) -> anyhow::Result<()> {
    ensure!(status == 200, "answered {status}: {}", String::from_utf8_lossy(&body));
    Ok(())
}
