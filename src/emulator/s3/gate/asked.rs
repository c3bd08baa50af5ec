//! What an answer depends on beside its operation: whether it has a body, and which page may read it.

use http::Method;
use http::Response;
use http::request::Parts;

use super::render;
use crate::emulator::auth::Caller;
use crate::emulator::body::Body;
use crate::emulator::error::AwsError;
use crate::emulator::pages::{self, Key, What, Who};
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::cors;
use crate::emulator::s3::operation::Row;
use crate::emulator::s3::service::Core;

/// What of a request its answer depends on.
#[derive(Debug, Clone)]
pub(in crate::emulator::s3) struct Asked {
    head: bool,
    who: Who,
    page: Option<Page>,
}

/// A page that sent a request.
#[derive(Debug, Clone)]
struct Page {
    bucket: Option<String>,
    asked: cors::Asked,
    preflight: bool,
}

impl Asked {
    /// Reads the head of a request to `bucket`.
    pub(in crate::emulator::s3) fn of(parts: &Parts, bucket: Option<&str>) -> Self {
        let page = cors::Asked::of(&parts.headers, parts.method.as_str()).map(|asked| Page {
            bucket: bucket.map(str::to_owned),
            asked,
            preflight: parts.method == Method::OPTIONS,
        });
        Self { head: parts.method == Method::HEAD, who: Who::marked(&parts.extensions), page }
    }

    /// Refuses to a page what the rule for web pages does not allow it, nor the bucket's CORS rules. `row` is the
    /// operation, where it is built.
    pub(super) fn judge(&self, core: &Core, caller: &Caller, row: Option<&Row>, parts: &Parts) -> Result<(), AwsError> {
        let operation = row.map_or("Unknown", |row| row.shape.name);
        let (what, key) = (What::of_s3(operation, &parts.method, &parts.headers), Key::of(caller));
        let page = self.page.as_ref().filter(|_| row.is_some_and(Row::is_of_own_objects));
        let granted = || page.and_then(|page| page.granted(core));
        if pages::allows(self.who, what, key) || granted().is_some_and(|what| pages::allows(self.who, what, key)) {
            return Ok(());
        }
        Err(pages::refused(&parts.headers, what, key))
    }

    /// The answer, complete, and readable by the page where the bucket's CORS rules allow that.
    pub(super) fn finish(&self, core: &Core, outcome: Result<Response<Body>, AwsError>) -> Response<Body> {
        let mut response = render::finish(core, self.head, outcome);
        if let Some(page) = self.page.as_ref().filter(|page| !page.preflight)
            && let Some(bucket) = page.find(core)
            && let Some(grant) = page.asked.granted(&bucket.cors)
        {
            page.asked.tell(grant, response.headers_mut());
        }
        response
    }
}

impl Page {
    /// How the bucket's rules allow the request, if they do.
    fn granted(&self, core: &Core) -> Option<What> {
        let rules = self.find(core)?.cors;
        self.asked.granted(&rules)?;
        Some(if self.asked.is_named(&rules) { What::Named } else { What::Anyone })
    }

    /// The bucket. One that cannot be read grants nothing.
    fn find(&self, core: &Core) -> Option<Bucket> {
        Bucket::find(&core.read().ok()?, self.bucket.as_deref()?).ok().flatten()
    }
}
