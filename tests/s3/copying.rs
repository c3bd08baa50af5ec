//! Copies: what they share, what they read, and what happens to their source meanwhile.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use crate::harness::World;

const SOURCE: &str = "x-amz-copy-source";
const FIVE_MIB: usize = 5 << 20;

async fn whole(world: &World, path: &str) -> String {
    world.send("GET", path, &[], "").await.text()
}

/// Uploads an object in parts, one of each text.
async fn multipart(world: &World, key: &str, parts: &[String]) {
    let upload = world.send("POST", &format!("/shop/{key}?uploads"), &[], "").await.element("UploadId").unwrap();
    let mut listed = String::new();
    for (part, number) in parts.iter().zip(1..) {
        let path = format!("/shop/{key}?partNumber={number}&uploadId={upload}");
        let sent = world.send("PUT", &path, &[], part.clone()).await;
        let etag = sent.header("etag").unwrap();
        write!(listed, "<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>").unwrap();
    }
    let document = format!("<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>");
    assert_eq!(world.send("POST", &format!("/shop/{key}?uploadId={upload}"), &[], document).await.status, 200);
}

#[tokio::test]
async fn a_copy_shares_its_sources_bytes_and_outlives_it() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    let large = "large".repeat(100_000);
    for (key, body) in [("small", "small"), ("large", large.as_str())] {
        world.send("PUT", &format!("/shop/{key}"), &[], body.to_owned()).await;
        // At once, while a small body still rides in the store.
        let source = format!("shop/{key}");
        let copied = world.send("PUT", &format!("/shop/{key}-copy"), &[(SOURCE, &source)], "").await;
        assert_eq!(copied.status, 200, "{}", copied.text());
    }
    world.service.settle().await;
    assert_eq!(world.service.blobs().list().await.unwrap().len(), 2, "one body for each pair");
    assert_eq!(world.service.blobs().counters().bytes_read.load(Ordering::Relaxed), 0, "and none was read");
    for key in ["small", "large"] {
        assert_eq!(world.send("DELETE", &format!("/shop/{key}"), &[], "").await.status, 204);
    }
    world.service.settle().await;
    assert_eq!(whole(&world, "/shop/small-copy").await, "small");
    assert_eq!(whole(&world, "/shop/large-copy").await, large);
    for key in ["small-copy", "large-copy"] {
        world.send("DELETE", &format!("/shop/{key}"), &[], "").await;
    }
    world.service.settle().await;
    assert_eq!(world.service.blobs().list().await.unwrap().len(), 0, "the last reference takes the body along");
    world.close().await;
}

#[tokio::test]
async fn copying_while_the_source_changes_gives_one_of_its_bodies_whole() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    let bodies: Vec<String> = ["a", "b", "c"].iter().map(|letter| letter.repeat(70_000)).collect();
    world.send("PUT", "/shop/source", &[], bodies[0].clone()).await;
    let changes = async {
        for round in 0..30 {
            let body = bodies[round % 3].clone();
            world.send("PUT", "/shop/source", &[], body).await;
            if round % 5 == 4 {
                world.send("DELETE", "/shop/source", &[], "").await;
            }
        }
    };
    let copies = async {
        for round in 0..60 {
            // Every other copy must be read for another checksum.
            let headers = [(SOURCE, "shop/source"), ("x-amz-checksum-algorithm", "SHA256")];
            let copied = world.send("PUT", "/shop/copy", &headers[..=round % 2], "").await;
            match copied.status {
                200 => {
                    let copy = whole(&world, "/shop/copy").await;
                    assert!(bodies.contains(&copy), "{} bytes", copy.len());
                }
                status => assert_eq!((status, copied.element("Code").as_deref()), (404, Some("NoSuchKey"))),
            }
        }
    };
    tokio::join!(changes, copies);
    world.send("DELETE", "/shop/source", &[], "").await;
    world.send("DELETE", "/shop/copy", &[], "").await;
    world.service.settle().await;
    assert_eq!(world.service.blobs().list().await.unwrap().len(), 0, "nothing is left behind");
    world.close().await;
}

