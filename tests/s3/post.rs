//! PostObject: what its fields, its policy and its file may be, and how it is answered.

use serde_json::{Value, json};

use crate::form::{Form, KIND};
use crate::harness::{Answer, World};

async fn world() -> World {
    let world = World::memory();
    world.bucket("bkt").await;
    world
}

async fn get(world: &World, key: &str) -> Answer {
    world.send("GET", &format!("/bkt/{key}"), &[], "").await
}

#[tokio::test]
async fn a_form_uploads_its_file_by_either_signature() {
    let world = world().await;
    for (key, form) in [("v4", Form::of("v4", b"abcdef").v4()), ("v2", Form::of("v2", b"abcdef").v2())] {
        let answer = form.send(&world).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        assert_eq!(answer.header("etag"), Some("\"e80b5017098950fc58aad83c8c14978e\""));
        assert_eq!(answer.header("location"), Some(&*format!("http://localhost:4566/bkt/{key}")));
        assert_eq!(answer.header("x-amz-server-side-encryption"), Some("AES256"));
        let got = world.send("GET", &format!("/bkt/{key}"), &[("x-amz-checksum-mode", "ENABLED")], "").await;
        assert_eq!(got.text(), "abcdef");
        // Recorded: the type of the file's part does not count, and the default checksum does.
        assert_eq!(got.header("content-type"), Some("binary/octet-stream"));
        assert_eq!(got.header("x-amz-checksum-crc64nvme"), Some("Pact6XRTYyA="));
    }
    world.close().await;
}

#[tokio::test]
async fn fields_become_the_objects_headers() {
    let world = world().await;
    let form = Form::of("up/${filename}", b"<p>")
        .with("Content-Type", "text/html")
        .with("Cache-Control", "max-age=1")
        .with("x-amz-meta-Test-1", "test-meta-1")
        .with("x-amz-storage-class", "STANDARD_IA")
        .with("x-amz-server-side-encryption", "AES256")
        .with("acl", "private")
        .field("x-ignore-me", "x");
    let mut form = form.v4();
    form.filename = Some("C:\\\\My Files\\\\a b.html".into());
    form.after = vec![("x-amz-meta-late".into(), "ignored".into()), ("key".into(), "other".into())];
    let answer = form.send(&world).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    let got = get(&world, "up/a%20b.html").await;
    assert_eq!(got.text(), "<p>");
    for (name, value) in [
        ("content-type", "text/html"),
        ("cache-control", "max-age=1"),
        ("x-amz-meta-test-1", "test-meta-1"),
        ("x-amz-storage-class", "STANDARD_IA"),
    ] {
        assert_eq!(got.header(name), Some(value), "{name}");
    }
    assert_eq!(got.header("x-amz-meta-late"), None);
    // Recorded: without a file name there is nothing to put in its place.
    let mut form = Form::of("as-field-${filename}", b"text").v4();
    form.filename = None;
    assert_eq!(form.send(&world).await.status, 204);
    assert_eq!(get(&world, "as-field-$%7Bfilename%7D").await.text(), "text");
    world.close().await;
}

#[tokio::test]
async fn a_form_says_how_it_is_answered() {
    let world = world().await;
    let form = |status: &str| Form::of("a/b—c", b"x").with("success_action_status", status).v4();
    assert_eq!(form("200").send(&world).await.status, 200);
    assert_eq!(form("204").send(&world).await.status, 204);
    assert_eq!(form("418").send(&world).await.status, 204);
    let answer = form("201").send(&world).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("content-type"), Some("application/xml"));
    let location = "http://localhost:4566/bkt/a%2Fb%E2%80%94c";
    assert_eq!(answer.header("location"), Some(location));
    assert_eq!(
        answer.text(),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse><Location>{location}</Location>\
             <Bucket>bkt</Bucket><Key>a/b—c</Key><ETag>&quot;9dd4e461268c8034f5c8564e155c67a6&quot;</ETag>\
             </PostResponse>"
        )
    );
    for (page, expected) in [
        (
            "http://site.test/done",
            "http://site.test/done?bucket=bkt&key=k%2F1&etag=%229dd4e461268c8034f5c8564e155c67a6%22",
        ),
        (
            "https://site.test/?a=b#end",
            "https://site.test/?a=b&bucket=bkt&key=k%2F1&etag=%229dd4e461268c8034f5c8564e155c67a6%22#end",
        ),
    ] {
        let answer = Form::of("k/1", b"x").with("success_action_redirect", page).v4().send(&world).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(expected)));
    }
    let answer = Form::of("k", b"x").with("success_action_redirect", "no url").v4().send(&world).await;
    assert_eq!(answer.status, 204);
    let host = [("content-type", KIND), ("host", "bkt.localhost:4566")];
    let answer = world.receive("POST", "/", &host, Form::of("k", b"x").v4().body()).await;
    assert_eq!((answer.status, answer.header("location")), (204, Some("http://bkt.localhost:4566/k")));
    world.close().await;
}

