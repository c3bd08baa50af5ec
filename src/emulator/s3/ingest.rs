//! Taking a body in: hashed and verified while it streams, kept as a rider or as a blob.

use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body_util::BodyExt;
use md5::{Digest, Md5};

use super::blobs::{BlobId, Blobs, Reserved, Writing};
use super::checksum::{Algorithm, Checksum, Hasher, Kind};
use super::error::{self, invalid_request};
use super::keeper::Keeper;
use crate::emulator::auth::aws_error;
use crate::emulator::body::{Body, BoxError};
use crate::emulator::error::AwsError;
use crate::hex::hex;

/// Bodies up to this size ride in the commit of their row and are moved to a blob afterwards.
pub const RIDER_LIMIT: usize = 64 << 10;
/// The largest body that one PutObject or UploadPart takes: 5 GiB.
pub const LARGEST: u64 = 5 << 30;
/// How much is hashed before other tasks get a turn.
const HASH_STEP: usize = 256 << 10;

/// How long a body may be, in bytes.
#[derive(Debug, Clone)]
enum Length {
    /// As long as the request says.
    Declared(u64),
    /// As long as a form's policy allows.
    Within(RangeInclusive<u64>),
}

/// What the request says its body is.
#[derive(Debug)]
pub struct Claims {
    length: Length,
    md5: Option<[u8; 16]>,
    algorithm: Algorithm,
    /// The checksum from a header; one from a trailer is known only after the body.
    checksum: Option<String>,
    trailer: bool,
    /// Whether the client named the algorithm, in whatever way.
    pub named: bool,
}

/// A body that is kept but that no row names yet. Dropped without [`Stored::keep`], it is deleted.
#[derive(Debug)]
pub struct Stored {
    reserved: Option<Reserved>,
    id: BlobId,
    rider: Option<Bytes>,
    keeper: Keeper,
    /// Its length in bytes.
    pub size: u64,
    /// Its MD5 in hexadecimal.
    pub md5: String,
    /// Its checksum, by the algorithm that the client named.
    pub checksum: Checksum,
    /// Its CRC-64/NVME, which every body has whatever the client named: what is read later is held against it.
    pub crc64: Checksum,
}

impl Stored {
    /// The blob's id.
    pub fn blob(&self) -> BlobId {
        self.id
    }

    /// The bytes, where they ride in the commit.
    pub fn rider(&self) -> Option<&Bytes> {
        self.rider.as_ref()
    }

    /// A row that is committed names the body now.
    pub fn keep(mut self) {
        self.reserved = None;
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        if self.reserved.take().is_some() && self.rider.is_none() {
            self.keeper.dropped(self.id);
        }
    }
}

impl Claims {
    /// Reads the claims from the headers of a request; `default` is the algorithm where the client names none.
    pub fn read(headers: &HeaderMap, default: Algorithm) -> Result<Self, AwsError> {
        let length: u64 = match text(headers, "content-length") {
            // As on AWS: chunks of HTTP's own need a length declared for what they carry.
            None if headers.contains_key(http::header::TRANSFER_ENCODING) => {
                return Err(error::header_not_implemented("Transfer-Encoding"));
            }
            None => {
                return Err(AwsError::new(
                    411,
                    "MissingContentLength",
                    "You must provide the Content-Length HTTP header.",
                ));
            }
            Some(length) => length.parse().map_err(|_| invalid_request("The Content-Length header is not valid."))?,
        };
        if length > LARGEST {
            return Err(too_large(length, LARGEST));
        }
        Self::with_length(headers, default, Length::Declared(length))
    }

    /// Reads the claims of a form, whose file has a size within `sizes`, from the headers that its fields stand for.
    pub fn of_form(headers: &HeaderMap, default: Algorithm, sizes: RangeInclusive<u64>) -> Result<Self, AwsError> {
        Self::with_length(headers, default, Length::Within(sizes))
    }

    fn with_length(headers: &HeaderMap, default: Algorithm, length: Length) -> Result<Self, AwsError> {
        let md5 = match text(headers, "content-md5") {
            None => None,
            Some(given) => Some(read_md5(given)?),
        };
        let (algorithm, checksum, trailer) = match read_checksum(headers)? {
            None => (None, None, false),
            Some((algorithm, Some(value))) => (Some(algorithm), Some(value), false),
            Some((algorithm, None)) => (Some(algorithm), None, true),
        };
        Ok(Self { length, md5, algorithm: algorithm.unwrap_or(default), checksum, trailer, named: algorithm.is_some() })
    }

    /// What a body of our own is: `length` bytes, to be hashed by `algorithm`.
    pub fn own(length: u64, algorithm: Algorithm) -> Self {
        let length = Length::Declared(length);
        Self { length, md5: None, algorithm, checksum: None, trailer: false, named: true }
    }

