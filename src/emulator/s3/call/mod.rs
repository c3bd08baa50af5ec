//! What a request asks of S3, recognised once and then known to all: who watches calls, who judges them, who answers.

mod find;
mod query;
mod sender;
mod target;

use http::Method;
use http::request::Parts;

pub(super) use find::Found;
pub(super) use query::Query;
pub(super) use sender::{Page, Sender};
pub(super) use target::{Level, Target, is_bucket_name};

use crate::emulator::error::AwsError;

/// A request to S3.
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) method: Method,
    pub(super) target: Target,
    pub(super) query: Query,
    /// The operation, or why it is none.
    pub(super) found: Result<Found, AwsError>,
    pub(super) sender: Sender,
}

impl Call {
    /// Recognises a request by its head.
    #[must_use]
    pub fn recognise(parts: &Parts) -> Self {
        let method = parts.method.clone();
        let (target, query) = match (Target::of(parts), Query::parse(parts.uri.query())) {
            (Ok(target), Ok(query)) => (target, query),
            (Err(error), _) | (_, Err(error)) => {
                let (target, query, sender) = (Target::default(), Query::default(), Sender::of(parts, None));
                return Self { method, target, query, found: Err(error), sender };
            }
        };
        let found = find::find(&method, target.level(), &query, &parts.headers);
        let sender = Sender::of(parts, target.bucket.as_deref());
        Self { method, target, query, found, sender }
    }

    /// AWS's name of the operation, built or not, or `Unknown`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match &self.found {
            Ok(found) => found.name(),
            Err(_) => "Unknown",
        }
    }

    /// What it is about: `s3://bucket/key`.
    #[must_use]
    pub fn resource(&self) -> Option<String> {
        self.target.resource()
    }
}
