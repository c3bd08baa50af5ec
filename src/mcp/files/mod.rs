//! The files that tools may read and write: those inside the allowed directories, and no others.
//!
//! A path is looked up once to see what it means. What it then names is opened step by step beneath a handle of the allowed
//! directory, and no step follows a link: whoever swaps a directory, a link or a pipe in between gains nothing by it.

mod allowed;
#[cfg_attr(unix, path = "beneath/unix.rs")]
#[cfg_attr(not(unix), path = "beneath/elsewhere.rs")]
mod beneath;
mod folder;
mod reading;
mod writing;

pub(crate) use allowed::Files;
pub(crate) use folder::{Entry, Folder, name_fault};
pub(crate) use reading::OpenFile;
pub(crate) use writing::NewFile;

use std::io;

use super::error::ToolError;

fn refused(path: &str, error: &io::Error) -> ToolError {
    ToolError::new("file_error", format!("{path}: {error}"))
}

fn exists(path: &str) -> ToolError {
    ToolError::new("file_exists", format!("{path} exists already and is left as it is")).hint("choose another name.")
}

#[cfg(test)]
mod tests;
