//! `POST /_footbridge/reset`: all tables, buckets and what is in them go, in one commit. For test suites, and for
//! `footbridge reset`.

use http::{Method, Request, Response, StatusCode};

use super::auth::{MustVerify, virtual_bucket};
use super::body::{self, Body};
use super::core::Emulator;
use super::observer::OwnCall;
use super::pages::{Key, What, Who, allows};
use super::s3::undo::Undoing;
use super::store::StoreError;
use super::{dynamodb, s3, undo};

/// What a reset deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// Tables, with their items and streams.
    Tables,
    /// Buckets, with their objects and uploads.
    Buckets,
}

/// Where a reset is asked for: our own paths, and the one that LocalStack's users have in their scripts. A path and not a
/// parameter, which an owner of an earlier version would pass over, and delete everything.
const PATHS: [(&str, Scope); 4] = [
    ("/_footbridge/reset", Scope::All),
    ("/_footbridge/reset/tables", Scope::Tables),
    ("/_footbridge/reset/buckets", Scope::Buckets),
    ("/_localstack/state/reset", Scope::All),
];

impl Scope {
    /// The path at which it is asked for.
    #[must_use]
    pub fn path(self) -> &'static str {
        PATHS.iter().find(|(_, scope)| *scope == self).map_or(PATHS[0].0, |(path, _)| path)
    }
}

/// What a reset the request asks for, if it does. Below a bucket's own host name every path is a key.
fn asked<B>(request: &Request<B>) -> Option<Scope> {
    let host = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
    let (_, scope) = PATHS.iter().find(|(path, _)| *path == request.uri().path())?;
    host.is_none_or(|host| virtual_bucket(host).is_none()).then_some(*scope)
}

/// Whether the request asks for a reset.
#[must_use]
pub fn is_reset<B>(request: &Request<B>) -> bool {
    asked(request).is_some()
}

impl Emulator {
    /// Deletes every bucket and table of every account, or those of `scope`, with all that is in them, in one commit. Ids and sequence
    /// numbers go on, so that nothing old is ever taken for something new. Files of bodies go in the background.
    pub async fn reset(&self, scope: Scope) -> Result<(), StoreError> {
        let released = self
            .store()
            .write(move |txn| {
                // What could be undone refers to rows and bodies that go now, and what is kept for it would stay for ever.
                let mut change = Undoing::new(txn);
                undo::forget(&mut change)?;
                let let_go = change.finish();
                if scope != Scope::Buckets {
                    dynamodb::clear(txn);
                }
                if scope == Scope::Tables { Ok(let_go) } else { s3::clear(txn) }
            })
            .await?;
        self.s3().released(released);
        self.dynamodb().resume();
        Ok(())
    }

    /// Answers a request that [`is_reset`].
    pub(super) async fn answer_reset(&self, request: Request<Body>, strict: bool) -> Response<Body> {
        if request.method() != Method::POST {
            return text(StatusCode::METHOD_NOT_ALLOWED, "POST here deletes buckets and tables\n");
        }
        let Some(scope) = asked(&request) else { return text(StatusCode::NOT_FOUND, "") };
        let known = request.extensions();
        // Who may read the directory's files may empty it.
        let own = known.get::<OwnCall>().is_some();
        let lax = own || (!strict && known.get::<MustVerify>().is_none());
        if !lax || !allows(Who::marked(known), What::Service, Key::None) {
            return text(
                StatusCode::FORBIDDEN,
                "a reset is for local test suites: not with --strict, not from pages\n",
            );
        }
        match self.reset(scope).await {
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
