//! The demo's own store: rebuilt at each start, never shared with anything else.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::backend::Directory;
use crate::config::Settings;

/// The store's name.
pub(super) const NAME: &str = "footbridge-demo";

/// Where the demo keeps its data.
pub(super) struct Store {
    /// The data directory, of which the store is a part.
    pub(super) data_dir: PathBuf,
    /// The store's own directory, in which the server runs.
    pub(super) directory: PathBuf,
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