    /// The algorithm in force.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Holds a whole small body, such as an XML document, against the claims.
    pub fn verify(headers: &HeaderMap, bytes: &[u8], trailers: Option<&HeaderMap>) -> Result<bool, AwsError> {
        let length = http::HeaderValue::from(bytes.len());
        let mut headers = headers.clone();
        headers.insert(http::header::CONTENT_LENGTH, length);
        let claims = Self::read(&headers, Algorithm::Crc64Nvme)?;
        let mut hashes = Hashes::new(&claims);
        hashes.update(bytes);
        hashes.check(&claims, trailers)?;
        Ok(claims.named || claims.md5.is_some())
    }
}

impl Length {
    /// The most that is kept.
    fn most(&self) -> u64 {
        match self {
            Self::Declared(length) => *length,
            Self::Within(sizes) => *sizes.end(),
        }
    }

    /// Judges the size of a whole body (recorded 2026-02).
    fn check(&self, size: u64) -> Result<(), AwsError> {
        match self {
            Self::Declared(length) if size != *length => Err(incomplete_body()),
            Self::Within(sizes) if size > *sizes.end() => Err(too_large(size, *sizes.end())),
            Self::Within(sizes) if size < *sizes.start() => {
                let message = "Your proposed upload is smaller than the minimum allowed size";
                Err(AwsError::new(400, "EntityTooSmall", message)
                    .with("ProposedSize", size)
                    .with("MinSizeAllowed", *sizes.start()))
            }
            _ => Ok(()),
        }
    }
}

