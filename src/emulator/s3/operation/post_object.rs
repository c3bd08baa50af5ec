//! PostObject: what a browser's form uploads.

use std::ops::RangeInclusive;

use http::Response;

use super::put_object;
use crate::emulator::body::Body;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::post::Reply;
use crate::emulator::s3::service::Core;

/// Keeps the file as PutObject would, within the sizes that its policy allows, and answers as the form asks.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    sizes: RangeInclusive<u64>,
    reply: Reply,
) -> Result<Response<Body>, AwsError> {
    let written = put_object::put(core, context, Some(sizes)).await?;
    Ok(reply.answer(context, written))
}
