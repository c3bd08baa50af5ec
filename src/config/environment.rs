//! Variables: `FOOTBRIDGE_*` for us, `AWS_*` for the SDK's provider chain.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::dotenv::DotEnv;
use super::error::ConfigError;
use super::key::Key;
use super::layer::Layer;
use super::raw::Raw;
use super::setting::{Secret, Source};
use crate::near::nearest;

/// The variable that does what `--config` does; it chooses a file, so no file may set it.
pub(super) const CONFIG: &str = "FOOTBRIDGE_CONFIG";

/// The variable with the token that MCP clients send over HTTP. It is a secret of whoever starts the process, and no file sets it.
pub(crate) const MCP_TOKEN: &str = "FOOTBRIDGE_MCP_TOKEN";

/// Where `install.sh` puts the program, which a shell may have for good; the program has no use for it.
const INSTALL_DIR: &str = "FOOTBRIDGE_INSTALL_DIR";

/// Other names for some of our keys, after ours: AWS's own for two of them, in the SDK's order.
const ALIASES: [(&str, Key); 4] = [
    ("AWS_REGION", Key::Region),
    ("AWS_DEFAULT_REGION", Key::Region),
    ("AWS_PROFILE", Key::Profile),
    // As the flag is called.
    ("FOOTBRIDGE_TARGET", Key::DefaultTarget),
];

/// The variables that are one set of credentials and are never mixed between sources.
pub(super) const CREDENTIALS: [&str; 4] =
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCOUNT_ID"];

const REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// The process environment as a layer.
pub(super) fn layer(env: &BTreeMap<String, String>) -> Result<Layer, ConfigError> {
    let variables = env
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| (name.as_str(), value.as_str(), Source::Env(name.clone()), "environment".to_owned()));
    read(variables, true)
}

/// The `.env` file as a layer.
pub(super) fn dotenv_layer(file: &DotEnv) -> Result<Layer, ConfigError> {
    let variables = file
        .variables
        .iter()
        .map(|variable| (variable.name.as_str(), variable.value.as_str(), file.source(variable), file.place(variable)));
    read(variables, false)
}

fn read<'a>(
    variables: impl Iterator<Item = (&'a str, &'a str, Source, String)>,
    process: bool,
) -> Result<Layer, ConfigError> {
    let mut layer = Layer::default();
    let mut aliased = BTreeMap::new();
    for (name, value, source, place) in variables {
        if let Some(key) = Key::by_variable(name) {
            layer.offer(key, Raw::Text(value.to_owned()), source);
        } else if ALIASES.iter().any(|(alias, _)| *alias == name) {
            aliased.insert(name, (value, source));
        } else if name.starts_with("FOOTBRIDGE_") && !(process && [CONFIG, MCP_TOKEN, INSTALL_DIR].contains(&name)) {
            let names: Vec<String> = Key::ALL.iter().map(|key| key.variable()).collect();
            return Err(ConfigError::Unknown {
                place,
                what: "variable",
                name: name.to_owned(),
                nearest: nearest(name, names.iter().map(String::as_str)).map(str::to_owned),
            });
        }
    }
    for (alias, key) in ALIASES {
        if let Some((value, source)) = aliased.remove(alias) {
            layer.offer(key, Raw::Text(value.to_owned()), source);
        }
    }
    Ok(layer)
}

/// Static credentials, whole and of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticCredentials {
    /// The access key id.
    pub key: String,
    /// The secret access key.
    pub secret: Secret,
    /// The session token, for keys that are temporary.
    pub session_token: Option<Secret>,
    /// The account, where it was said.
    pub account: Option<String>,
}

impl StaticCredentials {
    /// What `.env` brings: both halves of a pair and what goes with them. Half a pair is nothing.
    pub(super) fn of_dotenv(dotenv: &DotEnv) -> Option<Self> {
        let value = |name: &str| dotenv.get(name).map(|variable| variable.value.clone());
        let [key, secret, token, account] = CREDENTIALS.map(value);
        Some(Self {
            key: key?,
            secret: Secret::new(secret?),
            session_token: token.map(|token| Secret::new(token.trim())),
            account: account.map(|account| account.trim().to_owned()),
        })
    }
}

/// What the SDK's provider chain sees as the environment: the process's own, over what `.env` may add. Nothing is
/// written to the process, blank values are absent, and no value is ever shown.
#[derive(Clone, Default)]
pub struct AwsEnvironment {
    variables: BTreeMap<String, String>,
    from_dotenv: BTreeSet<String>,
    brought: Option<StaticCredentials>,
}

impl AwsEnvironment {
    /// Lays `env` over the variables of `.env`, whose names `allowed` has passed. Credentials and region count as one
    /// question each, which the process environment answers where it can: a key of one source is never paired with a
    /// secret or a token of another, and a profile chosen in the environment is not outdone by keys in a file.
    ///
    /// `brought` are the credentials of `.env` where they answer that question: then calls are made with exactly these,
    /// and no provider chain is asked.
    pub(super) fn new(
        env: &BTreeMap<String, String>,
        dotenv: &DotEnv,
        brought: Option<StaticCredentials>,
        allowed: impl Fn(&str) -> bool,
    ) -> Self {
        let variables =
            env.iter().filter(|(_, value)| !value.trim().is_empty()).map(|(name, value)| (name.clone(), value.clone()));
        let takes_credentials = brought.is_some();
        let mut merged = Self { variables: variables.collect(), from_dotenv: BTreeSet::new(), brought };
        let answered_region = REGIONS.iter().any(|name| merged.get(name).is_some());
        if takes_credentials {
            // A token or an account that was left over in the environment belongs to other keys.
            for name in CREDENTIALS {
                merged.variables.remove(name);
            }
        }
        for variable in &dotenv.variables {
            let name = variable.name.as_str();
            let wanted = if CREDENTIALS.contains(&name) {
                takes_credentials
            } else {
                merged.get(name).is_none() && !(answered_region && REGIONS.contains(&name))
            };
            if name.starts_with("AWS_") && wanted && allowed(name) {
                merged.variables.insert(name.to_owned(), variable.value.clone());
                merged.from_dotenv.insert(name.to_owned());
            }
        }
        merged
    }

    /// The credentials that `.env` brings, where they are in force: then they are used alone and as they are, so that
    /// neither a half of them nor an endpoint that came with them ever meets what a provider chain finds.
    #[must_use]
    pub fn brought(&self) -> Option<&StaticCredentials> {
        self.brought.as_ref()
    }

    /// A variable's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Whether the value came from `.env`.
    #[must_use]
    pub fn is_from_dotenv(&self, name: &str) -> bool {
        self.from_dotenv.contains(name)
    }

    /// All variables, secrets included, for the provider chain alone.
    #[must_use]
    pub fn expose(&self) -> &BTreeMap<String, String> {
        &self.variables
    }
}

/// Whether the environment says whose credentials to use, so that `.env`'s are left out.
pub(super) fn answers_credentials(env: &BTreeMap<String, String>) -> bool {
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"].iter().any(|name| is_set(env, name))
}

/// Whether `name` has a value that is not blank.
pub(super) fn is_set(env: &BTreeMap<String, String>, name: &str) -> bool {
    env.get(name).is_some_and(|value| !value.trim().is_empty())
}

impl fmt::Debug for AwsEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.variables.keys().filter(|name| name.starts_with("AWS_")).collect();
        f.debug_struct("AwsEnvironment")
            .field("names", &names)
            .field("from_dotenv", &self.from_dotenv)
            .finish_non_exhaustive()
    }
}
