//! What a browser gets for its form.

use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::fields::Fields;
use crate::emulator::auth::virtual_bucket;
use crate::emulator::body::{self, Body};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::xml::{DECLARATION, Quotes, element};

/// What AWS leaves as it is, of a key, in a Location.
const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// How a form asks to be answered.
#[derive(Debug)]
pub(in crate::emulator::s3) enum Reply {
    /// 303 to a page of the site's.
    Redirect(String),
    /// 201 and a document that says where the object is.
    Created,
    /// 200 or 204 and nothing more.
    Empty(StatusCode),
}

impl Reply {
    /// `success_action_redirect` where that is a URL, else `success_action_status`; 204 where neither says anything else.
    pub(in crate::emulator::s3) fn of(fields: &Fields) -> Self {
        let page = fields.get("success_action_redirect").or_else(|| fields.get("redirect"));
        let is_url = |page: &&str| {
            let uri = page.split('#').next().unwrap_or_default().parse::<Uri>();
            uri.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
        };
        if let Some(page) = page.filter(is_url) {
            return Self::Redirect(page.to_owned());
        }
        match fields.get("success_action_status") {
            Some("200") => Self::Empty(StatusCode::OK),
            Some("201") => Self::Created,
            _ => Self::Empty(StatusCode::NO_CONTENT),
        }
    }

    /// The answer; `headers` are those of the write.
    pub(in crate::emulator::s3) fn answer(self, context: &Context, mut headers: HeaderMap) -> Response<Body> {
        let (bucket, key) = (context.bucket(), context.key());
        let etag = headers.get(http::header::ETAG).and_then(|etag| etag.to_str().ok()).unwrap_or_default().to_owned();
        let (status, location, document) = match self {
            Self::Redirect(page) => (StatusCode::SEE_OTHER, follow(&page, bucket, key, &etag), None),
            Self::Empty(status) => (status, location(context), None),
            Self::Created => {
                let location = location(context);
                let mut xml = format!("{DECLARATION}<PostResponse>");
                for (name, text) in
                    [("Location", location.as_str()), ("Bucket", bucket), ("Key", key), ("ETag", etag.as_str())]
                {
                    element(&mut xml, name, text, Quotes::Escaped);
                }
                xml.push_str("</PostResponse>");
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
                (StatusCode::CREATED, location, Some(xml))
            }
        };
        if let Ok(location) = HeaderValue::from_str(&location) {
            headers.insert(LOCATION, location);
        }
        let mut response = Response::new(document.map_or_else(body::empty, body::full));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}

/// The object's address, in the style in which the form was sent. AWS encodes the slashes of the key.
fn location(context: &Context) -> String {
    let (host, key) = (context.host(), utf8_percent_encode(context.key(), KEEP));
    match virtual_bucket(host) {
        Some(_) => format!("http://{host}/{key}"),
        None => format!("http://{host}/{}/{key}", context.bucket()),
    }
}

/// The page with bucket, key and entity tag in its query.
fn follow(page: &str, bucket: &str, key: &str, etag: &str) -> String {
    let (page, fragment) = page.split_once('#').map_or((page, None), |(page, fragment)| (page, Some(fragment)));
    let joint = if page.contains('?') { '&' } else { '?' };
    let encoded = |text| utf8_percent_encode(text, KEEP);
    let mut url = format!(
        "{page}{joint}bucket={}&key={}&etag={}",
        encoded(bucket),
        encoded(key),
        utf8_percent_encode(etag, KEEP)
    );
    if let Some(fragment) = fragment {
        url.push('#');
        url.push_str(fragment);
    }
    url
}
