//! The checksums that S3 keeps beside an object: computed while a body streams by, and combined for multipart objects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::emulator::error::AwsError;

/// A checksum algorithm, by the name it has in `x-amz-checksum-algorithm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// CRC-32.
    Crc32,
    /// CRC-32C (Castagnoli).
    Crc32c,
    /// CRC-64/NVME, S3's default.
    Crc64Nvme,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// What a multipart object's checksum is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// The bytes of the whole object.
    FullObject,
    /// The checksums of its parts.
    Composite,
}

/// A checksum that is kept with an object or a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checksum {
    /// How it was computed.
    pub algorithm: Algorithm,
    /// Over what.
    pub kind: Kind,
    /// Base64, with `-N` behind it where it is the composite of N parts.
    pub value: String,
}

impl Checksum {
    /// The CRC-64/NVME of a whole body, from its number.
    #[must_use]
    pub fn of_crc64(crc: u64) -> Self {
        let algorithm = Algorithm::Crc64Nvme;
        Self { algorithm, kind: Kind::FullObject, value: encode_crc(crc, algorithm.length()) }
    }

    /// The number of a CRC of a whole body; `None` for any other checksum.
    #[must_use]
    pub fn crc(&self) -> Option<u64> {
        self.algorithm.crc().filter(|_| self.kind == Kind::FullObject)?;
        self.algorithm.decode(&self.value).map(|bytes| number_of(&bytes))
    }
}

impl Algorithm {
    /// Every algorithm, in the order in which AWS lists them.
    pub const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// The algorithm of this name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// The element that carries it in documents.
    #[must_use]
    pub fn element(self) -> &'static str {
        match self {
            Self::Crc32 => "ChecksumCRC32",
            Self::Crc32c => "ChecksumCRC32C",
            Self::Crc64Nvme => "ChecksumCRC64NVME",
            Self::Sha1 => "ChecksumSHA1",
            Self::Sha256 => "ChecksumSHA256",
        }
    }

    /// AWS's name: `CRC32`, `CRC32C`, `CRC64NVME`, `SHA1`, `SHA256`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header that carries it: `x-amz-checksum-crc32` and so on.
    #[must_use]
    pub fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// The length of the checksum, in bytes.
    #[must_use]
    pub fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    /// The kind that a multipart upload has where none is asked for.
    #[must_use]
    pub fn default_kind(self) -> Kind {
        if self == Self::Crc64Nvme { Kind::FullObject } else { Kind::Composite }
    }

    fn crc(self) -> Option<CrcAlgorithm> {
        match self {
            Self::Crc32 => Some(CrcAlgorithm::Crc32IsoHdlc),
            Self::Crc32c => Some(CrcAlgorithm::Crc32Iscsi),
            Self::Crc64Nvme => Some(CrcAlgorithm::Crc64Nvme),
            Self::Sha1 | Self::Sha256 => None,
        }
    }

    /// The value as a client sent it, decoded; `None` where it is not base64 of the right length.
    #[must_use]
    pub fn decode(self, value: &str) -> Option<Vec<u8>> {
        STANDARD.decode(value).ok().filter(|bytes| bytes.len() == self.length())
    }

    /// The refusal of a value that is no checksum of this kind.
    #[must_use]
    pub fn invalid(self) -> AwsError {
        AwsError::new(400, "InvalidRequest", format!("Value for {} header is invalid.", self.header()))
    }
}

impl Kind {
    /// AWS's name: `FULL_OBJECT` or `COMPOSITE`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FullObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::FullObject, Self::Composite].into_iter().find(|kind| kind.name() == name)
    }
}

/// A checksum under way.
pub enum Hasher {
    /// One of the CRCs.
    Crc(Box<crc_fast::Digest>, usize),
    /// SHA-1.
    Sha1(Box<Sha1>),
    /// SHA-256.
    Sha256(Box<Sha256>),
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hasher").finish_non_exhaustive()
    }
}

