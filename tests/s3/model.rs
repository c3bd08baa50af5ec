//! The gate's rule, over every header and parameter of AWS's model and every operation that is built.

use footbridge::emulator::auth::{Caller, Service, Signed};
use footbridge::emulator::s3::{Operation, names_of_the_model, operations};

use crate::harness::{Answer, World};

/// What AWS refuses the header of encryption for.
const NOT_ENCRYPTING: [&str; 5] =
    ["CompleteMultipartUpload", "GetObject", "HeadObject", "UploadPart", "UploadPartCopy"];

/// What names what is not built.
const REFUSED: &str = "x-footbridge-refused";

async fn send(world: &World, operation: &Operation, path: &str, headers: &[(&str, &str)]) -> Answer {
    if operation.name.starts_with("Delete") {
        world.send("PUT", "/bkt", &[], "").await;
        world.send("PUT", "/bkt/k", &[], "kept").await;
    }
    let copy = ("x-amz-copy-source", "/bkt/k");
    let headers: Vec<_> = operation.copies.then_some(copy).into_iter().chain(headers.iter().copied()).collect();
    let path = match path.strip_prefix("/b") {
        Some(rest) => format!("/bkt{rest}"),
        None => path.to_owned(),
    };
    world.send(operation.method, &path, &headers, "").await
}

/// Operations, but for the form, whose fields are not headers.
fn by_request() -> impl Iterator<Item = Operation> {
    operations().filter(|operation| operation.name != "PostObject")
}

#[tokio::test]
async fn what_the_model_gives_an_operation_works_or_is_refused_by_name_and_all_else_has_no_effect() {
    let (headers, _) = names_of_the_model();
    for operation in by_request() {
        let world = World::memory();
        world.bucket("bkt").await;
        world.send("PUT", "/bkt/k", &[], "kept").await;
        let plain = send(&world, &operation, &operation.path, &[]).await;
        assert_eq!(plain.header(REFUSED), None, "{}", operation.name);
        for name in &headers {
            let given = name.strip_suffix('*').map_or_else(|| (*name).to_owned(), |prefix| format!("{prefix}x"));
            let case = format!("{given} of {}", operation.name);
            let answer = send(&world, &operation, &operation.path, &[(&given, "1")]).await;
            if operation.unbuilt.contains(name) {
                assert_eq!(answer.status, 501, "{case}");
                assert!(answer.header(REFUSED).is_some_and(|refused| refused.contains(&given)), "{case}");
                assert!(operation.method == "HEAD" || answer.text().contains(&given), "{case}: {}", answer.text());
                continue;
            }
            assert_eq!(answer.header(REFUSED), None, "{case}");
            let encrypts = given == "x-amz-server-side-encryption" && NOT_ENCRYPTING.contains(&operation.name);
            let makes_a_copy = given == "x-amz-copy-source" && operation.method == "PUT";
            // HTTP's own headers are every operation's.
            if operation.headers.contains(name) || makes_a_copy || !name.starts_with("x-amz-") {
                continue;
            }
            let expected = if encrypts { 400 } else { plain.status };
            assert_eq!(answer.status, expected, "{case}: {}", answer.text());
        }
        world.close().await;
    }
}

#[tokio::test]
async fn a_parameter_that_an_operation_lacks_is_ignored_where_it_reads_and_refused_by_name_where_it_writes() {
    let (_, parameters) = names_of_the_model();
    let selects = |name: &str| operations().any(|operation| operation.path.contains(&format!("?{name}")));
    for operation in by_request() {
        let world = World::memory();
        world.bucket("bkt").await;
        world.send("PUT", "/bkt/k", &[], "kept").await;
        let plain = send(&world, &operation, &operation.path, &[]).await;
        for name in parameters.iter().filter(|name| !selects(name) && **name != "partNumber") {
            let case = format!("{name} of {}", operation.name);
            let join = if operation.path.contains('?') { '&' } else { '?' };
            let path = format!("{}{join}{name}=1", operation.path);
            let answer = send(&world, &operation, &path, &[]).await;
            let known = operation.parameters.contains(name);
            let reads = ["GET", "HEAD"].contains(&operation.method);
            let refused = answer.header(REFUSED).is_some_and(|refused| refused.contains(name));
            assert_eq!(refused, !known && !reads, "{case}: {}", answer.text());
            if !known && reads {
                assert_eq!(answer.status, plain.status, "{case}");
            }
        }
        world.close().await;
    }
}