#[tokio::test]
async fn copies_onto_one_key_on_a_condition_are_atomic() {
    let world = World::memory();
    world.bucket("shop").await;
    world.send("PUT", "/shop/source", &[], "x").await;
    let headers = [(SOURCE, "shop/source"), ("if-none-match", "*")];
    let copies = (0..16).map(|_| world.send("PUT", "/shop/copy", &headers, ""));
    let statuses: Vec<u16> = futures::future::join_all(copies).await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 15, "{statuses:?}");
    world.close().await;
}

#[tokio::test]
async fn parts_are_copied_out_of_parts() {
    let world = World::memory();
    world.bucket("shop").await;
    let parts = ["a".repeat(FIVE_MIB), "b".repeat(FIVE_MIB), "c".repeat(10)];
    multipart(&world, "big", &parts).await;
    let upload = world.send("POST", "/shop/new?uploads", &[], "").await.element("UploadId").unwrap();
    let (first, last) = (FIVE_MIB - 2, 2 * FIVE_MIB + 3);
    let range = format!("bytes={first}-{last}");
    let headers = [(SOURCE, "/shop/big"), ("x-amz-copy-source-range", range.as_str())];
    let copied = world.send("PUT", &format!("/shop/new?partNumber=1&uploadId={upload}"), &headers, "").await;
    let etag = copied.element("ETag").unwrap().replace("&quot;", "\"");
    let document = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
    );
    let done = world.send("POST", &format!("/shop/new?uploadId={upload}"), &[], document).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(whole(&world, "/shop/new").await, parts.concat()[first..=last]);
    world.send("PUT", "/shop/whole", &[(SOURCE, "shop/big")], "").await;
    assert_eq!(whole(&world, "/shop/whole").await, parts.concat());
    world.close().await;
}

#[tokio::test]
async fn sources_and_attributes_that_make_no_sense_are_refused() {
    const SSE_C: &str = "x-amz-copy-source-server-side-encryption-customer-algorithm";
    let world = World::memory();
    world.bucket("shop").await;
    world.send("PUT", "/shop/k", &[], "0123456789").await;
    for (headers, status, code) in [
        (vec![(SOURCE, "shop/k"), ("x-amz-metadata-directive", "KEEP")], 400, "InvalidArgument"),
        (vec![(SOURCE, "shop/k"), ("x-amz-tagging-directive", "KEEP")], 400, "InvalidArgument"),
        (vec![(SOURCE, "shop/k"), ("x-amz-checksum-algorithm", "MD4")], 400, "InvalidRequest"),
        (vec![(SOURCE, "shop/k"), ("x-amz-storage-class", "ATTIC")], 400, "InvalidStorageClass"),
        (vec![(SOURCE, "shop/k?versionId=x")], 400, "InvalidArgument"),
        (vec![(SOURCE, "shop/%FF")], 400, "InvalidArgument"),
        (vec![(SOURCE, "shop/k"), ("x-amz-source-expected-bucket-owner", "111122223333")], 403, "AccessDenied"),
        (vec![(SOURCE, "shop/k"), (SSE_C, "AES256")], 501, "NotImplemented"),
    ] {
        let refused = world.send("PUT", "/shop/copy", &headers, "").await;
        assert_eq!(refused.failure(), (status, code.into()), "{headers:?}");
    }
    assert_eq!(world.send("GET", "/shop/copy", &[], "").await.status, 404);
    for (headers, code) in [
        (vec![], "InvalidRequest"),
        (vec![("x-amz-object-attributes", "Colour")], "InvalidArgument"),
        (vec![("x-amz-object-attributes", "ETag"), ("x-amz-max-parts", "many")], "InvalidArgument"),
    ] {
        let refused = world.send("GET", "/shop/k?attributes", &headers, "").await;
        assert_eq!(refused.failure(), (400, code.into()), "{headers:?}");
    }
    world.close().await;
}
