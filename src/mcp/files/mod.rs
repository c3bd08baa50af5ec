//! The files that tools may read and write: those inside the allowed directories, and no others.
//!
//! A path is looked up once to see what it means. What it then names is opened step by step beneath a handle of the allowed
//! directory, and no step follows a link: whoever swaps a directory, a link or a pipe in between gains nothing by it.

mod allowed;
#[cfg_attr(unix, path = "beneath/unix.rs")]
#[cfg_attr(not(unix), path = "beneath/elsewhere.rs")]
mod beneath;
mod closed;
mod folder;
mod reading;
mod writing;

pub(crate) use allowed::Files;
pub(crate) use folder::{Entry, Folder, LONGEST, name_fault};
pub(crate) use reading::OpenFile;
pub(crate) use writing::NewFile;

use std::io;

use super::error::ToolError;
use super::quoted::named;

/// The error of a file.
pub(crate) fn refused(path: &str, error: &io::Error) -> ToolError {
    ToolError::new(code(error), format!("{}: {error}", named(path)))
}

/// The code of an error: `disk_error` where other files would fare no better, since the disk takes no more, or nothing at
/// all, or this program may open no more files.
pub(crate) fn code(error: &io::Error) -> &'static str {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let of_the_disk = matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem);
    if of_the_disk || beneath::is_no_room(error) { "disk_error" } else { "file_error" }
}

fn exists(path: &str) -> ToolError {
    ToolError::new("file_exists", format!("{} exists already and is left as it is", named(path)))
        .hint("choose another name.")
}

#[cfg(test)]
mod tests;
