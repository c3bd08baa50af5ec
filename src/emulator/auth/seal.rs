//! The seal on session tokens. A token carries its whole session and a MAC over it, and the secret is derived from both,
//! so that nothing is kept of a session and it outlives the process that gave it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::hash::{hex, hmac_sha256, same};
use super::session::Session;
use crate::emulator::error::AwsError;
use crate::private;

/// The key's file, in the data directory.
pub const FILE: &str = "sessions.key";

/// What every token begins with, by which ours are told from AWS's own.
const BEGINNING: &str = "footbridge1.";

/// Bytes of a MAC, and of the key.
const MAC: usize = 32;

/// Temporary credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `ASIA…`.
    pub access_key: String,
    /// The secret access key, forty characters.
    pub secret: String,
    /// The session token.
    pub token: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("access_key", &self.access_key).finish_non_exhaustive()
    }
}

/// The key that tokens are sealed with: of a data directory, made with its first session, or of one process. Cheap to
/// clone; all clones are one.
#[derive(Clone)]
pub struct Seal(Arc<Inner>);

struct Inner {
    place: Option<PathBuf>,
    key: OnceLock<[u8; MAC]>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").field("place", &self.0.place).finish_non_exhaustive()
    }
}

impl Seal {
    /// The seal of a data directory. Nothing is read or made until it is needed.
    #[must_use]
    pub fn in_directory(directory: &Path) -> Self {
        Self(Arc::new(Inner { place: Some(directory.join(FILE)), key: OnceLock::new() }))
    }

    /// A seal that nobody has after this process.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Arc::new(Inner { place: None, key: OnceLock::new() }))
    }

    /// Credentials for a session; `id` makes their access key id another one each time.
    pub fn give(&self, session: &Session, id: Uuid) -> Result<Credentials, AwsError> {
        let key = self.key_or_made().map_err(|error| {
            tracing::error!(%error, "the key of sessions");
            AwsError::new(500, "InternalFailure", format!("The key that sessions are sealed with: {error}"))
        })?;
        let access_key = key_id(&key, &session.account, id);
        let content = serde_json::to_vec(&(&access_key, session)).map_err(|error| {
            AwsError::new(500, "InternalFailure", format!("The session cannot be written: {error}"))
        })?;
        let sealed = [mac(&key, "token", &content).as_slice(), &content].concat();
        Ok(Credentials {
            secret: secret_of(&key, &content),
            token: format!("{BEGINNING}{}", URL_SAFE_NO_PAD.encode(sealed)),
            access_key,
        })
    }

    /// The session of a token for this access key, and its secret; `None` where the token is not what was given.
    pub(super) fn open(&self, access_key: &str, token: &str) -> Option<(Session, String)> {
        let key = self.key()?;
        let sealed = URL_SAFE_NO_PAD.decode(token.strip_prefix(BEGINNING)?).ok()?;
        let (claimed, content) = sealed.split_at_checked(MAC)?;
        if !same(&hex(claimed), &hex(&mac(&key, "token", content))) {
            return None;
        }
        let (known, session): (String, Session) = serde_json::from_slice(content).ok()?;
        (known == access_key).then(|| (session, secret_of(&key, content)))
    }

    /// The account of an access key that was given here with a token; `None` for every other key.
    #[must_use]
    pub fn account_of(&self, access_key: &str) -> Option<String> {
        // Without a key nothing was given.
        let key = self.key()?;
        let bytes = decode_key_id(access_key)?;
        (bytes[9] == tag(&key, &bytes[..9])).then(|| account_in(&bytes))
    }

    /// The key as far as there is one.
    fn key(&self) -> Option<[u8; MAC]> {
        if let Some(key) = self.0.key.get() {
            return Some(*key);
        }
        let key = read(self.0.place.as_deref()?).ok()??;
        Some(*self.0.key.get_or_init(|| key))
    }

    fn key_or_made(&self) -> io::Result<[u8; MAC]> {
        if let Some(key) = self.0.key.get() {
            return Ok(*key);
        }
        let fresh: [u8; MAC] =
            Sha256::new().chain_update(Uuid::new_v4()).chain_update(Uuid::new_v4()).finalize().into();
        let key = match self.0.place.as_deref() {
            Some(place) => make(place, fresh)?,
            None => fresh,
        };
        Ok(*self.0.key.get_or_init(|| key))
    }
}

/// Whether a token is one of footbridge's, whole or not.
pub(super) fn is_ours(token: &str) -> bool {
    token.starts_with(BEGINNING)
}

/// The key in this file; `None` where there is no file.
fn read(place: &Path) -> io::Result<Option<[u8; MAC]>> {
    private::text(place)?.map(|text| decode(place, &text)).transpose()
}

/// The key in this file, which is made with `fresh` where it is missing.
fn make(place: &Path, fresh: [u8; MAC]) -> io::Result<[u8; MAC]> {
    decode(place, &private::text_or_made(place, &STANDARD.encode(fresh))?)
}

fn decode(place: &Path, text: &str) -> io::Result<[u8; MAC]> {
    let damaged = || io::Error::other("it is damaged; without the file a new key is made, and sessions so far end");
    let key = STANDARD.decode(text).ok().and_then(|key| key.try_into().ok());
    key.ok_or_else(damaged).map_err(private::naming(place))
}

