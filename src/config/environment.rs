//! Variables: `FOOTBRIDGE_*` for us, `AWS_*` for the SDK's provider chain.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::dotenv::DotEnv;
use super::error::ConfigError;
use super::key::{Key, nearest};
use super::layer::Layer;
use super::raw::Raw;
use super::setting::Source;

/// The variable that does what `--config` does; it chooses a file, so no file may set it.
pub(super) const CONFIG: &str = "FOOTBRIDGE_CONFIG";

/// AWS's own names for two of our keys, after ours, in the SDK's order.
const ALIASES: [(&str, Key); 3] =
    [("AWS_REGION", Key::Region), ("AWS_DEFAULT_REGION", Key::Region), ("AWS_PROFILE", Key::Profile)];

/// The variables that are one set of credentials and are never mixed between sources.
pub(super) const CREDENTIALS: [&str; 4] =
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCOUNT_ID"];

const REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// The process environment as a layer.
pub(super) fn layer(env: &BTreeMap<String, String>) -> Result<Layer, ConfigError> {
    let variables = env
        .iter()
        .filter(|(_, value)| !value.is_empty())
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
        } else if name.starts_with("FOOTBRIDGE_") && !(process && name == CONFIG) {
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

/// What the SDK's provider chain sees as the environment: the process's own, over what `.env` may add. Nothing is
/// written to the process, and values are never shown.
#[derive(Clone, Default)]
pub struct AwsEnvironment {
    variables: BTreeMap<String, String>,
    from_dotenv: BTreeSet<String>,
}

impl AwsEnvironment {
    /// Lays `env` over the variables of `.env`, whose names `allowed` has passed. Credentials and region count as one
    /// question each, which the process environment answers where it can: a key of one source is never paired with a
    /// secret of another, and a profile chosen in the environment is not outdone by keys in a file.
    pub(super) fn new(env: &BTreeMap<String, String>, dotenv: &DotEnv, allowed: impl Fn(&str) -> bool) -> Self {
        let set = |name: &str| env.get(name).is_some_and(|value| !value.is_empty());
        let answered_credentials = set("AWS_ACCESS_KEY_ID") || set("AWS_SECRET_ACCESS_KEY") || set("AWS_PROFILE");
        let answered_region = REGIONS.iter().any(|name| set(name));
        let mut merged = Self { variables: env.clone(), from_dotenv: BTreeSet::new() };
        for variable in &dotenv.variables {
            let name = variable.name.as_str();
            let answered = set(name)
                || (answered_credentials && CREDENTIALS.contains(&name))
                || (answered_region && REGIONS.contains(&name));
            if name.starts_with("AWS_") && !answered && allowed(name) {
                merged.variables.insert(name.to_owned(), variable.value.clone());
                merged.from_dotenv.insert(name.to_owned());
            }
        }
        merged
    }

    /// A variable's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
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

impl fmt::Debug for AwsEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.variables.keys().filter(|name| name.starts_with("AWS_")).collect();
        f.debug_struct("AwsEnvironment").field("names", &names).field("from_dotenv", &self.from_dotenv).finish()
    }
}
