//! Reading a form: its fields, up to its file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http_body_util::BodyExt;
use multer::{Field, Multipart};

use super::fields::Fields;
use super::file::{File, Pieces, broken, malformed, too_much_before};
use crate::emulator::auth::{FormDoor, is_form};
use crate::emulator::body::Body;
use crate::emulator::error::AwsError;
use crate::emulator::s3::error;
use crate::emulator::s3::ingest::broken_body;

/// How much the fields before the file may have together, names and values, in bytes.
const FIELDS: usize = 20 << 10;

/// A form whose fields have come and whose file is still to come.
pub(in crate::emulator::s3) struct Form {
    /// The fields before the file.
    pub fields: Fields,
    /// The bytes of the file.
    pub file: Body,
    /// Says whose the form is; none where the request is signed in its header or its query.
    pub door: Option<FormDoor>,
}

impl Form {
    /// Reads the fields. Every part but `file` is one, also a part with a file name (recorded 2026-02).
    pub(in crate::emulator::s3) async fn read(parts: &Parts, body: Body) -> Result<Self, AwsError> {
        if !is_form(parts) {
            return Err(error::precondition_failed("Bucket POST must be of the enclosure-type multipart/form-data"));
        }
        if !parts.headers.contains_key(CONTENT_LENGTH) {
            let message = "You must provide the Content-Length HTTP header.";
            return Err(AwsError::new(411, "MissingContentLength", message));
        }
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| malformed())?;
        let at_file = Arc::new(AtomicBool::new(false));
        let mut form = Multipart::new(Pieces::of(body, Arc::clone(&at_file)), boundary);
        let mut fields = Fields::default();
        let mut left = FIELDS;
        while let Some(mut part) = form.next_field().await.map_err(refused)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name.eq_ignore_ascii_case("file") {
                fields.name_file(part.file_name());
                at_file.store(true, Ordering::Relaxed);
                let file = File::new(part, form).boxed();
                return Ok(Self { fields, file, door: parts.extensions.get().cloned() });
            }
            left = left.checked_sub(name.len()).ok_or_else(too_much_before)?;
            let value = read_field(&mut part, &mut left).await?;
            fields.add(&name, value);
        }
        Err(error::invalid_argument("POST requires exactly one file upload per request.", "file", "0"))
    }
}

/// The text of a field; `left` is how much all fields may still have.
async fn read_field(part: &mut Field<'static>, left: &mut usize) -> Result<String, AwsError> {
    let mut value = Vec::new();
    while let Some(bytes) = part.chunk().await.map_err(refused)? {
        *left = left.checked_sub(bytes.len()).ok_or_else(too_much_before)?;
        value.extend_from_slice(&bytes);
    }
    String::from_utf8(value).map_err(|_| malformed())
}

fn refused(error: multer::Error) -> AwsError {
    broken_body(&broken(error))
}
