//! Identities from configuration, and the caller that a request turns out to be.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::session::Session;

/// The account of every caller whose key says nothing else.
pub const DEFAULT_ACCOUNT: &str = "000000000000";

/// The region of a request that names none.
pub const DEFAULT_REGION: &str = "us-east-1";

/// Access key and secret of the built-in identity.
const BUILT_IN: &str = "test";

/// The canonical id that S3 gives to anonymous callers.
const ANONYMOUS_CANONICAL_ID: &str = "65a011a29cdf8ec533ec3d1ccaae921c";

/// A key pair that is known, so that its signatures are verified, and whose it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    access_key: String,
    secret: String,
    account: String,
    canonical_id: String,
    display_name: String,
    user: Option<String>,
    /// The session that this is the pair of.
    session: Option<Session>,
}

/// Why an identity, or a set of them, cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The access key is empty, over 128 characters, or holds something else than letters, digits, `-`, `_` and `.`.
    #[error("access key {0:?} must have 1 to 128 letters, digits, '-', '_' or '.'")]
    AccessKey(String),
    /// The secret is empty.
    #[error("the secret of access key {0:?} is empty")]
    Secret(String),
    /// The account is not twelve digits.
    #[error("account {0:?} must be twelve digits")]
    Account(String),
    /// The canonical id is not 1 to 64 hexadecimal digits.
    #[error("canonical id {0:?} must be 1 to 64 hexadecimal digits")]
    CanonicalId(String),
    /// The IAM user name is not one that IAM takes.
    #[error("user name {0:?} must have 1 to 64 letters, digits or any of '+=,.@_-'")]
    User(String),
    /// Two identities have one access key.
    #[error("access key {0:?} is configured twice")]
    Twice(String),
}

impl Identity {
    /// The root of an account: the account is the access key where that is twelve digits, else `000000000000`.
    pub fn new(access_key: impl Into<String>, secret: impl Into<String>) -> Result<Self, IdentityError> {
        let (access_key, secret) = (access_key.into(), secret.into());
        if !is_access_key(&access_key) {
            return Err(IdentityError::AccessKey(access_key));
        }
        if secret.is_empty() {
            return Err(IdentityError::Secret(access_key));
        }
        let account = account_of(&access_key);
        Ok(Self {
            canonical_id: canonical_id_of(&account),
            display_name: access_key.clone(),
            user: None,
            session: None,
            access_key,
            secret,
            account,
        })
    }

    /// The pair of temporary credentials.
    pub(super) fn of_session(access_key: &str, secret: String, session: Session) -> Self {
        Self {
            access_key: access_key.to_owned(),
            secret,
            account: session.account.clone(),
            canonical_id: session.canonical_id.clone(),
            display_name: session.display_name.clone(),
            user: session.user().map(str::to_owned),
            session: Some(session),
        }
    }

    /// The same key in another account, twelve digits; its canonical id becomes that account's.
    pub fn with_account(mut self, account: impl Into<String>) -> Result<Self, IdentityError> {
        let account = account.into();
        if !is_account(&account) {
            return Err(IdentityError::Account(account));
        }
        self.canonical_id = canonical_id_of(&account);
        self.account = account;
        Ok(self)
    }

