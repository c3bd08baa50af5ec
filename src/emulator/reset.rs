//! `POST /_footbridge/reset`: all tables, buckets and what is in them go, in one commit. For test suites.

use http::{Method, Request, Response, StatusCode};

use super::auth::{MustVerify, virtual_bucket};
use super::body::{self, Body};
use super::core::Emulator;
use super::pages::{Key, What, Who, allows};
use super::store::StoreError;
use super::{dynamodb, s3};

/// Where a reset is asked for: our own path, and the one that LocalStack's users have in their scripts.
const PATHS: [&str; 2] = ["/_footbridge/reset", "/_localstack/state/reset"];

/// Whether the request asks for a reset. Below a bucket's own host name every path is a key.
#[must_use]
pub fn is_reset<B>(request: &Request<B>) -> bool {
    let host = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
    PATHS.contains(&request.uri().path()) && host.is_none_or(|host| virtual_bucket(host).is_none())
}

impl Emulator {
    /// Deletes every bucket and table of every account with all that is in them, in one commit. Ids and sequence
    /// numbers go on, so that nothing old is ever taken for something new. Files of bodies go in the background.
    pub async fn reset(&self) -> Result<(), StoreError> {
        let released = self
            .store()
            .write(|txn| {
                dynamodb::clear(txn);
                s3::clear(txn)
            })
            .await?;
        self.s3().released(released);
        Ok(())
    }

    /// Answers a request that [`is_reset`].
    pub(super) async fn answer_reset(&self, request: Request<Body>, strict: bool) -> Response<Body> {
        if request.method() != Method::POST {
            return text(StatusCode::METHOD_NOT_ALLOWED, "POST here deletes every bucket and table\n");
        }
        let known = request.extensions();
        let lax = !strict && known.get::<MustVerify>().is_none();
        if !lax || !allows(Who::marked(known), What::Service, Key::None) {
            return text(
                StatusCode::FORBIDDEN,
                "a reset is for local test suites: not with --strict, not from pages\n",
            );
        }
        match self.reset().await {
            Ok(()) => text(StatusCode::OK, ""),
            Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, &format!("nothing was reset: {error}\n")),
        }
    }
}

fn text(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(body::full(text.to_owned()));
    *response.status_mut() = status;
    response.headers_mut().insert(http::header::CONTENT_LENGTH, text.len().into());
    response
}
