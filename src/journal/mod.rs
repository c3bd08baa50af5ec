//! The journal: what was called, by whom, on what, and how it ended.
//!
//! One NDJSON file per process in the data directory's `journal/`, mode 0600. Each call is a `started` record and a
//! `finished` one under the same id, so that calls in flight show and an interrupted one leaves its trace. Secrets are
//! taken out and long values cut before anything is written; against anything but the local backend, bodies are
//! recorded by their shape alone. It is the audit log, the dashboard's feed and the source of replays; no byte of it
//! leaves the machine.
//!
//! [`Recorder`] writes, [`Reader`] merges the files of all processes in order of time and follows them, [`Join`] makes
//! calls of records. `fixtures/journal.schema.json` describes a line.

mod asked;
mod assigned;
mod back;
mod draft;
mod endpoint;
mod error;
mod excerpt;
mod expression;
mod files;
mod hints;
mod item;
mod join;
mod json_text;
mod lines;
mod pairs;
mod queue;
mod reader;
mod recorder;
mod redaction;
mod scribe;
mod tail;
mod temporary;
mod token;
mod tree;
mod writer;

pub use endpoint::EndpointObserver;
pub use error::JournalError;
pub use excerpt::{redacted, shape};
pub use footbridge_record::{
    About, Access, Admission, AwsCall, Call, Consented, Event, Finished, Note, Outcome, Record, Started, Status,
    Subject, TOO_FAST, Target, VERSION, Who, milliseconds,
};
pub use join::{Filter, Join};
pub use lines::read_at;
pub use reader::{Entry, Reader};
pub use recorder::{Finish, OpenCall, Recorder, Start, settle};
pub use redaction::Redactor;
pub use temporary::temporary_places;
pub use writer::Limits;

/// The journal's directory below the data directory.
pub const DIRECTORY: &str = "journal";

/// How the names of temporary journals begin, in the system's directory for such.
pub const TEMPORARY: &str = "footbridge-journal-";
