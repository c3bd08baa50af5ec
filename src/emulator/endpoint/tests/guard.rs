//! Hosts, origins and presigned requests.

use http::StatusCode;

use super::*;
use crate::emulator::auth::{ForeignPage, MustVerify};

fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn guarded(guard: Guard) -> Settings {
    Settings { guard, ..settings() }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or(answer)
}

#[tokio::test]
async fn only_our_hosts_are_answered() {
    let guard = Guard::new(&list(&["DevBox", "*.wild.test", "10.1.2.3"]), Some("http://pub.test:4566/"), &[]).unwrap();
    let served = Served::echo(guarded(guard)).await;
    let ours = [
        "localhost",
        "LOCALHOST:4566",
        "localhost.",
        "127.0.0.1:4566",
        "127.1.2.3",
        "[::1]:4566",
        "b.localhost:4566",
        "my.bucket.s3.localhost.localstack.cloud:4566",
        "localhost.localstack.cloud",
        "devbox:1",
        "a.b.wild.test",
        "pub.test",
        "bucket.pub.test:4566",
        "10.1.2.3:4566",
    ];
    let foreign = [
        "evil.com",
        "localhost.evil.com",
        "evillocalhost",
        "127.0.0.1.evil.com",
        "wild.test",
        "x.devbox",
        "8.8.8.8",
        "[2001:db8::1]:80",
        "notpub.test",
        "localhost@evil.com",
        "0.0.0.0",
    ];
    for (hosts, expected) in [(&ours[..], "200"), (&foreign[..], "403")] {
        for host in hosts {
            let answer = served.send(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
            assert_eq!(status(&answer), expected, "{host}");
        }
    }
    let answer = served.send("GET / HTTP/1.1\r\nHost: evil.com:4566\r\nConnection: close\r\n\r\n").await;
    assert!(answer.contains("allow it: --allow-host evil.com<"), "{answer}");
    let target = "X-Amz-Target: DynamoDB_20120810.ListTables\r\n";
    let answer = served.send(&format!("POST / HTTP/1.1\r\nHost: evil.com\r\n{target}Connection: close\r\n\r\n")).await;
    assert!(answer.contains("\"__type\":\"AccessDenied\""), "{answer}");
    served.end().await;
}

#[tokio::test]
async fn a_request_names_one_host() {
    let served = Served::echo(settings()).await;
    let cases = [
        ("GET / HTTP/1.1\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost:\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.com\r\n", "400"),
        ("GET http://evil.com/ HTTP/1.1\r\nHost: localhost\r\n", "400"),
        ("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n", "200"),
    ];
    for (head, expected) in cases {
        assert_eq!(status(&served.send(&format!("{head}Connection: close\r\n\r\n")).await), expected, "{head}");
    }
    served.end().await;
}

/// Says how the guard marked a request.
async fn marking() -> Served {
    Served::start(settings(), |request: Request<Body>| async move {
        let known = request.extensions();
        let marks = (known.get::<MustVerify>().is_some(), known.get::<ForeignPage>().is_some());
        Response::new(body::full(match marks {
            (false, false) => "plain",
            (true, false) => "must verify",
            (false, true) => "foreign page",
            (true, true) => "both",
        }))
    })
    .await
}

/// What the handler said, or the status of a refusal.
fn outcome(answer: &str) -> &str {
    match status(answer) {
        "200" => answer.split_once("\r\n\r\n").map_or("", |(_, body)| body),
        refused => refused,
    }
}

#[tokio::test]
async fn a_page_of_another_origin_reaches_s3_alone_and_is_marked() {
    let served = marking().await;
    for origin in ["https://evil.com", "null", "http://localhost:3000", "file://localhost"] {
        let origin = format!("Origin: {origin}\r\n");
        for (path, headers, expected) in [
            ("/b/k", "", "foreign page"),
            ("/", "", "foreign page"),
            ("/b/k", "Sec-Fetch-Site: same-origin\r\n", "foreign page"),
            ("/_footbridge/health", "", "403"),
            ("/_footbridge/reset", "", "403"),
            ("/_localstack/health", "", "403"),
            ("/", "X-Amz-Target: DynamoDB_20120810.ListTables\r\n", "403"),
            ("/", "Authorization: AWS4-HMAC-SHA256 Credential=k/20261122/r/dynamodb/aws4_request, x\r\n", "403"),
            ("/", "Authorization: AWS4-HMAC-SHA256 Credential=k/20261122/r/sts/aws4_request, x\r\n", "403"),
        ] {
            let answer = served.get(path, &format!("{origin}{headers}")).await;
            assert_eq!(outcome(&answer), expected, "{origin}{path} {headers}");
        }
    }
    for headers in ["", "Origin: http://localhost\r\n", "Sec-Fetch-Site: same-origin\r\n", "Sec-Fetch-Site: none\r\n"] {
        assert_eq!(outcome(&served.get("/b/k", headers).await), "plain", "{headers}");
    }
    // A load or a navigation names no origin, so that no rule can name it.
    assert_eq!(outcome(&served.get("/b/k", "Sec-Fetch-Site: cross-site\r\n").await), "403");
    let answer = served.get("/_footbridge/health", "Origin: https://evil.com\r\n").await;
    assert!(answer.contains("a page of the origin https://evil.com"), "{answer}");
    assert!(!answer.to_ascii_lowercase().contains("access-control-allow-origin"), "{answer}");
    let preflight = "OPTIONS /b/k HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.com\r\n\
                     Access-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n";
    assert_eq!(outcome(&served.send(preflight).await), "plain");
    assert_eq!(status(&served.send(&preflight.replace("/b/k", "/_footbridge/reset")).await), "403");
    assert_eq!(status(&served.send(&preflight.replace("Host: localhost", "Host: evil.com")).await), "403");
    // A page may send these without a preflight.
    for (kind, expected) in [("text/plain", "foreign page"), ("application/x-www-form-urlencoded", "foreign page")] {
        let post = format!(
            "POST /b?delete HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.com\r\nContent-Type: {kind}\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        );
        assert_eq!(outcome(&served.send(&post).await), expected, "{kind}");
        let sts = post.replace("/b?delete", "/");
        let expected = if kind == "text/plain" { expected } else { "403" };
        assert_eq!(outcome(&served.send(&sts).await), expected, "{kind}");
    }
    served.end().await;
}

#[tokio::test]
async fn presigned_requests_and_forms_of_other_origins_pass_but_must_be_verified() {
    let served = marking().await;
    let v4 = "/b/k?X-Amz-Credential=k%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=s";
    let v2 = "/b/k?AWSAccessKeyId=k&Signature=s&Expires=1";
    for headers in ["Origin: https://evil.com\r\n", "Sec-Fetch-Site: cross-site\r\n"] {
        for presigned in [v4, v2] {
            assert_eq!(outcome(&served.get(presigned, headers).await), "must verify", "{headers}");
        }
        let form = format!(
            "POST /b HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Type: multipart/form-data; boundary=b\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        );
        assert_eq!(outcome(&served.send(&form).await), "must verify", "{headers}");
        for path in ["/_footbridge/reset", "/_localstack/state/reset"] {
            assert_eq!(outcome(&served.send(&form.replace("POST /b ", &format!("POST {path} "))).await), "403");
        }
    }
    assert_eq!(outcome(&served.get(v4, "").await), "plain");
    let others = [
        (v4.replace("s3", "dynamodb"), "", "403"),
        (v4.replace("/b/k", "/_footbridge/reset"), "", "403"),
        ("/b/k?X-Amz-Signature=s".to_owned(), "", "foreign page"),
        (v4.to_owned(), "Authorization: AWS4-HMAC-SHA256 x\r\n", "foreign page"),
    ];
    for (path, headers, expected) in others {
        let answer = served.get(&path, &format!("Origin: https://evil.com\r\n{headers}")).await;
        assert_eq!(outcome(&answer), expected, "{path}");
    }
    served.end().await;
}

#[tokio::test]
async fn allowed_origins_may_ask_and_read() {
    let guard = Guard::new(&[], None, &list(&["http://localhost:3000/"])).unwrap();
    let served = Served::echo(guarded(guard)).await;
    let answer = served.get("/b/k", "Origin: http://localhost:3000\r\n").await.to_ascii_lowercase();
    assert!(answer.contains("access-control-allow-origin: http://localhost:3000\r\n"), "{answer}");
    assert!(answer.contains("vary: origin\r\n"), "{answer}");
    let preflight = "OPTIONS /b/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                     Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-amz-date,content-md5\r\n";
    let answer = served.send(&format!("{preflight}Origin: http://localhost:3000\r\n\r\n")).await.to_ascii_lowercase();
    assert_eq!(status(&answer), StatusCode::NO_CONTENT.as_str());
    assert!(answer.contains("access-control-allow-headers: x-amz-date,content-md5\r\n"), "{answer}");
    // Of another origin, the bucket's rules decide.
    let answer = served.send(&format!("{preflight}Origin: http://localhost:3001\r\n\r\n")).await;
    assert_eq!(status(&answer), "200");
    served.end().await;
}

#[test]
fn rules_that_mean_nothing_are_refused() {
    for host in ["", "*", "http://devbox", "devbox:4566", "a b", "*."] {
        assert!(Guard::new(&list(&[host]), None, &[]).is_err(), "{host}");
    }
    for url in ["devbox", "/x", "ftp://devbox", "http://"] {
        assert!(Guard::new(&[], Some(url), &[]).is_err(), "{url}");
    }
    for origin in ["*", "localhost:3000", "http://localhost/path", "http://", "null"] {
        assert!(Guard::new(&[], None, &list(&[origin])).is_err(), "{origin}");
    }
}
