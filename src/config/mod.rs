//! Configuration: flags > environment > `.env` > `footbridge.toml` > defaults, into one immutable [`Settings`] in
//! which every value knows where it came from.

mod allowed;
mod dotenv;
mod environment;
mod error;
mod file;
mod inputs;
mod key;
mod layer;
mod offered;
mod paths;
mod project;
mod raw;
mod read;
mod rows;
mod setting;
mod settings;
mod sources;
mod target;
mod targets;
mod trust;
mod value;
mod waiting;

pub use allowed::{AllowLists, Allowed, Prefix};
pub(crate) use environment::MCP_TOKEN;
pub use environment::{AwsEnvironment, StaticCredentials};
pub use error::ConfigError;
pub use inputs::{Dirs, Flags, Inputs};
pub use key::Key;
pub use offered::Offered;
pub(crate) use raw::is_region;
pub use setting::{Secret, Setting, Source};
pub use settings::{Row, Settings};
pub use target::TargetName;
pub use trust::{Project, Trust, TrustStore};
pub use value::{Backend, Identity, Listen, Mode, StoreName};
pub use waiting::Waiting;
