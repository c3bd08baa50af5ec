//! What the files of an untrusted working directory may set. What is not honoured is reported, never dropped silently.

use super::dotenv::DotEnv;
use super::environment::{CREDENTIALS, StaticCredentials};
use super::error::ConfigError;
use super::key::{Key, Policy};
use super::layer::{Entry, Layer, Stack};
use super::setting::{Setting, Source};
use super::value::{Backend, Identity, Listen, Mode};
use super::waiting;

/// Variables of AWS that `.env` may set without being trusted: they choose who and where, not which server is asked
/// and not which program or file is read.
pub(super) const AWS_FREE: [&str; 12] = [
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

/// Endpoints that it may choose for the credentials that it brings: those of the services that our calls go to.
pub(super) const AWS_OWN_CREDENTIALS: [&str; 5] = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_DYNAMODB_STREAMS",
    "AWS_ENDPOINT_URL_STS",
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
            if let Some(refusal) = self.refusal(key, entry)? {
                warnings.push(format!("{} {refusal}", entry.source));
                layer.remove(key);
            }
        }
        Ok(())
    }

    /// Why an untrusted directory may not set `key` to what `entry` says, if it may not.
    pub(super) fn refusal(&self, key: Key, entry: &Entry) -> Result<Option<String>, ConfigError> {
        Ok(match key.policy() {
            // What would narrow is taken out before, and narrows.
            Policy::Free | Policy::NarrowOnly => None,
            Policy::Trusted => Some(match key {
                Key::DataDir => format!("is not honoured {UNTIL} (a project names its own `store` instead)"),
                _ => format!("is not honoured {UNTIL}"),
            }),
            Policy::TurnOnOnly => (!entry.read::<bool>()?.value && self.person.or(key, key.is_on_by_default())?.value)
                .then(|| format!("may turn `{}` on, not off, {UNTIL}", key.name())),
            Policy::LoopbackOnly => (!entry.read::<Listen>()?.value.is_loopback())
                .then(|| format!("may choose a loopback address only, {UNTIL}")),
            Policy::OwnCredentials => {
                // `footbridge.toml` brings no credentials, so the file that does can only be `.env`.
                let own = self.own_credentials && matches!(entry.source, Source::DotEnv { .. });
                (self.backend == Backend::Aws && !own)
                    .then(|| format!("may not choose the endpoint for credentials that it did not bring, {UNTIL}"))
            }
            Policy::Quiet => (!is_quiet(&entry.read::<String>()?.value))
                .then(|| format!("may not have more logged than `info`, {UNTIL}")),
            Policy::LowerOnly => {
                let most = self.most(key)?;
                (entry.read::<Mode>()?.value > most.value)
                    .then(|| format!("may not raise the mode above `{}` ({}), {UNTIL}", most.value, most.source))
            }
        })
    }

    /// Takes away who an untrusted directory would let in at the endpoint.
    pub(super) fn drop_identities(identities: &mut Vec<Setting<Identity>>, warnings: &mut Vec<String>) {
        if let Some(first) = identities.first() {
            let count = match identities.len() {
                1 => "one identity".to_owned(),
                several => format!("the first of {several} identities"),
            };
            warnings.push(format!("{} ({count}) is not honoured {UNTIL}", first.source));
            identities.clear();
        }
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
        AWS_FREE.contains(&name) || (AWS_OWN_CREDENTIALS.contains(&name) && self.own_credentials)
    }

    /// Says which variables of `dotenv` the provider chain does not see, locally none, since there is no such chain; and
    /// which do not mean what they may seem to.
    pub(super) fn warn_variables(&self, dotenv: &DotEnv, warnings: &mut Vec<String>) {
        if self.backend == Backend::Aws {
            let mut kept: Vec<_> = dotenv
                .variables
                .iter()
                .filter(|variable| variable.name.starts_with("AWS_") && !self.allows_variable(&variable.name))
                .collect();
            // Nobody reads a long list to its end.
            kept.sort_by_key(|variable| waiting::of_variable(variable));
            for variable in kept {
                let why = if AWS_OWN_CREDENTIALS.contains(&variable.name.as_str()) {
                    "may not choose the endpoint for credentials that it did not bring,"
                } else {
                    "is not honoured"
                };
                warnings.push(format!("{} {why} {UNTIL}", dotenv.source(variable)));
            }
        }
        for variable in dotenv.variables.iter().filter(|variable| variable.dollar) {
            let source = dotenv.source(variable);
            warnings.push(format!("the `$` of {source} stands for itself and for no other variable {UNTIL}"));
        }
    }
}

/// What a mode is given for.
pub(super) struct Chosen<'a> {
    /// The backend in force.
    pub(super) backend: &'a Setting<Backend>,
    /// Who chose the account on AWS: the keys or the profile in force.
    pub(super) account: Option<&'a Source>,
    /// An untrusted directory that described the target, or chose it.
    pub(super) target: Option<&'a Source>,
}

