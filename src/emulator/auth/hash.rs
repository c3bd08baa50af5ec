//! Hexadecimal, HMAC and comparison: what every signature needs.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

pub(super) use crate::hex::hex;

/// HMAC-SHA256 of `data` under `key`.
pub(super) fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    let key = block(key, |key| Sha256::digest(key).to_vec());
    Hmac::<Sha256>::new(&key.into()).chain_update(data).finalize().into_bytes().into()
}

/// HMAC-SHA1 of `data` under `key`, for signature version 2.
pub(super) fn hmac_sha1(key: &[u8], data: &[u8]) -> [u8; 20] {
    let key = block(key, |key| Sha1::digest(key).to_vec());
    Hmac::<Sha1>::new(&key.into()).chain_update(data).finalize().into_bytes().into()
}

/// A key as HMAC takes it: one block, zeros at its end, a longer key hashed first (RFC 2104).
fn block(key: &[u8], hash: impl Fn(&[u8]) -> Vec<u8>) -> [u8; 64] {
    let key = if key.len() > 64 { hash(key) } else { key.to_vec() };
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = from);
    block
}

/// Whether two texts are equal, in a time that does not depend on where they differ.
pub(super) fn same(left: &str, right: &str) -> bool {
    left.len() == right.len() && left.bytes().zip(right.bytes()).fold(0, |all, (l, r)| all | (l ^ r)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_of_rfc_test_vectors() {
        // RFC 4231 cases 2 and 6 (a key longer than a block), RFC 2202 cases 2 and 6.
        let (text, long) = (b"what do ya want for nothing?", b"Test Using Larger Than Block-Size Key - Hash Key First");
        let jefe = hex(&hmac_sha256(b"Jefe", text));
        assert_eq!(jefe, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let longer = hex(&hmac_sha256(&[0xaa; 131], long));
        assert_eq!(longer, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        assert_eq!(hex(&hmac_sha1(b"Jefe", text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(hex(&hmac_sha1(&[0xaa; 80], long)), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    }

    #[test]
    fn only_equal_texts_are_the_same() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
    }
}
