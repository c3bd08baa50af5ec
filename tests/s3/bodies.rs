//! Where bodies are kept: riders and blobs, sweeping, and how much is read.

use std::sync::atomic::Ordering;

use footbridge::emulator::s3::RIDER_LIMIT;
use footbridge::emulator::store::{Read, Table};
use http_body_util::BodyExt;

use crate::harness::World;

fn riders(world: &World) -> usize {
    world.store.read().unwrap().prefix(Table::Riders, &[]).unwrap().count()
}

#[tokio::test]
async fn every_body_ends_in_a_blob_and_reads_the_same_before_and_after() {
    let world = World::memory();
    world.bucket("shop").await;
    let small = "s".repeat(RIDER_LIMIT);
    let large = "l".repeat(RIDER_LIMIT + 1);
    world.send("PUT", "/shop/small", &[], small.clone()).await;
    world.send("PUT", "/shop/large", &[], large.clone()).await;
    world.send("PUT", "/shop/empty", &[], "").await;
    assert_eq!(world.send("GET", "/shop/small", &[], "").await.text(), small);
    world.service.settle().await;
    assert_eq!(riders(&world), 0);
    assert_eq!(world.service.blobs().list().await.unwrap().len(), 3);
    for (path, expected) in [("/shop/small", small.as_str()), ("/shop/large", &large), ("/shop/empty", "")] {
        assert_eq!(world.send("GET", path, &[], "").await.text(), expected, "{path}");
    }
    let end = world.send("GET", "/shop/small", &[("range", "bytes=-2")], "").await;
    assert_eq!((end.status, end.text().as_str()), (206, "ss"));
    world.close().await;
}

#[tokio::test]
async fn what_is_overwritten_deleted_or_aborted_leaves_no_blob() {
    let world = World::memory();
    world.bucket("shop").await;
    let large = "l".repeat(RIDER_LIMIT + 1);
    for body in ["one", &large, "two", &large, "three"] {
        world.send("PUT", "/shop/k", &[], body.to_owned()).await;
    }
    world.send("PUT", "/shop/gone", &[], large.clone()).await;
    world.send("DELETE", "/shop/gone", &[], "").await;
    let upload = world.send("POST", "/shop/big?uploads", &[], "").await.element("UploadId").unwrap();
    for body in [large.as_str(), "again", &large] {
        let path = format!("/shop/big?partNumber=1&uploadId={upload}");
        assert_eq!(world.send("PUT", &path, &[], body.to_owned()).await.status, 200);
    }
    world.send("DELETE", &format!("/shop/big?uploadId={upload}"), &[], "").await;
    // Refused ones too.
    let bad = world.send("PUT", "/shop/bad", &[("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")], large).await;
    assert_eq!(bad.failure(), (400, "BadDigest".into()));
    world.service.settle().await;
    assert_eq!(world.service.blobs().list().await.unwrap().len(), 1);
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.text(), "three");
    world.close().await;
}

#[tokio::test]
async fn a_body_that_is_being_read_outlives_its_object() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    let large = vec![7_u8; 4 << 20];
    world.send("PUT", "/shop/k", &[], large.clone()).await;
    let caller = footbridge::emulator::auth::Caller::root(
        "test",
        footbridge::emulator::auth::Service::S3,
        "us-east-1",
        footbridge::emulator::auth::Signed::Header,
    );
    let request = http::Request::get("/shop/k").header("host", "localhost").body(footbridge::emulator::body::empty());
    let answer = crate::harness::answer(&world.service, &caller, request.unwrap()).await;
    world.send("DELETE", "/shop/k", &[], "").await;
    world.service.settle().await;
    assert_eq!(world.service.blobs().list().await.unwrap().len(), 1, "kept for the reader");
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), large);
    while !world.service.blobs().list().await.unwrap().is_empty() {
        world.service.settle().await;
    }
    world.close().await;
}

#[tokio::test]
async fn a_range_reads_no_more_than_itself() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|at| u8::try_from(at % 249).unwrap()).collect();
    world.send("PUT", "/shop/k", &[], bytes.clone()).await;
    let read = || world.service.blobs().counters().bytes_read.load(Ordering::Relaxed);
    for (header, range) in
        [("bytes=5-5", 5..6), ("bytes=1000000-1999999", 1_000_000..2_000_000), ("bytes=-10", 2_999_990..3_000_000)]
    {
        let before = read();
        let got = world.send("GET", "/shop/k", &[("range", header)], "").await;
        assert_eq!(got.body, bytes[range.clone()], "{header}");
        assert_eq!(read() - before, range.len() as u64, "{header}");
    }
    world.close().await;
}

