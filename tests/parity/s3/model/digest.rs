//! Entity tags and checksums.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde_json::{Value as Json, json};

/// A checksum as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Checksum {
    pub algorithm: &'static str,
    /// `FULL_OBJECT` or `COMPOSITE`.
    pub kind: &'static str,
    /// Base64, of a composite one with the number of parts behind it.
    pub value: String,
}

impl Checksum {
    pub fn of(algorithm: &'static str, bytes: &[u8]) -> Self {
        Self { algorithm, kind: "FULL_OBJECT", value: STANDARD.encode(sum(algorithm, bytes)) }
    }

    /// The checksum of checksums.
    pub fn composite<'a>(algorithm: &'static str, parts: impl Iterator<Item = &'a Self>) -> Self {
        let (mut all, mut count) = (Vec::new(), 0);
        for part in parts {
            all.extend(STANDARD.decode(&part.value).expect("base64"));
            count += 1;
        }
        Self { algorithm, kind: "COMPOSITE", value: format!("{}-{count}", STANDARD.encode(sum(algorithm, &all))) }
    }

    /// The member that shows it.
    pub fn member(&self) -> String {
        format!("Checksum{}", self.algorithm)
    }

    /// Puts it in among the members of an output, with its type.
    pub fn show(&self, output: &mut Json) {
        output[self.member()] = json!(self.value);
        output["ChecksumType"] = json!(self.kind);
    }
}

/// The name of an algorithm that there is.
pub fn algorithm(name: &str) -> &'static str {
    let all = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];
    all.into_iter().find(|known| *known == name).expect("an algorithm")
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The entity tag of what is put in one go.
pub fn etag(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// The entity tag of what is put in parts: the MD5 of their MD5s, and how many they are.
pub fn etag_of_parts<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let (mut md5, mut count) = (Md5::new(), 0);
    for part in parts {
        let bytes = (0..part.len() / 2).filter_map(|at| u8::from_str_radix(part.get(2 * at..2 * at + 2)?, 16).ok());
        md5.update(bytes.collect::<Vec<u8>>());
        count += 1;
    }
    format!("{}-{count}", hex(&md5.finalize()))
}

fn sum(algorithm: &str, bytes: &[u8]) -> Vec<u8> {
    match algorithm {
        "SHA1" => sha1::Sha1::digest(bytes).to_vec(),
        "SHA256" => sha2::Sha256::digest(bytes).to_vec(),
        "CRC32" => crc(bytes, 0xEDB8_8320, 32)[4..].to_vec(),
        "CRC32C" => crc(bytes, 0x82F6_3B78, 32)[4..].to_vec(),
        _ => crc(bytes, 0x9A6C_9329_AC4B_C9B5, 64),
    }
}

/// A reflected CRC of so many bits, all ones before and after, in eight bytes: a byte at a time by a table, since some
/// bodies are of 5 MiB.
fn crc(bytes: &[u8], polynomial: u64, bits: u32) -> Vec<u8> {
    let mut table = [0_u64; 256];
    for (entry, byte) in table.iter_mut().zip(0_u64..) {
        *entry = (0..8).fold(byte, |crc, _| if crc & 1 == 1 { (crc >> 1) ^ polynomial } else { crc >> 1 });
    }
    let ones = u64::MAX >> (64 - bits);
    let crc = bytes.iter().fold(ones, |crc, byte| {
        let [low, ..] = crc.to_le_bytes();
        (crc >> 8) ^ table[usize::from(low ^ byte)]
    });
    (crc ^ ones).to_be_bytes().to_vec()
}

#[test]
fn checksums_are_those_of_the_catalogue_of_crcs() {
    let value = |algorithm| hex(&sum(algorithm, b"123456789"));
    assert_eq!(value("CRC32"), "cbf43926");
    assert_eq!(value("CRC32C"), "e3069283");
    assert_eq!(value("CRC64NVME"), "ae8b14860a799888");
}
