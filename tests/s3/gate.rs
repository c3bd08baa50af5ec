//! What comes in and goes out beside the operations: refusals, tolerance, the form of answers.

use crate::harness::World;

#[tokio::test]
async fn what_is_not_built_is_refused_and_changes_nothing() {
    let world = World::memory();
    world.bucket("shop").await;
    world.send("PUT", "/shop/k", &[], "kept").await;
    for (method, path) in [
        ("PUT", "/shop/k?renameObject"),
        ("PUT", "/shop/k?annotation&annotationName=a"),
        ("PUT", "/shop/k?unheard-of"),
        ("DELETE", "/shop/k?restore"),
        ("GET", "/shop/k?annotation"),
        ("GET", "/shop/k?torrent"),
        ("GET", "/shop?metadataTable"),
        ("POST", "/shop/k?select&select-type=2"),
        ("DELETE", "/shop?ownershipControls"),
    ] {
        let refused = world.send(method, path, &[], "").await;
        assert_eq!(refused.failure(), (501, "NotImplemented".into()), "{method} {path}");
    }
    for (name, value) in [
        ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
        ("x-amz-server-side-encryption", "aws:kms"),
        ("x-amz-write-offset-bytes", "4"),
    ] {
        let refused = world.send("PUT", "/shop/k", &[(name, value)], "").await;
        assert_eq!(refused.failure(), (501, "NotImplemented".into()), "{name}");
    }
    // The default bucket has no ACLs, as on AWS.
    let acl = world.send("PUT", "/shop/k", &[("x-amz-acl", "public-read")], "").await;
    assert_eq!(acl.failure(), (400, "AccessControlListNotSupported".into()));
    let fake = world.send("PUT", "/shop/k", &[("x-amz-acl", "fake-acl")], "").await;
    assert_eq!((fake.failure(), fake.element("Message")), ((400, "InvalidArgument".into()), None));
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.text(), "kept");
    world.close().await;
}

#[tokio::test]
async fn errors_have_the_form_that_aws_gives_them() {
    let world = World::memory();
    world.bucket("shop").await;
    let missing = world.send("GET", "/shop/missing", &[], "").await;
    assert_eq!(missing.failure(), (404, "NoSuchKey".into()));
    assert_eq!(missing.element("Message").as_deref(), Some("The specified key does not exist."));
    assert_eq!(missing.element("Key").as_deref(), Some("missing"));
    assert_eq!(missing.element("RequestId").as_deref(), missing.header("x-amz-request-id"));
    assert_eq!(missing.element("HostId").as_deref(), missing.header("x-amz-id-2"));
    assert_eq!(missing.header("content-type"), Some("application/xml"));
    assert_eq!(missing.header("content-length"), Some(missing.body.len().to_string().as_str()));
    assert_eq!(missing.header("server"), Some("AmazonS3"));
    let head = world.send("HEAD", "/shop/missing", &[], "").await;
    assert_eq!((head.status, head.body.len()), (404, 0));
    let none = world.send("GET", "/no-such-bucket/k", &[], "").await;
    assert_eq!(none.element("BucketName").as_deref(), Some("no-such-bucket"));
    let name = world.send("PUT", "/Bad_Name", &[], "").await;
    assert_eq!(name.failure(), (400, "InvalidBucketName".into()));
    let malformed = world.send("PUT", "/other", &[], "<CreateBucketConfiguration><Loc").await;
    assert_eq!(malformed.failure(), (400, "MalformedXML".into()));
    let method = world.send("PATCH", "/shop/k", &[], "").await;
    assert_eq!(method.failure(), (405, "MethodNotAllowed".into()));
    let preflight = world.send("OPTIONS", "/shop/k", &[("origin", "http://a.test")], "").await;
    assert_eq!(preflight.failure(), (403, "AccessForbidden".into()));
    world.close().await;
}

