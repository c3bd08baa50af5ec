//! Snapshots: whatever was done, a restore brings exactly what they cover back.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod crash;
mod files;
mod history;
mod restore;
mod undo;
mod world;
