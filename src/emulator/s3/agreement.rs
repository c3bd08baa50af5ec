//! Whether the database and the bodies beside it belong together: settled at opening, before either is used.
//!
//! A body that no row names counts as left over from a write that broke off, and is swept, only where both bear one stamp,
//! the database is as far as the folder of bodies says, and the folder's list has the body as begun in the opening that the
//! database had last. In every other case nothing proves that nobody needs it: it is moved aside, which is told.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::begun::{self, Begun};
use super::blobs::{BlobError, BlobId, Blobs};
use super::catalogue::BlobRow;
use super::quarantine::{Occasion, Quarantine, Why};
use super::stamp::{Found, Note, Stamp};
use crate::clock::{Clock, Ids};
use crate::emulator::store::{Read as _, Snapshot, Store, StoreError, Table, last_sequence};
use crate::private;

/// Why a body is moved aside that no row names, where database and bodies belong together.
const UNNAMED: &str = "the database does not name them, and no write that broke off left them: a copy of the whole directory may \
                       have been put back over a newer one";

/// What somebody should know who opened the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenNotice {
    /// Bodies were moved aside instead of being deleted.
    SetAside(Occasion),
    /// The database names bodies that are not there.
    Missing(u64),
    /// Something that was under way when a process ended is not done as a whole.
    BrokenOff(String),
}

impl fmt::Display for OpenNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetAside(occasion) => occasion.fmt(f),
            Self::BrokenOff(what) => f.write_str(what),
            Self::Missing(count) => {
                write!(f, "{count} bodies that the database names are missing. `footbridge fsck` says which")
            }
        }
    }
}

