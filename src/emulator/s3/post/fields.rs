//! The fields of a form, and the headers that they stand for.

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::emulator::error::AwsError;
use crate::emulator::s3::error;
use crate::emulator::s3::tags::{self, Holder};

/// What a field may hold in place of the name of the file.
const FILENAME: &str = "${filename}";
/// Fields that sign the form; the policy is signed, and none of them is a header.
const SIGNING: [&str; 6] =
    ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature", "awsaccesskeyid", "signature"];
/// Fields that stand for the header of the same name.
const HEADERS: [&str; 9] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-type",
    "expires",
    "if-match",
    "if-none-match",
];

/// The fields before the file, by lower-case name, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(in crate::emulator::s3) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Adds a field. One that comes again is joined to the first, as headers are.
    pub(super) fn add(&mut self, name: &str, value: String) {
        let name = name.to_ascii_lowercase();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, before)) => *before = format!("{before},{value}"),
            None => self.0.push((name, value)),
        }
    }

    /// The field of this lower-case name.
    pub(in crate::emulator::s3) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Puts the name of the file where fields ask for it; without one they stay as they are (recorded 2026-02).
    pub(super) fn name_file(&mut self, name: Option<&str>) {
        let Some(name) = name else { return };
        // Some browsers send the whole path.
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        for (_, value) in self.0.iter_mut().filter(|(known, _)| known != "policy" && !SIGNING.contains(&known.as_str()))
        {
            if value.contains(FILENAME) {
                *value = value.replace(FILENAME, name);
            }
        }
    }

    /// The headers with which PutObject would say the same.
    pub(in crate::emulator::s3) fn headers(&self) -> Result<HeaderMap, AwsError> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.0 {
            let header = match name.as_str() {
                "acl" => "x-amz-acl",
                "tagging" => {
                    headers.insert(tags::HEADER, tag_header(value)?);
                    continue;
                }
                signing if SIGNING.contains(&signing) => continue,
                header if HEADERS.contains(&header) || header.starts_with("x-amz-") => header,
                // What is left is the form's own, or the page's.
                _ => continue,
            };
            let refused = || error::invalid_request(format!("The form field {name} cannot be a header."));
            let header = HeaderName::try_from(header).map_err(|_| refused())?;
            headers.insert(header, HeaderValue::try_from(value.as_bytes()).map_err(|_| refused())?);
        }
        Ok(headers)
    }
}

/// The header of the tags in a document. Another document than `Tagging` has none (recorded 2026-02).
fn tag_header(document: &str) -> Result<HeaderValue, AwsError> {
    let pairs = match tags::of_document(Holder::Object, document.as_bytes()) {
        Err(_) if is_another_document(document) => tags::Tags::new(),
        read => read?,
    };
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
    HeaderValue::try_from(pairs.join("&")).map_err(|_| error::malformed_xml())
}

fn is_another_document(text: &str) -> bool {
    let text = text.trim();
    let name = text.strip_prefix('<').and_then(|text| text.split(|end: char| !end.is_alphanumeric()).next());
    name.is_some_and(|name| {
        !name.is_empty() && name != "Tagging" && (text.ends_with(&format!("</{name}>")) || text.ends_with("/>"))
    })
}
