//! What was never set is answered as on AWS for a bucket and an object made today.

use crate::harness::World;

#[tokio::test]
async fn reads_give_the_default_or_the_error_that_there_is_none() {
    let world = World::memory();
    world.bucket("bkt").await;
    world.send("PUT", "/bkt/k", &[], "kept").await;
    let owner = world.send("GET", "/", &[], "").await.element("ID").unwrap();
    let acl = format!("<Owner><ID>{owner}</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi=");
    for (sub, expected) in [
        ("/bkt?acl", acl.as_str()),
        ("/bkt/k?acl", &acl),
        ("/bkt?publicAccessBlock", "<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>"),
        ("/bkt?publicAccessBlock", "<RestrictPublicBuckets>true</RestrictPublicBuckets>"),
        ("/bkt?ownershipControls", "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"),
        ("/bkt?notification", "<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></Noti"),
        ("/bkt?logging", "<BucketLoggingStatus xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></Buck"),
        ("/bkt?requestPayment", "<Payer>BucketOwner</Payer>"),
        ("/bkt?abac", "<Status>Disabled</Status>"),
        ("/bkt?accelerate", "<AccelerateConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></Acc"),
        ("/bkt?metrics", "<IsTruncated>false</IsTruncated>"),
        ("/bkt?analytics", "<IsTruncated>false</IsTruncated>"),
        ("/bkt?inventory", "<IsTruncated>false</IsTruncated>"),
        ("/bkt?intelligent-tiering", "<IsTruncated>false</IsTruncated>"),
    ] {
        let answer = world.send("GET", sub, &[], "").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/xml")), "{sub}");
        assert!(answer.text().contains(expected), "{sub}: {}", answer.text());
    }
    for (sub, status, code, message) in [
        ("/bkt?policy", 404, "NoSuchBucketPolicy", "The bucket policy does not exist"),
        ("/bkt?policyStatus", 404, "NoSuchBucketPolicy", "The bucket policy does not exist"),
        ("/bkt?lifecycle", 404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
        (
            "/bkt?website",
            404,
            "NoSuchWebsiteConfiguration",
            "The specified bucket does not have a website configuration",
        ),
        (
            "/bkt?replication",
            404,
            "ReplicationConfigurationNotFoundError",
            "The replication configuration was not found",
        ),
        (
            "/bkt?object-lock",
            404,
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket",
        ),
        ("/bkt?metrics&id=a", 404, "NoSuchConfiguration", "The specified configuration does not exist."),
        ("/bkt?analytics&id=a", 404, "NoSuchConfiguration", "The specified configuration does not exist."),
        ("/bkt/k?retention", 400, "InvalidRequest", "Bucket is missing Object Lock Configuration"),
        ("/bkt/k?legal-hold", 400, "InvalidRequest", "Bucket is missing Object Lock Configuration"),
        ("/bkt/none?acl", 404, "NoSuchKey", "The specified key does not exist."),
        ("/none?acl", 404, "NoSuchBucket", "The specified bucket does not exist"),
        ("/none?policy", 404, "NoSuchBucket", "The specified bucket does not exist"),
    ] {
        let answer = world.send("GET", sub, &[], "").await;
        assert_eq!(answer.failure(), (status, code.into()), "{sub}");
        assert_eq!(answer.element("Message").as_deref(), Some(message), "{sub}");
        let names_bucket = status == 404 && sub.starts_with("/bkt?") && code != "NoSuchConfiguration";
        assert_eq!(answer.element("BucketName").is_some(), names_bucket || code == "NoSuchBucket", "{sub}");
    }
    world.close().await;
}

#[tokio::test]
async fn a_write_that_changes_nothing_is_taken_and_any_other_refused() {
    let world = World::memory();
    world.bucket("bkt").await;
    world.send("PUT", "/bkt/k", &[], "kept").await;
    let enforced =
        "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>";
    for (method, path, body, status) in [
        ("PUT", "/bkt?ownershipControls", enforced, 200),
        ("PUT", "/bkt?notification", "<NotificationConfiguration/>", 200),
        ("PUT", "/bkt?logging", "<BucketLoggingStatus/>", 200),
        (
            "PUT",
            "/bkt?requestPayment",
            "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>",
            200,
        ),
        ("DELETE", "/bkt?policy", "", 204),
        ("DELETE", "/bkt?lifecycle", "", 204),
        ("DELETE", "/bkt?website", "", 204),
        ("DELETE", "/bkt?replication", "", 204),
    ] {
        let answer = world.send(method, path, &[], body).await;
        assert_eq!((answer.status, answer.text()), (status, String::new()), "{method} {path}");
    }
    let policy = "{\"Statement\":[]}";
    let preferred = enforced.replace("BucketOwnerEnforced", "ObjectWriter");
    let logging = "<BucketLoggingStatus><LoggingEnabled/></BucketLoggingStatus>";
    let topic = "<NotificationConfiguration><TopicConfiguration/></NotificationConfiguration>";
    let payer = "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>";
    for (method, path, body, status, code) in [
        ("PUT", "/bkt?ownershipControls", preferred.as_str(), 501, "NotImplemented"),
        ("PUT", "/bkt?ownershipControls", "<OwnershipControls/>", 400, "MalformedXML"),
        ("DELETE", "/bkt?ownershipControls", "", 501, "NotImplemented"),
        ("PUT", "/bkt?notification", topic, 501, "NotImplemented"),
        ("PUT", "/bkt?logging", logging, 501, "NotImplemented"),
        ("PUT", "/bkt?requestPayment", payer, 501, "NotImplemented"),
        ("PUT", "/bkt?requestPayment", "<RequestPaymentConfiguration/>", 400, "MalformedXML"),
        ("PUT", "/bkt?policy", policy, 501, "NotImplemented"),
        ("PUT", "/bkt?policy", "{}", 400, "MalformedPolicy"),
        ("PUT", "/bkt?policy", "none", 400, "MalformedPolicy"),
        ("PUT", "/bkt?website", "<WebsiteConfiguration/>", 501, "NotImplemented"),
        ("PUT", "/bkt?lifecycle", "<LifecycleConfiguration/>", 501, "NotImplemented"),
        ("PUT", "/bkt?replication", "<ReplicationConfiguration/>", 400, "InvalidRequest"),
        ("PUT", "/bkt?object-lock", "<ObjectLockConfiguration/>", 409, "InvalidBucketState"),
        ("PUT", "/bkt?acl", "", 400, "MissingSecurityHeader"),
        ("PUT", "/bkt?acl", "<AccessControlPolicy/>", 400, "AccessControlListNotSupported"),
        ("PUT", "/bkt/k?acl", "<AccessControlPolicy/>", 400, "AccessControlListNotSupported"),
        ("PUT", "/bkt/k?retention", "<Retention/>", 400, "InvalidRequest"),
        ("PUT", "/bkt/k?legal-hold", "<LegalHold/>", 400, "InvalidRequest"),
        ("POST", "/bkt/k?restore", "", 403, "InvalidObjectState"),
    ] {
        let answer = world.send(method, path, &[], body.to_owned()).await;
        assert_eq!(answer.failure(), (status, code.into()), "{method} {path} {body}");
    }
    let private = world.send("PUT", "/bkt?acl", &[("x-amz-acl", "private")], "").await;
    assert_eq!(private.failure(), (400, "AccessControlListNotSupported".into()));
    world.close().await;
}

#[tokio::test]
async fn acceleration_is_kept_once_it_was_set() {
    let world = World::memory();
    world.bucket("bkt").await;
    world.bucket("bkt.c").await;
    let put = async |bucket: &str, status: &str| {
        let body = format!("<AccelerateConfiguration><Status>{status}</Status></AccelerateConfiguration>");
        world.send("PUT", &format!("/{bucket}?accelerate"), &[], body).await
    };
    let get = async || world.send("GET", "/bkt?accelerate", &[], "").await.element("Status");
    assert_eq!(get().await, None);
    for status in ["Enabled", "Suspended", "Enabled"] {
        assert_eq!(put("bkt", status).await.status, 200);
        assert_eq!(get().await.as_deref(), Some(status));
    }
    for status in ["enabled", "Disabled", ""] {
        assert_eq!(put("bkt", status).await.failure(), (400, "MalformedXML".into()), "{status}");
    }
    let dotted = put("bkt.c", "Enabled").await;
    assert_eq!(dotted.failure(), (400, "InvalidRequest".into()));
    let message = "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names";
    assert_eq!(dotted.element("Message").as_deref(), Some(message));
    assert_eq!(world.send("GET", "/none?accelerate", &[], "").await.failure(), (404, "NoSuchBucket".into()));
    assert_eq!(get().await.as_deref(), Some("Enabled"));
    world.close().await;
}

#[tokio::test]
async fn the_block_of_public_access_can_be_changed_and_taken_away() {
    let world = World::memory();
    world.bucket("bkt").await;
    let get = async || world.send("GET", "/bkt?publicAccessBlock", &[], "").await;
    let body = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
                <BlockPublicPolicy>FALSE</BlockPublicPolicy></PublicAccessBlockConfiguration>";
    assert_eq!(world.send("PUT", "/bkt?publicAccessBlock", &[], body).await.failure(), (400, "MalformedXML".into()));
    let body = body.replace("FALSE", "false");
    assert_eq!(world.send("PUT", "/bkt?publicAccessBlock", &[], body).await.status, 200);
    let flags = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
    let shown = get().await;
    assert_eq!(flags.map(|flag| shown.element(flag).unwrap()), ["true", "false", "false", "false"]);
    for _ in 0..2 {
        assert_eq!(world.send("DELETE", "/bkt?publicAccessBlock", &[], "").await.status, 204);
        assert_eq!(get().await.failure(), (404, "NoSuchPublicAccessBlockConfiguration".into()));
    }
    world.close().await;
}
