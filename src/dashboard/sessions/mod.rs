//! What runs and what there is: the processes of a data directory, what they have, what it takes, and what the log says.

mod disk;
mod log;
mod memory;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use footbridge_record::{Target, time};
use footbridge_tui::ask;

use self::disk::Disk;
use crate::backend::{Gateway, ProcessRecord, endpoints, owner_in, present};
use crate::emulator::inventory::Holding;

/// The most of the log's last lines.
const LINES: usize = 200;

/// What runs and what there is, looked at again and again.
#[derive(Debug)]
pub struct Sessions {
    /// The directory whose data and processes these are. Where the data is in memory, that of its journal.
    directory: PathBuf,
    /// The store that it is; empty for the data directory's own, and for what is in memory.
    store: String,
    /// The directory of named stores, where their processes count as well.
    stores: Option<PathBuf>,
    /// The log's file, without the day in its name, where this process has one.
    log: Option<PathBuf>,
    /// The way to the data; `None` on AWS.
    gateway: Option<Gateway>,
    disk: Mutex<Disk>,
}

impl Sessions {
    /// Looks at `directory`, at nothing else.
    #[must_use]
    pub fn of(directory: PathBuf, gateway: Option<Gateway>) -> Self {
        Self { directory, store: String::new(), stores: None, log: None, gateway, disk: Mutex::default() }
    }

    /// The directory whose processes these are.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// That directory is the one of `store`, empty for none, and processes of those in `stores` count as well.
    #[must_use]
    pub fn beside(self, store: String, stores: Option<PathBuf>) -> Self {
        Self { store, stores, ..self }
    }

    /// Shows the end of this log, whose files have their day in their names.
    #[must_use]
    pub fn with_log(self, log: Option<PathBuf>) -> Self {
        Self { log, ..self }
    }

    /// What there is now.
    pub async fn look(&self) -> ask::Sessions {
        let inventory = match &self.gateway {
            Some(gateway) => gateway.inventory().await,
            None => None,
        };
        let mut facts = Vec::new();
        let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
        fact("directory", self.directory.display().to_string());
        for (name, bytes) in self.disk.lock().unwrap_or_else(PoisonError::into_inner).look(&self.directory) {
            fact(name, time::bytes(bytes));
        }
        let regions = inventory.map_or_else(Vec::new, |inventory| {
            let items: u64 = inventory.holdings.iter().map(|holding| holding.items).sum();
            fact("objects", inventory.objects.to_string());
            fact("items", items.to_string());
            inventory.holdings.into_iter().map(region).collect()
        });
        fact("version", env!("CARGO_PKG_VERSION").to_owned());
        let log = self.log.as_deref().map(|file| log::tail(file, LINES)).unwrap_or_default();
        ask::Sessions { processes: self.processes(), facts, regions, log }
    }

    /// The processes, the owner of each directory first.
    fn processes(&self) -> Vec<ask::Process> {
        let own = [(self.store.clone(), self.directory.clone())];
        // No such directory is no store.
        let stores = self.stores.iter().filter_map(|stores| std::fs::read_dir(stores).ok());
        let mut stores: Vec<_> = stores
            .flatten()
            .flatten()
            .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
            .collect();
        stores.sort_unstable();
        let mut processes = Vec::new();
        for (store, directory) in own.into_iter().chain(stores) {
            let owner = owner_in(&directory).ok().flatten().map(|record| record.pid);
            let endpoints: BTreeMap<u32, String> = endpoints(&directory);
            let known = present(&directory).into_iter();
            let mut of_store: Vec<_> = known
                .map(|record| {
                    let endpoint = endpoints.get(&record.pid).or(record.endpoint.as_ref()).cloned();
                    process(record, &store, owner, endpoint.unwrap_or_default())
                })
                .collect();
            of_store.sort_by_key(|process| (!process.owner, process.started));
            processes.extend(of_store);
        }
        processes
    }
}

fn process(record: ProcessRecord, store: &str, owner: Option<u32>, endpoint: String) -> ask::Process {
    ask::Process {
        pid: record.pid,
        owner: owner == Some(record.pid),
        own: record.pid == std::process::id(),
        store: store.to_owned(),
        target: target(&record.target),
        mode: record.mode,
        client: record.client.unwrap_or_default(),
        endpoint,
        started: record.started,
        memory: memory::resident(record.pid),
        command: record.command,
    }
}

/// `local us-east-1`, `aws 123456789012 eu-west-1`, `http://127.0.0.1:5000 us-east-1`.
fn target(target: &Target) -> String {
    let known = |parts: &[Option<&str>]| parts.iter().flatten().copied().collect::<Vec<_>>().join(" ");
    match target {
        Target::Local { account, region } | Target::Aws { account, region } => {
            known(&[Some(target.word()), account.as_deref(), region.as_deref()])
        }
        Target::Custom { url, region } => known(&[Some(url), region.as_deref()]),
    }
}

fn region(holding: Holding) -> ask::Region {
    let Holding { account, region, tables, buckets, .. } = holding;
    ask::Region { account, region, tables, buckets }
}

#[cfg(test)]
mod tests;
