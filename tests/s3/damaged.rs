//! Bodies whose stored bytes changed: none of them is given out whole, copied or called good.

use std::path::{Path, PathBuf};

use bytes::BytesMut;
use footbridge::emulator::auth::{Caller, Service, Signed};
use footbridge::emulator::body;
use footbridge::emulator::s3::RIDER_LIMIT;
use footbridge::emulator::store::{Read, Table};
use http_body_util::BodyExt;

use crate::harness::World;

const SOURCE: &str = "x-amz-copy-source";
const PART: usize = 5 << 20;
const LARGE: usize = 3_000_000;

/// What came of an answer's body before it ended, and whether it ended with an error.
async fn received(world: &World, path: &str, headers: &[(&str, &str)]) -> (u16, BytesMut, Option<String>) {
    let mut request = http::Request::get(path).header("host", "localhost:4566");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let caller = Caller::root("test", Service::S3, "us-east-1", Signed::Header);
    let answer = crate::harness::answer(&world.service, &caller, request.body(body::empty()).unwrap()).await;
    let status = answer.status().as_u16();
    let (mut body, mut bytes) = (answer.into_body(), BytesMut::new());
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend_from_slice(frame.data_ref().unwrap()),
            Err(error) => return (status, bytes, Some(error.to_string())),
        }
    }
    (status, bytes, None)
}

/// The blobs of this length.
fn blobs_of(directory: &Path, length: usize) -> Vec<PathBuf> {
    let files = std::fs::read_dir(directory.join("blobs")).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.metadata().unwrap().len() == length as u64).collect()
}

/// Flips one bit of every blob of this length, in the middle.
fn flip(directory: &Path, length: usize) {
    let found = blobs_of(directory, length);
    assert!(!found.is_empty(), "no blob of {length} bytes");
    for path in found {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[length / 2] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

/// Uploads an object of these parts.
async fn multipart(world: &World, key: &str, parts: &[Vec<u8>]) {
    let upload = world.send("POST", &format!("/shop/{key}?uploads"), &[], "").await.element("UploadId").unwrap();
    let mut listed = String::new();
    for (part, number) in parts.iter().zip(1..) {
        let path = format!("/shop/{key}?partNumber={number}&uploadId={upload}");
        let sent = world.send("PUT", &path, &[], part.clone()).await;
        let etag = sent.header("etag").unwrap();
        listed += &format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    }
    let document = format!("<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>");
    assert_eq!(world.send("POST", &format!("/shop/{key}?uploadId={upload}"), &[], document).await.status, 200);
}

#[tokio::test]
async fn a_small_body_with_a_flipped_bit_is_an_error_before_the_answer_begins() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    world.send("PUT", "/shop/k", &[], bytes(RIDER_LIMIT)).await;
    // A checksum of the client's choice that is no CRC, and one of a body just too large to ride.
    world.send("PUT", "/shop/sha", &[("x-amz-checksum-sha256", SHA256_OF_HELLO)], "hello").await;
    world.send("PUT", "/shop/blob", &[], bytes(RIDER_LIMIT + 1)).await;
    world.service.settle().await;
    for length in [RIDER_LIMIT, RIDER_LIMIT + 1, 5] {
        flip(directory.path(), length);
    }
    for path in ["/shop/k", "/shop/sha", "/shop/blob"] {
        let got = world.send("GET", path, &[], "").await;
        assert_eq!(got.failure(), (500, "InternalError".into()), "{path}");
        assert!(got.element("Message").unwrap().contains("is damaged: its checksum is not the one"), "{}", got.text());
        assert_eq!(world.send("HEAD", path, &[], "").await.status, 200, "nothing of the body is read");
    }
    // A range of a body that is small enough to be read whole is no way round.
    let got = world.send("GET", "/shop/k", &[("range", "bytes=0-0")], "").await;
    assert_eq!(got.failure(), (500, "InternalError".into()));
    world.close().await;
}

/// Computed by `openssl dgst -sha256 -binary | base64`.
const SHA256_OF_HELLO: &str = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

#[tokio::test]
async fn a_small_body_that_was_damaged_in_the_database_is_an_error_too() {
    let world = World::memory();
    world.bucket("shop").await;
    world.send("PUT", "/shop/k", &[], "hello").await;
    let flipped = world.store.write(|txn| {
        let riders: Vec<_> = txn.prefix(Table::Riders, &[])?.map(|row| row.unwrap().key().to_vec()).collect();
        for id in &riders {
            txn.put(Table::Riders, id.clone(), b"hellp".to_vec());
        }
        Ok::<_, footbridge::emulator::store::StoreError>(riders.len())
    });
    assert_eq!(flipped.await.unwrap(), 1);
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.failure(), (500, "InternalError".into()));
    world.service.settle().await;
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.failure(), (500, "InternalError".into()), "once moved");
    world.close().await;
}

