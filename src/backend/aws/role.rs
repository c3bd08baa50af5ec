//! A profile given as a flag whose role is assumed with the keys of the environment (`credential_source =
//! Environment`). The SDK's chain cannot do both: with the keys in sight it would use them as they are.

use std::time::Duration;

use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use aws_types::origin::Origin;

use super::profile::Role;
use crate::config::Settings;

/// A provider of `role`'s credentials. Without keys in the environment STS is asked in vain, and its error says so.
pub(super) async fn provider(settings: &Settings, role: &Role<'_>, config: &SdkConfig) -> SharedCredentialsProvider {
    let text = |name: &str| settings.aws.get(name).unwrap_or_default().to_owned();
    let token = settings.aws.get("AWS_SESSION_TOKEN").map(str::to_owned);
    let keys = Credentials::new(text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY"), token, None, "Environment");
    let mut builder = AssumeRoleProvider::builder(role.arn).session_name(role.session_name.unwrap_or("footbridge"));
    if let Some(id) = role.external_id {
        builder = builder.external_id(id);
    }
    if let Some(seconds) = role.seconds {
        builder = builder.session_length(Duration::from_secs(seconds));
    }
    // The endpoint in force is for data; a role is assumed where the STS variables and the profile say.
    let mut sts = config.to_builder();
    sts.set_endpoint_url(None);
    sts.insert_origin("endpoint_url", Origin::unknown());
    SharedCredentialsProvider::new(builder.configure(&sts.build()).build_from_provider(keys).await)
}
