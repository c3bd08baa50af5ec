//! CORS preflights, which browsers send unsigned before a request that a page may not send at its own will.

use http::{HeaderMap, HeaderValue, Response};

use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::s3::call::{Level, Target};
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::cors;
use crate::emulator::s3::service::Core;

/// Answers a preflight by the bucket's rules (recorded 2023-07 to 2025-07; "evalution" is AWS's).
pub(super) fn answer(core: &Core, target: &Target, headers: &HeaderMap) -> Result<Response<Body>, AwsError> {
    let method = headers.get(http::header::ACCESS_CONTROL_REQUEST_METHOD).and_then(|method| method.to_str().ok());
    let Some(asked) = cors::Asked::of(headers, method.unwrap_or("OPTIONS")) else {
        return Err(AwsError::new(400, "BadRequest", "Insufficient information. Origin request header needed."));
    };
    let refused = |message: &str, resource: &str| {
        AwsError::new(403, "AccessForbidden", format!("CORSResponse: {message}"))
            .with("Method", asked.method.as_str())
            .with("ResourceType", resource)
    };
    let bucket = match &target.bucket {
        Some(name) => Bucket::find(&core.read()?, name)?,
        None => None,
    };
    let bucket = bucket.ok_or_else(|| refused("Bucket not found", "BUCKET"))?;
    if bucket.cors.is_empty() {
        return Err(refused("CORS is not enabled for this bucket.", "BUCKET"));
    }
    if method.is_none() {
        return Err(AwsError::new(400, "BadRequest", "Invalid Access-Control-Request-Method: null"));
    }
    let Some(grant) = asked.granted(&bucket.cors) else {
        let message = "This CORS request is not allowed. This is usually because the evalution of Origin, request \
                       method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted \
                       by the resource's CORS spec.";
        return Err(refused(message, if target.level() == Level::Object { "OBJECT" } else { "BUCKET" }));
    };
    let mut response = Response::new(body::empty());
    asked.tell(grant, response.headers_mut());
    if headers.contains_key("access-control-request-private-network") {
        // Not AWS's: Chromium asks it before a page of the network reaches this machine.
        let allowed = HeaderValue::from_static("true");
        response.headers_mut().insert("access-control-allow-private-network", allowed);
    }
    Ok(response)
}
