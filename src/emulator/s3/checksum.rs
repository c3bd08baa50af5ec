//! The checksums that S3 keeps beside an object: computed while a body streams by, and combined for multipart objects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm;
use md5::Md5;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha256, Sha512};
use twox_hash::{XxHash3_64, XxHash3_128, XxHash64};

use crate::emulator::error::AwsError;

const CRC32: CrcAlgorithm = CrcAlgorithm::Crc32IsoHdlc;
const CRC32C: CrcAlgorithm = CrcAlgorithm::Crc32Iscsi;
const CRC64: CrcAlgorithm = CrcAlgorithm::Crc64Nvme;

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
    /// SHA-512.
    Sha512,
    /// MD5, as a checksum that is kept; `Content-MD5` is another matter.
    Md5,
    /// XXH64.
    XxHash64,
    /// XXH3 with 64 bits.
    XxHash3,
    /// XXH3 with 128 bits.
    XxHash128,
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
#[serde(deny_unknown_fields)]
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
    pub const ALL: [Self; 10] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::XxHash128,
        Self::XxHash3,
        Self::XxHash64,
    ];

    /// The algorithm of this name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// AWS's name: `CRC32`, `SHA256` and so on.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.element().trim_start_matches("Checksum")
    }

    /// The header that carries it: `x-amz-checksum-crc32` and so on.
    #[must_use]
    pub fn header(self) -> &'static str {
        self.spelled().0
    }

    /// The XML element that carries it: `ChecksumCRC32` and so on.
    #[must_use]
    pub fn element(self) -> &'static str {
        self.spelled().1
    }

    fn spelled(self) -> (&'static str, &'static str) {
        match self {
            Self::Crc32 => ("x-amz-checksum-crc32", "ChecksumCRC32"),
            Self::Crc32c => ("x-amz-checksum-crc32c", "ChecksumCRC32C"),
            Self::Crc64Nvme => ("x-amz-checksum-crc64nvme", "ChecksumCRC64NVME"),
            Self::Md5 => ("x-amz-checksum-md5", "ChecksumMD5"),
            Self::Sha1 => ("x-amz-checksum-sha1", "ChecksumSHA1"),
            Self::Sha256 => ("x-amz-checksum-sha256", "ChecksumSHA256"),
            Self::Sha512 => ("x-amz-checksum-sha512", "ChecksumSHA512"),
            Self::XxHash128 => ("x-amz-checksum-xxhash128", "ChecksumXXHASH128"),
            Self::XxHash3 => ("x-amz-checksum-xxhash3", "ChecksumXXHASH3"),
            Self::XxHash64 => ("x-amz-checksum-xxhash64", "ChecksumXXHASH64"),
        }
    }

    /// The length of the checksum, in bytes.
    #[must_use]
    pub fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme | Self::XxHash3 | Self::XxHash64 => 8,
            Self::Md5 | Self::XxHash128 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// Whether a multipart object can have it over this: only CRCs of parts combine to that of the whole, and
    /// CRC-64/NVME is never taken over checksums.
    #[must_use]
    pub fn takes(self, kind: Kind) -> bool {
        match kind {
            Kind::Composite => self != Self::Crc64Nvme,
            Kind::FullObject => self.crc().is_some(),
        }
    }

    /// The kind that a multipart upload has where none is asked for.
    #[must_use]
    pub fn default_kind(self) -> Kind {
        if self == Self::Crc64Nvme { Kind::FullObject } else { Kind::Composite }
    }

    fn crc(self) -> Option<CrcAlgorithm> {
        match self {
            Self::Crc32 => Some(CRC32),
            Self::Crc32c => Some(CRC32C),
            Self::Crc64Nvme => Some(CRC64),
            _ => None,
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
    /// One of the CRCs, and its length.
    Crc(Box<crc_fast::Digest>, usize),
    /// MD5 or one of the SHAs.
    Digest(Box<dyn DynDigest + Send>),
    /// XXH64.
    XxHash64(Box<XxHash64>),
    /// XXH3 with 64 bits.
    XxHash3(Box<XxHash3_64>),
    /// XXH3 with 128 bits.
    XxHash128(Box<XxHash3_128>),
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
        let crc = |crc| Self::Crc(Box::new(crc_fast::Digest::new(crc)), algorithm.length());
        match algorithm {
            Algorithm::Crc32 => crc(CRC32),
            Algorithm::Crc32c => crc(CRC32C),
            Algorithm::Crc64Nvme => crc(CRC64),
            Algorithm::Md5 => Self::Digest(Box::<Md5>::default()),
            Algorithm::Sha1 => Self::Digest(Box::<Sha1>::default()),
            Algorithm::Sha256 => Self::Digest(Box::<Sha256>::default()),
            Algorithm::Sha512 => Self::Digest(Box::<Sha512>::default()),
            Algorithm::XxHash64 => Self::XxHash64(Box::new(XxHash64::with_seed(0))),
            Algorithm::XxHash3 => Self::XxHash3(Box::new(XxHash3_64::new())),
            Algorithm::XxHash128 => Self::XxHash128(Box::new(XxHash3_128::new())),
        }
    }

    /// Adds `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        use std::hash::Hasher as _;
        match self {
            Self::Crc(digest, _) => digest.update(bytes),
            Self::Digest(digest) => digest.update(bytes),
            Self::XxHash64(digest) => digest.write(bytes),
            Self::XxHash3(digest) => digest.write(bytes),
            Self::XxHash128(digest) => digest.write(bytes),
        }
    }

    /// The checksum in base64: of a number, its bytes from the highest, which XXH calls canonical.
    #[must_use]
    pub fn finish(self) -> String {
        use std::hash::Hasher as _;
        match self {
            Self::Crc(digest, length) => encode_crc(digest.finalize(), length),
            Self::Digest(digest) => STANDARD.encode(digest.finalize()),
            Self::XxHash64(digest) => STANDARD.encode(digest.finish().to_be_bytes()),
            Self::XxHash3(digest) => STANDARD.encode(digest.finish().to_be_bytes()),
            Self::XxHash128(digest) => STANDARD.encode(digest.finish_128().to_be_bytes()),
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
    crc_fast::checksum(CRC64, bytes)
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
    if !algorithm.takes(kind) {
        return None;
    }
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
        // RFC 1321, FIPS 180-4, and the xxHash package's own self-test of no bytes without a seed.
        assert_eq!(of(Algorithm::Md5, b""), "1B2M2Y8AsgTpgAmY7PhCfg==");
        assert_eq!(
            of(Algorithm::Sha512, b""),
            "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
        );
        assert_eq!(of(Algorithm::XxHash64, b""), STANDARD.encode(0xEF46_DB37_51D8_E999_u64.to_be_bytes()));
        assert_eq!(of(Algorithm::XxHash3, b""), STANDARD.encode(0x2D06_8005_38D3_94C2_u64.to_be_bytes()));
        assert_eq!(
            of(Algorithm::XxHash128, b""),
            STANDARD.encode(0x99AA_06D3_0147_98D8_6001_C324_468D_497F_u128.to_be_bytes())
        );
    }

    #[test]
    fn every_algorithm_has_its_names_and_its_length() {
        for algorithm in Algorithm::ALL {
            let name = algorithm.name();
            assert_eq!(Algorithm::named(&name.to_lowercase()), Some(algorithm));
            assert_eq!(algorithm.header(), format!("x-amz-checksum-{}", name.to_lowercase()));
            assert_eq!(algorithm.element(), format!("Checksum{name}"));
            assert_eq!(algorithm.decode(&of(algorithm, b"a")).map(|bytes| bytes.len()), Some(algorithm.length()));
            assert!(algorithm.takes(algorithm.default_kind()), "{name}");
        }
    }

    /// Rows of earlier builds name it so.
    #[test]
    fn a_stored_algorithm_is_read_by_the_name_that_it_always_had() {
        let stored = ["Crc32", "Crc32c", "Crc64Nvme", "Sha1", "Sha256"];
        let now = [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme, Algorithm::Sha1, Algorithm::Sha256];
        for (name, algorithm) in stored.into_iter().zip(now) {
            assert_eq!(serde_json::to_value(algorithm).expect("a name"), name);
            assert_eq!(serde_json::from_value::<Algorithm>(name.into()).ok(), Some(algorithm));
        }
    }

    #[test]
    fn parts_combine_to_what_their_algorithm_takes_and_to_nothing_else() {
        for algorithm in Algorithm::ALL {
            let parts = [of(algorithm, b"one"), of(algorithm, b"two")];
            for kind in [Kind::Composite, Kind::FullObject] {
                let combined = combine(algorithm, kind, parts.iter().map(|part| (part.as_str(), 3)));
                assert_eq!(combined.is_some(), algorithm.takes(kind), "{algorithm:?} {kind:?}");
                let Some(Checksum { value, .. }) = combined else { continue };
                let bytes: Vec<u8> = parts.iter().filter_map(|part| algorithm.decode(part)).flatten().collect();
                let composite = format!("{}-2", of(algorithm, &bytes));
                let expected = if kind == Kind::Composite { composite } else { of(algorithm, b"onetwo") };
                assert_eq!(value, expected, "{algorithm:?} {kind:?}");
            }
        }
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