#[tokio::test]
async fn a_closed_directory_opens_with_everything_and_without_unfinished_writes() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    world.send("PUT", "/shop/small", &[], "small").await;
    world.send("PUT", "/shop/large", &[], "l".repeat(RIDER_LIMIT + 1)).await;
    world.close().await;
    // A blob that no list has as begun is not the service's to delete, and an unfinished write is.
    let blobs = directory.path().join("blobs");
    let orphan = blobs.join("00000000000070008000000000000001");
    std::fs::write(&orphan, "orphan").unwrap();
    std::fs::write(blobs.join("00000000000070008000000000000002#1"), "unfinished").unwrap();
    let world = World::at(directory.path());
    world.service.settle().await;
    assert_eq!(riders(&world), 0);
    assert_eq!(std::fs::read_dir(&blobs).unwrap().count(), 3);
    assert_eq!(std::fs::read(&orphan).unwrap(), b"orphan");
    assert_eq!(world.send("GET", "/shop/small", &[], "").await.text(), "small");
    assert_eq!(world.send("GET", "/shop/large", &[], "").await.body.len(), RIDER_LIMIT + 1);
    world.close().await;
}

#[tokio::test]
async fn a_body_that_breaks_off_leaves_nothing() {
    let world = World::memory();
    world.bucket("shop").await;
    for length in ["3", "5", "70000"] {
        let short = world.send("PUT", "/shop/k", &[("content-length", length)], "four").await;
        assert_eq!(short.failure(), (400, "IncompleteBody".into()));
    }
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.status, 404);
    world.service.settle().await;
    assert!(world.service.blobs().list().await.unwrap().is_empty());
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    let (stalled, sent) = tokio::sync::oneshot::channel();
    let mut stalled = Some(stalled);
    let mut left = 4;
    // Four chunks of one MiB, and then nothing more, though eight were promised.
    let frames = futures::stream::poll_fn(move |_| {
        if left == 0 {
            stalled.take().map(|stalled| stalled.send(()));
            return std::task::Poll::Pending;
        }
        left -= 1;
        let chunk = bytes::Bytes::from(vec![left; 1 << 20]);
        std::task::Poll::Ready(Some(Ok::<_, std::io::Error>(http_body::Frame::data(chunk))))
    });
    let body = footbridge::emulator::body::from(http_body_util::StreamBody::new(frames));
    let request = http::Request::put("/shop/k").header("host", "localhost").header("content-length", 8 << 20);
    let request = request.body(body).unwrap();
    let service = world.service.clone();
    let call = tokio::spawn(async move {
        let caller = footbridge::emulator::auth::Caller::root(
            "test",
            footbridge::emulator::auth::Service::S3,
            "us-east-1",
            footbridge::emulator::auth::Signed::Header,
        );
        crate::harness::answer(&service, &caller, request).await
    });
    sent.await.unwrap();
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.status, 404);
    world.close().await;
    // What the last write under way left behind, if it was cut off, goes with the next opening.
    let world = World::at(directory.path());
    world.service.settle().await;
    assert_eq!(std::fs::read_dir(directory.path().join("blobs")).unwrap().count(), 0);
    world.close().await;
}

#[tokio::test]
async fn clearing_everything_leaves_no_blob_and_no_row() {
    let world = World::memory();
    world.bucket("shop").await;
    world.send("PUT", "/shop/moved", &[], "m").await;
    world.service.settle().await;
    world.send("PUT", "/shop/large", &[], "l".repeat(RIDER_LIMIT + 1)).await;
    // Not moved yet.
    world.send("PUT", "/shop/rides", &[], "r").await;
    let released = world.store.write(footbridge::emulator::s3::clear).await.unwrap();
    world.service.released(released);
    world.service.settle().await;
    assert_eq!(world.service.blobs().list().await.unwrap().len(), 0);
    let snapshot = world.store.read().unwrap();
    for table in [Table::Buckets, Table::Versions, Table::Blobs, Table::Riders] {
        assert_eq!(snapshot.prefix(table, &[]).unwrap().count(), 0, "{table:?}");
    }
}