    /// The same key with this canonical user id: the owner id that S3 shows.
    pub fn with_canonical_id(mut self, id: impl Into<String>) -> Result<Self, IdentityError> {
        let id = id.into();
        if id.is_empty() || id.len() > 64 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(IdentityError::CanonicalId(id));
        }
        self.canonical_id = id;
        Ok(self)
    }

    /// The same key with this display name.
    #[must_use]
    pub fn with_display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = name.into();
        self
    }

    /// The same key as that of an IAM user of its account, instead of the account's root.
    pub fn with_user(mut self, user: impl Into<String>) -> Result<Self, IdentityError> {
        let user = user.into();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
        if user.is_empty() || user.len() > 64 || !user.bytes().all(fits) {
            return Err(IdentityError::User(user));
        }
        self.user = Some(user);
        Ok(self)
    }

    /// The access key id.
    #[must_use]
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    /// The secret access key, for verifying and for signing in process.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The account, twelve digits.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Whether anybody may have this: the built-in pair, configured or not, whose secret is none, and what was obtained
    /// with it.
    pub(super) fn is_public(&self) -> bool {
        self.is_built_in() || self.session.as_ref().is_some_and(|session| session.public)
    }

    /// Whether this is the built-in pair, configured or not.
    pub(super) fn is_built_in(&self) -> bool {
        self.access_key == BUILT_IN && self.secret == BUILT_IN
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("access_key", &self.access_key)
            .field("secret", &"(redacted)")
            .field("account", &self.account)
            .field("canonical_id", &self.canonical_id)
            .field("display_name", &self.display_name)
            .field("user", &self.user)
            .field("session", &self.session)
            .finish()
    }
}

/// The known identities by access key. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Identities(Arc<HashMap<String, Identity>>);

impl Identities {
    /// The built-in `test`/`test` of account `000000000000`, and these. One of these may replace the built-in one.
    pub fn new(configured: impl IntoIterator<Item = Identity>) -> Result<Self, IdentityError> {
        let Self(mut known) = Self::only(configured)?;
        let builtin = builtin();
        Arc::make_mut(&mut known).entry(builtin.access_key.clone()).or_insert(builtin);
        Ok(Self(known))
    }

    /// These and no others: not even the built-in key.
    pub fn only(configured: impl IntoIterator<Item = Identity>) -> Result<Self, IdentityError> {
        let mut known = HashMap::new();
        for identity in configured {
            if let Some(twice) = known.insert(identity.access_key.clone(), identity) {
                return Err(IdentityError::Twice(twice.access_key));
            }
        }
        Ok(Self(Arc::new(known)))
    }

    /// The identity with this access key.
    #[must_use]
    pub fn get(&self, access_key: &str) -> Option<&Identity> {
        self.0.get(access_key)
    }
}

impl Default for Identities {
    fn default() -> Self {
        let builtin = builtin();
        Self(Arc::new(HashMap::from([(builtin.access_key.clone(), builtin)])))
    }
}

/// What is known of a caller's right to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An access key that is not configured: the root of its account, not verified.
    Root,
    /// A configured key with a verified signature: policies and ACLs hold for it.
    Identity,
    /// No signature at all.
    Anonymous,
}

/// Where the signature stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// In the `Authorization` header.
    Header,
    /// In the query: a presigned URL.
    Query,
    /// In the fields of a form, with a policy.
    Form,
    /// Nowhere.
    Not,
}

/// Who makes a request, and in which account and region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account, twelve digits.
    pub account: String,
    /// The region of the credential scope; `us-east-1` where there is none.
    pub region: String,
    /// The service that the request is for.
    pub service: super::Service,
    /// The access key id; none for an anonymous caller.
    pub access_key: Option<String>,
    /// Known, unknown or anonymous.
    pub kind: Kind,
    /// Where the signature stood.
    pub signed: Signed,
    /// The canonical user id, by which S3 names owners and grantees.
    pub canonical_id: String,
    /// The name beside the canonical id.
    pub display_name: String,
    /// The IAM user name, where the caller is one.
    pub user: Option<String>,
    /// Whether its key is the built-in pair, which everybody knows, or a session that was obtained with what anybody has.
    pub public: bool,
    /// The session, where its credentials are temporary.
    pub session: Option<Session>,
}

impl Caller {
    /// The configured identity, its signature verified.
    #[must_use]
    pub fn identity(identity: &Identity, service: super::Service, region: impl Into<String>, signed: Signed) -> Self {
        Self {
            account: identity.account.clone(),
            region: region.into(),
            service,
            access_key: Some(identity.access_key.clone()),
            kind: Kind::Identity,
            signed,
            canonical_id: identity.canonical_id.clone(),
            display_name: identity.display_name.clone(),
            user: identity.user.clone(),
            public: identity.is_public(),
            session: identity.session.clone(),
        }
    }

