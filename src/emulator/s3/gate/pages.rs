//! What a page may ask, and which answers it may read.

use http::Response;
use http::request::Parts;

use super::render;
use crate::emulator::auth::Caller;
use crate::emulator::body::Body;
use crate::emulator::error::AwsError;
use crate::emulator::pages::{self, Key, What};
use crate::emulator::s3::call::{Page, Sender};
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::operation::Row;
use crate::emulator::s3::service::Core;

/// Refuses to a page what the rule for web pages does not allow it, nor the bucket's CORS rules. `row` is the operation,
/// where it is built.
pub(super) fn judge(
    core: &Core,
    sender: &Sender,
    caller: &Caller,
    row: Option<&Row>,
    parts: &Parts,
) -> Result<(), AwsError> {
    let operation = row.map_or("Unknown", |row| row.shape.name);
    let (what, key) = (What::of_s3(operation, &parts.method, &parts.headers), Key::of(caller));
    let page = sender.page.as_ref().filter(|_| row.is_some_and(Row::is_of_own_objects));
    let granted = || page.and_then(|page| granted(core, page));
    if pages::allows(sender.who, what, key) || granted().is_some_and(|what| pages::allows(sender.who, what, key)) {
        return Ok(());
    }
    Err(pages::refused(&parts.headers, what, key))
}

/// The answer, complete, and readable by the page where the bucket's CORS rules allow that.
pub(super) fn finish(core: &Core, sender: &Sender, outcome: Result<Response<Body>, AwsError>) -> Response<Body> {
    let mut response = render::finish(core, sender.head, outcome);
    if let Some(page) = sender.page.as_ref().filter(|page| !page.preflight)
        && let Some(bucket) = bucket_of(core, page)
        && let Some(grant) = page.asked.granted(&bucket.cors)
    {
        page.asked.tell(grant, response.headers_mut());
    }
    response
}

/// How the rules of the page's bucket allow the request, if they do.
fn granted(core: &Core, page: &Page) -> Option<What> {
    let rules = bucket_of(core, page)?.cors;
    page.asked.granted(&rules)?;
    Some(if page.asked.is_named(&rules) { What::Named } else { What::Anyone })
}

/// The bucket. One that cannot be read grants nothing.
fn bucket_of(core: &Core, page: &Page) -> Option<Bucket> {
    Bucket::find(&core.read().ok()?, page.bucket.as_deref()?).ok().flatten()
}
