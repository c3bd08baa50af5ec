//! The owner's attach listener: where other processes of the same user reach its data.

use std::net::SocketAddr;
use std::sync::Arc;

use http::{HeaderValue, Request, Response, StatusCode};

use super::attached::{CONTROL, DIRECTORY, INVENTORY, MUST_VERIFY, OWN_CALL, PAGE, TOKEN};
use super::server::Server;
use super::{health, same_secret};
use crate::emulator::auth::MustVerify;
use crate::emulator::body::{self, Body};
use crate::emulator::endpoint::{BindError, Guard, Limits, Listen, Settings};
use crate::emulator::observer::OwnCall;
use crate::emulator::pages::Who;
use crate::emulator::{Emulator, ToolCall};

/// The longest request of our own that is no AWS call, in bytes.
const MAX_ASKED: usize = 1 << 20;

/// A loopback listener on a port that the kernel gave.
#[derive(Debug)]
pub struct AttachListener {
    server: Server,
}

impl AttachListener {
    /// Listens for calls that carry `token` and the directory's id.
    pub async fn start(emulator: &Emulator, directory: &str, token: &str) -> Result<Self, BindError> {
        let listeners = Listen::loopback(0).bind().await?;
        let door =
            Arc::new(Door { emulator: emulator.clone(), directory: directory.to_owned(), token: token.to_owned() });
        let id = directory.to_owned();
        let settings = Settings {
            // The token says who may come in; the Host is that of the call as its client made it.
            guard: Guard::none(),
            limits: Limits::default(),
            health: Arc::new(move || health(Some(&id))),
            internal: None,
        };
        let handler = move |request| {
            let door = Arc::clone(&door);
            async move {
                let mut response = door.answer(request).await;
                // A port is given out again: only an answer that says whose it is counts.
                if let Ok(directory) = HeaderValue::from_str(&door.directory) {
                    response.headers_mut().insert(DIRECTORY, directory);
                }
                response
            }
        };
        Ok(Self { server: Server::start(listeners, settings, handler) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.addresses()[0]
    }

    /// Takes no more calls and returns when those under way are answered.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

struct Door {
    emulator: Emulator,
    directory: String,
    token: String,
}

impl Door {
    async fn answer(&self, mut request: Request<Body>) -> Response<Body> {
        let headers = request.headers_mut();
        let mut is = |name, expected: &str| {
            headers.remove(name).is_some_and(|value| same_secret(value.as_bytes(), expected.as_bytes()))
        };
        // Not short-circuited: both are removed before the emulator sees the request.
        if !(is(TOKEN, &self.token) & is(DIRECTORY, &self.directory)) {
            let mut response = Response::new(body::full("this address belongs to another footbridge data directory\n"));
            *response.status_mut() = StatusCode::MISDIRECTED_REQUEST;
            return response;
        }
        if request.headers_mut().remove(OWN_CALL).is_some() {
            request.extensions_mut().insert(OwnCall);
        }
        let call = request.headers_mut().remove(ToolCall::HEADER);
        if let Some(call) = call.and_then(|call| ToolCall::of_header(call.to_str().ok()?)) {
            request.extensions_mut().insert(call);
        }
        if request.headers_mut().remove(MUST_VERIFY).is_some() {
            request.extensions_mut().insert(MustVerify);
        }
        if let Some(word) = request.headers_mut().remove(PAGE) {
            request.extensions_mut().insert(Who::of_word(word.as_bytes()));
        }
        if request.headers_mut().remove(INVENTORY).is_some() {
            return self.inventory();
        }
        if request.headers_mut().remove(CONTROL).is_some() {
            return self.control(request).await;
        }
        self.emulator.handle(request).await
    }

    async fn control(&self, request: Request<Body>) -> Response<Body> {
        let asked = body::read(request.into_body(), MAX_ASKED).await.ok();
        let asked = asked.and_then(|asked| serde_json::from_slice(&asked).ok());
        let answer = match asked {
            Some(asked) => serde_json::to_vec(&self.emulator.control(asked).await).ok(),
            None => None,
        };
        let status = if answer.is_some() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        let mut response = Response::new(body::full(answer.unwrap_or_default()));
        *response.status_mut() = status;
        response
    }

    fn inventory(&self) -> Response<Body> {
        let inventory = self.emulator.inventory().ok().and_then(|inventory| serde_json::to_vec(&inventory).ok());
        let status = if inventory.is_some() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
        let mut response = Response::new(body::full(inventory.unwrap_or_default()));
        *response.status_mut() = status;
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::attached::Attached;
    use crate::backend::owner::OwnerRecord;
    use crate::emulator::{Location, Options};

    /// A presigned GET of a key that nobody configured, so that nothing of it can be verified.
    const MADE_UP: &str = "/nobody?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAMADEUP%2F20261122%2Fus-east-1\
                           %2Fs3%2Faws4_request&X-Amz-Date=20261122T175819Z&X-Amz-Expires=604800\
                           &X-Amz-SignedHeaders=host&X-Amz-Signature=0";

    async fn code(through: &Arc<Attached>, request: Request<Body>) -> String {
        let response = through.send(request).await.map_err(|_| "no answer").unwrap();
        let text = body::read(response.into_body(), 10_000).await.unwrap();
        let text = String::from_utf8_lossy(&text).into_owned();
        let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
        code.map_or(text.clone(), |(code, _)| code.to_owned())
    }

    #[tokio::test]
    async fn what_the_endpoint_knows_of_a_call_reaches_the_owner_and_what_a_client_says_of_it_does_not() {
        // 2026-11-22T17:58:19Z.
        let clock = Arc::new(crate::clock::ManualClock::at_millis(1_795_370_299_000));
        let emulator = Emulator::open(Options { clock, ..Options::at(Location::Memory) }).await.unwrap();
        let listener = AttachListener::start(&emulator, "d1", "secret").await.unwrap();
        let record = OwnerRecord {
            pid: std::process::id(),
            address: listener.address(),
            token: "secret".to_owned(),
            directory: "d1".to_owned(),
        };
        let attached = Arc::new(Attached::new(record));
        let request = || Request::get(MADE_UP).header("host", "localhost:4566").body(body::empty()).unwrap();
        assert_eq!(code(&attached, request()).await, "NoSuchBucket");
        let mut marked = request();
        marked.extensions_mut().insert(MustVerify);
        assert_eq!(code(&attached, marked).await, "InvalidAccessKeyId");
        let mut claimed = request();
        claimed.headers_mut().insert(MUST_VERIFY, http::HeaderValue::from_static("1"));
        assert_eq!(code(&attached, claimed).await, "NoSuchBucket");
        let tool = http::HeaderName::from_static(ToolCall::HEADER);
        for (name, value) in [(CONTROL, "1"), (tool, "not for clients")] {
            let mut claimed = request();
            claimed.headers_mut().insert(name, http::HeaderValue::from_static(value));
            assert_eq!(code(&attached, claimed).await, "NoSuchBucket");
        }
        for who in [Who::Dev, Who::Site] {
            let mut page = request();
            page.extensions_mut().insert(who);
            assert_eq!(code(&attached, page).await, "AccessForbidden");
        }
        let mut person = request();
        person.extensions_mut().insert(Who::Person);
        person.headers_mut().insert(PAGE, http::HeaderValue::from_static("site"));
        assert_eq!(code(&attached, person).await, "NoSuchBucket");
        listener.stop().await;
        emulator.close().await;
    }
}
