//! What the files of an untrusted working directory may set. What is not honoured is reported, never dropped silently.

use super::dotenv::DotEnv;
use super::environment::CREDENTIALS;
use super::error::ConfigError;
use super::key::{Key, Policy};
use super::layer::{Layer, Stack};
use super::setting::Setting;
use super::value::{Backend, Listen, Mode};

/// Variables of AWS that `.env` may set without being trusted: they choose who and where, not which server is asked
/// and not which program or file is read.
const AWS_FREE: [&str; 12] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ACCOUNT_ID",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_MAX_ATTEMPTS",
    "AWS_RETRY_MODE",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_DEFAULT_OUTPUT",
];

const UNTIL: &str = "until `footbridge trust` is run here";

/// What the rest of the configuration says, against which the project's files are held.
pub(super) struct Judge<'a> {
    /// Flags, environment and the user's own file.
    pub(super) person: Stack<'a>,
    /// The backend in force.
    pub(super) backend: Backend,
    /// Whether the credentials in force are the ones that the project's `.env` brings.
    pub(super) own_credentials: bool,
}

impl Judge<'_> {
    /// Takes out of `layer` what an untrusted directory may not set, and says so in `warnings`.
    pub(super) fn filter(&self, layer: &mut Layer, warnings: &mut Vec<String>) -> Result<(), ConfigError> {
        for key in layer.keys() {
            let Some(entry) = layer.get(key) else { continue };
            let refusal = match key.policy() {
                Policy::Free => None,
                Policy::Trusted => Some(match key {
                    Key::DataDir => format!("is not honoured {UNTIL} (a project names its own `store` instead)"),
                    _ => format!("is not honoured {UNTIL}"),
                }),
                Policy::TurnOnOnly => (!entry.read::<bool>()?.value && self.person.or(key, false)?.value)
                    .then(|| format!("may turn `{}` on, not off, {UNTIL}", key.name())),
                Policy::LoopbackOnly => (!entry.read::<Listen>()?.value.is_loopback())
                    .then(|| format!("may choose a loopback address only, {UNTIL}")),
                Policy::OwnCredentials => (self.backend == Backend::Aws && !self.own_credentials)
                    .then(|| format!("may not choose the endpoint for credentials that it did not bring, {UNTIL}")),
                Policy::LowerOnly => {
                    let most = self.most(key)?;
                    (entry.read::<Mode>()?.value > most.value)
                        .then(|| format!("may not raise the mode above `{}` ({}), {UNTIL}", most.value, most.source))
                }
            };
            if let Some(refusal) = refusal {
                warnings.push(format!("{} {refusal}", entry.source));
                layer.remove(key);
            }
        }
        Ok(())
    }

    /// The mode that the person gave the target that `key` is about.
    fn most(&self, key: Key) -> Result<Setting<Mode>, ConfigError> {
        let target = match key {
            Key::ModeLocal => Backend::Local,
            Key::ModeAws => Backend::Aws,
            _ => self.backend,
        };
        mode(&self.person, target)
    }

    /// Whether the provider chain may see `name` of an untrusted `.env`.
    pub(super) fn allows_variable(&self, name: &str) -> bool {
        AWS_FREE.contains(&name) || (is_endpoint(name) && self.own_credentials)
    }

    /// Says which variables of `dotenv` the provider chain does not see. Locally there is no provider chain.
    pub(super) fn warn_variables(&self, dotenv: &DotEnv, warnings: &mut Vec<String>) {
        if self.backend == Backend::Local {
            return;
        }
        for variable in &dotenv.variables {
            if variable.name.starts_with("AWS_") && !self.allows_variable(&variable.name) {
                let why = if is_endpoint(&variable.name) {
                    "may not choose the endpoint for credentials that it did not bring,"
                } else {
                    "is not honoured"
                };
                warnings.push(format!("{} {why} {UNTIL}", dotenv.source(variable)));
            }
        }
    }
}

/// Whether `name` is one of the variables that name an endpoint, or switch such names off.
fn is_endpoint(name: &str) -> bool {
    name == "AWS_ENDPOINT_URL" || name.starts_with("AWS_ENDPOINT_URL_") || name == "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
}

/// The mode of `target` as `stack` has it: in each layer the target's own key comes before the general one.
pub(super) fn mode(stack: &Stack<'_>, target: Backend) -> Result<Setting<Mode>, ConfigError> {
    let own = match target {
        Backend::Local => Key::ModeLocal,
        Backend::Aws => Key::ModeAws,
    };
    Ok(stack.first(&[own, Key::Mode])?.unwrap_or_else(|| Setting::default_of(Mode::default_for(target))))
}

/// Whether the credentials in force are `.env`'s: it has a whole pair, and nothing above it answers that question.
pub(super) fn brings_credentials(
    env: &std::collections::BTreeMap<String, String>,
    dotenv: &DotEnv,
    profile_chosen: bool,
) -> bool {
    let [key, secret, ..] = CREDENTIALS;
    let answered = [key, secret, "AWS_PROFILE"].iter().any(|name| env.get(*name).is_some_and(|v| !v.is_empty()));
    !answered && !profile_chosen && dotenv.get(key).is_some() && dotenv.get(secret).is_some()
}
