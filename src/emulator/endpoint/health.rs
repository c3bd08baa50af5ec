//! Health: our own, and in the form that LocalStack's users wait for.

use http::{Method, Request, Response, StatusCode};
use serde_json::{Map, Value, json};

use http::request::Parts;

use super::answer;
use crate::emulator::body::{self, Body};

/// Where an endpoint says who it is.
pub const HEALTH_PATH: &str = "/_footbridge/health";

/// Where clients made for LocalStack look.
const LOCALSTACK_PATH: &str = "/_localstack/health";

/// What an endpoint says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// footbridge's version.
    pub version: String,
    /// The process that holds the listener.
    pub pid: u32,
    /// The id of the data directory; none where the data is in memory.
    pub directory: Option<String>,
    /// The services that answer, by signing name.
    pub services: Vec<&'static str>,
}

/// Whether a request reads the health.
pub(super) fn is_asked(parts: &Parts) -> bool {
    matches!(parts.method, Method::GET | Method::HEAD) && [HEALTH_PATH, LOCALSTACK_PATH].contains(&parts.uri.path())
}

impl Health {
    /// The answer to a health request, where this is one.
    pub(super) fn answer(&self, request: &Request<Body>) -> Option<Response<Body>> {
        let value = match request.uri().path() {
            HEALTH_PATH => self.ours(),
            LOCALSTACK_PATH => self.localstack(),
            _ => return None,
        };
        Some(match *request.method() {
            Method::GET => answer::json(StatusCode::OK, &value),
            // LocalStack's readiness probes send HEAD too.
            Method::HEAD => answer::json(StatusCode::OK, &value).map(|_| body::empty()),
            _ => answer::json(StatusCode::METHOD_NOT_ALLOWED, &json!({ "message": "health answers GET and HEAD" })),
        })
    }

    fn ours(&self) -> Value {
        json!({
            "status": "ok",
            "name": "footbridge",
            "version": self.version,
            "pid": self.pid,
            "directory": self.directory,
            "services": self.services,
        })
    }

    fn localstack(&self) -> Value {
        let services: Map<String, Value> =
            self.services.iter().map(|name| ((*name).to_owned(), Value::from("running"))).collect();
        json!({ "services": services, "edition": "footbridge", "version": self.version })
    }
}
