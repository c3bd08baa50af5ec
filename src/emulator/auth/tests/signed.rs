//! Signatures in the `Authorization` header, callers, and what each service says of a bad signature.

use http::Request;
use proptest::prelude::*;

use super::*;
use crate::emulator::auth::{Kind, Signed};

const TARGET: (&str, &str) = ("x-amz-target", "DynamoDB_20120810.ListTables");

fn put(uri: &str) -> Request<Body> {
    signed("s3", (KEY, SECRET), Form::Header, "PUT", uri, &[("x-amz-meta-a", "  two   spaces ")], "body")
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

#[tokio::test]
async fn a_known_key_is_its_identity() {
    let (_, context) = context();
    let (caller, body) = enter_whole(put("/bucket/key"), &context).await.unwrap();
    assert_eq!(body, b"body");
    assert_eq!((caller.kind, caller.signed), (Kind::Identity, Signed::Header));
    assert_eq!((caller.account.as_str(), caller.region.as_str()), ("111122223333", "eu-west-1"));
    assert_eq!(caller.arn().unwrap(), "arn:aws:iam::111122223333:user/main");
    assert!(caller.user_id().unwrap().starts_with("AIDA"));
    assert_eq!(caller.canonical_id.len(), 64);
}

#[tokio::test]
async fn test_test_is_built_in() {
    let (_, context) = context();
    let request = signed("s3", ("test", "test"), Form::Header, "GET", "/", &[], "");
    let (caller, _) = enter(request, &context).await.unwrap();
    assert_eq!(caller.kind, Kind::Identity);
    assert_eq!(caller.arn().unwrap(), "arn:aws:iam::000000000000:root");
}

#[tokio::test]
async fn awkward_keys_verify_as_received() {
    let (_, context) = context();
    let paths = [
        "/b/a%20b",
        "/b/a%2Bb",
        "/b/100%25",
        "/b/%E2%9C%93/%F0%9F%A6%80",
        "/b/a//b",
        "/b/../b/./c",
        "/b/%2F",
        "/b/a/",
        "/b/~x-y_z.w",
        "/b/a%21%27%28%29%2A",
        "/b/a%3Fb%3Dc%26d",
        "//b//",
    ];
    for path in paths {
        for uri in [path.to_owned(), format!("{path}?list-type=2&prefix=a%2Fb%20c&delimiter=%2F&acl")] {
            enter(put(&uri), &context).await.unwrap_or_else(|error| panic!("{uri}: {}", error.message));
        }
    }
}

proptest! {
    #[test]
    fn any_key_and_query_verify_and_any_change_is_refused(
        key in "\\PC{1,20}", name in "[a-z&=+ %é]{1,8}", value in "\\PC{0,12}", flip in 0_usize..64,
    ) {
        let encode = |text: &str| crate::emulator::auth::query::encode(text.as_bytes());
        let uri = format!("/bucket/{}?{}={}", encode(&key), encode(&name), encode(&value));
        let (_, context) = context();
        let request = put(&uri);
        let authorization = request.headers()["authorization"].to_str().unwrap().to_owned();
        let at = authorization.len() - 64 + flip;
        let other = if &authorization[at..=at] == "0" { "1" } else { "0" };
        let forged = format!("{}{other}{}", &authorization[..at], &authorization[at + 1..]);
        let mut tampered = put(&uri);
        tampered.headers_mut().insert("authorization", forged.parse().unwrap());
        runtime().block_on(async {
            enter(request, &context).await.map(drop).unwrap();
            assert_eq!(enter(tampered, &context).await.unwrap_err().code, "SignatureDoesNotMatch");
        });
    }
}

type Change = fn(&mut Request<Body>);

#[tokio::test]
async fn a_changed_request_is_refused_with_what_should_have_been_signed() {
    let (_, context) = context();
    let changes: [Change; 5] = [
        |request| *request.method_mut() = http::Method::DELETE,
        |request| *request.uri_mut() = "/bucket/other".parse().unwrap(),
        |request| *request.uri_mut() = "/bucket/key?acl".parse().unwrap(),
        |request| drop(request.headers_mut().insert("host", "localhost:4567".parse().unwrap())),
        |request| drop(request.headers_mut().insert("x-amz-meta-a", "other".parse().unwrap())),
    ];
    for change in changes {
        let mut request = put("/bucket/key");
        change(&mut request);
        let error = enter(request, &context).await.unwrap_err();
        assert_eq!((error.code.as_ref(), error.status), ("SignatureDoesNotMatch", 403));
        let names: Vec<&str> = error.members.iter().map(|(name, _)| name.as_ref()).collect();
        assert_eq!(
            names,
            [
                "AWSAccessKeyId",
                "StringToSign",
                "SignatureProvided",
                "StringToSignBytes",
                "CanonicalRequest",
                "CanonicalRequestBytes"
            ]
        );
        assert_eq!(member(&error, "AWSAccessKeyId"), Some(KEY));
        assert!(member(&error, "StringToSignBytes").unwrap().starts_with("41 57 53 34 2d"));
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_signed_one_ends_with_an_error_and_without_its_last_frame() {
    let (_, context) = context();
    let (parts, _) = put("/bucket/key").into_parts();
    let error = enter_whole(Request::from_parts(parts, body::full("BODY")), &context).await.unwrap_err();
    assert_eq!((error.code.as_ref(), error.status), ("XAmzContentSHA256Mismatch", 400));
    assert_eq!(
        member(&error, "ClientComputedContentSHA256"),
        Some("230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5")
    );
    assert!(member(&error, "S3ComputedContentSHA256").is_some());
}

#[tokio::test]
async fn a_body_of_another_length_than_declared_is_incomplete() {
    let (_, context) = context();
    for (declared, expected, provided) in [("6", "6", "4"), ("3", "3", "4")] {
        let mut request = put("/bucket/key");
        request.headers_mut().insert("content-length", declared.parse().unwrap());
        let error = enter_whole(request, &context).await.unwrap_err();
        assert_eq!(error.code, "IncompleteBody");
        assert_eq!(member(&error, "NumberBytesExpected"), Some(expected));
        assert_eq!(member(&error, "NumberBytesProvided"), Some(provided));
    }
}

#[tokio::test]
async fn a_date_over_fifteen_minutes_away_is_refused() {
    let (clock, context) = context();
    clock.set_millis((NOW + 900) * 1000);
    enter(put("/b/k"), &context).await.unwrap();
    clock.set_millis((NOW + 901) * 1000);
    let error = enter(put("/b/k"), &context).await.unwrap_err();
    assert_eq!((error.code.as_ref(), error.status), ("RequestTimeTooSkewed", 403));
    assert_eq!(member(&error, "RequestTime"), Some("20261122T175819Z"));
    assert_eq!(member(&error, "ServerTime"), Some("2026-11-22T18:13:20Z"));
    assert_eq!(member(&error, "MaxAllowedSkewMilliseconds"), Some("900000"));
    clock.set_millis((NOW - 901) * 1000);
    assert_eq!(enter(put("/b/k"), &context).await.unwrap_err().code, "RequestTimeTooSkewed");

    clock.set_millis((NOW + 960) * 1000);
    let request = signed("dynamodb", (KEY, SECRET), Form::Header, "POST", "/", &[TARGET], "{}");
    let error = enter(request, &context).await.unwrap_err();
    assert_eq!(error.code, "InvalidSignatureException");
    assert_eq!(
        error.message,
        "Signature expired: 20261122T175819Z is now earlier than 20261122T175919Z (20261122T181419Z - 15 min.)"
    );
}

#[tokio::test]
async fn an_unknown_key_is_its_accounts_root_unless_strict() {
    let (_, mut context) = context();
    let stranger = |service, extra: &[(&str, &str)]| {
        signed(service, ("210987654321", "any"), Form::Header, "POST", "/", extra, "")
    };
    let (caller, _) = enter(stranger("s3", &[]), &context).await.unwrap();
    assert_eq!((caller.kind, caller.account.as_str()), (Kind::Root, "210987654321"));
    assert_eq!(caller.arn().unwrap(), "arn:aws:iam::210987654321:root");
    assert_eq!(caller.user_id().unwrap(), "210987654321");
    let other = signed("s3", ("AKIAOTHER", "any"), Form::Header, "GET", "/", &[], "");
    assert_eq!(enter(other, &context).await.unwrap().0.account, "000000000000");

    context.strict = true;
    let refusals = [
        ("s3", 403, "InvalidAccessKeyId"),
        ("dynamodb", 400, "UnrecognizedClientException"),
        ("sts", 403, "InvalidClientTokenId"),
    ];
    for (service, status, code) in refusals {
        let error = enter(stranger(service, &[]), &context).await.unwrap_err();
        assert_eq!((error.status, error.code.as_ref()), (status, code));
    }
}

#[tokio::test]
async fn dynamodb_signs_a_body_that_it_does_not_declare() {
    let (_, context) = context();
    let request = || signed("dynamodb", (KEY, SECRET), Form::Header, "POST", "/", &[TARGET], "{\"Limit\":1}");
    let (caller, body) = enter_whole(request(), &context).await.unwrap();
    assert_eq!((caller.service, body.as_slice()), (Service::DynamoDb, &b"{\"Limit\":1}"[..]));
    let (parts, _) = request().into_parts();
    let error = enter(Request::from_parts(parts, body::full("{\"Limit\":2}")), &context).await.unwrap_err();
    assert_eq!((error.status, error.code.as_ref()), (400, "InvalidSignatureException"));
    assert!(error.message.starts_with("The request signature we calculated does not match"));
    assert!(error.message.contains("The Canonical String for this request should have been\n'POST\n/\n"));
}

#[tokio::test]
async fn a_request_without_a_signature_is_anonymous_on_s3_and_refused_elsewhere() {
    let (_, context) = context();
    let request = Request::get("/bucket/key").header("host", "localhost").body(body::empty()).unwrap();
    let (caller, _) = enter(request, &context).await.unwrap();
    assert!(caller.is_anonymous());
    assert_eq!(caller.arn(), None);
    let request = Request::post("/").header(TARGET.0, TARGET.1).body(body::full("{}")).unwrap();
    let error = enter(request, &context).await.unwrap_err();
    assert_eq!((error.status, error.code.as_ref()), (400, "MissingAuthenticationTokenException"));
    let form = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    let request = Request::post("/").header(form.0, form.1).body(body::full("Action=GetCallerIdentity")).unwrap();
    // Which operations of STS need none is for their rows to say.
    assert!(enter(request, &context).await.unwrap().0.is_anonymous());
}

#[tokio::test]
async fn a_service_that_is_not_here_is_named() {
    let (_, context) = context();
    let error = enter(signed("sqs", (KEY, SECRET), Form::Header, "POST", "/", &[], ""), &context).await.unwrap_err();
    assert_eq!((error.status, error.code.as_ref()), (501, "NotImplemented"));
    assert!(error.message.contains("'sqs'"));
}

#[tokio::test]
async fn malformed_authorization_headers_are_told_apart() {
    let (_, context) = context();
    let valid = put("/b/k").headers()["authorization"].to_str().unwrap().to_owned();
    let change = |from: &str, to: &str| valid.replace(from, to);
    let malformed = "AuthorizationHeaderMalformed";
    let cases = [
        ("Basic dGVzdDp0ZXN0".to_owned(), "InvalidArgument", "Unsupported Authorization Type"),
        (change("Signature=", "Sig="), malformed, "requires three components"),
        (change("SignedHeaders=", "SignedHeaders"), malformed, "the authorization component"),
        (change("/s3/", "/"), malformed, "expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."),
        (change("/20261122/", "/20261121/"), malformed, "is not the same as X-Amz-Date: \"20261122\"."),
        (change("/20261122/", "/2026-11-22/"), malformed, "must be in the format \"yyyyMMdd\"."),
        (change("/eu-west-1/", "/aws-global/"), malformed, "the region 'aws-global' is wrong; expecting 'us-east-1'"),
        (change("/eu-west-1/", "//"), malformed, "a non-empty region must be provided in the credential."),
        (change("aws4_request", "aws4_reques"), malformed, "incorrect terminal \"aws4_reques\"."),
        (change("AKIDEXAMPLE", ""), malformed, "the Credential is mal-formed"),
        (change("host;", ""), "AccessDenied", "There were headers present in the request which were not signed"),
        (change("x-amz-date;", ""), "AccessDenied", "There were headers present"),
        (change("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), "NotImplemented", "signature version 4A"),
    ];
    for (authorization, code, message) in cases {
        let mut request = put("/b/k");
        request.headers_mut().insert("authorization", authorization.parse().unwrap());
        let (parts, body) = request.into_parts();
        // The service in the scope is among what is broken, so it is given.
        let error = admit(Request::from_parts(parts, body), Service::S3, &context).await.unwrap_err();
        assert_eq!(error.code, code, "{authorization}");
        assert!(error.message.contains(message), "{authorization}: {}", error.message);
    }
}

/// As aiodynamo does.
#[tokio::test]
async fn a_host_may_be_signed_without_its_port() {
    let (_, context) = context();
    let signed_for = |host: &str| {
        let mut request = signed_for_host(host);
        request.headers_mut().insert("host", "localhost:4566".parse().unwrap());
        request
    };
    enter(signed_for("localhost"), &context).await.unwrap();
    enter(signed_for("localhost:4566"), &context).await.unwrap();
    for other in ["localhost:4567", "127.0.0.1", ""] {
        assert_eq!(enter(signed_for(other), &context).await.unwrap_err().code, "SignatureDoesNotMatch", "{other}");
    }
}

/// A GET signed by hand, since the SDK's signer takes the host from the request.
fn signed_for_host(host: &str) -> Request<Body> {
    use crate::emulator::auth::hash::{hex, hmac_sha256};
    use crate::emulator::auth::v4::signing_key;
    use sha2::{Digest, Sha256};
    let (stamp, hash, scope) = ("20261122T175819Z", "UNSIGNED-PAYLOAD", "20261122/eu-west-1/s3/aws4_request");
    let names = "host;x-amz-content-sha256;x-amz-date";
    let canonical =
        format!("GET\n/b/k\n\nhost:{host}\nx-amz-content-sha256:{hash}\nx-amz-date:{stamp}\n\n{names}\n{hash}");
    let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let key = signing_key(SECRET, "20261122", "eu-west-1", &Service::S3);
    let signature = hex(&hmac_sha256(&key, to_sign.as_bytes()));
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders={names}, Signature={signature}");
    Request::get("/b/k")
        .header("x-amz-date", stamp)
        .header("x-amz-content-sha256", hash)
        .header("authorization", authorization)
        .body(body::empty())
        .unwrap()
}

#[tokio::test]
async fn missing_headers_are_named() {
    let (_, context) = context();
    let without = |name: &str| {
        let mut request = put("/b/k");
        request.headers_mut().remove(name);
        request
    };
    let error = enter(without("x-amz-content-sha256"), &context).await.unwrap_err();
    assert_eq!(error.message, "Missing required header for this request: x-amz-content-sha256");
    let error = enter(without("x-amz-date"), &context).await.unwrap_err();
    assert_eq!((error.status, error.code.as_ref()), (403, "AccessDenied"));
    assert_eq!(error.message, "AWS authentication requires a valid Date or x-amz-date header");
}

#[tokio::test]
async fn header_and_query_together_are_refused() {
    let (_, context) = context();
    let mut request = put("/b/k");
    let presigned = signed("s3", (KEY, SECRET), Form::Query(60), "PUT", "/b/k", &[], "");
    *request.uri_mut() = presigned.uri().clone();
    let error = enter(request, &context).await.unwrap_err();
    assert_eq!(error.code, "InvalidArgument");
    assert!(error.message.starts_with("Only one auth mechanism allowed"));
}

#[test]
fn a_secret_is_not_shown() {
    let identity = Identity::new(KEY, SECRET).unwrap();
    assert!(!format!("{identity:?}").contains(SECRET));
    let (_, context) = context();
    assert!(!format!("{context:?}").contains(SECRET));
}

#[test]
fn identities_that_cannot_be_are_refused() {
    assert!(Identity::new("a/b", "x").is_err());
    assert!(Identity::new("", "x").is_err());
    assert!(Identity::new("a", "").is_err());
    assert!(Identity::new("a", "x").unwrap().with_account("12").is_err());
    assert!(Identity::new("a", "x").unwrap().with_canonical_id("xyz").is_err());
    assert!(Identity::new("a", "x").unwrap().with_user("a b").is_err());
    let twice = [Identity::new("a", "x").unwrap(), Identity::new("a", "y").unwrap()];
    assert!(Identities::new(twice).unwrap_err().to_string().contains("configured twice"));
    let replaced = Identities::new([Identity::new("test", "other").unwrap()]).unwrap();
    assert_eq!(replaced.get("test").unwrap().secret(), "other");
}