impl Hasher {
    /// A checksum of no bytes yet.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        match (algorithm.crc(), algorithm) {
            (Some(crc), _) => Self::Crc(Box::new(crc_fast::Digest::new(crc)), algorithm.length()),
            (None, Algorithm::Sha1) => Self::Sha1(Box::default()),
            (None, _) => Self::Sha256(Box::default()),
        }
    }

    /// Adds `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc(digest, _) => digest.update(bytes),
            Self::Sha1(digest) => Digest::update(digest.as_mut(), bytes),
            Self::Sha256(digest) => Digest::update(digest.as_mut(), bytes),
        }
    }

    /// The checksum in base64.
    #[must_use]
    pub fn finish(self) -> String {
        match self {
            Self::Crc(digest, length) => encode_crc(digest.finalize(), length),
            Self::Sha1(digest) => STANDARD.encode(digest.finalize()),
            Self::Sha256(digest) => STANDARD.encode(digest.finalize()),
        }
    }
}

/// The low `length` bytes of `crc`, big-endian, in base64.
fn encode_crc(crc: u64, length: usize) -> String {
    STANDARD.encode(&crc.to_be_bytes()[8 - length.min(8)..])
}

/// The CRC-64/NVME of `bytes`.
#[must_use]
pub fn crc64(bytes: &[u8]) -> u64 {
    crc_fast::checksum(CrcAlgorithm::Crc64Nvme, bytes)
}

/// The number that a CRC's bytes are.
fn number_of(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |crc, byte| crc << 8 | u64::from(*byte))
}

/// The checksum of a multipart object from its parts' (base64 value, size in bytes), in order; `None` where the
/// parts' values do not decode or the algorithm cannot be combined to this kind.
pub fn combine<'a>(
    algorithm: Algorithm,
    kind: Kind,
    parts: impl IntoIterator<Item = (&'a str, u64)>,
) -> Option<Checksum> {
    let value = match (kind, algorithm.crc()) {
        (Kind::Composite, _) => {
            let mut hasher = Hasher::new(algorithm);
            let mut count = 0_usize;
            for (value, _) in parts {
                hasher.update(&algorithm.decode(value)?);
                count += 1;
            }
            format!("{}-{count}", hasher.finish())
        }
        (Kind::FullObject, Some(crc)) => {
            let mut whole: Option<u64> = None;
            for (value, size) in parts {
                let part = number_of(&algorithm.decode(value)?);
                whole = Some(match whole {
                    None => part,
                    Some(before) => crc_fast::checksum_combine(crc, before, part, size),
                });
            }
            encode_crc(whole?, algorithm.length())
        }
        (Kind::FullObject, None) => return None,
    };
    Some(Checksum { algorithm, kind, value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(algorithm: Algorithm, bytes: &[u8]) -> String {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    /// Check values of the CRC catalogue (reveng) and of FIPS 180 for `123456789` and the empty string.
    #[test]
    fn the_algorithms_give_their_published_check_values() {
        assert_eq!(of(Algorithm::Crc32, b"123456789"), STANDARD.encode([0xCB, 0xF4, 0x39, 0x26]));
        assert_eq!(of(Algorithm::Crc32c, b"123456789"), STANDARD.encode([0xE3, 0x06, 0x92, 0x83]));
        assert_eq!(
            of(Algorithm::Crc64Nvme, b"123456789"),
            STANDARD.encode([0xAE, 0x8B, 0x14, 0x86, 0x0A, 0x79, 0x98, 0x88])
        );
        assert_eq!(of(Algorithm::Sha1, b""), "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
        assert_eq!(of(Algorithm::Sha256, b""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    proptest! {
        #[test]
        fn crcs_of_parts_combine_to_that_of_the_whole(parts: Vec<Vec<u8>>) {
            prop_assume!(!parts.is_empty());
            for algorithm in [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme] {
                let sums: Vec<(String, u64)> =
                    parts.iter().map(|part| (of(algorithm, part), part.len() as u64)).collect();
                let combined =
                    combine(algorithm, Kind::FullObject, sums.iter().map(|(sum, size)| (sum.as_str(), *size)));
                prop_assert_eq!(combined.map(|sum| sum.value), Some(of(algorithm, &parts.concat())));
            }
        }
    }
}
