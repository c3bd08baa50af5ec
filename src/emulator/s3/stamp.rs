//! The stamps by which a database and the folder of bodies beside it know each other.
//!
//! Both bear the directory's identity, the number of its last opening and that opening's own id. The folder's stamp says
//! besides how far the database's sequence was when it last named a new body; the database knows that itself.

use std::fs::{self, File};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use uuid::Uuid;

use crate::emulator::store::{Read, StoreError, Table, Txn};
use crate::private;

/// The stamp's file in the folder of bodies.
pub const FILE: &str = "stamp";
/// The file as long as it is not whole; `LocalFileSystem` leaves out such names.
pub const UNFINISHED: &str = "stamp#1";
/// The row of the database's stamp.
const KEY: &[u8] = b"stamp";
/// Bytes of that row.
const ROW: usize = 40;
/// What stands before the digits of the sequence.
const SEQUENCE: &str = "sequence ";
/// How many digits that has, so that it can be written over in place.
const DIGITS: usize = 20;

/// What database and folder have in common while they belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The data directory's identity, given once.
    pub identity: Uuid,
    /// How often it was opened.
    pub opened: u64,
    /// The id of that opening: two copies of one directory may count alike.
    pub opening: Uuid,
}

/// What the folder of bodies says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// There is no stamp.
    None,
    /// There is one and it cannot be read.
    Damaged,
    /// The stamp, and the sequence of the database when it last named a new body.
    Stamp(Stamp, u64),
}

impl Stamp {
    /// The database's stamp, or `None` where it has none yet.
    pub fn of_rows(read: &impl Read) -> Result<Option<Self>, StoreError> {
        let Some(row) = read.get(Table::Meta, KEY)? else { return Ok(None) };
        let stamp = Self::decode(&row);
        stamp.map(Some).ok_or_else(|| StoreError::Damaged { table: "meta", what: "the stamp".into() })
    }

    /// Writes the database's stamp when the operation succeeds.
    pub fn put(self, txn: &mut Txn<'_>) {
        let row = [self.identity.as_bytes().as_slice(), &self.opened.to_be_bytes(), self.opening.as_bytes()].concat();
        txn.put(Table::Meta, KEY.to_vec(), row);
    }

    fn decode(row: &[u8]) -> Option<Self> {
        let row: &[u8; ROW] = row.try_into().ok()?;
        Some(Self {
            identity: Uuid::from_slice(&row[..16]).ok()?,
            opened: u64::from_be_bytes(row[16..24].try_into().ok()?),
            opening: Uuid::from_slice(&row[24..]).ok()?,
        })
    }

    /// What stands in the folder `blobs`.
    pub fn of_blobs(blobs: &Path) -> io::Result<Found> {
        match fs::read(blobs.join(FILE)) {
            Ok(bytes) => Ok(parse(&bytes).map_or(Found::Damaged, |(stamp, sequence)| Found::Stamp(stamp, sequence))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::None),
            // Something else of that name: it is moved out of the way by nobody, and says nothing.
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => Ok(Found::Damaged),
            Err(error) => Err(private::naming(&blobs.join(FILE))(error)),
        }
    }

    /// Writes the stamp of the folder `blobs`, whole or not at all and durable on return.
    pub fn write(self, blobs: &Path, sequence: u64) -> io::Result<Note> {
        let unfinished = blobs.join(UNFINISHED);
        let head = self.head();
        let at = (head.len() + SEQUENCE.len()) as u64;
        let made = || {
            let mut file = private::options().create(true).truncate(true).write(true).open(&unfinished)?;
            file.write_all(format!("{head}{SEQUENCE}{sequence:0DIGITS$}\n").as_bytes())?;
            file.sync_all()?;
            Ok::<_, io::Error>(file)
        };
        let file = made().map_err(private::naming(&unfinished))?;
        private::file(&unfinished)?;
        // An empty directory in its place is in nobody's way.
        let _ = fs::remove_dir(blobs.join(FILE));
        fs::rename(&unfinished, blobs.join(FILE)).map_err(private::naming(&blobs.join(FILE)))?;
        private::sync_directory(blobs)?;
        Ok(Note { file, at, sequence, synced: true })
    }

