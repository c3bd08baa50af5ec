//! Fills an endpoint with what `tests/scripts/tui_figures.py` looks at.
//!
//! ```sh
//! cargo run --release -p footbridge-benches --bin fill -- ENDPOINT calls|keys|items COUNT
//! ```
//!
//! `calls` makes so many calls of 1 KB, `keys` a bucket `keys-COUNT`, and `items` a table `items-COUNT`.

#[path = "../support/mod.rs"]
mod support;

use anyhow::{Context as _, bail, ensure};
use support::aws;
use support::http::Connection;
use support::many::{BATCH, items, s3, table, write};
use support::say;

/// One call in so many goes wrong.
const WRONG: u64 = 100;
/// Keys in one folder.
const FOLDER: u64 = 1000;
const KB: usize = 1000;

fn main() -> anyhow::Result<()> {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [endpoint, what, count] = words.as_slice() else { bail!("fill ENDPOINT calls|keys|items COUNT") };
    let count: u64 = count.parse().context("COUNT is a number")?;
    let took = match what.as_str() {
        "calls" => calls(endpoint, count)?,
        "keys" => keys(endpoint, count)?,
        "items" => many_items(endpoint, count)?,
        other => bail!("{other} is none of calls, keys, items"),
    };
    say(format_args!("{count} {what} in {took:.1} s"));
    Ok(())
}

/// Puts of an item of 1 KB, and some on a table that is not there.
fn calls(endpoint: &str, count: u64) -> anyhow::Result<f64> {
    table(&mut Connection::open(endpoint)?, "calls")?;
    let text = "x".repeat(KB);
    write(endpoint, 0, count, 1, &|connection, n, _| {
        let (table, expected) = if n % WRONG == WRONG - 1 { ("nowhere", 400) } else { ("calls", 200) };
        let item = format!(r#"{{"pk":{{"S":"call-{n:07}"}},"sk":{{"N":"{n}"}},"text":{{"S":"{text}"}}}}"#);
        let body = format!(r#"{{"TableName":"{table}","Item":{item}}}"#);
        let (status, answer) = aws::dynamodb(connection, "PutItem", &body)?;
        ensure!(status == expected, "answered {status}: {}", String::from_utf8_lossy(&answer));
        Ok(())
    })
}

/// Keys of which every other one lies at the top, and the others in folders.
fn keys(endpoint: &str, count: u64) -> anyhow::Result<f64> {
    let bucket = format!("/keys-{count}");
    s3(&mut Connection::open(endpoint)?, "PUT", &bucket)?;
    write(endpoint, 0, count, 1, &|connection, n, _| {
        let half = n / 2;
        let folder = if n % 2 == 0 { String::new() } else { format!("folder-{:04}/", half / FOLDER) };
        s3(connection, "PUT", &format!("{bucket}/{folder}object-{half:07}"))
    })
}

fn many_items(endpoint: &str, count: u64) -> anyhow::Result<f64> {
    let name = format!("items-{count}");
    table(&mut Connection::open(endpoint)?, &name)?;
    write(endpoint, 0, count, BATCH, &|connection, from, to| items(connection, &name, from, to))
}