#[tokio::test]
async fn a_large_body_with_a_flipped_bit_ends_short() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    world.send("PUT", "/shop/k", &[], bytes(LARGE)).await;
    flip(directory.path(), LARGE);
    let (status, body, error) = received(&world, "/shop/k", &[]).await;
    assert_eq!(status, 200);
    assert!(body.len() < LARGE, "all {LARGE} bytes came");
    assert!(error.unwrap().contains("is damaged"));
    // The bytes of a part of it prove nothing, and are given out.
    let (status, body, error) = received(&world, "/shop/k", &[("range", "bytes=0-99999")]).await;
    assert_eq!((status, body.len(), error), (206, 100_000, None));
    world.close().await;
}

#[tokio::test]
async fn each_part_of_a_multipart_object_is_checked_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    let parts = [bytes(PART), bytes(PART + 1), bytes(7)];
    multipart(&world, "k", &parts).await;
    world.service.settle().await;
    let (_, body, error) = received(&world, "/shop/k", &[]).await;
    assert_eq!((body.len(), error), (2 * PART + 8, None));
    flip(directory.path(), PART + 1);
    let (_, body, error) = received(&world, "/shop/k", &[]).await;
    assert!(body.len() >= PART && body.len() < 2 * PART + 1, "{}", body.len());
    assert!(error.unwrap().contains("is damaged"));
    for (number, whole) in [(1, true), (2, false), (3, true)] {
        let (_, _, error) = received(&world, &format!("/shop/k?partNumber={number}"), &[]).await;
        assert_eq!(error.is_none(), whole, "part {number}");
    }
    // A range of many parts is checked as far as it has whole ones.
    let (_, _, error) = received(&world, "/shop/k", &[("range", "bytes=10-")]).await;
    assert!(error.is_some());
    flip(directory.path(), 7);
    assert_eq!(world.send("GET", "/shop/k?partNumber=3", &[], "").await.failure().0, 500);
    world.close().await;
}

#[tokio::test]
async fn a_damaged_body_is_not_copied() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    world.send("PUT", "/shop/small", &[], bytes(100)).await;
    world.send("PUT", "/shop/large", &[], bytes(LARGE)).await;
    multipart(&world, "parts", &[bytes(PART), bytes(8)]).await;
    world.service.settle().await;
    for length in [100, LARGE, PART] {
        flip(directory.path(), length);
    }
    // Another checksum is asked for, or the source has parts: the bytes are read.
    for (source, algorithm) in [("small", "SHA1"), ("large", "CRC32"), ("parts", "CRC64NVME")] {
        let headers = [(SOURCE, &*format!("shop/{source}")), ("x-amz-checksum-algorithm", algorithm)];
        let copied = world.send("PUT", "/shop/copy", &headers, "").await;
        assert_eq!(copied.failure(), (500, "InternalError".into()), "{source}");
        assert!(copied.text().contains("is damaged"), "{}", copied.text());
        let upload = world.send("POST", "/shop/copy?uploads", &[], "").await.element("UploadId").unwrap();
        let path = format!("/shop/copy?partNumber=1&uploadId={upload}");
        let copied = world.send("PUT", &path, &headers[..1], "").await;
        assert_eq!(copied.failure(), (500, "InternalError".into()), "{source} as a part");
        let listed = world.send("GET", &format!("/shop/copy?uploadId={upload}"), &[], "").await;
        assert_eq!(listed.element("Part"), None);
    }
    assert_eq!(world.send("GET", "/shop/copy", &[], "").await.status, 404);
    // A copy that shares its source's body has that body's checksum, and is no better.
    let shared = world.send("PUT", "/shop/copy", &[(SOURCE, "shop/small")], "").await;
    assert_eq!(shared.status, 200);
    assert_eq!(world.send("GET", "/shop/copy", &[], "").await.failure(), (500, "InternalError".into()));
    world.close().await;
}

#[tokio::test]
async fn bodies_that_an_earlier_build_stored_are_held_against_the_checksums_of_their_objects() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    world.send("PUT", "/shop/sha", &[("x-amz-checksum-sha256", SHA256_OF_HELLO)], "hello").await;
    world.send("PUT", "/shop/crc", &[], bytes(100)).await;
    world.service.settle().await;
    let older = world.store.write(|txn| {
        let rows: Vec<_> = txn
            .prefix(Table::Blobs, &[])?
            .map(|row| row.map(|row| (row.key().to_vec(), row.value().to_vec())))
            .collect::<Result<_, _>>()?;
        for (key, value) in rows {
            let mut row: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&value).unwrap();
            assert!(row.remove("crc64").is_some());
            txn.put(Table::Blobs, key, serde_json::to_vec(&row).unwrap());
        }
        Ok::<_, footbridge::emulator::store::StoreError>(())
    });
    older.await.unwrap();
    assert_eq!(world.send("GET", "/shop/sha", &[], "").await.text(), "hello");
    assert_eq!(world.send("GET", "/shop/crc", &[], "").await.body, bytes(100));
    for length in [5, 100] {
        flip(directory.path(), length);
    }
    for path in ["/shop/sha", "/shop/crc"] {
        assert_eq!(world.send("GET", path, &[], "").await.failure(), (500, "InternalError".into()), "{path}");
    }
    world.close().await;
}
