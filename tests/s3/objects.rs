//! Objects through the real SDK.

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumMode;

use crate::harness::World;

#[tokio::test]
async fn an_object_comes_back_as_it_was_put() {
    let world = World::memory();
    let client = world.client();
    client.create_bucket().bucket("shop").send().await.unwrap();
    for size in [0, 1, 65_536, 65_537, 300_000, 3_000_000] {
        let bytes: Vec<u8> = (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let key = format!("dir/{size}.bin");
        let put = client
            .put_object()
            .bucket("shop")
            .key(&key)
            .content_type("text/x-test")
            .metadata("colour", "blue")
            .body(ByteStream::from(bytes.clone()))
            .send()
            .await
            .unwrap();
        let get =
            client.get_object().bucket("shop").key(&key).checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
        assert_eq!(get.e_tag(), put.e_tag());
        assert_eq!(get.checksum_crc32(), put.checksum_crc32());
        assert_eq!(get.content_type(), Some("text/x-test"));
        assert_eq!(get.metadata().unwrap().get("colour").map(String::as_str), Some("blue"));
        assert_eq!(get.content_length(), Some(size));
        assert_eq!(get.body.collect().await.unwrap().to_vec(), bytes);
        let head = client.head_object().bucket("shop").key(&key).send().await.unwrap();
        assert_eq!(head.content_length(), Some(size));
    }
    client.delete_object().bucket("shop").key("dir/1.bin").send().await.unwrap();
    let error = client.get_object().bucket("shop").key("dir/1.bin").send().await.unwrap_err();
    assert_eq!(error.code(), Some("NoSuchKey"));
    world.close().await;
}

#[tokio::test]
async fn ranges_and_conditions_answer_as_on_aws() {
    let world = World::memory();
    world.bucket("shop").await;
    let put = world.send("PUT", "/shop/k", &[], "0123456789").await;
    let etag = put.header("etag").unwrap().to_owned();
    assert_eq!(etag, "\"781e5e245d69b566979b86e28d23f2c7\"");
    let part = world.send("GET", "/shop/k", &[("range", "bytes=0-8"), ("x-amz-checksum-mode", "ENABLED")], "").await;
    assert_eq!((part.status, part.text().as_str()), (206, "012345678"));
    assert_eq!(part.header("content-range"), Some("bytes 0-8/10"));
    assert_eq!(part.header("x-amz-checksum-crc64nvme"), None, "only with the whole object");
    let whole = world.send("GET", "/shop/k", &[("range", "bytes=0-"), ("x-amz-checksum-mode", "ENABLED")], "").await;
    assert!(whole.header("x-amz-checksum-crc64nvme").is_some());
    let outside = world.send("GET", "/shop/k", &[("range", "bytes=100-200")], "").await;
    assert_eq!(outside.failure(), (416, "InvalidRange".into()));
    assert_eq!(outside.element("ActualObjectSize").as_deref(), Some("10"));
    let both = world.send("GET", "/shop/k?partNumber=1", &[("range", "bytes=0-1")], "").await;
    assert_eq!(both.failure(), (400, "InvalidRequest".into()));

    let bare = etag.trim_matches('"');
    let modified = world.send("HEAD", "/shop/k", &[], "").await.header("last-modified").unwrap().to_owned();
    let long_ago = "Wed, 21 Oct 2015 07:28:00 GMT";
    for (headers, status) in [
        (vec![("if-match", etag.as_str())], 200),
        (vec![("if-match", bare)], 200),
        (vec![("if-match", "\"other\"")], 412),
        (vec![("if-none-match", etag.as_str())], 304),
        (vec![("if-none-match", "\"other\"")], 200),
        // Conditions come before ranges.
        (vec![("if-none-match", etag.as_str()), ("range", "bytes=100-200")], 304),
        (vec![("if-none-match", "\"other\""), ("range", "bytes=100-200")], 416),
        (vec![("if-modified-since", modified.as_str())], 304),
        (vec![("if-modified-since", long_ago)], 200),
        (vec![("if-unmodified-since", long_ago)], 412),
        (vec![("if-unmodified-since", modified.as_str())], 200),
        (vec![("if-match", etag.as_str()), ("if-unmodified-since", long_ago)], 200),
        (vec![("if-none-match", "\"other\""), ("if-modified-since", modified.as_str())], 200),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = world.send(method, "/shop/k", &headers, "").await;
            assert_eq!(answer.status, status, "{method} {headers:?}");
            if status == 304 {
                assert_eq!((answer.header("etag"), answer.body.len()), (Some(etag.as_str()), 0));
            }
            if status == 412 && method == "GET" {
                assert!(answer.element("Condition").is_some());
            }
        }
    }
    world.close().await;
}

