//! Presigned URLs of both signature versions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use sha1::Sha1;

use super::*;
use crate::emulator::auth::{Kind, MustVerify, Signed, query};

fn presigned(method: &str, uri: &str, seconds: u64, extra: &[(&str, &str)]) -> Request<Body> {
    signed("s3", (KEY, SECRET), Form::Query(seconds), method, uri, extra, "any body")
}

/// The same request with its URI's text changed.
fn changed(mut request: Request<Body>, from: &str, to: &str) -> Request<Body> {
    let uri = request.uri().to_string();
    assert!(uri.contains(from), "{from} is not in {uri}");
    *request.uri_mut() = uri.replace(from, to).parse().unwrap();
    request
}

/// A version 2 URL as boto3 makes it by default in us-east-1, computed here from AWS's description.
fn presigned_v2(method: &str, path: &str, resource: &str, headers: &str, expires: u64) -> String {
    let to_sign = format!("{method}\n\n\n{expires}\n{headers}{resource}");
    let mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(to_sign);
    let signature = query::encode(STANDARD.encode(mac.finalize().into_bytes()).as_bytes());
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}AWSAccessKeyId={KEY}&Signature={signature}&Expires={expires}")
}

fn get(uri: &str) -> Request<Body> {
    Request::get(uri).header("host", "localhost:4566").body(body::empty()).unwrap()
}

#[tokio::test]
async fn a_presigned_request_verifies_whatever_its_body() {
    let (_, context) = context();
    for uri in ["/b/k", "/b/a%20b%2Bc//..%25%E2%9C%93", "/b/k?versionId=x%2Fy&response-content-type=text%2Fplain"] {
        let (caller, body) = enter_whole(presigned("PUT", uri, 60, &[]), &context).await.unwrap();
        assert_eq!((caller.kind, caller.signed), (Kind::Identity, Signed::Query));
        assert_eq!(body, b"any body");
    }
}

#[tokio::test]
async fn a_presigned_request_ends_when_its_time_is_over() {
    let (clock, context) = context();
    clock.set_millis((NOW + 60) * 1000);
    enter(presigned("GET", "/b/k", 60, &[]), &context).await.unwrap();
    clock.set_millis((NOW + 61) * 1000);
    let error = enter(presigned("GET", "/b/k", 60, &[]), &context).await.unwrap_err();
    assert_eq!((error.status, error.code.as_ref()), (403, "AccessDenied"));
    assert_eq!(error.message, "Request has expired");
    assert_eq!(member(&error, "X-Amz-Expires"), Some("60"));
    assert_eq!(member(&error, "Expires"), Some("2026-11-22T17:59:19Z"));
    assert_eq!(member(&error, "ServerTime"), Some("2026-11-22T17:59:20Z"));
    // An unknown key's signature is not verified, but its URL ends all the same.
    let stranger = signed("s3", ("AKIAOTHER", "any"), Form::Query(60), "GET", "/b/k", &[], "");
    assert_eq!(enter(stranger, &context).await.unwrap_err().message, "Request has expired");
    clock.set_millis((NOW - 901) * 1000);
    let error = enter(presigned("GET", "/b/k", 60, &[]), &context).await.unwrap_err();
    assert_eq!(error.message, "Request is not yet valid");
}

#[tokio::test]
async fn a_changed_presigned_request_is_refused() {
    let (_, context) = context();
    let request = || presigned("GET", "/b/k", 60, &[]);
    let mut method = request();
    *method.method_mut() = http::Method::PUT;
    let cases = [
        method,
        changed(request(), "/b/k", "/b/l"),
        changed(request(), "X-Amz-Expires=60", "X-Amz-Expires=61"),
        changed(request(), "X-Amz-Expires=60", "X-Amz-Expires=60&acl"),
    ];
    for case in cases {
        assert_eq!(enter(case, &context).await.unwrap_err().code, "SignatureDoesNotMatch");
    }
}

