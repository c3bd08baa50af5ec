//! GetObjectAttributes.

use http::HeaderMap;
use s3s::S3Response;
use s3s::dto::{
    Checksum as ShownChecksum, GetObjectAttributesInput, GetObjectAttributesOutput, GetObjectAttributesParts,
    ObjectPart,
};

use s3s::xml::{SerError, SerializeContent, Serializer};

use super::Result;
use crate::emulator::body;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Content, Part, Placed, Version, Versioning};
use crate::emulator::s3::checksum::{Checksum, Kind, show};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::date;
use crate::emulator::s3::error::{self, invalid_argument, invalid_request};
use crate::emulator::s3::listing::PAGE;
use crate::emulator::s3::object_headers;
use crate::emulator::s3::service::Core;
use crate::emulator::store::Read;

const HEADER: &str = "x-amz-object-attributes";
const ATTRIBUTES: [&str; 5] = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

/// Gives what is asked for of an object, without its bytes.
pub(in crate::emulator::s3) fn run(
    core: &Core,
    context: &Context,
    _: GetObjectAttributesInput,
) -> Result<GetObjectAttributesOutput> {
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
    let output = GetObjectAttributesOutput {
        checksum: version.checksum.as_ref().filter(|_| asks("Checksum")).map(shown),
        object_parts: if asks("ObjectParts") { parts(&read, &version, most, marker)? } else { None },
        object_size: i64::try_from(version.size).ok().filter(|_| asks("ObjectSize")),
        storage_class: asks("StorageClass").then(|| version.storage_class.clone().into()),
        ..GetObjectAttributesOutput::default()
    };
    let document = document(&output, asks("ETag").then_some(version.etag.as_str()));
    context.answer_with(body::full(document.map_err(|failure| error::internal(&failure.to_string()))?));
    Ok(S3Response::with_headers(output, headers))
}

/// The answer's document. s3s puts the entity tag in quotes everywhere, and AWS here alone does not (recorded 2026-02).
fn document(output: &GetObjectAttributesOutput, etag: Option<&str>) -> std::result::Result<Vec<u8>, SerError> {
    let mut document = Vec::new();
    let mut writer = Serializer::new(&mut document);
    writer.decl()?;
    writer.element_with_ns("GetObjectAttributesResponse", "http://s3.amazonaws.com/doc/2006-03-01/", |writer| {
        if let Some(etag) = etag {
            writer.content("ETag", etag)?;
        }
        output.serialize_content(writer)
    })?;
    Ok(document)
}

const MARKER: &str = "x-amz-part-number-marker";

/// The attributes that the request names.
fn asked(context: &Context) -> std::result::Result<Vec<&'static str>, AwsError> {
    let values = context.headers().get_all(HEADER).iter().filter_map(|value| value.to_str().ok());
    let names = values.flat_map(|value| value.split(',')).map(str::trim).filter(|name| !name.is_empty());
    let known = |name: &str| {
        let found = ATTRIBUTES.into_iter().find(|known| *known == name);
        found.ok_or_else(|| invalid_argument("Invalid attribute name specified.", HEADER, name))
    };
    let asked = names.map(known).collect::<std::result::Result<Vec<_>, _>>()?;
    if asked.is_empty() {
        return Err(invalid_request(
            "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
        ));
    }
    Ok(asked)
}

/// A header that is a whole number from 0 to i32's end.
fn number(context: &Context, header: &'static str, default: u32) -> std::result::Result<u32, AwsError> {
    let Some(text) = context.header(header) else { return Ok(default) };
    text.parse().ok().filter(|number| i32::try_from(*number).is_ok()).ok_or_else(|| {
        invalid_argument(&format!("Provided {header} not an integer or within integer range"), header, text)
    })
}

/// The checksum, without the number of parts that a composite one carries elsewhere (recorded 2026-02).
fn shown(checksum: &Checksum) -> ShownChecksum {
    let mut shown =
        ShownChecksum { checksum_type: Some(checksum.kind.name().to_owned().into()), ..ShownChecksum::default() };
    let value = checksum.value.split_once('-').map_or(checksum.value.as_str(), |(bare, _)| bare).to_owned();
    show!(shown, Checksum { value, ..checksum.clone() });
    shown
}

/// The parts of a multipart object: how many, and where they have checksums of their own, which (recorded 2026-02).
fn parts(
    read: &impl Read,
    version: &Version,
    most: u32,
    marker: u32,
) -> std::result::Result<Option<GetObjectAttributesParts>, AwsError> {
    let Content::Parts(upload) = &version.content else { return Ok(None) };
    let total_parts_count = i32::try_from(version.parts).ok();
    let composite = version.checksum.as_ref().is_some_and(|checksum| checksum.kind == Kind::Composite);
    if !composite {
        return Ok(Some(GetObjectAttributesParts { total_parts_count, ..GetObjectAttributesParts::default() }));
    }
    let mut page = Vec::new();
    // The object's parts count from one, as for GetObject, whatever numbers they were uploaded under.
    let numbered = Part::after(read, upload, 0)?.zip(1_i32..);
    let mut rest = numbered.skip(marker as usize);
    for (part, number) in rest.by_ref().take(most as usize) {
        let (_, part) = part?;
        let mut listed =
            ObjectPart { part_number: Some(number), size: i64::try_from(part.size).ok(), ..ObjectPart::default() };
        show!(listed, part.checksum);
        page.push(listed);
    }
    Ok(Some(GetObjectAttributesParts {
        is_truncated: Some(rest.next().is_some()),
        max_parts: i32::try_from(most).ok(),
        next_part_number_marker: Some(page.last().and_then(|part| part.part_number).unwrap_or(0)),
        part_number_marker: i32::try_from(marker).ok(),
        parts: (!page.is_empty()).then_some(page),
        total_parts_count,
    }))
}
