//! GetObjectAttributes.

use http::HeaderMap;

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Content, Part, Placed, Version, Versioning};
use crate::emulator::s3::checksum::{Checksum, Kind};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::date;
use crate::emulator::s3::error::{invalid_argument, invalid_request};
use crate::emulator::s3::listing::PAGE;
use crate::emulator::s3::object_headers;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;
use crate::emulator::store::Read;

const HEADER: &str = "x-amz-object-attributes";
const ATTRIBUTES: [&str; 5] = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

/// Gives what is asked for of an object, without its bytes.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let asked = asked(context)?;
    let asks = |name: &str| asked.contains(&name);
    let (most, marker) = (number(context, "x-amz-max-parts", PAGE)?.min(PAGE), number(context, MARKER, 0)?);
    let read = core.read()?;
    let bucket = context.open_bucket(&read)?;
    let Placed { version, .. } =
        Placed::asked(&read, bucket.id, context.key(), context.query("versionId"), context.method())?;
    let mut headers = HeaderMap::new();
    if bucket.versioning != Versioning::Unversioned {
        object_headers::set(&mut headers, "x-amz-version-id", &version.id);
    }
    object_headers::set(&mut headers, "last-modified", &date::http(version.modified));
    let mut document = Document::new("GetObjectAttributesResponse");
    if asks("ETag") {
        // Recorded: here alone without quotes.
        document.text("ETag", &version.etag);
    }
    if let Some(checksum) = version.checksum.as_ref().filter(|_| asks("Checksum")) {
        document.inside("Checksum", |shown| show(shown, checksum));
    }
    if asks("ObjectParts") {
        parts(&mut document, &read, &version, most, marker)?;
    }
    if asks("StorageClass") {
        document.text("StorageClass", &version.storage_class);
    }
    if asks("ObjectSize") {
        document.value("ObjectSize", version.size);
    }
    Ok(Reply::document_with(document, headers))
}

const MARKER: &str = "x-amz-part-number-marker";

/// The attributes that the request names.
fn asked(context: &Context) -> Result<Vec<&'static str>, AwsError> {
    let values = context.headers().get_all(HEADER).iter().filter_map(|value| value.to_str().ok());
    let names = values.flat_map(|value| value.split(',')).map(str::trim).filter(|name| !name.is_empty());
    let known = |name: &str| {
        let found = ATTRIBUTES.into_iter().find(|known| *known == name);
        found.ok_or_else(|| invalid_argument("Invalid attribute name specified.", HEADER, name))
    };
    let asked = names.map(known).collect::<Result<Vec<_>, _>>()?;
    if asked.is_empty() {
        return Err(invalid_request(
            "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
        ));
    }
    Ok(asked)
}

/// A header that is a whole number from 0 to i32's end.
fn number(context: &Context, header: &'static str, default: u32) -> Result<u32, AwsError> {
    let Some(text) = context.header(header) else { return Ok(default) };
    text.parse().ok().filter(|number| i32::try_from(*number).is_ok()).ok_or_else(|| {
        invalid_argument(&format!("Provided {header} not an integer or within integer range"), header, text)
    })
}

/// The checksum, without the number of parts that a composite one carries elsewhere (recorded 2026-02).
fn show(shown: &mut Document, checksum: &Checksum) {
    let value = checksum.value.split_once('-').map_or(checksum.value.as_str(), |(bare, _)| bare);
    shown.text(checksum.algorithm.element(), value);
    shown.text("ChecksumType", checksum.kind.name());
}

/// The parts of a multipart object: how many, and where they have checksums of their own, which (recorded 2026-02).
fn parts(document: &mut Document, read: &impl Read, version: &Version, most: u32, marker: u32) -> Result<(), AwsError> {
    let Content::Parts(upload) = &version.content else { return Ok(()) };
    let composite = version.checksum.as_ref().is_some_and(|checksum| checksum.kind == Kind::Composite);
    if !composite {
        document.inside("ObjectParts", |shown| shown.value("PartsCount", version.parts));
        return Ok(());
    }
    // The object's parts count from one, as for GetObject, whatever numbers they were uploaded under.
    let mut rest = Part::after(read, upload, 0)?.zip(1_u32..).skip(marker as usize);
    let mut page = Vec::new();
    for (part, number) in rest.by_ref().take(most as usize) {
        page.push((number, part?.1));
    }
    let more = rest.next().is_some();
    document.inside("ObjectParts", |shown| {
        shown.value("PartsCount", version.parts);
        shown.value("PartNumberMarker", marker);
        shown.value("NextPartNumberMarker", page.last().map_or(0, |(number, _)| *number));
        shown.value("MaxParts", most);
        shown.value("IsTruncated", more);
        for (number, part) in &page {
            shown.inside("Part", |listed| {
                listed.value("PartNumber", number);
                listed.value("Size", part.size);
                listed.text(part.checksum.algorithm.element(), &part.checksum.value);
            });
        }
    });
    Ok(())
}
