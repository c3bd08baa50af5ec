//! The environment as the SDK's provider chain gets it.

use std::collections::{BTreeMap, HashMap};

use aws_types::os_shim_internal::Env;

use crate::config::Settings;

/// The variable that names an endpoint for every service at once.
pub(super) const GLOBAL: &str = "AWS_ENDPOINT_URL";

/// The services that a global endpoint is for. SSO, SSO OIDC and sign-in are not: their requests carry a bearer token,
/// so an endpoint meant for data would be handed the session itself. Their own variables (`AWS_ENDPOINT_URL_SSO`, …)
/// stay in force.
const REDIRECTED: [&str; 4] = ["S3", "DYNAMODB", "DYNAMODB_STREAMS", "STS"];

/// The keys that an explicit profile outranks, as it does in the AWS CLI.
const KEYS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// What the chain may see. `ignore_endpoints` is the profile's own `ignore_configured_endpoint_urls`.
pub(super) fn provider_environment(settings: &Settings, ignore_endpoints: bool) -> Env {
    let mut variables: BTreeMap<String, String> = settings.aws.expose().clone();
    if settings.profile_is_explicit() {
        for key in KEYS {
            variables.remove(key);
        }
    }
    let ignored = ignore_endpoints
        || variables.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if ignored {
        // The SDK ignores them for the services, and not for the clients inside its credential providers.
        variables.retain(|name, _| !name.starts_with(GLOBAL));
    } else if let Some(url) = variables.remove(GLOBAL) {
        for service in REDIRECTED {
            variables.entry(format!("{GLOBAL}_{service}")).or_insert_with(|| url.clone());
        }
    }
    Env::from(HashMap::from_iter(variables))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Inputs;

    fn environment(variables: &[(&str, &str)], ignore: bool) -> Env {
        let directory = tempfile::tempdir().unwrap();
        let mut inputs = Inputs::bare(directory.path());
        inputs.env.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        provider_environment(&Settings::load(&inputs).unwrap(), ignore)
    }

    #[test]
    fn an_endpoint_for_everything_is_not_given_the_session() {
        let env = environment(&[("AWS_ENDPOINT_URL", "http://all"), ("AWS_ENDPOINT_URL_STS", "http://sts")], false);
        // The SDK's SSO, SSO OIDC and sign-in clients look at their own variable and at this one.
        for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL_SIGNIN"]
        {
            assert!(env.get(name).is_err(), "{name}");
        }
        assert_eq!(env.get("AWS_ENDPOINT_URL_S3").unwrap(), "http://all");
        assert_eq!(env.get("AWS_ENDPOINT_URL_DYNAMODB").unwrap(), "http://all");
        assert_eq!(env.get("AWS_ENDPOINT_URL_STS").unwrap(), "http://sts");
    }

    #[test]
    fn ignored_endpoints_are_not_seen_by_the_providers_either() {
        let env = environment(&[("AWS_ENDPOINT_URL_STS", "http://sts")], true);
        assert!(env.get("AWS_ENDPOINT_URL_STS").is_err());
    }

    #[test]
    fn only_an_explicit_profile_hides_the_keys() {
        let keys = ("AWS_ACCESS_KEY_ID", "KEY");
        assert!(environment(&[keys, ("AWS_PROFILE", "p")], false).get("AWS_ACCESS_KEY_ID").is_ok());
        assert!(environment(&[keys, ("FOOTBRIDGE_PROFILE", "p")], false).get("AWS_ACCESS_KEY_ID").is_err());
    }
}
