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

use support::http::Connection;
use support::many::{BATCH, ITEMS, dynamodb, items as put_items, key, s3, table, write};
use support::say;
use support::server::Server;

const SMALL: u64 = 1000;
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
    table(&mut connection, "many")?;
    let mut there = 0;
    for goal in [SMALL, count] {
        let took = write(&server.endpoint, there, goal, BATCH, &|connection, from, to| {
            put_items(connection, "many", from, to)
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
        let took = write(&server.endpoint, there, goal, 1, &|connection, n, _| {
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