fn mac(key: &[u8; MAC], what: &str, content: &[u8]) -> [u8; MAC] {
    hmac_sha256(&hmac_sha256(key, what.as_bytes()), content)
}

fn secret_of(key: &[u8; MAC], content: &[u8]) -> String {
    STANDARD.encode(&mac(key, "secret", content)[..30])
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// `ASIA` and sixteen letters, in which the account stands as in AWS's own: the 40 bits after the first. The last byte
/// shows that it was given here.
fn key_id(key: &[u8; MAC], account: &str, id: Uuid) -> String {
    let random = Sha256::digest(id);
    let head = (1 << 47) | (account.parse::<u64>().unwrap_or_default() << 7) | u64::from(random[0] & 0x7f);
    let mut bytes = [0; 10];
    bytes[..6].copy_from_slice(&head.to_be_bytes()[2..]);
    bytes[6..9].copy_from_slice(&random[1..4]);
    bytes[9] = tag(key, &bytes[..9]);
    let all = bytes.iter().fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
    let letter = |at: u32| char::from(ALPHABET[usize::try_from((all >> (75 - 5 * at)) & 31).unwrap_or_default()]);
    "ASIA".chars().chain((0..16).map(letter)).collect()
}

fn decode_key_id(access_key: &str) -> Option<[u8; 10]> {
    let letters = access_key.strip_prefix("ASIA").filter(|letters| letters.len() == 16)?;
    let all = letters.bytes().try_fold(0_u128, |all, letter| {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        Some(all << 5 | value as u128)
    })?;
    all.to_be_bytes()[6..].try_into().ok()
}

fn account_in(bytes: &[u8; 10]) -> String {
    let head = bytes[..6].iter().fold(0_u64, |head, byte| head << 8 | u64::from(*byte));
    format!("{:012}", head >> 7 & ((1 << 40) - 1))
}

fn tag(key: &[u8; MAC], bytes: &[u8]) -> u8 {
    mac(key, "key id", bytes)[0]
}

#[cfg(test)]
mod tests {
    use super::super::session::Principal;
    use super::*;

    fn session() -> Session {
        Session {
            account: "999988887777".to_owned(),
            principal: Principal::Federated("bob".to_owned()),
            expires: 1,
            public: false,
            parent: None,
            proof: None,
            canonical_id: "00".to_owned(),
            display_name: "bob".to_owned(),
            source: None,
        }
    }

    #[test]
    fn a_token_holds_for_its_own_key_and_seal_alone_and_no_byte_of_it_can_be_changed() {
        let seal = Seal::in_memory();
        let given = seal.give(&session(), Uuid::from_u128(1)).unwrap();
        let (opened, secret) = seal.open(&given.access_key, &given.token).unwrap();
        assert_eq!((opened, &secret, secret.len()), (session(), &given.secret, 40));
        let other = seal.give(&session(), Uuid::from_u128(2)).unwrap();
        assert!(other.secret != given.secret && other.access_key != given.access_key);
        assert_eq!(seal.open(&other.access_key, &given.token), None);
        assert_eq!(Seal::in_memory().open(&given.access_key, &given.token), None);
        for at in 0..given.token.len() {
            let other = if &given.token[at..=at] == "A" { "B" } else { "A" };
            let changed = format!("{}{other}{}", &given.token[..at], &given.token[at + 1..]);
            assert_eq!(seal.open(&given.access_key, &changed), None, "{at}");
            assert_eq!(seal.open(&given.access_key, &given.token[..at]), None, "{at}");
        }
        assert!(!format!("{given:?}{seal:?}").contains(&given.secret));
    }

    #[test]
    fn a_key_id_has_its_account_as_on_aws_and_is_known_as_ours() {
        let seal = Seal::in_memory();
        for (account, id) in [("000000000000", 1), ("999999999999", 2), ("111122223333", 3)] {
            let given = seal.give(&Session { account: account.to_owned(), ..session() }, Uuid::from_u128(id)).unwrap();
            assert_eq!(given.access_key.len(), 20);
            assert_eq!(seal.account_of(&given.access_key).as_deref(), Some(account));
        }
        for other in ["ASIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE", "ASIA", "test", ""] {
            assert_eq!(seal.account_of(other), None, "{other}");
        }
        // A key id of AWS's, whose account is known from AWS's own description of the form.
        assert_eq!(account_in(&decode_key_id("ASIAQNZGKIQY56JQ7WML").unwrap()), "029608264753");
    }

    #[test]
    fn the_key_of_a_directory_outlives_the_process_and_is_for_its_user_alone() {
        let directory = tempfile::tempdir().unwrap();
        let first = Seal::in_directory(directory.path());
        assert_eq!(first.open("ASIA", "footbridge1."), None);
        assert!(!directory.path().join(FILE).exists(), "made before it was needed");
        let given = first.give(&session(), Uuid::from_u128(1)).unwrap();
        let again = Seal::in_directory(directory.path());
        assert!(again.open(&given.access_key, &given.token).is_some());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(directory.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(directory.path().join(FILE), "x").unwrap();
        let damaged = Seal::in_directory(directory.path());
        assert_eq!(damaged.open(&given.access_key, &given.token), None);
        let error = damaged.give(&session(), Uuid::from_u128(1)).unwrap_err();
        assert!(error.status == 500 && error.message.contains(FILE), "{error}");
    }
}
