//! CORS: the rules of a bucket, preflights, and what pages of other origins get.

use footbridge::emulator::auth::{Caller, Identity, Service, Signed};
use footbridge::emulator::pages::Who;
use http::{Method, Request};

use crate::harness::{Answer, World};

const PAGE: &str = "https://localhost:4200";
const VARY: &str = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

async fn world(rules: &str) -> World {
    let world = World::memory();
    world.bucket("bkt").await;
    world.send("PUT", "/bkt/k", &[], "test-cors").await;
    if !rules.is_empty() {
        let answer = put(&world, rules).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    world
}

async fn put(world: &World, rules: &str) -> Answer {
    world.send("PUT", "/bkt?cors", &[], format!("<CORSConfiguration>{rules}</CORSConfiguration>")).await
}

fn rule(origins: &[&str], methods: &[&str], rest: &str) -> String {
    let all = |name: &str, values: &[&str]| {
        let elements: Vec<String> = values.iter().map(|value| format!("<{name}>{value}</{name}>")).collect();
        elements.concat()
    };
    format!("<CORSRule>{}{}{rest}</CORSRule>", all("AllowedOrigin", origins), all("AllowedMethod", methods))
}

async fn preflight(world: &World, path: &str, origin: &str, method: &str, asked: &str) -> Answer {
    let mut headers = vec![("origin", origin), ("access-control-request-method", method)];
    if !asked.is_empty() {
        headers.push(("access-control-request-headers", asked));
    }
    world.receive("OPTIONS", path, &headers, "").await
}

fn granted(answer: &Answer) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("access-control-") || *name == "vary")
        .map(|(name, value)| {
            (name.as_str().trim_start_matches("access-control-").into(), value.to_str().unwrap().into())
        })
        .collect();
    found.sort();
    found
}

fn expected(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
    if !all.is_empty() {
        all.push(("vary".into(), VARY.into()));
    }
    all.sort();
    all
}

