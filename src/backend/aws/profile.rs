//! What the chosen profile of AWS's shared files says, as far as we must know it.

use aws_config::profile::{self, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_smithy_types::retry::RetryMode;
use aws_types::os_shim_internal::{Env, Fs};

use crate::backend::{BridgeError, BridgeErrorKind};
use crate::causes;
use crate::config::Settings;
use footbridge_record::text::brief;

/// The chosen profile.
#[derive(Debug)]
pub(super) struct Chosen {
    set: ProfileSet,
    name: String,
}

/// A role that the chosen profile has us assume.
#[derive(Debug)]
pub(super) struct Role<'a> {
    pub(super) arn: &'a str,
    pub(super) session_name: Option<&'a str>,
    pub(super) external_id: Option<&'a str>,
    pub(super) seconds: Option<u64>,
}

impl Chosen {
    /// Reads AWS's shared files. A profile that was asked for and is in neither is an error that names the nearest.
    pub(super) async fn load(settings: &Settings) -> Result<Self, BridgeError> {
        let env = Env::from(
            settings
                .aws
                .expose()
                .iter()
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect::<std::collections::HashMap<_, _>>(),
        );
        let asked = settings.profile.as_ref();
        let name = asked.map_or_else(|| "default".to_owned(), |profile| profile.value.clone());
        let set = profile::load(&Fs::real(), &env, &EnvConfigFiles::default(), Some(name.clone().into()))
            .await
            .map_err(|error| {
                let text = causes::told(&error);
                BridgeError::new(BridgeErrorKind::Credentials, format!("AWS's shared files cannot be read: {text}"))
            })?;
        if let Some(asked) = asked
            && set.get_profile(&name).is_none()
        {
            let mut known: Vec<&str> = set.profiles().collect();
            known.sort_unstable();
            let message =
                format!("there is no profile `{}` ({}) in AWS's shared files", brief(&name, 80), asked.source);
            let hint = if known.is_empty() {
                "Make one with `aws configure sso` or `aws configure`".to_owned()
            } else {
                format!("Known profiles: {}", known.join(", "))
            };
            return Err(BridgeError::new(BridgeErrorKind::Credentials, message).hint(hint));
        }
        let chosen = Self { set, name };
        chosen.check_retries(settings)?;
        Ok(chosen)
    }

    /// Refuses what the SDK would panic at.
    fn check_retries(&self, settings: &Settings) -> Result<(), BridgeError> {
        let said = |variable: &'static str, key: &'static str| match settings.aws.get(variable) {
            Some(value) => Some((variable, value)),
            None => self.get(key).map(|value| (key, value)),
        };
        let wrong = |name: &str, value: &str, hint: &str| {
            let message = format!("{name} is `{}`, which the AWS SDK for Rust does not take", brief(value, 80));
            Err(BridgeError::new(BridgeErrorKind::Settings, message).hint(hint))
        };
        if let Some((name, value)) = said("AWS_MAX_ATTEMPTS", "max_attempts")
            && !value.parse::<u32>().is_ok_and(|attempts| attempts > 0)
        {
            return wrong(name, value, "Set AWS_MAX_ATTEMPTS to a whole number from 1");
        }
        if let Some((name, value)) = said("AWS_RETRY_MODE", "retry_mode")
            && value.parse::<RetryMode>().is_err()
        {
            return wrong(name, value, "Set AWS_RETRY_MODE to standard or adaptive");
        }
        Ok(())
    }

    /// A key of the profile.
    fn get(&self, key: &str) -> Option<&str> {
        self.set.get_profile(&self.name)?.get(key)
    }

    /// Whether the profile switches configured endpoints off.
    pub(super) fn ignores_endpoints(&self) -> bool {
        self.get("ignore_configured_endpoint_urls").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The role to assume with the keys of the environment, where the profile says so.
    pub(super) fn role_from_environment(&self) -> Option<Role<'_>> {
        let from_environment = self.get("credential_source").is_some_and(|source| source == "Environment");
        let arn = self.get("role_arn").filter(|_| from_environment)?;
        Some(Role {
            arn,
            session_name: self.get("role_session_name"),
            external_id: self.get("external_id"),
            seconds: self.get("duration_seconds").and_then(|seconds| seconds.parse().ok()),
        })
    }

    /// The profile that holds the session to log in to: this one, or the one at the end of its `source_profile`s.
    pub(super) fn session_profile(&self) -> String {
        let mut name = self.name.as_str();
        for _ in 0..self.set.profiles().count() {
            let Some(profile) = self.set.get_profile(name) else { break };
            if ["sso_session", "sso_start_url", "login_session"].iter().any(|key| profile.get(key).is_some()) {
                return name.to_owned();
            }
            match profile.get("source_profile") {
                Some(source) => name = source,
                None => break,
            }
        }
        self.name.clone()
    }
}
