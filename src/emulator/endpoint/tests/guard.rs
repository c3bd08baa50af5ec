//! Hosts, and what the endpoint itself says to pages.

use http::StatusCode;

use super::*;
use crate::emulator::pages::Who;

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
async fn a_request_names_one_origin_at_most() {
    let guard = Guard::new(&[], None, &list(&["http://app.test"])).unwrap();
    let served = Served::echo(guarded(guard)).await;
    for path in ["/b/k", "/_footbridge/health"] {
        for origins in
            [["http://app.test", "http://app.test"], ["http://app.test", "null"], ["null", "http://app.test"]]
        {
            let headers = origins.map(|origin| format!("Origin: {origin}\r\n")).concat();
            assert_eq!(status(&served.get(path, &headers).await), "400", "{path} {headers}");
        }
    }
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
        Response::new(body::full(Who::marked(request.extensions()).word().unwrap_or("person")))
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
async fn what_a_page_asks_of_s3_is_marked_and_the_rest_is_refused() {
    let served = marking().await;
    let own = format!("http://localhost:{}", served.addresses[0].port());
    for (origin, who) in [
        ("https://evil.com", "site"),
        ("null", "site"),
        ("file://localhost", "site"),
        ("http://localhost", "site"),
        (own.as_str(), "site"),
        ("http://localhost:3000", "dev"),
    ] {
        let origin = format!("Origin: {origin}\r\n");
        let presigned = "/b/k?X-Amz-Credential=k%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=s";
        for (path, headers, expected) in [
            ("/b/k", "", who),
            ("/", "", who),
            (presigned, "", who),
            ("/b/k", "Sec-Fetch-Site: none\r\n", who),
            ("/_footbridge/reset", "", "403"),
            ("/_footbridge/other", "", "403"),
            ("/_localstack/init", "", "403"),
            ("/", "X-Amz-Target: DynamoDB_20120810.ListTables\r\n", "403"),
            ("/", "Authorization: AWS4-HMAC-SHA256 Credential=k/20261122/r/dynamodb/aws4_request, x\r\n", "403"),
            ("/", "Authorization: AWS4-HMAC-SHA256 Credential=k/20261122/r/sts/aws4_request, x\r\n", "403"),
            (&presigned.replace("s3", "dynamodb"), "", "403"),
            (&presigned.replace("/b/k", "/_footbridge/reset"), "", "403"),
            ("/b/k", "Service-Worker: script\r\n", "403"),
        ] {
            let answer = served.get(path, &format!("{origin}{headers}")).await;
            assert_eq!(outcome(&answer), expected, "{origin}{path} {headers}");
        }
        for path in ["/_footbridge/health", "/_localstack/health"] {
            let answer = served.get(path, &origin).await;
            assert_eq!(status(&answer), "200", "{origin}{path}");
            assert!(!answer.to_ascii_lowercase().contains("access-control-allow-origin"), "{answer}");
        }
        // A page may send these without a preflight.
        for (path, kind, expected) in [
            ("/b?delete", "text/plain", who),
            ("/b", "multipart/form-data; boundary=b", who),
            ("/", "application/x-www-form-urlencoded", "403"),
            ("/_footbridge/reset", "multipart/form-data; boundary=b", "403"),
            ("/_localstack/state/reset", "text/plain", "403"),
        ] {
            let post = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\n{origin}Content-Type: {kind}\r\nContent-Length: 0\r\n\
                 Connection: close\r\n\r\n"
            );
            assert_eq!(outcome(&served.send(&post).await), expected, "{origin}{path} {kind}");
        }
    }
    for headers in ["", "Sec-Fetch-Site: none\r\n", "Sec-Fetch-Mode: cors\r\n"] {
        assert_eq!(outcome(&served.get("/b/k", headers).await), "person", "{headers}");
    }
    assert_eq!(outcome(&served.get("/b/k", "Service-Worker: script\r\n").await), "403");
    let answer = served.get("/_footbridge/other", "Origin: https://evil.com\r\n").await;
    assert!(answer.contains("a page of the origin https://evil.com"), "{answer}");
    let preflight = "OPTIONS /b/k HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.com\r\n\
                     Access-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n";
    assert_eq!(outcome(&served.send(preflight).await), "site");
    assert_eq!(status(&served.send(&preflight.replace("/b/k", "/_footbridge/reset")).await), "403");
    assert_eq!(status(&served.send(&preflight.replace("Host: localhost", "Host: evil.com")).await), "403");
    served.end().await;
}

#[tokio::test]
async fn the_host_of_a_bucket_serves_s3_alone() {
    let served = marking().await;
    let ask = |host: &str, headers: &str| {
        format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n")
    };
    for headers in [
        "X-Amz-Target: DynamoDB_20120810.ListTables\r\n",
        "Authorization: AWS4-HMAC-SHA256 Credential=k/20261122/r/sts/aws4_request, x\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
    ] {
        for (host, expected) in [
            ("localhost", "200"),
            ("127.0.0.1:4566", "200"),
            ("localhost.", "200"),
            ("b.localhost", "400"),
            ("b.localhost.:4566", "400"),
            ("b.LocalHost", "400"),
        ] {
            assert_eq!(status(&served.send(&ask(host, headers)).await), expected, "{host} {headers}");
        }
    }
    assert_eq!(outcome(&served.send(&ask("b.localhost", "")).await), "person");
    served.end().await;
}

#[tokio::test]
async fn every_answer_is_inert() {
    let served = Served::start(settings(), |request: Request<Body>| async move {
        let mut response = Response::new(body::full("<script>"));
        let kind = request.headers().get("x-kind").cloned();
        if let Some(kind) = kind {
            response.headers_mut().insert("content-type", kind);
        }
        response
    })
    .await;
    for (kind, sandboxed) in [
        ("text/html", true),
        ("TEXT/HTML; charset=utf-8", true),
        ("application/xhtml+xml", true),
        ("image/svg+xml", true),
        ("text/xml", true),
        ("application/rss+xml", true),
        ("text/xsl", true),
        ("multipart/x-mixed-replace; boundary=b", true),
        ("text/plain, text/html", true),
        ("texthtml", true),
        ("text/html garbage", true),
        ("", true),
        ("application/pdf", false),
        ("image/png", false),
        ("video/mp4", false),
        ("text/plain; charset=utf-8", false),
        ("application/json", false),
        ("binary/octet-stream", false),
    ] {
        let header = if kind.is_empty() { String::new() } else { format!("X-Kind: {kind}\r\n") };
        let answer = served.get("/b/k", &header).await;
        assert!(answer.contains("x-content-type-options: nosniff\r\n"), "{kind}: {answer}");
        assert_eq!(answer.contains("content-security-policy: sandbox\r\n"), sandboxed, "{kind}: {answer}");
    }
    let refused = served.get("/_footbridge/other", "Origin: null\r\n").await;
    assert!(refused.contains("content-security-policy: sandbox\r\n"), "{refused}");
    assert!(refused.contains("no-referrer"), "{refused}");
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