#[tokio::test]
async fn rules_are_kept_as_they_were_given() {
    let world = world("").await;
    assert_eq!(world.send("DELETE", "/bkt?cors", &[], "").await.status, 204);
    let none = world.send("GET", "/bkt?cors", &[], "").await;
    assert_eq!(none.failure(), (404, "NoSuchCORSConfiguration".into()));
    assert_eq!(none.element("BucketName"), Some("bkt".into()));
    let rest = "<AllowedHeader>x-AMZ-server-SIDE-encryption</AllowedHeader><ExposeHeader>ETag</ExposeHeader>\
                <ID>one</ID><MaxAgeSeconds>3000</MaxAgeSeconds>";
    assert_eq!(
        put(&world, &(rule(&[PAGE, "", "*"], &["GET", "PUT"], rest) + &rule(&["*"], &["HEAD"], ""))).await.status,
        200
    );
    let text = world.send("GET", "/bkt?cors", &[], "").await.text();
    for part in [
        "<AllowedHeader>x-AMZ-server-SIDE-encryption</AllowedHeader>",
        "<AllowedOrigin>https://localhost:4200</AllowedOrigin><AllowedOrigin></AllowedOrigin><AllowedOrigin>*</AllowedOrigin>",
        "<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>",
        "<ExposeHeader>ETag</ExposeHeader>",
        "<ID>one</ID>",
        "<MaxAgeSeconds>3000</MaxAgeSeconds>",
        "<CORSRule><AllowedMethod>HEAD</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule>",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(world.send("DELETE", "/bkt?cors", &[], "").await.status, 204);
    assert_eq!(world.send("GET", "/bkt?cors", &[], "").await.status, 404);
    world.close().await;
}

#[tokio::test]
async fn a_document_of_more_than_64_kib_is_refused() {
    let world = world("").await;
    let origin = format!("https://{}.test", "o".repeat(64 << 10));
    let refused = put(&world, &rule(&[&origin], &["GET"], "")).await;
    assert_eq!(refused.failure(), (400, "MaxMessageLengthExceeded".into()));
    assert_eq!(refused.element("MaxMessageLengthBytes"), Some("65536".into()));
    assert_eq!(put(&world, &rule(&[&origin[..60_000]], &["GET"], "")).await.status, 200);
    world.close().await;
}

#[tokio::test]
async fn rules_that_aws_refuses_change_nothing() {
    let world = world(&rule(&[PAGE], &["GET"], "")).await;
    for (rules, code, message) in [
        (
            rule(&["*"], &["MYMETHOD"], ""),
            "InvalidRequest",
            "Found unsupported HTTP method in CORS config. Unsupported method is MYMETHOD",
        ),
        (
            rule(&["http://*.*.com"], &["GET"], ""),
            "InvalidRequest",
            "AllowedOrigin \"http://*.*.com\" can not have more than one wildcard.",
        ),
        (
            rule(&["*"], &["GET"], "<AllowedHeader>*-*</AllowedHeader>"),
            "InvalidRequest",
            "AllowedHeader \"*-*\" can not have more than one wildcard.",
        ),
        (
            rule(&["*"], &["GET"], "<ExposeHeader>x-*</ExposeHeader>"),
            "InvalidRequest",
            "ExposeHeader \"x-*\" contains wildcard. We currently do not support wildcard for ExposeHeader.",
        ),
        (
            rule(&["*"], &["GET"], "").repeat(101),
            "InvalidRequest",
            "The number of CORS rules should not exceed allowed limit of 100 rules.",
        ),
        (
            String::new(),
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
        ),
        (
            "<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>".into(),
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
        ),
    ] {
        let answer = put(&world, &rules).await;
        assert_eq!((answer.failure(), answer.element("Message")), ((400, code.into()), Some(message.into())));
    }
    assert!(world.send("GET", "/bkt?cors", &[], "").await.text().contains(PAGE));
    world.close().await;
}

#[tokio::test]
async fn preflights_are_answered_by_the_rules() {
    let rest = "<AllowedHeader>x-amz-expected-bucket-owner</AllowedHeader><AllowedHeader>x-AMZ-server-*</AllowedHeader>\
                <MaxAgeSeconds>3000</MaxAgeSeconds><ExposeHeader>x-amz-id-2</ExposeHeader><ExposeHeader>ETag</ExposeHeader>";
    let world =
        world(&(rule(&[PAGE, "http://*.origin.com"], &["GET", "PUT"], rest) + &rule(&["*"], &["HEAD"], ""))).await;
    let grant = |origin: &'static str| {
        vec![
            ("allow-credentials", "true"),
            ("allow-methods", "GET, PUT"),
            ("allow-origin", origin),
            ("expose-headers", "x-amz-id-2, ETag"),
            ("max-age", "3000"),
        ]
    };
    let answer = preflight(&world, "/bkt/k", PAGE, "PUT", "").await;
    assert_eq!((answer.status, answer.body.len(), answer.header("content-length")), (200, 0, Some("0")));
    assert_eq!(granted(&answer), expected(&grant(PAGE)));
    assert_eq!(
        granted(&preflight(&world, "/bkt", "http://test.origin.com", "GET", "").await),
        expected(&grant("http://test.origin.com"))
    );
    let asked = "x-amz-expected-bucket-owner,X-Amz-Server-Side-Encryption";
    let mut with = grant(PAGE);
    with.push(("allow-headers", "x-amz-expected-bucket-owner, x-amz-server-side-encryption"));
    assert_eq!(granted(&preflight(&world, "/bkt/k", PAGE, "GET", asked).await), expected(&with));
    let any = preflight(&world, "/bkt/k", "https://anywhere.test", "HEAD", "").await;
    assert_eq!(granted(&any), expected(&[("allow-methods", "HEAD"), ("allow-origin", "*")]));
    // Never held against a signature, whatever its query carries.
    let signed = "/bkt/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20200101%2Fus-east-1%2Fs3%2Faws4_request\
                  &X-Amz-Date=20200101T000000Z&X-Amz-Expires=1&X-Amz-SignedHeaders=host&X-Amz-Signature=0";
    assert_eq!(preflight(&world, signed, PAGE, "PUT", "").await.status, 200);
    for (path, origin, method, asked, resource) in [
        ("/bkt/k", "https://localhost:4201", "PUT", "", "OBJECT"),
        ("/bkt", "http://origin.com", "GET", "", "BUCKET"),
        ("/bkt/k", PAGE, "DELETE", "", "OBJECT"),
        ("/bkt/k", PAGE, "GET", "x-amz-acl", "OBJECT"),
    ] {
        let answer = preflight(&world, path, origin, method, asked).await;
        assert_eq!(answer.failure(), (403, "AccessForbidden".into()));
        assert_eq!(
            (answer.element("Method"), answer.element("ResourceType")),
            (Some(method.into()), Some(resource.into()))
        );
        assert_eq!(
            answer.element("Message").unwrap(),
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request \
             method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the \
             resource's CORS spec."
        );
        assert_eq!(granted(&answer), []);
    }
    world.close().await;
}

#[tokio::test]
async fn without_rules_a_preflight_says_why() {
    let world = world("").await;
    let answer = world.receive("OPTIONS", "/bkt/k", &[], "").await;
    assert_eq!(answer.failure(), (400, "BadRequest".into()));
    for (path, message) in [
        ("/bkt/k", "CORSResponse: CORS is not enabled for this bucket."),
        ("/none/k", "CORSResponse: Bucket not found"),
    ] {
        let answer = preflight(&world, path, PAGE, "PUT", "").await;
        assert_eq!(
            (answer.failure(), answer.element("Message")),
            ((403, "AccessForbidden".into()), Some(message.into()))
        );
    }
    world.close().await;
}