fn too_large(size: u64, most: u64) -> AwsError {
    AwsError::new(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        .with("ProposedSize", size)
        .with("MaxSizeAllowed", most)
}

/// The hashes of a body under way.
struct Hashes {
    md5: Md5,
    checksum: Hasher,
    /// The CRC-64/NVME, where `checksum` is another.
    crc64: Option<Hasher>,
}

impl Hashes {
    fn new(claims: &Claims) -> Self {
        Self {
            md5: Md5::new(),
            checksum: Hasher::new(claims.algorithm),
            crc64: (claims.algorithm != Algorithm::Crc64Nvme).then(|| Hasher::new(Algorithm::Crc64Nvme)),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.checksum.update(bytes);
        if let Some(crc64) = &mut self.crc64 {
            crc64.update(bytes);
        }
    }

    /// The MD5 in hexadecimal and the checksums, once they are what the client said.
    fn check(self, claims: &Claims, trailers: Option<&HeaderMap>) -> Result<Digests, AwsError> {
        let digest: [u8; 16] = self.md5.finalize().into();
        if let Some(expected) = &claims.md5
            && *expected != digest
        {
            let message = "The Content-MD5 you specified did not match what we received.";
            return Err(AwsError::new(400, "BadDigest", message)
                // Recorded: the expected digest in hexadecimal, the calculated one in base64.
                .with("ExpectedDigest", hex(expected))
                .with("CalculatedDigest", STANDARD.encode(digest)));
        }
        let value = self.checksum.finish();
        let algorithm = claims.algorithm;
        let trailer = if claims.trailer {
            let sent = trailers.and_then(|trailers| text(trailers, algorithm.header()));
            Some(sent.ok_or_else(|| {
                invalid_request(format!("Value for {} trailing header is missing.", algorithm.header()))
            })?)
        } else {
            None
        };
        if let Some(expected) = trailer.or(claims.checksum.as_deref()) {
            if algorithm.decode(expected).is_none() {
                return Err(match trailer {
                    None => algorithm.invalid(),
                    Some(_) => invalid_request(format!("Value for {} trailing header is invalid.", algorithm.header())),
                });
            }
            if expected != value {
                let message = format!("The {} you specified did not match the calculated checksum.", algorithm.name());
                return Err(AwsError::new(400, "BadDigest", message));
            }
        }
        let whole = |algorithm, value| Checksum { algorithm, kind: Kind::FullObject, value };
        let checksum = whole(algorithm, value);
        let crc64 = match self.crc64 {
            Some(hasher) => whole(Algorithm::Crc64Nvme, hasher.finish()),
            None => checksum.clone(),
        };
        Ok(Digests { md5: hex(&digest), checksum, crc64 })
    }
}

struct Digests {
    md5: String,
    checksum: Checksum,
    crc64: Checksum,
}

/// Where the bytes go while they come.
enum Sink {
    Small(BytesMut),
    Large(Writing),
}

/// Takes `body` in. It is durable as a blob on return, or small enough to ride in the commit of its row.
pub async fn ingest(
    blobs: &Blobs,
    keeper: &Keeper,
    reserved: Reserved,
    mut body: Body,
    claims: Claims,
) -> Result<Stored, AwsError> {
    let id = reserved.id();
    let mut hashes = Hashes::new(&claims);
    let mut sink = Sink::Small(BytesMut::new());
    let mut size = 0_u64;
    let mut trailers = None;
    let outcome = async {
        while let Some(frame) = body.frame().await {
            let mut data = match frame.map_err(|error| broken_body(&error))?.into_data() {
                Ok(data) => data,
                Err(frame) => {
                    trailers = frame.into_trailers().ok();
                    continue;
                }
            };
            size += data.len() as u64;
            if size > claims.length.most() {
                // A form is heard to its end, because the answer says how much there was, and browsers read none before.
                if let Length::Declared(_) = claims.length {
                    return Err(incomplete_body());
                }
                continue;
            }
            while !data.is_empty() {
                let step = data.split_to(data.len().min(HASH_STEP));
                hashes.update(&step);
                sink.write(blobs, id, step).await?;
                if !data.is_empty() {
                    tokio::task::yield_now().await;
                }
            }
        }
        claims.length.check(size)?;
        hashes.check(&claims, trailers.as_ref())
    }
    .await;
    let Digests { md5, checksum, crc64 } = match outcome {
        Ok(checked) => checked,
        Err(error) => {
            if let Sink::Large(writing) = sink {
                writing.abort().await?;
                blobs.settled(&[id]);
            }
            return Err(error);
        }
    };
    let rider = match sink {
        Sink::Small(bytes) => Some(bytes.freeze()),
        Sink::Large(writing) => {
            writing.finish().await?;
            None
        }
    };
    Ok(Stored { reserved: Some(reserved), id, rider, keeper: keeper.clone(), size, md5, checksum, crc64 })
}

impl Sink {
    async fn write(&mut self, blobs: &Blobs, id: BlobId, bytes: Bytes) -> Result<(), AwsError> {
        match self {
            Self::Small(small) if small.len() + bytes.len() <= RIDER_LIMIT => small.extend_from_slice(&bytes),
            Self::Small(small) => {
                let mut writing = blobs.begin(id).await?;
                let before = std::mem::take(small).freeze();
                writing.write(before).await?;
                writing.write(bytes).await?;
                *self = Self::Large(writing);
            }
            Self::Large(writing) => writing.write(bytes).await?,
        }
        Ok(())
    }
}

/// The error that a body ended with: a verified body ends with AWS's own, a connection with any.
pub fn broken_body(error: &BoxError) -> AwsError {
    aws_error(error.as_ref()).cloned().unwrap_or_else(incomplete_body)
}

fn incomplete_body() -> AwsError {
    let message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
    AwsError::new(400, "IncompleteBody", message)
}

fn read_md5(given: &str) -> Result<[u8; 16], AwsError> {
    match STANDARD.decode(given).ok().and_then(|bytes| bytes.try_into().ok()) {
        Some(digest) => Ok(digest),
        None => Err(AwsError::new(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
            .with("Content-MD5", given)),
    }
}

/// The checksum that the headers speak of: its algorithm, and its value unless that follows in the trailer.
///
/// Recorded: `x-amz-sdk-checksum-algorithm` alone, or another than the checksum's, changes nothing.
pub fn read_checksum(headers: &HeaderMap) -> Result<Option<(Algorithm, Option<String>)>, AwsError> {
    let many =
        || invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    let mut found = None;
    for name in headers.keys().filter_map(|name| name.as_str().strip_prefix("x-amz-checksum-")) {
        if matches!(name, "mode" | "type" | "algorithm") {
            continue;
        }
        let algorithm = Algorithm::named(name).ok_or_else(unsupported)?;
        let value = text(headers, algorithm.header()).ok_or_else(|| algorithm.invalid())?;
        if algorithm.decode(value).is_none() {
            return Err(algorithm.invalid());
        }
        if found.replace((algorithm, Some(value.to_owned()))).is_some() {
            return Err(many());
        }
    }
    let announced = headers.get_all("x-amz-trailer").iter().filter_map(|value| value.to_str().ok());
    for name in announced.flat_map(|names| names.split(',')).map(|name| name.trim().to_ascii_lowercase()) {
        let Some(name) = name.strip_prefix("x-amz-checksum-") else { continue };
        let algorithm = Algorithm::named(name).ok_or_else(unsupported)?;
        if found.replace((algorithm, None)).is_some() {
            return Err(many());
        }
    }
    Ok(found)
}

/// The refusal of an algorithm that is not one of AWS's (recorded 2026-02, when they were five).
pub fn unsupported() -> AwsError {
    let names: Vec<&str> = Algorithm::ALL.iter().map(|algorithm| algorithm.name()).collect();
    invalid_request(format!(
        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [{}]",
        names.join(", ")
    ))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}