impl Chosen<'_> {
    /// The mode in force. On AWS it is `ask` at most where `theirs`, an untrusted directory, made a choice that the
    /// person may not have known of when they said more.
    pub(super) fn mode(
        &self,
        stack: &Stack<'_>,
        theirs: impl Fn(&Source) -> bool,
        warnings: &mut Vec<String>,
    ) -> Result<Setting<Mode>, ConfigError> {
        let mode = mode(stack, self.backend.value)?;
        if self.backend.value == Backend::Local || mode.value <= Mode::Ask {
            return Ok(mode);
        }
        // Whoever said read-write may have meant the local backend, or the account that they knew of.
        let meant = stack.get::<Mode>(Key::ModeAws)?.is_some_and(|own| own.source == mode.source);
        let (source, choice) = if let Some(source) = self.target {
            (source, "chose the target, where the mode is `ask` until a person names it, or trusts the directory")
        } else if theirs(&self.backend.source) && !meant {
            (&self.backend.source, "chose AWS, where the mode is `ask` until a person names both")
        } else if let Some(source) = self.account.filter(|source| theirs(source)) {
            (
                source,
                "chose the account, where the mode is `ask` until a person names a profile or keys, or trusts the directory",
            )
        } else {
            return Ok(mode);
        };
        warnings.insert(0, format!("{source} {choice}"));
        Ok(Setting { value: Mode::Ask, source: source.clone() })
    }
}

/// Says which credentials of `.env` nobody uses, because their other half is not there.
pub(super) fn warn_half_a_pair(dotenv: &DotEnv, warnings: &mut Vec<String>) {
    if StaticCredentials::of_dotenv(dotenv).is_none() {
        let halves = CREDENTIALS.iter().filter_map(|name| dotenv.get(name));
        warnings.extend(halves.map(|half| {
            let [key, secret, ..] = CREDENTIALS;
            format!("{} is not used: the file does not have both {key} and {secret}", dotenv.source(half))
        }));
    }
}

/// Says that the keys of `.env` are not used, because the person's own file names a profile at `own`.
pub(super) fn warn_outdone(dotenv: &DotEnv, own: &Source, warnings: &mut Vec<String>) {
    if let Some(key) = dotenv.source_of(CREDENTIALS[0]) {
        warnings.push(format!("{key} is not honoured beside {own}, which chooses the account {UNTIL}"));
    }
}

/// Whether a log filter is a list of `LEVEL` and `target=LEVEL`, none above `info`: at `debug` and `trace` the SDK and
/// the HTTP client write down whole requests, and with them what they are signed with.
fn is_quiet(filter: &str) -> bool {
    filter.split(',').all(|directive| {
        let (target, level) = directive.split_once('=').unwrap_or(("", directive));
        let named = target.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-'));
        named && ["off", "error", "warn", "info"].iter().any(|quiet| level.eq_ignore_ascii_case(quiet))
    })
}

/// The mode of `target` as `stack` has it: in each layer the target's own key comes before the general one.
pub(super) fn mode(stack: &Stack<'_>, target: Backend) -> Result<Setting<Mode>, ConfigError> {
    Ok(stack.first(&mode_keys(target))?.unwrap_or_else(|| Setting::default_of(Mode::default_for(target))))
}

/// The keys that give a backend its mode, the more particular first.
pub(super) fn mode_keys(target: Backend) -> [Key; 2] {
    match target {
        Backend::Local => [Key::ModeLocal, Key::Mode],
        Backend::Aws => [Key::ModeAws, Key::Mode],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const DOCS: &str = include_str!("../../docs/configuration.md");

    /// The names in the first cell of each row of the section's tables, with the first word of the second cell.
    fn rows() -> BTreeMap<String, String> {
        let section = DOCS.split("## What a cloned repository may set").nth(1).unwrap().split("\n## ").next().unwrap();
        let mut rows = BTreeMap::new();
        for line in section.lines().filter(|line| line.starts_with("| `")) {
            let (names, says) = line.trim_matches('|').split_once('|').unwrap();
            let word = says.trim().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap();
            for name in names.trim().split(", ") {
                let name = name.trim_matches('`').to_owned();
                assert!(rows.insert(name.clone(), word.to_owned()).is_none(), "two rows for {name}");
            }
        }
        rows
    }

    #[test]
    fn the_documents_say_of_each_setting_what_the_policy_is() {
        let word = |key: &Key| match key.policy() {
            Policy::Free => "honoured",
            Policy::Trusted => "ignored",
            Policy::LowerOnly
            | Policy::TurnOnOnly
            | Policy::LoopbackOnly
            | Policy::NarrowOnly
            | Policy::OwnCredentials
            | Policy::Quiet => "limited",
        };
        let mut expected: BTreeMap<String, String> =
            Key::ALL.iter().map(|key| (key.name().to_owned(), word(key).to_owned())).collect();
        expected.insert("[[identity]]".to_owned(), "ignored".to_owned());
        expected.insert("[target.NAME]".to_owned(), "limited".to_owned());
        expected.extend(AWS_FREE.map(|name| (name.to_owned(), "honoured".to_owned())));
        expected.extend(AWS_OWN_CREDENTIALS.map(|name| (name.to_owned(), "limited".to_owned())));
        assert_eq!(rows(), expected);
    }
}
