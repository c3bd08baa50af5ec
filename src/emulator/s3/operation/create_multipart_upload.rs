//! CreateMultipartUpload.

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Upload, UploadId};
use crate::emulator::s3::checksum::{Algorithm, Kind};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error::invalid_request;
use crate::emulator::s3::ingest::unsupported;
use crate::emulator::s3::object_headers::{self, Described};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;

/// Begins an upload in parts.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let described = Described::read(context)?;
    let checksum = checksum(context)?;
    let initiated = core.clock().millis();
    let random = core.ids().next();
    let within = context.clone();
    let id = core
        .write(move |change| {
            let bucket = within.open_bucket(change)?;
            let id = UploadId::new(change.next_sequence()?, random);
            let caller = within.caller();
            let initiator = caller
                .arn()
                .filter(|_| caller.user.is_some() || caller.session.is_some())
                .unwrap_or_else(|| caller.canonical_id.clone());
            let upload = Upload {
                id: id.text.clone(),
                initiated,
                headers: described.headers,
                metadata: described.metadata,
                storage_class: described.storage_class,
                checksum,
                owner: bucket.owner,
                initiator: (initiator, caller.display_name.clone()),
                disturbed: false,
                tags: described.tags,
            };
            upload.put(change, bucket.id, within.key(), id.order)?;
            Ok::<_, AwsError>(id.text)
        })
        .await?;
    let mut headers = http::HeaderMap::new();
    object_headers::set(&mut headers, "x-amz-server-side-encryption", "AES256");
    if let Some((algorithm, kind)) = checksum {
        object_headers::set(&mut headers, "x-amz-checksum-algorithm", algorithm.name());
        object_headers::set(&mut headers, "x-amz-checksum-type", kind.name());
    }
    let mut document = Document::new("InitiateMultipartUploadResult");
    document.text("Bucket", context.bucket());
    document.text("Key", context.key());
    document.text("UploadId", &id);
    Ok(Reply::document_with(document, headers))
}

/// The checksum that the object is to have (recorded 2026-02).
fn checksum(context: &Context) -> Result<Option<(Algorithm, Kind)>, AwsError> {
    let kind = context.header("x-amz-checksum-type");
    let Some(name) = context.header("x-amz-checksum-algorithm") else {
        return match kind {
            None => Ok(None),
            Some(_) => Err(invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
            )),
        };
    };
    let algorithm = Algorithm::named(name).ok_or_else(unsupported)?;
    let kind = match kind {
        None => algorithm.default_kind(),
        Some(name) => {
            Kind::named(name).ok_or_else(|| invalid_request("Value for x-amz-checksum-type header is invalid."))?
        }
    };
    if algorithm.takes(kind) {
        return Ok(Some((algorithm, kind)));
    }
    let (kind, name) = (kind.name(), algorithm.name().to_ascii_lowercase());
    Err(invalid_request(format!("The {kind} checksum type cannot be used with the {name} checksum algorithm.")))
}
