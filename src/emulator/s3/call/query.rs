//! The query of a request, decoded.

use percent_encoding::percent_decode_str;

use crate::emulator::auth::signs_parameter;
use crate::emulator::error::AwsError;

/// Parameters in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(in crate::emulator::s3) struct Query {
    pairs: Vec<(String, String)>,
    /// Whether the query is signed by version 2, which leaves most parameters open.
    version_2: bool,
}

/// What authenticates a request in its query; the gate is past that.
const SIGNING: [&str; 12] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-Content-Sha256",
    "X-Amz-User-Agent",
    "AWSAccessKeyId",
    "Signature",
    "Expires",
];

impl Query {
    /// Decodes a query string; without the parameters of the signature.
    pub(in crate::emulator::s3) fn parse(query: Option<&str>) -> Result<Self, AwsError> {
        let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        });
        let mut all = decoded.collect::<Result<Vec<_>, AwsError>>()?;
        let version_2 = all.iter().any(|(name, _)| name == "AWSAccessKeyId");
        all.retain(|(name, _)| !SIGNING.iter().any(|known| known.eq_ignore_ascii_case(name)));
        Ok(Self { pairs: all, version_2 })
    }

    /// The first parameter of this name.
    pub(in crate::emulator::s3) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether there is a parameter of this name.
    pub(in crate::emulator::s3) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether the signature in the query leaves one of these parameters open.
    pub(in crate::emulator::s3) fn leaves_open(&self, names: &[&str]) -> bool {
        /// They tell no more than what the URL gives without them.
        const NO_MORE: [&str; 2] = ["attributes", "list-type"];
        self.version_2 && names.iter().any(|name| !signs_parameter(name) && !NO_MORE.contains(name))
    }

    /// Whether a header of this name stands in the query.
    pub(in crate::emulator::s3) fn carries(&self, header: &str) -> bool {
        self.iter().any(|(name, _)| name.eq_ignore_ascii_case(header))
    }

    /// Every parameter.
    pub(in crate::emulator::s3) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Moves the parameters that stand for headers into `headers`: presigned requests may carry them there. A checksum
    /// there counts for the signature only (recorded 2026-02): SDKs put that of an empty body into the URL of an upload.
    pub(in crate::emulator::s3) fn hoist(&self, headers: &mut http::HeaderMap) -> Result<(), AwsError> {
        for (name, value) in self.iter().filter(|(name, _)| is_hoisted(name) && !is_checksum(name)) {
            let header = http::HeaderName::from_bytes(name.to_ascii_lowercase().as_bytes());
            let (Ok(header), Ok(value)) = (header, http::HeaderValue::from_str(value)) else {
                let message = format!("The parameter {name:?} stands for a header and cannot be one");
                return Err(AwsError::new(400, "InvalidArgument", message).with("ArgumentName", name));
            };
            headers.entry(header).or_insert(value);
        }
        Ok(())
    }
}

/// Whether a parameter stands for a header: `x-amz-*`, and what SDKs put beside it when they presign by Signature V2.
pub(in crate::emulator::s3) fn is_hoisted(name: &str) -> bool {
    name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"))
        || ["content-type", "content-md5"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn is_checksum(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("x-amz-checksum-")
        && !matches!(name.as_str(), "x-amz-checksum-algorithm" | "x-amz-checksum-mode" | "x-amz-checksum-type")
        || name == "x-amz-sdk-checksum-algorithm"
}

fn decode(text: &str) -> Result<String, AwsError> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| AwsError::new(400, "InvalidURI", "Couldn't parse the specified URI."))
}
