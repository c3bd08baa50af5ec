//! The demo's own store: rebuilt at each start, never shared with anything else.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::backend::Directory;
use crate::config::{Dirs, Flags, Inputs, Key, Settings};

/// The store's name.
pub(super) const NAME: &str = "footbridge-demo";

/// Where the demo keeps its data.
pub(super) struct Store {
    /// The data directory, of which the store is a part.
    pub(super) data_dir: PathBuf,
    /// The store's own directory, in which the server runs.
    pub(super) directory: PathBuf,
}

impl Store {
    /// The configuration file of the demo, empty, so that the person's is not read.
    pub(super) fn config(&self) -> anyhow::Result<PathBuf> {
        let config = self.directory.join("footbridge-demo.toml");
        crate::private::open_or_make(&config).with_context(|| format!("writing {}", config.display()))?;
        Ok(config)
    }

    /// The settings of this process's own part in the store, which are those of the demo's server.
    pub(super) fn settings(&self, of_person: &Settings) -> anyhow::Result<Settings> {
        let mut flags = Flags::new(Some(self.config()?), 0);
        flags.set(Key::DataDir, "--data-dir", Some(self.data_dir.to_string_lossy().into_owned()));
        flags.set(Key::Store, "--store", Some(NAME.to_owned()));
        flags.set(Key::Listen, "--listen", Some("0".to_owned()));
        flags.switch(Key::Ephemeral, "--ephemeral", of_person.ephemeral.value);
        let env = std::collections::BTreeMap::new();
        Ok(Settings::load(&Inputs { flags, env, cwd: self.directory.clone(), dirs: Dirs::platform() })?)
    }
}

/// Deletes what an earlier demo left and makes the store anew.
pub(super) fn rebuild(settings: &Settings) -> anyhow::Result<Store> {
    let data_dir = settings.data_dir.value.clone();
    let directory = data_dir.join("stores").join(NAME);
    if directory.exists() {
        let held = || format!("the demo's store {}", directory.display());
        let lock = Directory::open(&directory, NAME).with_context(held)?;
        // Held until the directory is gone, so that nobody opens it meanwhile.
        let Some(_lock) = lock.try_lock().with_context(held)? else {
            let pid = lock.owner().ok().flatten().map_or(String::new(), |owner| format!(" (process {})", owner.pid));
            bail!("another footbridge works in {}{pid}: end it first", directory.display());
        };
        std::fs::remove_dir_all(&directory).with_context(held)?;
    }
    crate::private::directory(&directory).with_context(|| format!("creating {}", directory.display()))?;
    Ok(Store { data_dir, directory })
}

/// What to try with the data that the demo leaves.
pub(super) fn next_steps(settings: &Settings) -> String {
    let dir = settings.data_dir.value.display();
    let at = match settings.data_dir.source {
        crate::config::Source::Default => String::new(),
        _ => format!(" --data-dir {dir}"),
    };
    format!(
        "\nThe data stays for you to look at. Try next:\n\
         \x20 footbridge call dynamodb_scan '{{\"table\": \"ProductCatalog\"}}'{at} --store {NAME}\n\
         \x20 footbridge journal tail{at} --store {NAME}\n\
         \x20 footbridge serve{at} --store {NAME}      # then, elsewhere: eval \"$(footbridge env)\"; aws s3 ls\n\
         Give the tools to a coding agent:\n\
         \x20 claude mcp add footbridge -- footbridge mcp"
    )
}
