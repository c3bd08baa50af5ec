//! Version ids: 32 opaque characters, as AWS's are.
//!
//! An id holds the place of its version in the order of writes, so that it leads to its row without an index, and a
//! check, so that what no bucket ever gave is told apart from a version that is gone.

use base64::Engine as _;
use base64::alphabet::Alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::emulator::error::AwsError;
use crate::emulator::s3::error;

/// The version id of what was written while its bucket kept no versions.
pub const NULL_VERSION: &str = "null";

/// The random bytes of an id.
const SALT: usize = 12;
/// Its bytes: the salt, and under it the order and the check.
const LENGTH: usize = SALT + 8 + 4;

/// A version id that a request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionId {
    /// `null`.
    Null,
    /// One of a bucket that keeps versions.
    Made {
        /// The store's sequence number of the version's write.
        order: u64,
        /// The id as clients see it.
        text: String,
    },
}

impl VersionId {
    /// The id of the version that is written at `order`.
    #[must_use]
    pub fn mint(order: u64, random: Uuid) -> String {
        let mut bytes = [0; LENGTH];
        let digest = Sha256::digest(random.as_bytes());
        bytes[..SALT].copy_from_slice(&digest[..SALT]);
        bytes[SALT..SALT + 8].copy_from_slice(&order.to_be_bytes());
        bytes[SALT + 8..].copy_from_slice(&check(order));
        mask(&mut bytes);
        engine().encode(bytes)
    }

    /// The id that a client sent, or `InvalidArgument` where no bucket ever gave it (recorded 2026-02).
    pub fn parse(text: &str) -> Result<Self, AwsError> {
        if text == NULL_VERSION {
            return Ok(Self::Null);
        }
        if text.is_empty() {
            return Err(error::invalid_argument("Version id cannot be the empty string", "versionId", text));
        }
        let order = Self::order_of(text);
        let order = order.ok_or_else(|| error::invalid_argument("Invalid version id specified", "versionId", text))?;
        Ok(Self::Made { order, text: text.to_owned() })
    }

    fn order_of(text: &str) -> Option<u64> {
        let mut bytes: [u8; LENGTH] = engine().decode(text).ok()?.try_into().ok()?;
        mask(&mut bytes);
        let order = u64::from_be_bytes(*bytes[SALT..].first_chunk()?);
        (bytes[SALT + 8..] == check(order)).then_some(order)
    }
}

/// AWS's alphabet: letters, digits, `.` and `_`.
fn engine() -> GeneralPurpose {
    const ALPHABET: Alphabet = match Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._") {
        Ok(alphabet) => alphabet,
        Err(_) => base64::alphabet::URL_SAFE,
    };
    GeneralPurpose::new(&ALPHABET, NO_PAD)
}

fn check(order: u64) -> [u8; 4] {
    let digest = Sha256::digest(order.to_be_bytes());
    [digest[0], digest[1], digest[2], digest[3]]
}

/// Hides or shows what lies behind the salt.
fn mask(bytes: &mut [u8; LENGTH]) {
    let (salt, rest) = bytes.split_at_mut(SALT);
    let digest = Sha256::digest(salt);
    rest.iter_mut().zip(digest).for_each(|(byte, mask)| *byte ^= mask);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_leads_back_to_its_place(order: u64, random: u128) {
            let text = VersionId::mint(order, Uuid::from_u128(random));
            prop_assert_eq!(text.len(), 32);
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte)), "{}", text);
            prop_assert_eq!(VersionId::parse(&text).unwrap(), VersionId::Made { order, text });
        }
    }

    #[test]
    fn what_no_bucket_gave_is_no_id() {
        let given = VersionId::mint(7, Uuid::from_u128(1));
        let other = format!("{}{}", &given[..31], if given.ends_with('A') { 'B' } else { 'A' });
        for text in ["", "NULL", "x", "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD", &given[..31], &other] {
            assert_eq!(VersionId::parse(text).unwrap_err().code, "InvalidArgument", "{text}");
        }
        assert_eq!(VersionId::parse("null").unwrap(), VersionId::Null);
    }
}
