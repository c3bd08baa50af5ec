//! The owner's attach listener: where other processes of the same user reach its data.

use std::net::SocketAddr;
use std::sync::Arc;

use http::{Request, Response, StatusCode};

use super::attached::{DIRECTORY, OWN_CALL, TOKEN};
use super::server::Server;
use super::{health, same_secret};
use crate::emulator::Emulator;
use crate::emulator::body::{self, Body};
use crate::emulator::endpoint::{BindError, Guard, Limits, Listen, Settings};
use crate::emulator::observer::OwnCall;

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
            async move { door.answer(request).await }
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
        self.emulator.handle(request).await
    }
}