    /// The stamp of the folder `blobs` as it stands, to note in it what the database names.
    pub fn go_on(self, blobs: &Path, sequence: u64) -> io::Result<Note> {
        let path = blobs.join(FILE);
        let file = File::options().write(true).open(&path).map_err(private::naming(&path))?;
        Ok(Note { file, at: (self.head().len() + SEQUENCE.len()) as u64, sequence, synced: true })
    }

    fn head(&self) -> String {
        format!("identity {}\nopened {:0DIGITS$}\nopening {}\n", self.identity, self.opened, self.opening)
    }
}

/// Strictly: what was not written by us says nothing.
fn parse(bytes: &[u8]) -> Option<(Stamp, u64)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.lines();
    let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
    let identity = value("identity")?.parse().ok()?;
    let opened = value("opened")?.parse().ok()?;
    let opening = value("opening")?.parse().ok()?;
    let sequence = value("sequence")?.parse().ok()?;
    let stamp = Stamp { identity, opened, opening };
    (text == format!("{}{SEQUENCE}{sequence:0DIGITS$}\n", stamp.head())).then_some((stamp, sequence))
}

/// The folder's stamp while the directory is open: the sequence in it follows the database.
#[derive(Debug)]
pub struct Note {
    file: File,
    at: u64,
    sequence: u64,
    synced: bool,
}

impl Note {
    /// Notes that a durable commit, the database's `sequence` of then, named a new body.
    ///
    /// One small write in place and no sync: it outlives the process, and [`Note::sync`] makes it outlive the machine.
    pub fn set(&mut self, sequence: u64) -> io::Result<()> {
        if sequence <= self.sequence {
            return Ok(());
        }
        self.file.seek(SeekFrom::Start(self.at))?;
        self.file.write_all(format!("{sequence:0DIGITS$}").as_bytes())?;
        (self.sequence, self.synced) = (sequence, false);
        Ok(())
    }

    /// Makes what was noted durable.
    pub fn sync(&mut self) -> io::Result<()> {
        if !self.synced {
            self.file.sync_data()?;
            self.synced = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: Stamp = Stamp { identity: Uuid::from_u128(1), opened: 7, opening: Uuid::from_u128(2) };

    #[test]
    fn the_folders_stamp_comes_back_with_the_last_sequence_noted() {
        let temp = tempfile::tempdir().unwrap();
        assert_eq!(Stamp::of_blobs(temp.path()).unwrap(), Found::None);
        let mut note = STAMP.write(temp.path(), 5).unwrap();
        assert_eq!(Stamp::of_blobs(temp.path()).unwrap(), Found::Stamp(STAMP, 5));
        note.set(41).unwrap();
        note.set(40).unwrap();
        assert_eq!(Stamp::of_blobs(temp.path()).unwrap(), Found::Stamp(STAMP, 41), "never back");
        let mut note = STAMP.go_on(temp.path(), 41).unwrap();
        note.set(u64::MAX).unwrap();
        note.sync().unwrap();
        assert_eq!(Stamp::of_blobs(temp.path()).unwrap(), Found::Stamp(STAMP, u64::MAX));
        assert!(!temp.path().join(UNFINISHED).exists());
    }

    #[test]
    fn what_is_not_exactly_a_stamp_is_damaged() {
        let temp = tempfile::tempdir().unwrap();
        STAMP.write(temp.path(), 5).unwrap();
        let whole = fs::read(temp.path().join(FILE)).unwrap();
        for length in 0..whole.len() {
            fs::write(temp.path().join(FILE), &whole[..length]).unwrap();
            assert_eq!(Stamp::of_blobs(temp.path()).unwrap(), Found::Damaged, "{length} bytes");
        }
        fs::write(temp.path().join(FILE), [whole.as_slice(), b"\n"].concat()).unwrap();
        assert_eq!(Stamp::of_blobs(temp.path()).unwrap(), Found::Damaged);
    }
}
