//! Which endpoints are in force, who chose them, and whether an emulator answers there.

use std::path::Path;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use tokio::time::timeout;

use super::environment::GLOBAL;
use super::http_client::Connections;
use super::target::TargetKind;
use crate::backend::{BridgeError, BridgeErrorKind};
use crate::config::{Settings, Source};

/// The services we speak to, by the SDK's service ids.
const SERVICES: [&str; 4] = ["S3", "DynamoDB", "DynamoDB Streams", "STS"];

/// Paths that emulators answer to with 200 and AWS never does: there, the first segment is no valid bucket name.
const HEALTH: [(&str, &str); 4] = [
    ("/_footbridge/health", "footbridge"),
    ("/_localstack/health", "LocalStack or one of its kind"),
    ("/_fakecloud/health", "fakecloud"),
    ("/_ministack/health", "MiniStack"),
];

/// A path that nobody has: who answers 200 to it answers so to everything, and says nothing about itself.
const NOWHERE: &str = "/_nowhere/health";

const PATIENCE: Duration = Duration::from_secs(2);

/// An endpoint that stands in AWS's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Override {
    pub(super) url: String,
    /// The services it is for, by service id.
    pub(super) services: Vec<&'static str>,
    /// Where it was said.
    pub(super) said: String,
}

/// The overrides in force in `config`, which was loaded with `settings`.
pub(super) fn overrides(settings: &Settings, config: &SdkConfig) -> Vec<Override> {
    let mut found: Vec<Override> = Vec::new();
    for service in SERVICES {
        let chosen = settings.endpoint_url.as_ref();
        let Some(url) = chosen.map(|url| url.value.clone()).or_else(|| configured(config, service)) else { continue };
        if let Some(known) = found.iter_mut().find(|known| known.url == url) {
            known.services.push(service);
        } else {
            let said = chosen.map_or_else(|| origin(settings, service, &url), |setting| setting.source.to_string());
            found.push(Override { url, services: vec![service], said });
        }
    }
    found
}

/// What the service's own client will resolve.
fn configured(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env(GLOBAL).profile("endpoint_url").build().ok()?;
    config
        .service_config()
        .and_then(|loader| loader.load_config(key))
        .or_else(|| config.endpoint_url().map(str::to_owned))
}

fn origin(settings: &Settings, service: &str, url: &str) -> String {
    let own = format!("{GLOBAL}_{}", service.replace(' ', "_").to_uppercase());
    for name in [own.as_str(), GLOBAL] {
        if settings.aws.get(name) == Some(url) {
            let place = if settings.aws.is_from_dotenv(name) { ".env" } else { "the environment" };
            return format!("{name} in {place}");
        }
    }
    "a profile of AWS's shared files".to_owned()
}

/// What to call a target with these overrides: with any of them, never AWS.
pub(super) fn kind(overrides: &[Override]) -> TargetKind {
    match overrides {
        [] => TargetKind::Aws,
        [one] if one.services.len() == SERVICES.len() => TargetKind::Custom(one.url.clone()),
        several => {
            let parts: Vec<String> =
                several.iter().map(|one| format!("{} ({})", one.url, one.services.join(", "))).collect();
            TargetKind::Custom(parts.join(", "))
        }
    }
}

/// Refuses endpoints that answer as an emulator, unless the person gave the endpoint as a flag.
pub(super) async fn refuse_emulators(
    settings: &Settings,
    overrides: &[Override],
    connections: &Connections,
) -> Result<(), BridgeError> {
    // So is an endpoint of a target that the person gave a name.
    let meant = |source: &Source| match source {
        Source::Flag(_) => true,
        Source::File { key, .. } => key.starts_with("target."),
        _ => false,
    };
    if settings.endpoint_url.as_ref().is_some_and(|url| meant(&url.source)) {
        return Ok(());
    }
    for one in overrides {
        let Some(name) = emulator(settings, &one.url, connections).await else { continue };
        let message = format!("{} ({}) is {name}, not AWS", one.url, one.said);
        let hint = format!(
            "Use --backend local, take the endpoint away, or say that you mean it with --endpoint-url {}",
            one.url
        );
        return Err(BridgeError::new(BridgeErrorKind::Endpoint, message).hint(hint));
    }
    Ok(())
}

/// The emulator that answers at `url`, if it is one.
async fn emulator(settings: &Settings, url: &str, connections: &Connections) -> Option<&'static str> {
    if is_aws_emulator(settings, url) {
        return Some("AWS Emulator");
    }
    let connector = &connections.connector();
    let probes = HEALTH.map(|(path, name)| async move { answers(connector, url, path).await.then_some(name) });
    let (found, everything) = futures::join!(futures::future::join_all(probes), answers(connector, url, NOWHERE));
    found.into_iter().flatten().next().filter(|_| !everything)
}

/// AWS Emulator keeps its keys in `~/.aws/emulator/<port>/`; it has no health path that its documents name.
fn is_aws_emulator(settings: &Settings, url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let loopback = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let (Some(port), Some(home)) = (uri.port_u16(), settings.aws.get("HOME")) else { return false };
    loopback && Path::new(home).join(".aws/emulator").join(port.to_string()).is_dir()
}

async fn answers(connector: &Connector, url: &str, path: &str) -> bool {
    let target = format!("{}{path}", url.trim_end_matches('/'));
    let Ok(request) = http::Request::get(target).body(SdkBody::empty()) else { return false };
    let Ok(request) = HttpRequest::try_from(request) else { return false };
    matches!(timeout(PATIENCE, connector.call(request)).await, Ok(Ok(response)) if response.status().as_u16() == 200)
}
