//! The server in a program of somebody else's, with an authenticator and an authorizer of its own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use footbridge::clock::ManualClock;
use footbridge::mcp::{
    Authenticator, Authorizer, BoxError, Bridge, Caller, Client, Decision, Effect, HttpOptions, Options, Principal,
    Target, Unauthenticated,
};
use http::HeaderMap;
use serde_json::json;

use super::{Served, call, in_session, message};
use crate::support::Here;

/// Knows people by a header of a proxy.
struct Proxy;

#[async_trait]
impl Authenticator for Proxy {
    async fn authenticate(&self, headers: &HeaderMap) -> Result<Principal, Unauthenticated> {
        match headers.get("x-user").and_then(|user| user.to_str().ok()) {
            Some("nobody") => panic!("an authenticator that fails"),
            Some(user) => Ok(Principal::new(user)),
            None => {
                let challenge = r#"Bearer resource_metadata="https://example.com/mcp""#.to_owned();
                Err(Unauthenticated { message: "sign in first".to_owned(), challenge })
            }
        }
    }
}

/// Lets ann write and everybody read, and keeps who asked.
#[derive(Default, Clone)]
struct Rule(Arc<Mutex<Vec<Client>>>);

#[async_trait]
impl Authorizer for Rule {
    async fn check(
        &self,
        caller: &Caller,
        _tool: &str,
        _target: &Target,
        _resources: &[String],
        effect: Effect,
    ) -> Result<Decision, BoxError> {
        let Caller::Client(client) = caller else { return Err("not a client".into()) };
        self.0.lock().unwrap().push(client.clone());
        let may = effect == Effect::Read || client.principal.as_deref() == Some("ann");
        Ok(if may { Decision::Allow } else { Decision::Deny("ask ann".to_owned()) })
    }
}

async fn served(here: &Here, rule: &Rule, clock: &ManualClock) -> Served {
    let options = Options { authorizer: Arc::new(rule.clone()), ..here.options() };
    let clock = Arc::new(clock.clone());
    Served::new(Bridge::new(options), HttpOptions { clock, ..HttpOptions::new(Proxy) }).await
}

fn by(
    mut request: http::Request<http_body_util::Full<bytes::Bytes>>,
    user: &str,
) -> http::Request<http_body_util::Full<bytes::Bytes>> {
    request.headers_mut().remove("authorization");
    request.headers_mut().insert("x-user", user.parse().unwrap());
    request
}

#[tokio::test]
async fn both_hooks_decide_and_the_second_sees_whom_the_first_found() {
    let here = Here::new().await;
    let rule = Rule::default();
    let clock = ManualClock::at_millis(1_000);
    let served = served(&here, &rule, &clock).await;
    let make =
        |id, bucket: &str| served.stateless(id, "tools/call", call("s3_create_bucket", json!({ "bucket": bucket })));
    let read = |id| served.stateless(id, "tools/call", call("s3_list_buckets", json!({})));

    let stranger = served.send(read(1)).await;
    assert_eq!(stranger.status, 401);
    assert_eq!(stranger.headers["www-authenticate"], r#"Bearer resource_metadata="https://example.com/mcp""#);
    assert_eq!(served.send(by(read(1), "nobody")).await.status, 401, "one that panics lets nobody in");
    assert!(rule.0.lock().unwrap().is_empty());

    assert_eq!(served.send(by(make(1, "anns"), "ann")).await.tool()["created"], "anns");
    let refused = served.send(by(make(1, "bobs"), "bob")).await.last();
    assert_eq!(refused["result"]["isError"], true, "{refused}");
    assert!(refused["result"]["content"][0]["text"].as_str().unwrap().contains("ask ann"), "{refused}");
    served.send(by(read(2), "ann")).await.tool();
    clock.advance(Duration::from_hours(1));
    served.send(by(read(3), "ann")).await.tool();

    let seen = rule.0.lock().unwrap();
    let named: Vec<_> = seen.iter().map(|client| (client.name.as_str(), client.principal.as_deref())).collect();
    assert_eq!(named, [("raw", Some("ann")), ("raw", Some("bob")), ("raw", Some("ann")), ("raw", Some("ann"))]);
    let session = |at: usize| seen[at].session;
    assert_eq!(session(0), session(2), "one principal's calls are one session");
    assert_ne!(session(0), session(1));
    assert_ne!(session(0), session(3), "for an hour");
}

#[tokio::test]
async fn a_session_is_one_for_the_authorizer_and_belongs_to_who_began_it() {
    let here = Here::new().await;
    let rule = Rule::default();
    let served = served(&here, &rule, &ManualClock::at_millis(1)).await;
    let client = json!({ "name": "older", "version": "2" });
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let begun = served.send(by(served.post(message(1, "initialize", &params)), "ann")).await;
        sessions.push(begun.headers["mcp-session-id"].to_str().unwrap().to_owned());
    }
    let ask = |session: &str, user: &str| {
        let body = message(2, "tools/call", &call("s3_list_buckets", json!({})));
        served.send(by(in_session(served.post(body), session), user))
    };
    ask(&sessions[0], "ann").await.tool();
    ask(&sessions[0], "ann").await.tool();
    ask(&sessions[1], "ann").await.tool();
    let other = ask(&sessions[0], "bob").await;
    assert_eq!((other.status.as_u16(), other.last()["error"]["code"].as_i64()), (404, Some(-32001)), "{other:?}");
    let ended = by(in_session(served.bare(http::Method::DELETE, "/mcp"), &sessions[0]), "bob");
    assert_eq!(served.send(ended).await.status, 404);
    let listens = by(in_session(served.bare(http::Method::GET, "/mcp"), &sessions[0]), "bob");
    assert_eq!(served.send(listens).await.status, 404);

    let seen = rule.0.lock().unwrap();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|client| client.name == "older" && client.version == "2"));
    assert_eq!(seen[0].session, seen[1].session);
    assert_ne!(seen[0].session, seen[2].session);
}