#[tokio::test]
async fn answers_say_which_page_may_read_them() {
    let world = world(&rule(&[PAGE], &["GET", "PUT"], "<MaxAgeSeconds>5</MaxAgeSeconds>")).await;
    let grant =
        [("allow-credentials", "true"), ("allow-methods", "GET, PUT"), ("allow-origin", PAGE), ("max-age", "5")];
    for (method, path, status) in [("GET", "/bkt/k", 200), ("GET", "/bkt/none", 404), ("PUT", "/bkt/l", 200)] {
        let answer = world.send(method, path, &[("origin", PAGE)], "").await;
        assert_eq!((answer.status, granted(&answer)), (status, expected(&grant)), "{method} {path}");
    }
    // What is refused at the door as well.
    let expired = "/bkt/k?AWSAccessKeyId=test&Signature=x&Expires=1";
    let answer = world.receive("GET", expired, &[("origin", PAGE)], "").await;
    assert_eq!((answer.status, granted(&answer)), (403, expected(&grant)));
    for (method, headers) in [
        ("GET", &[("origin", "https://other.test")][..]),
        ("DELETE", &[("origin", PAGE)]),
        ("GET", &[]),
        ("GET", &[("origin", PAGE), ("access-control-request-headers", "x-amz-acl")]),
    ] {
        let answer = world.send(method, "/bkt/k2", headers, "").await;
        assert_eq!(granted(&answer), [], "{method} {headers:?}");
    }
    world.close().await;
}

#[tokio::test]
async fn the_rules_of_a_bucket_let_pages_in() {
    let rules =
        rule(&[PAGE, "http://*.test", "null"], &["GET"], "") + &rule(&["*", "http://late.example"], &["HEAD"], "");
    let world = world(&rules).await;
    let caller = |key: &str, secret: &str| {
        Caller::identity(&Identity::new(key, secret).unwrap(), Service::S3, "us-east-1", Signed::Header)
    };
    let (public, own) = (caller("test", "test"), caller("OWN", "secret"));
    let unknown = Caller::root("MADEUP", Service::S3, "us-east-1", Signed::Header);
    let (evil, late, pattern) = ("http://evil.example", "http://late.example", "http://a.test");
    for (who, caller, method, path, origin, expected) in [
        // Named word for word, with any key that is verified.
        (Who::Site, &public, Method::GET, "/bkt/k", Some(PAGE), 200),
        (Who::Site, &own, Method::GET, "/bkt/k", Some(PAGE), 200),
        (Who::Site, &unknown, Method::GET, "/bkt/k", Some(PAGE), 403),
        (Who::Dev, &unknown, Method::GET, "/bkt/k", Some(PAGE), 403),
        (Who::Site, &public, Method::HEAD, "/bkt/k", Some(late), 200),
        // By a star or a pattern, and `null`, which any page can have: not with the key that all pages know.
        (Who::Site, &public, Method::GET, "/bkt/k", Some(pattern), 403),
        (Who::Site, &own, Method::GET, "/bkt/k", Some(pattern), 200),
        (Who::Site, &public, Method::GET, "/bkt/k", Some("null"), 403),
        (Who::Site, &public, Method::HEAD, "/bkt/k", Some(evil), 403),
        (Who::Site, &own, Method::HEAD, "/bkt/k", Some(evil), 200),
        (Who::Site, &unknown, Method::HEAD, "/bkt/k", Some(evil), 403),
        (Who::Dev, &public, Method::HEAD, "/bkt/k", Some(evil), 200),
        // What no rule allows.
        (Who::Site, &public, Method::GET, "/bkt/k", None, 403),
        (Who::Site, &public, Method::GET, "/", Some(PAGE), 403),
        (Who::Site, &public, Method::DELETE, "/bkt/k", Some(PAGE), 403),
        (Who::Dev, &public, Method::DELETE, "/bkt/k", Some(PAGE), 403),
        (Who::Dev, &public, Method::PUT, "/new", Some(PAGE), 403),
        (Who::Dev, &public, Method::POST, "/bkt?delete", Some(PAGE), 403),
    ] {
        let mut request = Request::builder().method(&method).uri(path).header("host", "localhost:4566");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let mut request = request.header("content-length", 0).body(footbridge::emulator::body::empty()).unwrap();
        request.extensions_mut().insert(who);
        let status = crate::harness::answer(&world.service, caller, request).await.status().as_u16();
        assert_eq!(status, expected, "{who:?} {:?} {method} {path} {origin:?}", caller.access_key);
    }
    assert_eq!(world.send("GET", "/bkt/k", &[], "").await.text(), "test-cors");
    world.close().await;
}