#[tokio::test]
async fn the_policy_holds() {
    let world = world().await;
    let expired = Form { expiration: "2020-01-01T00:00:00.000Z".into(), ..Form::of("k", b"x") };
    let page = "http://localhost.test/random";
    let redirect = |condition: Value| {
        Form::of("k", b"x").condition(condition).field("success_action_redirect", "http://other.test/")
    };
    for (form, status, code, message) in [
        (expired, 403, "AccessDenied", "Invalid according to Policy: Policy expired.".to_owned()),
        (
            redirect(json!(["eq", "$success_action_redirect", page])),
            403,
            "AccessDenied",
            format!(
                "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$success_action_redirect\", \"{page}\"]"
            ),
        ),
        (
            redirect(json!({"success_action_redirect": page})),
            403,
            "AccessDenied",
            format!(
                "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$success_action_redirect\", \"{page}\"]"
            ),
        ),
        (
            redirect(json!(["eq", "success_action_redirect", page])),
            403,
            "AccessDenied",
            format!(
                "Invalid according to Policy: Policy Condition failed: [\"eq\", \"success_action_redirect\", \"{page}\"]"
            ),
        ),
        (
            redirect(json!({"success_action_redirect": page, "x": "y"})),
            400,
            "InvalidPolicyDocument",
            "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."
                .into(),
        ),
        (
            Form::of("k", b"x").condition(json!(["content-length-range", "test", 10])),
            403,
            "AccessDenied",
            "Invalid according to Policy: Policy Condition failed: [\"content-length-range\", \"test\", \"10\"]".into(),
        ),
        (
            Form::of("k", b"x").condition(json!(["starts-with", "$Content-Type", ""])),
            403,
            "AccessDenied",
            "Invalid according to Policy: Policy Condition failed: [\"starts-with\", \"$Content-Type\", \"\"]".into(),
        ),
        (
            Form::of("k", b"x").field("x-amz-meta-a", "1").field("Submit", "Go"),
            403,
            "AccessDenied",
            "Invalid according to Policy: Extra input fields: x-amz-meta-a, submit".into(),
        ),
    ] {
        for form in [form.clone().v4(), form.v2()] {
            let answer = form.send(&world).await;
            assert_eq!((answer.failure(), answer.element("Message")), ((status, code.into()), Some(message.clone())));
        }
    }
    assert_eq!(get(&world, "k").await.status, 404);
    let kinds = Form::of("k", b"x").condition(json!(["starts-with", "$content-type", "image/"]));
    assert_eq!(kinds.clone().field("Content-Type", "image/png,image/gif").v4().send(&world).await.status, 204);
    assert_eq!(kinds.field("Content-Type", "image/png,text/html").v4().send(&world).await.status, 403);
    world.close().await;
}

#[tokio::test]
async fn the_file_keeps_to_its_sizes() {
    let world = world().await;
    let form = |size: usize| Form::of("k", &vec![b'a'; size]).condition(json!(["content-length-range", 5, "10"])).v4();
    let large = form(12).send(&world).await;
    assert_eq!(large.failure(), (400, "EntityTooLarge".into()));
    assert_eq!(
        (large.element("ProposedSize"), large.element("MaxSizeAllowed")),
        (Some("12".into()), Some("10".into()))
    );
    let large = form(300_000).send(&world).await;
    assert_eq!((large.status, large.element("ProposedSize")), (400, Some("300000".into())));
    let small = form(1).send(&world).await;
    assert_eq!(small.failure(), (400, "EntityTooSmall".into()));
    assert_eq!((small.element("ProposedSize"), small.element("MinSizeAllowed")), (Some("1".into()), Some("5".into())));
    assert_eq!(get(&world, "k").await.status, 404);
    assert_eq!(form(10).send(&world).await.status, 204);
    assert_eq!(form(5).send(&world).await.status, 204);
    world.close().await;
}

