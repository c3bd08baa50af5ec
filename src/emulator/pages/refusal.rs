//! What a page, or rather who made it, is told.

use http::HeaderMap;

use super::sender::Sender;
use super::{Key, What};
use crate::emulator::error::AwsError;

/// The refusal of a request with these headers, which asks this with that key.
#[must_use]
pub fn refused(headers: &HeaderMap, what: What, key: Key) -> AwsError {
    let whose = match Sender::of(headers) {
        Sender::Origin(origin) if origin == "null" => {
            "without an origin (null): a sandboxed frame, a file, or one whose Referrer-Policy is no-referrer, which sends \
             even its own forms so"
                .to_owned()
        }
        Sender::Origin(origin) => format!("of the origin {origin}"),
        Sender::Unnamed => "that its browser does not name".to_owned(),
        Sender::Nobody => "of this address".to_owned(),
    };
    let cure = match (what, key) {
        (What::Worker, _) => "An object cannot become a service worker: serve the script from your own server.",
        (What::Service | What::Health, _) => {
            "DynamoDB, STS and footbridge's own paths answer pages of allowed_origins alone: add the page's origin there, \
             in footbridge.toml."
        }
        (_, Key::None) => {
            "It is not signed, and without a signature pages only read what is public: presign it, or add the page's \
             origin to allowed_origins in footbridge.toml."
        }
        (_, Key::Unknown) => {
            "Nobody configured its access key, so that any page could have made it up: sign with an [[identity]] of \
             footbridge.toml, or add the page's origin to allowed_origins there."
        }
        (_, Key::Public | Key::Own) => {
            "Every page knows the built-in key that it is signed with: sign with an [[identity]] of footbridge.toml, name \
             the page's origin in the bucket's CORS rules, which holds for its objects alone and for no copy, or add it to allowed_origins in footbridge.toml."
        }
    };
    AwsError::new(403, "AccessForbidden", format!("footbridge refuses this request of a page {whose}. {cure}"))
}