/// Why nothing was settled. Nothing was deleted, and the next opening finds what this one found.
#[derive(Debug, thiserror::Error)]
pub enum Unsettled {
    /// The database could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bodies could not be listed.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// Bodies could not be moved aside, or their folder could not be stamped.
    #[error("the folder of bodies: {0}")]
    Io(#[from] io::Error),
}

impl Unsettled {
    fn is_full(&self) -> bool {
        match self {
            Self::Store(StoreError::Full) => true,
            Self::Io(error) => error.kind() == io::ErrorKind::StorageFull,
            _ => false,
        }
    }
}

/// Settles whether `store` and `blobs` of the data directory at `directory` belong together, and stamps both.
pub async fn settle(
    directory: &Path,
    store: &Store,
    blobs: &Blobs,
    ids: &dyn Ids,
    clock: &dyn Clock,
) -> Result<Vec<OpenNotice>, Unsettled> {
    let folder = directory.join(super::BLOBS);
    let snapshot = store.read()?;
    let rows = Stamp::of_rows(&snapshot)?;
    let sequence = last_sequence(&snapshot)?;
    let found = Stamp::of_blobs(&folder)?;
    let doubt = doubt(rows, sequence, found);
    let present = blobs.list().await?;
    let (notices, leftovers) = {
        let (directory, doubt, now) = (directory.to_owned(), doubt.clone(), clock.now());
        let sorted = tokio::task::spawn_blocking(move || {
            let begun = begun(&directory, rows, doubt.as_ref());
            match doubt {
                None => sort(&directory, &snapshot, &present, &begun, now),
                Some(why) => Ok((set_aside(&directory, &snapshot, &present, why, now)?, HashSet::new())),
            }
        });
        sorted.await.map_err(|_| StoreError::Panicked)??
    };
    let (theirs, noted) = match found {
        Found::Stamp(stamp, noted) => (Some(stamp), noted),
        Found::None | Found::Damaged => (None, 0),
    };
    let opened = |stamp: Option<Stamp>| stamp.map_or(0, |stamp| stamp.opened);
    let next = Stamp {
        identity: rows.or(theirs).map_or_else(|| ids.next(), |stamp| stamp.identity),
        // Ahead of both, so that whatever is put back later is seen to be older.
        opened: opened(rows).max(opened(theirs)).saturating_add(1),
        opening: ids.next(),
    };
    let stamped = stamp(&folder, store, next, noted, leftovers.clone()).await;
    let (note, begun) = match (stamped, rows, doubt) {
        (Ok(stamped), _, _) => stamped,
        // A full disk must not keep anybody from the data: the stamps that agreed go on to.
        (Err(error), Some(last), None) if error.is_full() => {
            tracing::warn!(%error, "this opening could not be stamped");
            (last.go_on(&folder, noted)?, Begun::go_on(&folder, last.opening, leftovers))
        }
        (Err(error), _, _) => return Err(error),
    };
    blobs.note_in(note);
    match begun {
        Ok(begun) => blobs.list_in(begun),
        // Then nothing that breaks off is listed, and all of it would be moved aside.
        Err(error) => tracing::warn!(%error, "no list of the bodies that are begun can be kept"),
    }
    for notice in &notices {
        tracing::warn!("{notice}");
    }
    Ok(notices)
}

/// Why the database `rows` and the bodies of the data directory at `directory` may not belong together; `None` where they
/// do, or where neither has a stamp yet. Changes nothing.
pub fn disagreement(directory: &Path, rows: &Snapshot) -> Result<Option<Why>, Unsettled> {
    let ours = Stamp::of_rows(rows)?;
    match Stamp::of_blobs(&directory.join(super::BLOBS))? {
        Found::None if ours.is_none() => Ok(None),
        theirs => Ok(doubt(ours, last_sequence(rows)?, theirs)),
    }
}

/// Why the two may not belong together; `None` where they do.
fn doubt(rows: Option<Stamp>, sequence: u64, found: Found) -> Option<Why> {
    let (identity, why) = match (rows, found) {
        (None, Found::None) => {
            (None, "neither the database nor the bodies had a stamp: they are from an earlier version")
        }
        (Some(_), Found::None) => (None, "the folder of bodies had no stamp: it is not known whose they are"),
        (_, Found::Damaged) => (None, "the stamp of the folder of bodies was damaged: it is not known whose they are"),
        (None, Found::Stamp(theirs, _)) => (Some(theirs), "the database has no stamp: it is from before these bodies"),
        (Some(ours), Found::Stamp(theirs, noted)) => {
            let why = if ours.identity != theirs.identity {
                "the bodies are those of another data directory"
            } else if theirs.opened > ours.opened || (theirs == ours && noted > sequence) {
                "the database is older than the bodies: an earlier copy of it was put back"
            } else if theirs.opened < ours.opened {
                "the bodies are older than the database: an earlier copy of them was put back, or an opening broke off"
            } else if theirs.opening != ours.opening {
                "database and bodies are from two copies of this data directory"
            } else {
                return None;
            };
            (Some(theirs), why)
        }
    };
    Some(Why { why: why.to_owned(), identity: identity.map(|stamp| stamp.identity.to_string()) })
}

/// The bodies of the data directory at `directory` that a write which broke off may have left, whether a row of the database
/// `rows` names them or not. There are none where nothing proves it. Changes nothing.
pub fn leftovers(directory: &Path, rows: &Snapshot) -> Result<HashSet<BlobId>, Unsettled> {
    let doubt = disagreement(directory, rows)?;
    Ok(begun(directory, Stamp::of_rows(rows)?, doubt.as_ref()))
}

fn begun(directory: &Path, rows: Option<Stamp>, doubt: Option<&Why>) -> HashSet<BlobId> {
    match (rows, doubt) {
        (Some(stamp), None) => begun::read(&directory.join(super::BLOBS), stamp.opening),
        _ => HashSet::new(),
    }
}

/// Tells apart what no row names, where the database and the bodies belong together: gives what was `begun` and is left
/// over, and moves the rest aside.
///
/// A body that was moved while its bytes still ride in the store stays begun too: until the mover has been there again, a
/// write that replaces its object takes the row away and knows of no file.
fn sort(
    directory: &Path,
    snapshot: &Snapshot,
    present: &[BlobId],
    begun: &HashSet<BlobId>,
    now: SystemTime,
) -> Result<(Vec<OpenNotice>, HashSet<BlobId>), Unsettled> {
    let mut unnamed: HashSet<BlobId> = present.iter().copied().collect();
    for row in snapshot.prefix(Table::Blobs, &[])? {
        let row = row?;
        let Some(id) = BlobId::from_key(row.key()) else { continue };
        let half_moved = begun.contains(&id) && snapshot.get(Table::Riders, row.key())?.is_some();
        if !half_moved {
            unnamed.remove(&id);
        }
    }
    let (leftovers, others): (HashSet<_>, HashSet<_>) = unnamed.into_iter().partition(|id| begun.contains(id));
    let others: Vec<BlobId> = others.into_iter().collect();
    let why = Why { why: UNNAMED.to_owned(), identity: None };
    let aside = Quarantine::of(directory).set_aside(&others, why, now).unwrap_or_else(|error| {
        // They stay where they are: nothing deletes what is not listed.
        tracing::warn!(%error, "{} bodies that no row names could not be moved aside", others.len());
        None
    });
    Ok((aside.map(OpenNotice::SetAside).into_iter().collect(), leftovers))
}

/// Moves the bodies aside that nothing is made of, and says what the rows miss.
///
/// A row of no references is no proof: another database may have a use for that body.
fn set_aside(
    directory: &Path,
    snapshot: &Snapshot,
    present: &[BlobId],
    why: Why,
    now: SystemTime,
) -> Result<Vec<OpenNotice>, Unsettled> {
    let there: HashSet<BlobId> = present.iter().copied().collect();
    let mut named = HashSet::new();
    let mut missing = 0;
    for row in snapshot.prefix(Table::Blobs, &[])? {
        let row = row?;
        let Some(id) = BlobId::from_key(row.key()) else { continue };
        let rides = snapshot.get(Table::Riders, row.key())?.is_some();
        let needed = BlobRow::decode(row.value())?.references > 0;
        if needed || rides {
            named.insert(id);
        }
        if needed && !rides && !there.contains(&id) {
            missing += 1;
        }
    }
    let unnamed: Vec<BlobId> = present.iter().copied().filter(|id| !named.contains(id)).collect();
    let aside = Quarantine::of(directory).set_aside(&unnamed, why, now)?;
    // Earlier versions made them readable to others.
    let folder = directory.join(super::BLOBS);
    for id in present.iter().filter(|id| named.contains(id)) {
        private::file(&folder.join(id.name()))?;
    }
    let missing = (missing > 0).then_some(OpenNotice::Missing(missing));
    Ok(aside.map(OpenNotice::SetAside).into_iter().chain(missing).collect())
}

/// Stamps the database, begins a list with `leftovers`, and stamps the folder. Broken off between these, the folder is
/// behind, and nothing is deleted for it.
async fn stamp(
    folder: &Path,
    store: &Store,
    stamp: Stamp,
    noted: u64,
    leftovers: HashSet<BlobId>,
) -> Result<(Note, io::Result<Begun>), Unsettled> {
    let sequence = store
        .write(move |txn| {
            stamp.put(txn);
            txn.raise_sequence(noted)
        })
        .await?;
    let folder = folder.to_owned();
    let written = tokio::task::spawn_blocking(move || {
        let begun = Begun::start(&folder, stamp.opening, leftovers);
        Ok::<_, io::Error>((stamp.write(&folder, sequence)?, begun))
    });
    Ok(written.await.map_err(|_| StoreError::Panicked)??)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const OURS: Stamp = Stamp { identity: Uuid::from_u128(1), opened: 7, opening: Uuid::from_u128(2) };

    #[test]
    fn only_one_stamp_and_a_database_that_is_as_far_prove_anything() {
        assert_eq!(doubt(Some(OURS), 40, Found::Stamp(OURS, 40)), None);
        assert_eq!(doubt(Some(OURS), 41, Found::Stamp(OURS, 40)), None);
        let why = |rows, sequence, found| doubt(rows, sequence, found).unwrap().why;
        assert!(why(Some(OURS), 39, Found::Stamp(OURS, 40)).contains("older than the bodies"));
        let ahead = Stamp { opened: 8, ..OURS };
        assert!(why(Some(OURS), 99, Found::Stamp(ahead, 40)).contains("the database is older"));
        assert!(why(Some(ahead), 99, Found::Stamp(OURS, 40)).contains("the bodies are older"));
        let twin = Stamp { opening: Uuid::from_u128(3), ..OURS };
        assert!(why(Some(OURS), 99, Found::Stamp(twin, 40)).contains("two copies"));
        let stranger = Stamp { identity: Uuid::from_u128(4), ..OURS };
        assert!(why(Some(OURS), 99, Found::Stamp(stranger, 40)).contains("another data directory"));
        assert!(why(Some(OURS), 99, Found::None).contains("no stamp"));
        assert!(why(Some(OURS), 99, Found::Damaged).contains("damaged"));
        assert!(why(None, 99, Found::Stamp(OURS, 40)).contains("the database has no stamp"));
        assert!(why(None, 0, Found::None).contains("an earlier version"));
    }
}
