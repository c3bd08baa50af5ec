//! What a million items and a million keys cost: calls on a small store, and the same calls on a large one.
//!
//! ```sh
//! cargo run --release -p footbridge-benches --bin million -- [COUNT]
//! ```
//!
//! Items are in a durable directory, keys in memory: a million files would measure the file system.

#[path = "../support/mod.rs"]
mod support;

use std::time::Instant;

use anyhow::{Context as _, ensure};
use support::aws;
use support::http::Connection;
use support::say;
use support::server::Server;

const SMALL: u64 = 1000;
const WRITERS: u64 = 16;
const BATCH: u64 = 25;
/// Items of a partition, which a Query answers with.
const ITEMS: u64 = 20;
const CALLS: u64 = 2000;
const PAGES: u64 = 50;

fn main() -> anyhow::Result<()> {
    let count = std::env::args().nth(1).map_or(Ok(1_000_000), |count| count.parse())?;
    items(count)?;
    keys(count)
}

fn items(count: u64) -> anyhow::Result<()> {
    let server = Server::start(&[])?;
    let mut connection = Connection::open(&server.endpoint)?;
    let table = r#"{"TableName":"many","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
        {"AttributeName":"sk","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
        {"AttributeName":"sk","AttributeType":"N"}]}"#;
    dynamodb(&mut connection, "CreateTable", table)?;
    let mut there = 0;
    for goal in [SMALL, count] {
        let took = write(&server, there, goal, BATCH, &|connection, from, to| {
            let puts: Vec<_> = (from..to).map(|n| format!(r#"{{"PutRequest":{{"Item":{}}}}}"#, item(n))).collect();
            dynamodb(connection, "BatchWriteItem", &format!(r#"{{"RequestItems":{{"many":[{}]}}}}"#, puts.join(",")))
        })?;
        there = goal;
        // The server closes connections that are idle for a minute.
        connection = Connection::open(&server.endpoint)?;
        let get = median(CALLS, |call| {
            let n = some(call) % goal;
            let key = format!(r#"{{"TableName":"many","Key":{{{}}}}}"#, key(n));
            dynamodb(&mut connection, "GetItem", &key)
        })?;
        let query = median(CALLS, |call| {
            let partition = some(call) % goal / ITEMS;
            let body = format!(
                r#"{{"TableName":"many","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{{":p":{{"S":"p{partition}"}}}}}}"#
            );
            dynamodb(&mut connection, "Query", &body)
        })?;
        say(format_args!(
            "{goal} items: loaded in {took:.1} s; p50 of GetItem {get:.0} µs, Query of {ITEMS} {query:.0} µs"
        ));
    }
    Ok(())
}

fn keys(count: u64) -> anyhow::Result<()> {
    let server = Server::start(&["--ephemeral"])?;
    let mut connection = Connection::open(&server.endpoint)?;
    s3(&mut connection, "PUT", "/many-keys")?;
    let mut there = 0;
    for goal in [2 * SMALL, count] {
        let took = write(&server, there, goal, 1, &|connection, n, _| {
            s3(connection, "PUT", &format!("/many-keys/{:04}/{n:07}", n / SMALL))
        })?;
        there = goal;
        connection = Connection::open(&server.endpoint)?;
        let page = median(PAGES, |call| {
            let after = some(call) % (goal - SMALL);
            s3(&mut connection, "GET", &format!("/many-keys?list-type=2&start-after={:04}/{after:07}", after / SMALL))
        })?;
        let folders = median(PAGES, |_| s3(&mut connection, "GET", "/many-keys?list-type=2&delimiter=%2F"))?;
        let count = goal / SMALL;
        say(format_args!(
            "{goal} keys: put in {took:.1} s; p50 of a page of 1000 {page:.0} µs, of a page of {count} folders {folders:.0} µs"
        ));
    }
    Ok(())
}

/// Has all writers write `from..to` in portions; gives the seconds it took.
fn write(
    server: &Server,
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
                    let mut connection = Connection::open(&server.endpoint)?;
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

/// The median of so many calls, in µs.
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn median(calls: u64, mut call: impl FnMut(u64) -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut times = Vec::new();
    for number in 0..calls {
        let began = Instant::now();
        call(number)?;
        times.push(began.elapsed().as_nanos() as f64 / 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// Spreads the numbers of calls over everything there is.
fn some(call: u64) -> u64 {
    call.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20
}

fn key(n: u64) -> String {
    format!(r#""pk":{{"S":"p{}"}},"sk":{{"N":"{}"}}"#, n / ITEMS, n % ITEMS)
}

fn item(n: u64) -> String {
    format!(r#"{{{},"name":{{"S":"item {n}"}},"tags":{{"SS":["a","b"]}},"price":{{"N":"{n}.25"}}}}"#, key(n))
}

/// Calls DynamoDB; anything but a success is an error.
fn dynamodb(connection: &mut Connection, operation: &str, body: &str) -> anyhow::Result<()> {
    answered(aws::dynamodb(connection, operation, body)?)
}

/// Calls S3 without a body; anything but a success is an error.
fn s3(connection: &mut Connection, method: &str, path: &str) -> anyhow::Result<()> {
    answered(aws::s3(connection, method, path, b"")?)
}

fn answered((status, body): (u16, Vec<u8>)) -> anyhow::Result<()> {
    ensure!(status == 200, "answered {status}: {}", String::from_utf8_lossy(&body));
    Ok(())
}