#[tokio::test]
async fn what_no_form_may_be_is_refused() {
    let world = world().await;
    let form = Form::of("k", b"x").v4();
    let named = |name: &str| {
        format!(
            "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields."
        )
    };
    for (form, status, code, message) in [
        (form.clone().without("key"), 400, "InvalidArgument", named("key")),
        (form.clone().without("x-amz-signature"), 400, "InvalidArgument", named("X-Amz-Signature")),
        (form.clone().without("x-amz-algorithm"), 400, "InvalidArgument", named("X-Amz-Algorithm")),
        (Form::of("k", b"x").v2().without("signature"), 400, "InvalidArgument", named("Signature")),
        (Form::of("k", b"x").v2().without("AWSAccessKeyId"), 400, "InvalidArgument", named("AWSAccessKeyId")),
        (Form::of("k", b"x").field("policy", "e30="), 403, "AccessDenied", "Access Denied".into()),
        (
            form.clone().replaced("policy", "invalid"),
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing \
             method."
                .into(),
        ),
        (
            Form::of("k", b"x").with("x-amz-storage-class", "FakeClass").v4(),
            400,
            "InvalidStorageClass",
            "The storage class you specified is not valid".into(),
        ),
        (
            Form::of("k", b"x").with("acl", "public-read").v4(),
            400,
            "AccessControlListNotSupported",
            "The bucket does not allow ACLs".into(),
        ),
        (
            Form::of(&"k".repeat(21 << 10), b"x").v4(),
            400,
            "MaxPostPreDataLengthExceeded",
            "Your POST request fields preceding the upload file were too large.".into(),
        ),
        (Form::of(&"k".repeat(1025), b"x").v4(), 400, "KeyTooLongError", "Your key is too long".into()),
    ] {
        let answer = form.send(&world).await;
        assert_eq!((answer.failure(), answer.element("Message")), ((status, code.into()), Some(message.clone())));
    }
    let (unreadable, endless) = (form.body(), vec![b'-'; 600 << 10]);
    for (kind, body, failure) in [
        ("text/plain", &unreadable[..], (412, "PreconditionFailed")),
        ("multipart/form-data", &unreadable[..], (400, "MalformedPOSTRequest")),
        ("multipart/form-data; boundary=other", &unreadable[..], (400, "MalformedPOSTRequest")),
        (KIND, &unreadable[..unreadable.len() - 10], (400, "MalformedPOSTRequest")),
        (KIND, b"------WebKitFormBoundaryX--\r\n", (400, "InvalidArgument")),
        (KIND, &endless[..], (400, "MaxPostPreDataLengthExceeded")),
    ] {
        let answer = world.receive("POST", "/bkt", &[("content-type", kind)], body.to_vec()).await;
        assert_eq!(answer.failure(), (failure.0, failure.1.into()), "{kind}");
    }
    assert_eq!(get(&world, "k").await.status, 404);
    let missing = Form { conditions: vec![json!({"bucket": "none"}), json!({"key": "k"})], ..Form::of("k", b"x") };
    let answer = world.receive("POST", "/none", &[("content-type", KIND)], missing.v4().body()).await;
    assert_eq!(answer.failure(), (404, "NoSuchBucket".into()));
    world.close().await;
}

#[tokio::test]
async fn conditions_and_checksums_hold_for_a_form() {
    let world = world().await;
    let checked = |sum: &str| Form::of("k", b"abcdef").with("x-amz-checksum-crc64nvme", sum).v4();
    assert_eq!(checked("AAAAAAAAAAA=").send(&world).await.failure(), (400, "BadDigest".into()));
    assert_eq!(checked("Pact6XRTYyA=").send(&world).await.status, 204);
    let again = Form::of("k", b"other").with("If-None-Match", "*").v4().send(&world).await;
    assert_eq!(again.failure(), (412, "PreconditionFailed".into()));
    let again = Form::of("k", b"other").v4().send_with(&world, &[("if-none-match", "*")]).await;
    assert_eq!(again.failure(), (412, "PreconditionFailed".into()));
    let ours = "\"e80b5017098950fc58aad83c8c14978e\"";
    assert_eq!(Form::of("k", b"other").v4().send_with(&world, &[("if-match", ours)]).await.status, 204);
    assert_eq!(get(&world, "k").await.text(), "other");
    world.close().await;
}

#[tokio::test]
async fn a_file_may_hold_what_looks_like_a_boundary() {
    let world = world().await;
    let mut file = Vec::new();
    for round in 0..2000 {
        file.extend_from_slice(b"\r\n------WebKitFormBoundary\r\n--\r\r\n-");
        file.extend(std::iter::repeat_n(b'\r', round % 60));
    }
    let answer = Form::of("k", &file).v4().send(&world).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert_eq!(get(&world, "k").await.body, file);
    world.close().await;
}
