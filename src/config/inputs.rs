//! Everything that configuration is made from, so that tests can give it and never touch the process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::key::Key;
use super::layer::Layer;
use super::raw::Raw;
use super::setting::Source;

/// What the command line said.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub(super) layer: Layer,
    /// `--config`: the one configuration file to read.
    pub(super) config: Option<PathBuf>,
    /// How often `-v` was given.
    pub(super) verbose: u8,
}

impl Flags {
    /// Nothing but `--config` and the number of `-v`.
    #[must_use]
    pub fn new(config: Option<PathBuf>, verbose: u8) -> Self {
        Self { config, verbose, ..Self::default() }
    }

    /// The one configuration file to read, where `--config` named it.
    #[must_use]
    pub fn config_file(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// Records that `flag` (such as `--region`) set `key`; `None` records nothing.
    pub fn set(&mut self, key: Key, flag: &str, value: Option<String>) {
        if let Some(value) = value {
            self.layer.offer(key, Raw::Text(value), Source::Flag(flag.to_owned()));
        }
    }

    /// Records a list given by a flag that may be repeated; an empty one records nothing.
    pub fn set_list(&mut self, key: Key, flag: &str, values: Vec<String>) {
        if !values.is_empty() {
            self.layer.offer(key, Raw::List(values), Source::Flag(flag.to_owned()));
        }
    }

    /// Records that the switch `flag` turned `key` on; `false` records nothing.
    pub fn switch(&mut self, key: Key, flag: &str, on: bool) {
        if on {
            self.layer.offer(key, Raw::Bool(true), Source::Flag(flag.to_owned()));
        }
    }
}

/// The platform's own places; `None` where the platform does not say (no home directory).
#[derive(Debug, Clone, Default)]
pub struct Dirs {
    /// The user's home directory.
    pub home: Option<PathBuf>,
    /// Where footbridge's `footbridge.toml` and the list of trusted directories are.
    pub config: Option<PathBuf>,
    /// The default data directory.
    pub data: Option<PathBuf>,
}

impl Dirs {
    /// This platform's convention, for example `~/.config/footbridge` and `~/.local/share/footbridge`.
    #[must_use]
    pub fn platform() -> Self {
        let project = directories::ProjectDirs::from("", "", "footbridge");
        Self {
            home: directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()),
            config: project.as_ref().map(|dirs| dirs.config_dir().to_owned()),
            data: project.as_ref().map(|dirs| dirs.data_local_dir().to_owned()),
        }
    }
}

/// All inputs of [`Settings::load`](super::Settings::load).
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The command line.
    pub flags: Flags,
    /// The process environment.
    pub env: BTreeMap<String, String>,
    /// The working directory, absolute.
    pub cwd: PathBuf,
    /// The platform's places.
    pub dirs: Dirs,
}

impl Inputs {
    /// The inputs of this process. Variables that are not UTF-8 are left out, as the SDK leaves them out.
    pub fn of_process(flags: Flags) -> std::io::Result<Self> {
        let env = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Ok(Self { flags, env: env.collect(), cwd: std::env::current_dir()?, dirs: Dirs::platform() })
    }

    /// Nothing but `directory`: no flags, an empty environment, the working directory `directory/work`, and the
    /// platform's places as its siblings. For tests.
    #[must_use]
    pub fn bare(directory: &Path) -> Self {
        Self {
            flags: Flags::default(),
            env: BTreeMap::new(),
            cwd: directory.join("work"),
            dirs: Dirs {
                home: Some(directory.join("home")),
                config: Some(directory.join("config")),
                data: Some(directory.join("data")),
            },
        }
    }
}
