//! CopyObject.

use crate::emulator::error::AwsError;
use crate::emulator::s3::blobs::Reader;
use crate::emulator::s3::catalogue::{Bucket, Content, Placed, Version, Versioning};
use crate::emulator::s3::checksum::{Algorithm, Kind};
use crate::emulator::s3::condition::WriteCondition;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::copy_source::{CopySource, check_size, show_version};
use crate::emulator::s3::error::invalid_request;
use crate::emulator::s3::ingest::{Claims, Stored, unsupported};
use crate::emulator::s3::object_headers::{self, Described, Whole};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;
use crate::emulator::s3::{date, outgo};
use crate::emulator::store::Snapshot;

/// Copies an object as it stood when the copy began. No byte moves where the source's one blob can serve both.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    // Announced before the snapshot: what the snapshot shows stays readable, also when the source is deleted meanwhile.
    let reader = core.blobs().reader();
    let read = core.read()?;
    let bucket = context.open_bucket(&read)?;
    let condition = WriteCondition::of(context)?;
    let source = CopySource::of(context)?;
    let wanted = wanted_algorithm(context)?;
    let modified = core.clock().millis();
    let found = source.find(&read, context, modified)?;
    check_size(found.version.size)?;
    if (source.bucket.as_str(), source.key.as_str()) == (context.bucket(), context.key()) {
        let current = Placed::newest(&read, bucket.id, context.key())?;
        check_change(context, current.is_some_and(|current| current.order == found.order))?;
    }
    let described = Described::of_copy(context, &found.version)?;
    let copy = Copy { context: context.clone(), condition, described, modified };
    let copied = match shareable(&found.version, wanted) {
        Some(bytes) => copy.clone().commit(core, bytes).await?,
        None => None,
    };
    let copied = match copied {
        Some(version) => version,
        // It has to be read, or the source went away before it could be shared.
        None => copy.stream(core, reader, read, source.of_version(&found.version), wanted).await?,
    };
    Ok(answer(&bucket, &found.version, &copied))
}

/// Where the copy's bytes are.
#[derive(Debug)]
enum Bytes {
    /// In the source's blob, whose entity tag and checksum hold for the copy too.
    Shared(Whole),
    /// In a blob of its own.
    Own(Box<Stored>),
}

/// A copy about to be written.
#[derive(Debug, Clone)]
struct Copy {
    context: Context,
    condition: WriteCondition,
    described: Described,
    modified: u64,
}

impl Copy {
    /// Reads the source once through, and writes the copy.
    async fn stream(
        self,
        core: &Core,
        reader: Reader,
        read: Snapshot,
        source: outgo::Source<'_>,
        wanted: Option<Algorithm>,
    ) -> Result<Version, AwsError> {
        let version = source.version;
        let kept = version.checksum.as_ref().map(|checksum| checksum.algorithm);
        let algorithm = wanted.or(kept).unwrap_or(Algorithm::Crc64Nvme);
        let body = outgo::open_for_copy(core.blobs(), reader, read, source, 0..version.size).await?;
        let stored = core.ingest(body, Claims::own(version.size, algorithm)).await?;
        let written = self.commit(core, Bytes::Own(Box::new(stored))).await?;
        written.ok_or_else(|| crate::emulator::s3::error::internal("a copy of its own was not written"))
    }

    /// Writes the copy; `None` where the blob to be shared is gone.
    async fn commit(self, core: &Core, bytes: Bytes) -> Result<Option<Version>, AwsError> {
        let Self { context, condition, described, modified } = self;
        let random = core.ids().next();
        let (version, stored) = core
            .write(move |change| {
                let bucket = context.open_bucket(change)?;
                let key = context.key();
                let old = Placed::newest(change, bucket.id, key)?;
                condition.judge(key, old.as_ref())?;
                let (bytes, stored) = match bytes {
                    Bytes::Shared(bytes) => {
                        if !change.share(bytes.blob)? {
                            return Ok((None, None));
                        }
                        (bytes, None)
                    }
                    Bytes::Own(stored) => (Whole::of(&stored, change.hold(&stored)?), Some(stored)),
                };
                let version = described.version(bytes, &bucket.owner, modified);
                let version = change.add(&bucket, key, old.as_ref(), version, random)?;
                Ok::<_, AwsError>((Some(version), stored))
            })
            .await?;
        if let Some(stored) = stored {
            stored.keep();
        }
        Ok(version)
    }
}

/// The source's bytes as the copy's, where its one blob, entity tag and checksum are exactly what the copy has.
fn shareable(source: &Version, wanted: Option<Algorithm>) -> Option<Bytes> {
    let checksum = source.checksum.clone()?;
    let kept = checksum.kind == Kind::FullObject && wanted.is_none_or(|wanted| wanted == checksum.algorithm);
    match &source.content {
        // The copy of a multipart object has the MD5 of its bytes as its entity tag, so they must be read.
        Content::Blob(blob) if kept => {
            Some(Bytes::Shared(Whole { blob: *blob, size: source.size, etag: source.etag.clone(), checksum }))
        }
        _ => None,
    }
}

/// The checksum algorithm that the request asks for; without, the copy has its source's.
fn wanted_algorithm(context: &Context) -> Result<Option<Algorithm>, AwsError> {
    let named = context.header("x-amz-checksum-algorithm");
    named.map(|name| Algorithm::named(name).ok_or_else(unsupported)).transpose()
}

/// Refuses a copy of a current version onto itself that asks for no change; naming a header asks for one (recorded
/// 2026-02).
fn check_change(context: &Context, onto_itself: bool) -> Result<(), AwsError> {
    let changes = context.header("x-amz-metadata-directive") == Some("REPLACE")
        || ["x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-server-side-encryption"]
            .iter()
            .any(|header| context.header(header).is_some());
    if !onto_itself || changes {
        return Ok(());
    }
    Err(invalid_request(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's \
         metadata, storage class, website redirect location or encryption attributes.",
    ))
}

fn answer(bucket: &Bucket, found: &Version, copied: &Version) -> Reply {
    let mut document = Document::new("CopyObjectResult");
    document.text("LastModified", &date::iso(copied.modified));
    document.text("ETag", &copied.quoted_etag());
    if let Some(checksum) = &copied.checksum {
        document.text("ChecksumType", checksum.kind.name());
        document.text(checksum.algorithm.element(), &checksum.value);
    }
    let mut headers = http::HeaderMap::new();
    show_version(&mut headers, found);
    // Recorded: unlike for PutObject, the null version too, once the bucket kept versions.
    if bucket.versioning != Versioning::Unversioned {
        object_headers::set(&mut headers, "x-amz-version-id", &copied.id);
    }
    object_headers::set(&mut headers, "x-amz-server-side-encryption", "AES256");
    Reply::document_with(document, headers)
}
