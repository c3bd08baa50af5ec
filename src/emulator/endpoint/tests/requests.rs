//! Limits, health, and what becomes of a handler that fails.

use serde_json::{Value, json};

use super::*;
use crate::clock::SystemClock;
use crate::emulator::auth::{AuthContext, Identities, Seal, Service, admit, aws_error};

fn limited(limits: Limits) -> Settings {
    Settings { limits, ..settings() }
}

fn json_of(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn headers_that_do_not_end_close_the_connection() {
    let served = Served::echo(limited(Limits { header_timeout: Duration::from_millis(50), ..Limits::default() })).await;
    for head in ["", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
        let mut stream = served.connect().await;
        stream.write_all(head.as_bytes()).await.unwrap();
        assert_eq!(rest(&mut stream).await, "");
    }
    // On a busy machine a whole head may take longer too. Sooner or later one is in time.
    let answered = async { while !served.get("/after", "").await.ends_with("GET /after") {} };
    timeout(DEADLINE, answered).await.expect("others are answered");
    served.end().await;
}

#[tokio::test]
async fn headers_over_the_limits_are_refused() {
    let served = Served::echo(settings()).await;
    let huge = format!("X-Huge: {}\r\n", "a".repeat(70 * 1024));
    let many = "X-Many: 1\r\n".repeat(201);
    for headers in [&huge, &many] {
        assert!(served.get("/", headers).await.starts_with("HTTP/1.1 431 "));
    }
    assert!(served.get("/", &"X-Some: 1\r\n".repeat(150)).await.starts_with("HTTP/1.1 200 "));
    served.end().await;
}

#[tokio::test]
async fn what_is_not_http_gets_an_answer_and_harms_nobody() {
    let served = Served::echo(settings()).await;
    for raw in ["\0\x01\x02\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let answer = served.send(raw).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{raw:?}: {answer}");
    }
    assert!(served.get("/after", "").await.ends_with("GET /after"));
    served.end().await;
}

#[tokio::test]
async fn connections_over_the_limit_wait_for_a_place() {
    let served = Served::echo(limited(Limits { max_connections: 1, ..Limits::default() })).await;
    let mut first = served.connect().await;
    first.write_all(b"GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    until(&mut first, "GET /1").await;
    let mut second = served.connect().await;
    second.write_all(b"GET /2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    // The first still has the only place, so it is answered before the second.
    first.write_all(b"GET /3 HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    until(&mut first, "GET /3").await;
    assert_eq!(second.try_read(&mut [0; 1]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    drop(first);
    assert!(rest(&mut second).await.ends_with("GET /2"));
    served.end().await;
}

#[tokio::test]
async fn a_body_is_asked_for_only_when_it_is_read() {
    let served = Served::start(settings(), |request: Request<Body>| async move {
        if request.uri().path() == "/refused" {
            return Response::new(body::full("unread"));
        }
        Response::new(body::full(body::read(request.into_body(), 100).await.unwrap()))
    })
    .await;
    let head = |path: &str| {
        format!("PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
    };
    let mut stream = served.connect().await;
    stream.write_all(head("/read").as_bytes()).await.unwrap();
    assert_eq!(until(&mut stream, "\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"body").await.unwrap();
    assert!(until(&mut stream, "body").await.starts_with("HTTP/1.1 200 OK"));
    let mut stream = served.connect().await;
    stream.write_all(head("/refused").as_bytes()).await.unwrap();
    let refused = until(&mut stream, "unread").await;
    // A body that comes all the same is not taken for a request.
    assert!(refused.starts_with("HTTP/1.1 200 OK") && refused.contains("connection: close\r\n"), "{refused}");
    assert_eq!(rest(&mut stream).await, "");
    served.end().await;
}

#[tokio::test]
async fn health_is_said_in_our_form_and_in_localstacks() {
    let served = Served::echo(settings()).await;
    let ours = json_of(&served.get("/_footbridge/health", "").await);
    let expected = json!({
        "status": "ok", "name": "footbridge", "version": "1.2.3", "pid": std::process::id(), "directory": "d1",
        "services": ["s3", "dynamodb", "sts"],
    });
    assert_eq!(ours, expected);
    let theirs = json_of(&served.get("/_localstack/health", "").await);
    assert_eq!(theirs["services"], json!({ "s3": "running", "dynamodb": "running", "sts": "running" }));
    assert_eq!(theirs["version"], "1.2.3");
    let head = "HEAD /_localstack/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = served.send(head).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("\r\n\r\n"), "{answer}");
    served.end().await;
}

#[tokio::test]
async fn internal_paths_do_not_reach_the_handler() {
    let internal: Internal = Arc::new(|request| {
        Box::pin(async move {
            (request.uri().path() == "/_footbridge/known").then(|| Response::new(body::full("internal")))
        })
    });
    let served = Served::echo(Settings { internal: Some(internal), ..settings() }).await;
    assert!(served.get("/_footbridge/known", "").await.ends_with("internal"));
    for path in ["/_footbridge/other", "/_localstack/init"] {
        let answer = served.get(path, "").await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
        assert!(json_of(&answer)["message"].as_str().unwrap().contains(path));
    }
    assert!(served.get("/_footbridge", "").await.ends_with("GET /_footbridge"));
    let key = "GET /_footbridge/health HTTP/1.1\r\nHost: bucket.localhost\r\nConnection: close\r\n\r\n";
    assert!(served.send(key).await.ends_with("GET /_footbridge/health"));
    served.end().await;
}

#[tokio::test]
async fn a_panic_is_a_500_and_the_endpoint_goes_on() {
    let served = Served::start(settings(), |request: Request<Body>| async move {
        assert_ne!(request.uri().path(), "/panic", "on purpose");
        Response::new(body::full("well"))
    })
    .await;
    let answer = served.get("/panic", "").await;
    assert!(answer.starts_with("HTTP/1.1 500 ") && answer.contains("<Code>InternalError</Code>"), "{answer}");
    let answer = served.get("/panic", "X-Amz-Target: DynamoDB_20120810.GetItem\r\n").await;
    assert!(answer.contains("\"__type\":\"InternalServerError\""), "{answer}");
    assert!(served.get("/", "").await.ends_with("well"));
    served.end().await;
}

#[tokio::test]
async fn a_body_that_breaks_off_ends_with_an_aws_error() {
    let context = AuthContext {
        clock: Arc::new(SystemClock),
        identities: Identities::default(),
        strict: false,
        sessions: Seal::in_memory(),
    };
    let (tell, told) = tokio::sync::mpsc::unbounded_channel::<String>();
    let served = Served::start(settings(), move |request: Request<Body>| {
        let (context, tell) = (context.clone(), tell.clone());
        async move {
            let (_, request) = admit(request, Service::S3, &context).await.unwrap();
            let error = body::read(request.into_body(), 100).await.unwrap_err();
            tell.send(aws_error(error.as_ref()).unwrap().code.to_string()).unwrap();
            Response::new(body::empty())
        }
    })
    .await;
    let mut told = told;
    for head in ["Content-Length: 10\r\n\r\nabcd", "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n"] {
        let mut stream = served.connect().await;
        stream.write_all(format!("PUT /b/k HTTP/1.1\r\nHost: localhost\r\n{head}").as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(timeout(DEADLINE, told.recv()).await.unwrap().unwrap(), "IncompleteBody");
    }
    served.end().await;
}
