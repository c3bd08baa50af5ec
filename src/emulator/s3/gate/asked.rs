//! What an answer depends on beside its operation: whether it has a body, and which page may read it.

use http::Method;
use http::Response;
use http::request::Parts;

use super::address::Target;
use super::render;
use crate::emulator::auth::ForeignPage;
use crate::emulator::body::Body;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::cors;
use crate::emulator::s3::service::Core;

/// What of a request its answer depends on.
#[derive(Debug, Clone)]
pub struct Asked {
    head: bool,
    foreign: bool,
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
    /// Reads the head of a request.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let page = cors::Asked::of(&parts.headers, parts.method.as_str()).map(|asked| Page {
            bucket: Target::of(parts).ok().and_then(|target| target.bucket),
            asked,
            preflight: parts.method == Method::OPTIONS,
        });
        let foreign = parts.extensions.get::<ForeignPage>().is_some();
        Self { head: parts.method == Method::HEAD, foreign, page }
    }

    /// Refuses a request of a page of another origin, unless the bucket's CORS rules name that origin.
    pub(super) fn check_origin(&self, core: &Core) -> Result<(), AwsError> {
        let allowed = !self.foreign || self.page.as_ref().is_some_and(|page| page.is_granted(core));
        if allowed { Ok(()) } else { Err(ForeignPage::refused(self.page.as_ref().map(|page| &page.asked.origin))) }
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
    fn is_granted(&self, core: &Core) -> bool {
        self.find(core).is_some_and(|bucket| self.asked.granted(&bucket.cors).is_some())
    }

    /// The bucket. One that cannot be read grants nothing.
    fn find(&self, core: &Core) -> Option<Bucket> {
        Bucket::find(&core.read().ok()?, self.bucket.as_deref()?).ok().flatten()
    }
}