#[tokio::test]
async fn digests_are_verified_and_kept() {
    let world = World::memory();
    world.bucket("shop").await;
    // From AWS's recorded answers for the body "hello world", and the published digests of it.
    for (name, value) in [
        ("x-amz-checksum-crc32", "DUoRhQ=="),
        ("x-amz-checksum-crc32c", "yZRlqg=="),
        ("x-amz-checksum-sha1", "Kq5sNclPz7QV2+lfQIuc6R7oRu0="),
        ("x-amz-checksum-sha256", "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="),
        (
            "x-amz-checksum-sha512",
            "MJ7MSJwS1utMxA9QyQLytNDtd+5RGnx6m808qG1M2G+YndNbxf9JlnDaNCVbRbDP2DDoH2Bdz33FVC6TrpzXbw==",
        ),
        ("x-amz-checksum-md5", "XrY7u+Ae7tCTyyK7j1rNww=="),
        // What AWS's common runtime computes, as boto3 sends it.
        ("x-amz-checksum-xxhash64", "RatnNLIeaWg="),
        ("x-amz-checksum-xxhash3", "1Eex6kDmmIs="),
        ("x-amz-checksum-xxhash128", "340J6T+HSQCpm4d1zBW2xw=="),
    ] {
        let put = world.send("PUT", "/shop/k", &[(name, value)], "hello world").await;
        assert_eq!((put.status, put.header(name)), (200, Some(value)), "{}", put.text());
        let head = world.send("HEAD", "/shop/k", &[("x-amz-checksum-mode", "ENABLED")], "").await;
        assert_eq!((head.header(name), head.header("x-amz-checksum-type")), (Some(value), Some("FULL_OBJECT")));
        assert_eq!(world.send("HEAD", "/shop/k", &[], "").await.header(name), None);
        let wrong = world.send("PUT", "/shop/k", &[(name, value)], "hello worle").await;
        assert_eq!(wrong.failure(), (400, "BadDigest".into()));
        let algorithm = name.trim_start_matches("x-amz-checksum-").to_uppercase();
        assert_eq!(
            wrong.element("Message").unwrap(),
            format!("The {algorithm} you specified did not match the calculated checksum.")
        );
        let invalid = world.send("PUT", "/shop/k", &[(name, "wrong-checksum")], "hello world").await;
        assert_eq!(invalid.element("Message").unwrap(), format!("Value for {name} header is invalid."));
    }
    let two = [("x-amz-checksum-crc32", "DUoRhQ=="), ("x-amz-checksum-crc32c", "yZRlqg==")];
    let refused = world.send("PUT", "/shop/k", &two, "hello world").await;
    assert_eq!(
        refused.element("Message").as_deref(),
        Some("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    );
    let unknown = world.send("PUT", "/shop/k", &[("x-amz-checksum-blake3", "AAAAAAAAAAA=")], "hello world").await;
    assert_eq!(unknown.failure(), (400, "InvalidRequest".into()));
    assert!(
        unknown.text().contains("[CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH"),
        "{}",
        unknown.text()
    );
    // Recorded: the expected digest in hexadecimal, the calculated one in base64.
    let md5 = world.send("PUT", "/shop/k", &[("content-md5", "CYketZBSTjX8czcs3cXVlg==")], "test").await;
    assert_eq!(md5.failure(), (400, "BadDigest".into()));
    assert_eq!(md5.element("ExpectedDigest").as_deref(), Some("09891eb590524e35fc73372cddc5d596"));
    let invalid = world.send("PUT", "/shop/k", &[("content-md5", "000")], "test").await;
    assert_eq!(invalid.failure(), (400, "InvalidDigest".into()));
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.text(), "hello world", "refused writes changed nothing");
    world.close().await;
}

#[tokio::test]
async fn conditional_puts_are_atomic() {
    let world = World::memory();
    world.bucket("shop").await;
    let absent = [("if-none-match", "*")];
    let puts = (0..16).map(|number| world.send("PUT", "/shop/k", &absent, format!("{number}")));
    let statuses: Vec<u16> = futures::future::join_all(puts).await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 15, "{statuses:?}");
    let etag = world.send("HEAD", "/shop/k", &[], "").await.header("etag").unwrap().to_owned();
    assert_eq!(world.send("PUT", "/shop/k", &[("if-match", "\"x\"")], "").await.status, 412);
    assert_eq!(world.send("PUT", "/shop/k", &[("if-match", etag.as_str())], "new").await.status, 200);
    let missing = world.send("PUT", "/shop/none", &[("if-match", etag.as_str())], "").await;
    assert_eq!(missing.failure(), (404, "NoSuchKey".into()));
    for headers in
        [vec![("if-none-match", "\"x\"")], vec![("if-match", "*")], vec![("if-match", "a"), ("if-none-match", "*")]]
    {
        let refused = world.send("PUT", "/shop/k", &headers, "").await;
        assert_eq!(refused.failure(), (501, "NotImplemented".into()), "{headers:?}");
        assert!(refused.element("additionalMessage").is_some());
    }
    world.close().await;
}