#[tokio::test]
async fn what_aws_itself_refuses_is_refused_in_its_words() {
    const ENCRYPTION: &str = "x-amz-server-side-encryption";
    let world = World::memory();
    world.bucket("bkt").await;
    world.send("PUT", "/bkt/k", &[], "kept").await;
    for (method, path) in [
        ("GET", "/bkt/k"),
        ("HEAD", "/bkt/k"),
        ("PUT", "/bkt/k?partNumber=1&uploadId=u"),
        ("POST", "/bkt/k?uploadId=u"),
    ] {
        let answer = world.send(method, path, &[(ENCRYPTION, "AES256")], "").await;
        assert_eq!(answer.status, 400, "{method} {path}");
        if method != "HEAD" {
            assert_eq!(answer.failure().1, "InvalidArgument");
            let message = format!("{ENCRYPTION} header is not supported for this operation.");
            assert_eq!(answer.element("Message"), Some(message));
            assert_eq!(answer.element("ArgumentName").as_deref(), Some(ENCRYPTION));
            assert_eq!(answer.element("ArgumentValue").as_deref(), Some("AES256"));
        }
    }
    for (method, name, value, code) in [
        ("PUT", "x-amz-object-lock-mode", "GOVERNANCE", "InvalidRequest"),
        ("PUT", "x-amz-object-lock-legal-hold", "ON", "InvalidRequest"),
        ("DELETE", "x-amz-bypass-governance-retention", "true", "InvalidArgument"),
        ("DELETE", "x-amz-bypass-governance-retention", "false", "InvalidArgument"),
        ("GET", "x-amz-server-side-encryption-customer-algorithm", "AES256", "InvalidRequest"),
    ] {
        let answer = world.send(method, "/bkt/k", &[(name, value)], "").await;
        assert_eq!(answer.failure(), (400, code.into()), "{method} {name}: {value}");
    }
    let size = world.send("DELETE", "/bkt/k", &[("x-amz-if-match-size", "4")], "").await;
    assert_eq!((size.failure(), size.header(REFUSED)), ((501, "NotImplemented".into()), None));
    assert_eq!(world.send("GET", "/bkt/k", &[], "").await.text(), "kept");
    world.close().await;
}

#[tokio::test]
async fn a_condition_that_is_no_text_is_refused_and_not_left_out() {
    let world = World::memory();
    world.bucket("bkt").await;
    world.send("PUT", "/bkt/k", &[], "kept").await;
    for name in [
        "if-match",
        "if-none-match",
        "x-amz-expected-bucket-owner",
        "content-md5",
        "x-amz-tagging",
        "x-amz-storage-class",
    ] {
        let answer = world.send("PUT", "/bkt/k", &[(name, "\u{e9}")], "new").await;
        assert_eq!(answer.failure(), (400, "InvalidArgument".into()), "{name}");
    }
    assert_eq!(world.send("DELETE", "/bkt/k", &[("if-match", "\u{e9}")], "").await.failure().0, 400);
    assert_eq!(world.send("GET", "/bkt/k", &[], "").await.text(), "kept");
    world.close().await;
}

#[tokio::test]
async fn a_refusal_comes_after_the_bucket_and_the_object_are_found() {
    const SSE_C: &str = "x-amz-server-side-encryption-customer-algorithm";
    let world = World::memory();
    world.bucket("bkt").await;
    for (method, path, name, code) in [
        ("GET", "/bkt/none", SSE_C, "NoSuchKey"),
        ("GET", "/none/k", SSE_C, "NoSuchBucket"),
        ("PUT", "/none/k", SSE_C, "NoSuchBucket"),
        ("PUT", "/none/k", "x-amz-object-lock-mode", "NoSuchBucket"),
        ("PUT", "/bkt/k", "x-amz-object-lock-mode", "InvalidRequest"),
    ] {
        let answer = world.send(method, path, &[(name, "AES256")], "").await;
        assert_eq!(answer.failure().1, code, "{method} {path} {name}");
    }
    world.close().await;
}

/// Version 2 signs some sub-resources and leaves the others open.
#[tokio::test]
async fn a_version_2_url_does_not_become_another_operation() {
    let world = World::memory();
    world.bucket("bkt").await;
    let signed = Caller::root("test", Service::S3, "us-east-1", Signed::Query);
    let keys = "AWSAccessKeyId=test&Signature=x&Expires=1";
    for (method, path) in [
        ("PUT", "/bkt?publicAccessBlock=x"),
        ("DELETE", "/bkt?publicAccessBlock"),
        ("PUT", "/bkt?encryption=x"),
        ("GET", "/bkt?ownershipControls=x"),
        ("PUT", "/bkt/k?retention=x"),
        ("PUT", "/bkt/k?legal-hold"),
    ] {
        let answer = world.send_as(&signed, method, &format!("{path}&{keys}"), &[], "").await;
        assert_eq!(answer.failure(), (403, "AccessDenied".into()), "{method} {path}");
    }
    for path in ["/bkt?prefix=&marker=", "/bkt?versions&prefix=", "/bkt?uploads&delimiter=%2F", "/bkt?acl"] {
        assert_eq!(world.send_as(&signed, "GET", &format!("{path}&{keys}"), &[], "").await.status, 200, "{path}");
    }
    world.close().await;
}
