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
    let mut variables: BTreeMap<String, String> = settings
        .aws
        .expose()
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
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