#[tokio::test]
async fn odd_headers_are_taken_as_aws_takes_them() {
    let world = World::memory();
    world.bucket("shop").await;
    let put = world
        .send(
            "PUT",
            "/shop/k",
            &[
                ("expires", "tomorrow"),
                ("content-type", "not a / mime type"),
                ("x-amz-meta-colour", "red"),
                ("x-amz-meta-colour", "blue"),
                ("x-amz-meta-name", "ÄMÄZÕÑ S3"),
                ("content-encoding", "gzip"),
                ("content-language", "de"),
                ("content-disposition", "attachment"),
                ("cache-control", "no-cache"),
                ("x-amz-storage-class", "STANDARD_IA"),
                ("x-amz-website-redirect-location", "/elsewhere"),
            ],
            "0123456789",
        )
        .await;
    assert_eq!((put.status, put.header("content-length")), (200, Some("0")));
    for odd in [
        ("range", "bytes=3-1"),
        ("range", "bytes=0-1,4-5"),
        ("range", "octets"),
        ("if-modified-since", "yesterday"),
        ("if-unmodified-since", "garbage"),
    ] {
        let got = world.send("GET", "/shop/k", &[odd], "").await;
        assert_eq!((got.status, got.text().as_str()), (200, "0123456789"), "{odd:?}");
    }
    let got = world.send("GET", "/shop/k", &[], "").await;
    for (name, value) in [
        ("expires", "tomorrow"),
        ("content-type", "not a / mime type"),
        ("x-amz-meta-colour", "red,blue"),
        // As recorded from AWS for this very text.
        ("x-amz-meta-name", "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="),
        ("content-encoding", "gzip"),
        ("content-language", "de"),
        ("content-disposition", "attachment"),
        ("cache-control", "no-cache"),
        ("x-amz-storage-class", "STANDARD_IA"),
        ("x-amz-website-redirect-location", "/elsewhere"),
        ("x-amz-server-side-encryption", "AES256"),
    ] {
        assert_eq!(got.header(name), Some(value), "{name}");
    }
    let query = "response-content-type=text/plain&response-expires=never&response-cache-control=a%20b";
    let shown = world.send("GET", &format!("/shop/k?{query}"), &[], "").await;
    assert_eq!(shown.header("content-type"), Some("text/plain"));
    assert_eq!(shown.header("expires"), Some("never"));
    let refused = world.send("GET", "/shop/k?response-cache-control=%E2%80%94", &[], "").await;
    assert_eq!(refused.failure(), (400, "InvalidArgument".into()));
    let large = "v".repeat(2048);
    let refused = world.send("PUT", "/shop/k", &[("x-amz-meta-n", large.as_str())], "").await;
    assert_eq!(refused.failure(), (400, "MetadataTooLarge".into()));
    world.close().await;
}

#[tokio::test]
async fn a_virtual_host_names_the_bucket() {
    let world = World::memory();
    world.bucket("shop").await;
    let host = [("host", "shop.localhost:4566")];
    assert_eq!(world.send("PUT", "/a/b", &host, "x").await.status, 200);
    assert_eq!(world.send("GET", "/shop/a/b", &[], "").await.text(), "x");
    let listed = world.send("GET", "/?list-type=2", &[("host", "shop.s3.localhost:4566")], "").await;
    assert_eq!(listed.element("Key").as_deref(), Some("a/b"));
    world.close().await;
}

#[tokio::test]
async fn a_body_of_no_declared_length_is_refused_by_what_hides_its_length() {
    let world = World::memory();
    world.bucket("shop").await;
    let refused = world.send("PUT", "/shop/k", &[("transfer-encoding", "chunked")], "body").await;
    assert_eq!(refused.failure(), (501, "NotImplemented".into()));
    assert_eq!(refused.element("Header").as_deref(), Some("Transfer-Encoding"));
    assert_eq!(world.send("GET", "/shop/k", &[], "").await.status, 404);
    world.close().await;
}
