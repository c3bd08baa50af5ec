//! Snapshots: whatever was done, a restore brings exactly what they cover back.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod destroyed;
mod files;
mod flipped;
mod history;
mod members;
mod restore;
mod scope;
mod things;
mod undo;
mod world;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
