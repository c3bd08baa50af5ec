//! Why a client's file is left as it is.

use std::path::PathBuf;

/// Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The file is a link, or a directory on the way to it is.
    #[error("{} is a link{}, and footbridge writes through none: put the entry where it leads to by hand", path.display(), leads(to.as_ref()))]
    Link {
        /// The link.
        path: PathBuf,
        /// Where it leads.
        to: Option<PathBuf>,
    },
    /// The file cannot be used.
    #[error("{} {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, as the rest of a sentence that begins with its path.
        why: String,
    },
    /// The file's content is not what the client reads, or has no place for an entry.
    #[error("{0}")]
    Content(String),
    /// There is another server of this name.
    #[error(
        "there is a server {name} already, which is not footbridge ({starts}): rename it, or choose another name with --name"
    )]
    Foreign {
        /// The entry's name.
        name: String,
        /// What it starts.
        starts: String,
    },
    /// This program lies where no client should look for it.
    #[error("{} {why}", path.display())]
    Program {
        /// The program.
        path: PathBuf,
        /// Why not there, as the rest of a sentence, and what to do.
        why: String,
    },
    /// What would be written means something else to the client.
    #[error("{0}")]
    Value(String),
}

fn leads(to: Option<&PathBuf>) -> String {
    to.map(|to| format!(" to {}", to.display())).unwrap_or_default()
}
