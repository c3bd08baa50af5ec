//! The list of bodies that were begun and that no row names yet: the only proof that a body without a row is left over
//! from a write that broke off, and nobody's.
//!
//! `blobs/begun` names the opening of the database that it belongs to, and then each body before its file is made; a line
//! with `-` before the name follows once a row names it, or once it is deleted. Each is one write and no sync: it outlives
//! the process. What a power cut takes from the list is moved aside instead of being swept, which is the safe side.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::blobs::BlobId;
use crate::private;

/// The list's file in the folder of bodies.
pub const FILE: &str = "begun";
/// The file as long as it is not whole; `LocalFileSystem` leaves out such names.
pub const UNFINISHED: &str = "begun#1";
/// How many bytes the file may have before it is written anew with what is open then.
const MOST: usize = 1 << 20;

/// The bodies that the list in the folder `blobs` has as begun and no more, if it belongs to this opening of the database.
///
/// A list that is missing, another's or cannot be read proves nothing, so that it gives none.
pub fn read(blobs: &Path, opening: Uuid) -> HashSet<BlobId> {
    let text = fs::read(blobs.join(FILE)).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let mut open = HashSet::new();
    let Some(lines) = text.strip_prefix(&head(opening)) else { return open };
    // A last line without its end may be the beginning of anything.
    for line in lines.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        match line.strip_prefix('-') {
            Some(name) => BlobId::from_name(name).is_some_and(|id| open.remove(&id)),
            None => BlobId::from_name(line).is_some_and(|id| open.insert(id)),
        };
    }
    open
}

fn head(opening: Uuid) -> String {
    format!("opening {opening}\n")
}

/// The list while the directory is open.
#[derive(Debug)]
pub struct Begun {
    blobs: PathBuf,
    opening: Uuid,
    file: File,
    length: usize,
    /// The length at which it is written anew.
    most: usize,
    open: HashSet<BlobId>,
}

impl Begun {
    /// A new list in the folder `blobs`, of this opening of the database; `open` is what it takes over from the last.
    pub fn start(blobs: &Path, opening: Uuid, open: HashSet<BlobId>) -> io::Result<Self> {
        let (file, length) = write(blobs, opening, &open)?;
        let most = MOST.max(2 * length);
        Ok(Self { blobs: blobs.to_owned(), opening, file, length, most, open })
    }

    /// The list as it stands, where no other can be written.
    pub fn go_on(blobs: &Path, opening: Uuid, open: HashSet<BlobId>) -> io::Result<Self> {
        let file = File::options().append(true).open(blobs.join(FILE))?;
        let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        Ok(Self { blobs: blobs.to_owned(), opening, file, length, most: MOST, open })
    }

    /// A body is begun: its file is made once this has returned.
    pub fn add(&mut self, id: BlobId) -> io::Result<()> {
        self.open.insert(id);
        self.append(&format!("{}\n", id.name()))
    }

    /// A row names the body, or it is deleted.
    pub fn settle(&mut self, id: BlobId) -> io::Result<()> {
        if self.open.remove(&id) { self.append(&format!("-{}\n", id.name())) } else { Ok(()) }
    }

    /// The bodies that are begun and no more.
    pub fn open(&self) -> Vec<BlobId> {
        self.open.iter().copied().collect()
    }

    fn append(&mut self, line: &str) -> io::Result<()> {
        let fits = self.length.saturating_add(line.len()) <= self.most;
        if fits && self.file.write(line.as_bytes()).is_ok_and(|written| written == line.len()) {
            self.length += line.len();
            return Ok(());
        }
        // Too long, or cut off in the middle of a line by a disk that is full.
        let (file, length) = write(&self.blobs, self.opening, &self.open)?;
        (self.file, self.length, self.most) = (file, length, MOST.max(2 * length));
        Ok(())
    }
}

/// Writes a list beside and puts it in its place: at any time it is the one or the other.
fn write(blobs: &Path, opening: Uuid, open: &HashSet<BlobId>) -> io::Result<(File, usize)> {
    let unfinished = blobs.join(UNFINISHED);
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut text = head(opening);
    for id in open {
        text.push_str(&id.name());
        text.push('\n');
    }
    let mut file = private::options().create_new(true).append(true).open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    private::file(&unfinished)?;
    // An empty directory in its place is in nobody's way.
    let _ = fs::remove_dir(blobs.join(FILE));
    fs::rename(&unfinished, blobs.join(FILE))?;
    Ok((file, text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENING: Uuid = Uuid::from_u128(1);

    fn id(number: u128) -> BlobId {
        BlobId::from(Uuid::from_u128(number))
    }

    #[test]
    fn what_was_begun_and_no_more_is_read_back_by_its_own_opening_alone() {
        let temp = tempfile::tempdir().unwrap();
        assert_eq!(read(temp.path(), OPENING), HashSet::new());
        let mut begun = Begun::start(temp.path(), OPENING, HashSet::from([id(9)])).unwrap();
        for number in 1..4 {
            begun.add(id(number)).unwrap();
        }
        begun.settle(id(2)).unwrap();
        begun.settle(id(77)).unwrap();
        assert_eq!(read(temp.path(), OPENING), HashSet::from([id(1), id(3), id(9)]));
        assert_eq!(read(temp.path(), Uuid::from_u128(2)), HashSet::new());
        drop(begun);
        let mut begun = Begun::go_on(temp.path(), OPENING, HashSet::from([id(1), id(3)])).unwrap();
        begun.settle(id(3)).unwrap();
        assert_eq!(read(temp.path(), OPENING), HashSet::from([id(1), id(9)]));
        assert!(!temp.path().join(UNFINISHED).exists());
    }

    #[test]
    fn a_line_that_was_cut_off_names_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let mut begun = Begun::start(temp.path(), OPENING, HashSet::new()).unwrap();
        begun.add(id(1)).unwrap();
        begun.add(id(2)).unwrap();
        let whole = fs::read(temp.path().join(FILE)).unwrap();
        fs::write(temp.path().join(FILE), &whole[..whole.len() - 1]).unwrap();
        assert_eq!(read(temp.path(), OPENING), HashSet::from([id(1)]));
    }

    #[test]
    fn the_list_of_a_long_session_is_bounded_and_keeps_what_is_open() {
        let temp = tempfile::tempdir().unwrap();
        let mut begun = Begun::start(temp.path(), OPENING, HashSet::new()).unwrap();
        begun.add(id(1)).unwrap();
        for number in 2..20_000 {
            begun.add(id(number)).unwrap();
            begun.settle(id(number)).unwrap();
        }
        assert!(fs::metadata(temp.path().join(FILE)).unwrap().len() <= MOST as u64);
        assert_eq!(read(temp.path(), OPENING), HashSet::from([id(1)]));
    }
}
