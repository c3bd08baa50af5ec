//! A home directory, a working directory and an environment of a test's own.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use footbridge::backend::BridgeError;
use footbridge::backend::aws::{self, AwsTarget};
use footbridge::clock::{Clock, SystemClock};
use footbridge::config::{ConfigError, Inputs, Key, Settings};
use sha1::{Digest, Sha1};
use tempfile::TempDir;

pub struct World {
    root: TempDir,
    inputs: Inputs,
}

impl World {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let mut inputs = Inputs::bare(root.path());
        fs::create_dir(&inputs.cwd).unwrap();
        fs::create_dir_all(root.path().join("home/.aws/sso/cache")).unwrap();
        inputs.env.insert("HOME".to_owned(), root.path().join("home").to_str().unwrap().to_owned());
        inputs.env.insert("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned());
        inputs.flags.set(Key::Backend, "--backend", Some("aws".to_owned()));
        Self { root, inputs }.env("AWS_REGION", "eu-west-1")
    }

    /// With keys in the environment.
    pub fn with_keys() -> Self {
        Self::new().env("AWS_ACCESS_KEY_ID", "KEY").env("AWS_SECRET_ACCESS_KEY", "secret")
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.inputs.env.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.inputs.env.remove(name);
        self
    }

    pub fn flag(mut self, key: Key, flag: &str, value: &str) -> Self {
        self.inputs.flags.set(key, flag, Some(value.to_owned()));
        self
    }

    /// Sends the data's calls to `url`, as a person does with a flag.
    pub fn at(self, url: &str) -> Self {
        self.flag(Key::EndpointUrl, "--endpoint-url", url)
    }

    /// A file in the home directory.
    pub fn home(self, name: &str, text: &str) -> Self {
        self.write(name, text);
        self
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.root.path().join("home").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn dotenv(self, text: &str) -> Self {
        fs::write(self.inputs.cwd.join(".env"), text).unwrap();
        self
    }

    /// The working directory's own `footbridge.toml`.
    pub fn project(self, text: &str) -> Self {
        fs::write(self.inputs.cwd.join("footbridge.toml"), text).unwrap();
        self
    }

    /// The person's own `footbridge.toml`.
    pub fn own(self, text: &str) -> Self {
        let config = self.root.path().join("config");
        fs::create_dir_all(&config).unwrap();
        fs::write(config.join("footbridge.toml"), text).unwrap();
        self
    }

    /// The working directory.
    pub fn cwd(&self) -> &Path {
        &self.inputs.cwd
    }

    /// The token that `aws sso login` leaves for a session.
    pub fn sso_token(&self, session: &str, token: &str, end: &str) {
        let hash = Sha1::digest(session).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let text = format!("{{\"accessToken\":\"{token}\",\"expiresAt\":\"{end}\"}}");
        self.write(&format!(".aws/sso/cache/{hash}.json"), &text);
    }

    pub fn settings(&self) -> Settings {
        self.try_settings().unwrap()
    }

    pub fn try_settings(&self) -> Result<Settings, ConfigError> {
        Settings::load(&self.inputs)
    }

    pub async fn load(&self) -> AwsTarget {
        self.try_load().await.unwrap()
    }

    pub async fn try_load(&self) -> Result<AwsTarget, BridgeError> {
        self.load_at(Arc::new(SystemClock)).await
    }

    pub async fn load_at(&self, clock: Arc<dyn Clock>) -> Result<AwsTarget, BridgeError> {
        Box::pin(aws::load_at(&self.settings(), clock)).await
    }
}

/// Lists the tables; an error is ours where there is one.
pub async fn list(target: &AwsTarget) -> Result<(), Option<BridgeError>> {
    let client = aws_sdk_dynamodb::Client::from_conf(target.dynamodb().build());
    client.list_tables().send().await.map(drop).map_err(|error| aws::explain(&error))
}
