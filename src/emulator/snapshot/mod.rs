//! Snapshots: tables and objects in a file, and back. See docs/snapshots.md.

mod error;
mod lines;
mod progress;
mod restore;
mod scope;
mod shelf;
mod take;

pub use error::{SnapshotError, Trouble};
pub use lines::{Header, MAX_LINE, MOST};
pub use progress::recover;
pub use restore::{From, Restore, Restored, verify};
pub use scope::{Scope, Words};
pub use shelf::{FOLDER, Listed, Shelf, is_ours};
pub use take::{Take, Taken};

/// The most bytes that an automatic snapshot is made of.
pub const MOST_AUTOMATIC: u64 = 256 << 20;
/// How many automatic snapshots are kept.
pub const KEPT_AUTOMATIC: usize = 20;
