//! Requests that a page of another origin sent.

use http::HeaderValue;

use crate::emulator::error::AwsError;

/// A request extension: a page of another origin sent this, and nothing but a bucket's CORS rules can allow it.
///
/// The endpoint sets it; S3 holds it against the bucket before anything else.
#[derive(Debug, Clone, Copy)]
pub struct ForeignPage;

impl ForeignPage {
    /// The refusal of a request of this origin; none where the browser named none.
    #[must_use]
    pub fn refused(origin: Option<&HeaderValue>) -> AwsError {
        let whose = origin.map_or("another site".to_owned(), |origin| {
            format!("the origin {}", String::from_utf8_lossy(origin.as_bytes()))
        });
        AwsError::new(
            403,
            "AccessForbidden",
            format!(
                "footbridge refuses a request that a page of {whose} sent. Name the origin in the bucket's CORS rules, \
                 presign the request with configured credentials, or add the origin to allowed_origins."
            ),
        )
    }
}
