//! Over HTTP to `footbridge serve`, the body as it is or in aws-chunked with a trailing CRC32.

use std::time::Instant;

use anyhow::ensure;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::content::{Check, block};
use crate::support::http::{Connection, Length};
use crate::support::server::{Server, memory_kib};
use crate::{MIB, Peaks};

/// A key that is nobody's: its signature is not verified.
const AUTHORIZATION: &str = "authorization: AWS4-HMAC-SHA256 \
    Credential=AKIAFOOTBRIDGE/20261101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00\r\n\
    x-amz-date: 20261101T000000Z\r\n";
const TRAILER: &str = "x-amz-checksum-crc32";

pub fn run(mib: u64, chunked: bool) -> anyhow::Result<Peaks> {
    let server = Server::start(&[])?;
    let mut connection = Connection::open(&server.endpoint)?;
    let plain = format!("{AUTHORIZATION}x-amz-content-sha256: UNSIGNED-PAYLOAD\r\n");
    let (status, _) = connection.send("PUT", "/memory", &plain, b"")?;
    ensure!(status == 200, "CreateBucket answered {status}");
    let up = |connection: &mut Connection, key: &str, mib| {
        if chunked { put_chunked(connection, key, mib) } else { put(connection, key, mib, &plain) }
    };
    up(&mut connection, "/memory/small", 1)?;
    get(&mut connection, "/memory/small", 1, &plain)?;
    let peak = || memory_kib(server.pid(), "VmHWM");
    let idle = peak()?;
    let began = Instant::now();
    up(&mut connection, "/memory/large", mib)?;
    let (seconds_up, after_up) = (began.elapsed().as_secs_f64(), peak()?);
    let began = Instant::now();
    get(&mut connection, "/memory/large", mib, &plain)?;
    Ok(Peaks { idle, up: after_up, down: peak()?, seconds_up, seconds_down: began.elapsed().as_secs_f64() })
}

fn put(connection: &mut Connection, path: &str, mib: u64, headers: &str) -> anyhow::Result<()> {
    connection.start("PUT", path, headers, mib * MIB, b"")?;
    for number in 0..mib {
        connection.write(&block(number))?;
    }
    stored(connection)
}

fn put_chunked(connection: &mut Connection, path: &str, mib: u64) -> anyhow::Result<()> {
    let size = mib * MIB;
    let frame = format!("{MIB:x}\r\n");
    let mut checksum = crc32fast::Hasher::new();
    let end = |checksum: u32| format!("0\r\n{TRAILER}:{}\r\n\r\n", STANDARD.encode(checksum.to_be_bytes()));
    let length = size + mib * (frame.len() as u64 + 2) + end(0).len() as u64;
    let headers = format!(
        "{AUTHORIZATION}x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\ncontent-encoding: aws-chunked\r\n\
         x-amz-decoded-content-length: {size}\r\nx-amz-trailer: {TRAILER}\r\n"
    );
    connection.start("PUT", path, &headers, length, b"")?;
    for number in 0..mib {
        let block = block(number);
        checksum.update(&block);
        connection.write(frame.as_bytes())?;
        connection.write(&block)?;
        connection.write(b"\r\n")?;
    }
    connection.write(end(checksum.finalize()).as_bytes())?;
    stored(connection)
}

fn stored(connection: &mut Connection) -> anyhow::Result<()> {
    let (status, body) = connection.finish()?;
    ensure!(status == 200, "PutObject answered {status}: {}", String::from_utf8_lossy(&body));
    Ok(())
}

fn get(connection: &mut Connection, path: &str, mib: u64, headers: &str) -> anyhow::Result<()> {
    connection.start("GET", path, headers, 0, b"")?;
    let head = connection.head()?;
    ensure!(head.status == 200, "GetObject answered {}", head.status);
    ensure!(matches!(head.length, Length::Known(length) if length == mib * MIB), "GetObject is of another length");
    let mut check = Check::default();
    let mut bytes = vec![0; usize::try_from(MIB)?];
    for _ in 0..mib {
        connection.read(&mut bytes)?;
        check.take(&bytes)?;
    }
    check.end(mib)
}