#[tokio::test]
async fn many_objects_are_deleted_at_once() {
    let world = World::memory();
    let client = world.client();
    world.bucket("shop").await;
    for key in ["a", "b", "c"] {
        world.send("PUT", &format!("/shop/{key}"), &[], key).await;
    }
    let objects = |names: &[(&str, Option<&str>)]| {
        let all = names.iter().map(|(key, version)| {
            let version = version.map(str::to_owned);
            aws_sdk_s3::types::ObjectIdentifier::builder().key(*key).set_version_id(version).build().unwrap()
        });
        aws_sdk_s3::types::Delete::builder().set_objects(Some(all.collect()))
    };
    let wrong = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    let delete = objects(&[("a", None), ("missing", None), ("b", Some(wrong))]).build().unwrap();
    let done = client.delete_objects().bucket("shop").delete(delete).send().await.unwrap();
    let deleted: Vec<_> = done.deleted().iter().filter_map(|object| object.key()).collect();
    assert_eq!(deleted, ["a", "missing"]);
    assert_eq!(done.errors()[0].code(), Some("NoSuchVersion"));
    let long = "k".repeat(1025);
    let delete = objects(&[("missing", None), (long.as_str(), None)]).build().unwrap();
    let done = client.delete_objects().bucket("shop").delete(delete).send().await.unwrap();
    assert_eq!((done.deleted().len(), done.errors()[0].code()), (1, Some("KeyTooLongError")));
    let quiet = objects(&[("b", Some("null")), ("c", None)]).quiet(true).build().unwrap();
    let done = client.delete_objects().bucket("shop").delete(quiet).send().await.unwrap();
    assert!(done.deleted().is_empty() && done.errors().is_empty());
    assert_eq!(world.send("GET", "/shop", &[], "").await.element("Key"), None);
    let many: Vec<(String, Option<&str>)> = (0..1001).map(|number| (number.to_string(), None)).collect();
    let many: Vec<(&str, Option<&str>)> = many.iter().map(|(key, version)| (key.as_str(), *version)).collect();
    let error =
        client.delete_objects().bucket("shop").delete(objects(&many).build().unwrap()).send().await.unwrap_err();
    assert_eq!(error.code(), Some("MalformedXML"));
    let bare = world.send("POST", "/shop?delete", &[], "<Delete><Object><Key>a</Key></Object></Delete>").await;
    assert_eq!(bare.failure(), (400, "InvalidRequest".into()), "a digest is required");
    world.close().await;
}