    /// The root of the account that an unknown access key stands for.
    #[must_use]
    pub fn root(access_key: &str, service: super::Service, region: impl Into<String>, signed: Signed) -> Self {
        let account = account_of(access_key);
        Self {
            canonical_id: canonical_id_of(&account),
            display_name: access_key.to_owned(),
            account,
            region: region.into(),
            service,
            access_key: Some(access_key.to_owned()),
            kind: Kind::Root,
            signed,
            user: None,
            public: false,
            session: None,
        }
    }

    /// A caller without a signature.
    #[must_use]
    pub fn anonymous(service: super::Service) -> Self {
        Self {
            account: DEFAULT_ACCOUNT.to_owned(),
            region: DEFAULT_REGION.to_owned(),
            service,
            access_key: None,
            kind: Kind::Anonymous,
            signed: Signed::Not,
            canonical_id: ANONYMOUS_CANONICAL_ID.to_owned(),
            display_name: "anonymous".to_owned(),
            user: None,
            public: false,
            session: None,
        }
    }

    /// Whether the request carried no signature.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.kind == Kind::Anonymous
    }

    /// Whether anybody could be this caller: no secret that somebody configured was needed.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.public || self.kind != Kind::Identity
    }

    /// The caller's ARN: `arn:aws:iam::ACCOUNT:root`, `…:user/NAME` or that of its session; none for an anonymous caller.
    #[must_use]
    pub fn arn(&self) -> Option<String> {
        if let Some(arn) = self.session.as_ref().and_then(Session::arn) {
            return Some(arn);
        }
        match (self.kind, &self.user) {
            (Kind::Anonymous, _) => None,
            (_, Some(user)) => Some(format!("arn:aws:iam::{}:user/{user}", self.account)),
            (_, None) => Some(format!("arn:aws:iam::{}:root", self.account)),
        }
    }

    /// The unique id that STS shows: the account for its root, `AIDA…` for a user, that of its session; none for an
    /// anonymous caller.
    #[must_use]
    pub fn user_id(&self) -> Option<String> {
        if let Some(id) = self.session.as_ref().and_then(Session::user_id) {
            return Some(id);
        }
        match (self.kind, &self.user) {
            (Kind::Anonymous, _) => None,
            (_, Some(user)) => Some(unique_id("AIDA", "user", &self.account, user)),
            (_, None) => Some(self.account.clone()),
        }
    }
}

/// Whether this is an account number.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether this can be an access key id; what cannot is refused before it names an account.
pub(super) fn is_access_key(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !text.is_empty() && text.len() <= 128 && text.bytes().all(fits)
}

/// The account that an access key stands for by itself: the key where it is twelve digits, else `000000000000`.
#[must_use]
pub fn account_of(access_key: &str) -> String {
    if is_account(access_key) { access_key.to_owned() } else { DEFAULT_ACCOUNT.to_owned() }
}

/// An account's canonical id: 64 hexadecimal digits, the same in every run.
pub(super) fn canonical_id_of(account: &str) -> String {
    super::hash::hex(&Sha256::digest(format!("footbridge canonical user of {account}")))
}

/// A unique id in AWS's form: `AIDA` for a user, `AROA` for a role, and 17 of `A`–`Z`, `2`–`7`.
pub(super) fn unique_id(prefix: &str, kind: &str, account: &str, name: &str) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let digest = Sha256::digest(format!("footbridge {kind} {name} of {account}"));
    let letters = digest.iter().take(17).map(|byte| char::from(ALPHABET[usize::from(byte & 31)]));
    prefix.chars().chain(letters).collect()
}

/// `test`/`test`, the credentials that users of local emulators have configured.
fn builtin() -> Identity {
    Identity {
        access_key: BUILT_IN.to_owned(),
        secret: BUILT_IN.to_owned(),
        account: DEFAULT_ACCOUNT.to_owned(),
        canonical_id: canonical_id_of(DEFAULT_ACCOUNT),
        display_name: BUILT_IN.to_owned(),
        user: None,
        session: None,
    }
}
