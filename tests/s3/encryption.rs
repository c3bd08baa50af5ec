//! Default encryption: S3's own keys, in every answer; KMS is refused.

use crate::harness::{Answer, World};

async fn put(world: &World, rules: &str) -> Answer {
    let body = format!("<ServerSideEncryptionConfiguration>{rules}</ServerSideEncryptionConfiguration>");
    world.send("PUT", "/bkt?encryption", &[], body).await
}

fn rule(default: &str, key: &str) -> String {
    format!("<Rule><ApplyServerSideEncryptionByDefault>{default}</ApplyServerSideEncryptionByDefault>{key}</Rule>")
}

const AES256: &str = "<SSEAlgorithm>AES256</SSEAlgorithm>";

#[tokio::test]
async fn every_bucket_has_a_default_encryption() {
    let world = World::memory();
    world.bucket("bkt").await;
    let get = async || world.send("GET", "/bkt?encryption", &[], "").await;
    let answer = get().await;
    assert_eq!((answer.status, answer.element("SSEAlgorithm")), (200, Some("AES256".into())));
    assert_eq!(answer.element("BucketKeyEnabled"), Some("false".into()));
    assert_eq!(put(&world, &rule(AES256, "<BucketKeyEnabled>true</BucketKeyEnabled>")).await.status, 200);
    assert_eq!(get().await.element("BucketKeyEnabled"), Some("true".into()));
    for _ in 0..2 {
        assert_eq!(world.send("DELETE", "/bkt?encryption", &[], "").await.status, 204);
    }
    assert_eq!(get().await.element("BucketKeyEnabled"), Some("false".into()));
    assert_eq!(world.send("GET", "/none?encryption", &[], "").await.failure(), (404, "NoSuchBucket".into()));
    world.close().await;
}

#[tokio::test]
async fn configurations_that_are_not_kept_are_refused() {
    let world = World::memory();
    world.bucket("bkt").await;
    let kms = rule("<SSEAlgorithm>aws:kms</SSEAlgorithm>", "");
    let key = rule(&format!("<KMSMasterKeyID>k</KMSMasterKeyID>{AES256}"), "");
    let blocked = "<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes>";
    for (rules, failure) in [
        (String::new(), (400, "MalformedXML")),
        (rule(AES256, "").repeat(2), (400, "MalformedXML")),
        ("<Rule/>".into(), (400, "MalformedXML")),
        (rule("<SSEAlgorithm>ROT13</SSEAlgorithm>", ""), (400, "MalformedXML")),
        (rule(AES256, blocked), (501, "NotImplemented")),
        (key, (400, "InvalidArgument")),
        (kms, (501, "NotImplemented")),
    ] {
        assert_eq!(put(&world, &rules).await.failure(), (failure.0, failure.1.into()), "{rules}");
    }
    world.close().await;
}

#[tokio::test]
async fn every_object_is_shown_as_encrypted() {
    let world = World::memory();
    world.bucket("bkt").await;
    let shows = |answer: &Answer| answer.header("x-amz-server-side-encryption") == Some("AES256");
    assert!(shows(&world.send("PUT", "/bkt/k", &[], "x").await));
    assert!(shows(&world.send("GET", "/bkt/k", &[], "").await));
    assert!(shows(&world.send("HEAD", "/bkt/k", &[], "").await));
    let begun = world.send("POST", "/bkt/m?uploads", &[], "").await;
    assert!(shows(&begun));
    let upload = begun.element("UploadId").unwrap();
    let part = world.send("PUT", &format!("/bkt/m?partNumber=1&uploadId={upload}"), &[], "x").await;
    assert!(shows(&part));
    let etag = part.header("etag").unwrap();
    let parts = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
    );
    assert!(shows(&world.send("POST", &format!("/bkt/m?uploadId={upload}"), &[], parts).await));
    assert!(!shows(&world.send("GET", "/bkt", &[], "").await));
    world.close().await;
}