#[tokio::test]
async fn parameters_that_are_wrong_are_named() {
    let (_, context) = context();
    let code = "AuthorizationQueryParametersError";
    let request = || presigned("GET", "/b/k", 60, &[]);
    let without_expires = changed(request(), "&X-Amz-Expires=60", "");
    let cases = [
        (
            without_expires,
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, \
             X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        ),
        (
            changed(request(), "%2F20261122%2F", "%252F20261122%252F"),
            "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \
             \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
        ),
        (
            presigned("GET", "/b/k", 604_801, &[]),
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than \
             604800 seconds",
        ),
        (changed(request(), "Expires=60", "Expires=-1"), "X-Amz-Expires must be non-negative"),
        (changed(request(), "Expires=60", "Expires=soon"), "X-Amz-Expires should be a number"),
        (
            changed(request(), "20261122T175819Z", "Nov-22"),
            "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
        ),
        (
            changed(request(), "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
            "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"",
        ),
    ];
    for (request, message) in cases {
        let error = enter(request, &context).await.unwrap_err();
        assert_eq!((error.status, error.code.as_ref(), error.message.as_str()), (400, code, message));
    }
    enter(presigned("GET", "/b/k", 604_800, &[]), &context).await.unwrap();
}

#[tokio::test]
async fn amz_headers_that_are_not_signed_are_refused_but_the_payload_hash() {
    let (_, context) = context();
    let with = |headers: &[(&'static str, &'static str)]| {
        let mut request = presigned("PUT", "/b/k", 60, &[("x-amz-meta-signed", "yes")]);
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        request
    };
    let error = enter(with(&[("x-amz-meta-wrong", "1"), ("x-amz-acl", "private")]), &context).await.unwrap_err();
    assert_eq!((error.status, error.code.as_ref()), (403, "AccessDenied"));
    assert_eq!(error.message, "There were headers present in the request which were not signed");
    assert_eq!(member(&error, "HeadersNotSigned"), Some("x-amz-acl, x-amz-meta-wrong"));
    enter(with(&[("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), ("content-type", "a/b")]), &context).await.unwrap();
    let mut unsigned = with(&[]);
    unsigned.headers_mut().remove("x-amz-meta-signed");
    assert_eq!(enter(unsigned, &context).await.unwrap_err().code, "SignatureDoesNotMatch");
}

#[tokio::test]
async fn must_verify_refuses_unknown_keys() {
    let (_, context) = context();
    let marked = |mut request: Request<Body>| {
        request.extensions_mut().insert(MustVerify);
        request
    };
    enter(marked(presigned("GET", "/b/k", 60, &[])), &context).await.unwrap();
    let stranger = signed("s3", ("AKIAOTHER", "any"), Form::Query(60), "GET", "/b/k", &[], "");
    assert_eq!(enter(marked(stranger), &context).await.unwrap_err().code, "InvalidAccessKeyId");
    assert!(enter(marked(get("/b/k")), &context).await.unwrap().0.is_anonymous());
}

#[tokio::test]
async fn version_2_urls_verify_and_end() {
    let (clock, context) = context();
    let end = NOW + 60;
    let plain = presigned_v2("GET", "/b/a%20b/c", "/b/a%20b/c", "", end);
    let (caller, _) = enter(get(&plain), &context).await.unwrap();
    assert_eq!((caller.kind, caller.signed), (Kind::Identity, Signed::Query));
    let path = "/b/k?uploadId=u%2Fv&partNumber=2&prefix=not-signed&response-content-type=text%2Fplain";
    let resource = "/b/k?partNumber=2&response-content-type=text/plain&uploadId=u/v";
    enter(get(&presigned_v2("GET", path, resource, "", end)), &context).await.unwrap();
    // botocore signs a bucket with a slash at its end.
    enter(get(&presigned_v2("GET", "/b?list-type=2", "/b/", "", end)), &context).await.unwrap();
    let other = presigned_v2("GET", "/b/k", "/b/k/", "", end);
    assert_eq!(enter(get(&other), &context).await.unwrap_err().code, "SignatureDoesNotMatch");
    let mut with_header = get(&presigned_v2("GET", "/b/k?acl", "/b/k?acl", "x-amz-meta-a:1  2\n", end));
    with_header.headers_mut().insert("x-amz-meta-a", " 1  2".parse().unwrap());
    enter(with_header, &context).await.unwrap();

    let error = enter(changed(get(&plain), "/c", "/d"), &context).await.unwrap_err();
    assert_eq!(error.code, "SignatureDoesNotMatch");
    assert_eq!(member(&error, "CanonicalRequest"), None);
    let error = enter(changed(get(&plain), "Signature=", "Sig="), &context).await.unwrap_err();
    assert_eq!(
        error.message,
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
    );
    clock.set_millis((end + 1) * 1000);
    let error = enter(get(&plain), &context).await.unwrap_err();
    assert_eq!(error.message, "Request has expired");
    assert_eq!(member(&error, "X-Amz-Expires"), None);
    assert_eq!(member(&error, "Expires"), Some("2026-11-22T17:59:19Z"));
}

/// AWS appends to a sub-resource "its value if it has one".
#[tokio::test]
async fn version_2_signs_a_sub_resource_without_a_value_in_either_form() {
    let (_, context) = context();
    let sub_resources =
        ["acl", "cors", "delete", "lifecycle", "location", "policy", "tagging", "uploads", "versioning", "versions"];
    for name in sub_resources {
        for (sent, signed) in [("", ""), ("=", ""), ("", "="), ("=", "=")] {
            let (path, resource) = (format!("/b/?{name}{sent}"), format!("/b/?{name}{signed}"));
            enter(get(&presigned_v2("GET", &path, &resource, "", NOW + 60)), &context).await.unwrap();
        }
        let other = presigned_v2("GET", &format!("/b/?{name}=x"), &format!("/b/?{name}"), "", NOW + 60);
        assert_eq!(enter(get(&other), &context).await.unwrap_err().code, "SignatureDoesNotMatch");
    }
}

/// Whoever holds a URL may not add to it what is read as a header or as another operation, however it is written.
#[tokio::test]
async fn nothing_is_added_to_a_version_2_url() {
    let (_, context) = context();
    let url = presigned_v2("PUT", "/b/k", "/b/k", "", NOW + 60);
    let put = |url: &str| Request::put(url).header("host", "localhost:4566").body(body::empty()).unwrap();
    enter(put(&url), &context).await.unwrap();
    for name in [
        "x-amz-copy-source",
        "x-amz-meta-a",
        "x-amz-tagging",
        "x-amz-object-attributes",
        "x-amz-website-redirect-location",
        "content-type",
        "content-md5",
    ] {
        let titled: Vec<_> = name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        for spelt in [name, &name.to_uppercase(), &titled.join("-")] {
            let error = enter(put(&format!("{url}&{spelt}=%2Fsec%2Fk")), &context).await.unwrap_err();
            assert_eq!(error.code, "SignatureDoesNotMatch", "{spelt}");
        }
    }
    for sub_resource in
        ["tagging", "acl=", "%74agging=x", "%63ors=x", "partNumbe%72=1", "response-content-%74ype=text%2Fhtml"]
    {
        let error = enter(put(&format!("{url}&{sub_resource}")), &context).await.unwrap_err();
        assert_eq!(error.code, "SignatureDoesNotMatch", "{sub_resource}");
    }
    // What it does not sign is as it was, and the gate judges whether that chose another operation.
    for open in ["prefix=", "marker=&delimiter=%2F", "encoding-type=url", "publicAccessBlock=x"] {
        enter(put(&format!("{url}&{open}")), &context).await.unwrap();
    }
}

/// As botocore and Java write them.
#[tokio::test]
async fn version_2_urls_carry_signed_headers_as_parameters() {
    let (_, context) = context();
    let to_sign = format!("PUT\nbWQ1\ntext/plain\n{}\nx-amz-meta-a:1\n/b/k", NOW + 60);
    let mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(to_sign);
    let signature = query::encode(STANDARD.encode(mac.finalize().into_bytes()).as_bytes());
    let url = format!(
        "/b/k?AWSAccessKeyId={KEY}&Signature={signature}&Expires={}&content-type=text%2Fplain&content-md5=bWQ1\
         &x-amz-meta-a=1",
        NOW + 60
    );
    let put = |name: &'static str, value: &'static str| {
        Request::put(&url).header("host", "localhost").header(name, value).body(body::empty()).unwrap()
    };
    enter(put("content-type", "text/plain"), &context).await.unwrap();
    enter(put("x-amz-meta-a", "1"), &context).await.unwrap();
    for (name, value) in [("content-type", "text/html"), ("x-amz-meta-a", "2"), ("x-amz-meta-b", "1")] {
        assert_eq!(enter(put(name, value), &context).await.unwrap_err().code, "SignatureDoesNotMatch", "{name}");
    }
}

#[tokio::test]
async fn version_2_signs_the_bucket_of_the_host() {
    let (_, context) = context();
    let at = |host: &str, uri: &str| Request::get(uri).header("host", host).body(body::empty()).unwrap();
    let url = presigned_v2("GET", "/k", "/my.bucket/k", "", NOW + 60);
    for host in
        ["my.bucket.localhost:4566", "my.bucket.s3.localhost.localstack.cloud", "my.bucket.s3.eu-west-1.localhost"]
    {
        enter(at(host, &url), &context).await.unwrap();
    }
    // A path-style signature does not move to the bucket of another host.
    let path_style = presigned_v2("GET", "/b/k", "/b/k", "", NOW + 60);
    enter(at("s3.localhost:4566", &path_style), &context).await.unwrap();
    assert_eq!(enter(at("other.localhost", &path_style), &context).await.unwrap_err().code, "SignatureDoesNotMatch");
}

#[tokio::test]
async fn version_2_headers_verify_near_their_date() {
    let (clock, context) = context();
    let date = "Sun, 22 Nov 2026 17:58:19 GMT";
    let authorized = |to_sign: &str, headers: &[(&str, &str)]| {
        let mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(to_sign);
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let mut request = Request::put("/b/k").header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.header("authorization", format!("AWS {KEY}:{signature}")).body(body::full("x")).unwrap()
    };
    let dated = || {
        authorized(
            &format!("PUT\nbWQ1\na/b\n{date}\n/b/k"),
            &[("date", date), ("content-md5", "bWQ1"), ("content-type", "a/b")],
        )
    };
    let amz_dated = authorized(&format!("PUT\n\n\n\nx-amz-date:{date}\n/b/k"), &[("x-amz-date", date)]);
    for request in [dated(), amz_dated] {
        let (caller, _) = enter(request, &context).await.unwrap();
        assert_eq!((caller.kind, caller.signed), (Kind::Identity, Signed::Header));
    }
    let mut tampered = dated();
    tampered.headers_mut().insert("content-type", "c/d".parse().unwrap());
    assert_eq!(enter(tampered, &context).await.unwrap_err().code, "SignatureDoesNotMatch");
    let undated = authorized("PUT\n\n\n\n/b/k", &[]);
    assert_eq!(enter(undated, &context).await.unwrap_err().code, "AccessDenied");
    clock.set_millis((NOW + 901) * 1000);
    assert_eq!(enter(dated(), &context).await.unwrap_err().code, "RequestTimeTooSkewed");
}
