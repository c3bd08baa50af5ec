//! What SDKs send without being asked to, and what they send back of what they were given.

use footbridge::emulator::auth::{Caller, Service, Signed};

use crate::harness::World;

async fn world() -> World {
    let world = World::memory();
    world.bucket("bkt").await;
    world.send("PUT", "/bkt/k", &[], "kept").await;
    world
}

#[tokio::test]
async fn headers_that_no_operation_has_have_no_effect() {
    let world = world().await;
    for (name, value) in [
        // The SDKs for C++ and Java, on every request; the last stands for what is still to come.
        ("x-amz-api-version", "2006-03-01"),
        ("x-amz-checksum-crc32", "AAAAAA=="),
        ("x-amz-te", "append-md5"),
        ("x-amz-anything", "else"),
    ] {
        for (method, path, status) in [
            ("GET", "/bkt/k", 200),
            ("HEAD", "/bkt/k", 200),
            ("GET", "/bkt?list-type=2", 200),
            ("GET", "/", 200),
            ("HEAD", "/bkt", 200),
            ("DELETE", "/bkt/none", 204),
            ("POST", "/bkt/m?uploads", 200),
        ] {
            let answer = world.send(method, path, &[(name, value)], "").await;
            assert_eq!(answer.status, status, "{method} {path} with {name}: {}", answer.text());
        }
    }
    world.close().await;
}

#[tokio::test]
async fn a_checksum_in_a_presigned_url_counts_for_its_signature_alone() {
    let world = world().await;
    let upload = world.send("POST", "/bkt/m?uploads", &[], "").await.element("UploadId").unwrap();
    let signed = Caller::root("test", Service::S3, "us-east-1", Signed::Query);
    for checksum in ["x-amz-checksum-crc32=AAAAAA%3D%3D", "X-Amz-Checksum-Sha256=AAAA", "x-amz-checksum-crc32=none"] {
        let query = format!("x-amz-sdk-checksum-algorithm=CRC32&{checksum}&x-amz-meta-a=b");
        let put = world.send_as(&signed, "PUT", &format!("/bkt/new?{query}"), &[], "hello").await;
        assert_eq!(put.status, 200, "{checksum}: {}", put.text());
        let got = world.send("GET", "/bkt/new", &[], "").await;
        assert_eq!((got.text().as_str(), got.header("x-amz-meta-a")), ("hello", Some("b")));
        let part = format!("/bkt/m?partNumber=1&uploadId={upload}&{query}");
        assert_eq!(world.send_as(&signed, "PUT", &part, &[], "hello").await.status, 200, "{checksum}");
    }
    let broken = world.send_as(&signed, "PUT", "/bkt/new?x-amz-meta-a=%0A", &[], "hello").await;
    assert_eq!(broken.failure(), (400, "InvalidArgument".into()));
    // In a header it counts.
    let wrong = world.send("PUT", "/bkt/new", &[("x-amz-checksum-crc32", "AAAAAA==")], "hello").await;
    assert_eq!(wrong.failure(), (400, "BadDigest".into()));
    world.close().await;
}

#[tokio::test]
async fn a_part_shows_a_checksum_that_was_asked_for_and_the_default_one_is_taken_back() {
    let world = world().await;
    let upload = world.send("POST", "/bkt/m?uploads", &[], "").await.element("UploadId").unwrap();
    let path = format!("/bkt/m?partNumber=1&uploadId={upload}");
    let part = world.send("PUT", &path, &[], "hello").await;
    assert!(part.headers.keys().all(|name| !name.as_str().starts_with("x-amz-checksum-")), "{:?}", part.headers);
    let asked = world.send("PUT", &path, &[("x-amz-checksum-crc32", "NhCmhg==")], "hello").await;
    assert_eq!((asked.status, asked.header("x-amz-checksum-crc32")), (200, Some("NhCmhg==")));
    let etag = part.header("etag").unwrap();
    let complete = async |checksum: &str| {
        let document = format!(
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag>\
             <ChecksumCRC64NVME>{checksum}</ChecksumCRC64NVME></Part></CompleteMultipartUpload>"
        );
        world.send("POST", &format!("/bkt/m?uploadId={upload}"), &[], document).await
    };
    assert_eq!(complete("AAAAAAAAAAA=").await.failure(), (400, "InvalidPart".into()));
    // What earlier builds gave with every part.
    assert_eq!(complete("M3eFcAZSQlc=").await.status, 200);
    world.close().await;
}

#[tokio::test]
async fn a_part_of_a_composite_upload_must_bring_its_checksum() {
    let world = world().await;
    for (kind, status) in [("COMPOSITE", 400), ("FULL_OBJECT", 200)] {
        let headers = [("x-amz-checksum-algorithm", "CRC32"), ("x-amz-checksum-type", kind)];
        let upload = world.send("POST", "/bkt/m?uploads", &headers, "").await.element("UploadId").unwrap();
        let part = world.send("PUT", &format!("/bkt/m?partNumber=1&uploadId={upload}"), &[], "hello").await;
        assert_eq!(part.status, status, "{kind}");
        if status == 400 {
            let message = "Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: null";
            assert_eq!(part.failure(), (400, "InvalidRequest".into()));
            assert_eq!(part.element("Message").as_deref(), Some(message));
        }
    }
    world.close().await;
}

#[tokio::test]
async fn a_key_that_climbs_is_nowhere() {
    let world = world().await;
    for path in ["/bkt/..", "/bkt/%2E%2E/x", "/bkt/a/../../k", "/bkt/../bkt/k"] {
        for method in ["PUT", "GET", "HEAD", "DELETE"] {
            let answer = world.send(method, path, &[], if method == "PUT" { "new" } else { "" }).await;
            assert_eq!((answer.status, answer.body.len()), (400, 0), "{method} {path}");
        }
    }
    assert_eq!(world.send("PUT", "/bkt/a/../b", &[], "new").await.status, 200);
    // What is there under one all the same can be deleted.
    let versioning = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    world.bucket("old").await;
    world.send("PUT", "/old?versioning", &[], versioning).await;
    let document = "<Delete><Object><Key>../x</Key></Object></Delete>";
    let md5 = [("content-md5", "VaKzyUu/hVIU1FXGy/11TA==")];
    let marked = world.send("POST", "/old?delete", &md5, document).await;
    let version = marked.element("DeleteMarkerVersionId").unwrap();
    assert_eq!(world.send("GET", "/old/../x", &[], "").await.status, 400);
    assert_eq!(world.send("DELETE", &format!("/old/../x?versionId={version}"), &[], "").await.status, 204);
    assert_eq!(world.send("DELETE", "/old", &[], "").await.status, 204);
    let listed = world.send("GET", "/bkt?list-type=2&start-after=", &[], "").await;
    assert_eq!(listed.element("KeyCount").as_deref(), Some("2"));
    assert_eq!(listed.element("StartAfter").as_deref(), Some(""));
    world.close().await;
}

#[tokio::test]
async fn the_last_bytes_of_nothing_are_all_of_it() {
    let world = world().await;
    world.send("PUT", "/bkt/empty", &[], "").await;
    for (range, status) in [("bytes=-1", 200), ("bytes=0-", 416), ("bytes=-0", 416)] {
        for method in ["GET", "HEAD"] {
            let answer = world.send(method, "/bkt/empty", &[("range", range)], "").await;
            assert_eq!((answer.status, answer.header("content-range")), (status, None), "{method} {range}");
        }
    }
    world.close().await;
}
