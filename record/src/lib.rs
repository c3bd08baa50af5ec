//! What footbridge records of a call, and how it is written for people.
//!
//! The journal writes and reads [`Record`]s, each a line; [`Call`] is what two of them come to,
//! and [`Brief`] what that comes to on one line. The dashboard draws the
//! same types. [`text`] makes what strangers wrote safe to show, on a terminal, in a log, in a message.

mod brief;
mod call;
mod record;
pub mod text;
pub mod time;

pub use brief::{Brief, Effect, brief, short_client};
pub use call::{Call, Status};
pub use record::{
    About, Access, Admission, AwsCall, Consented, Event, Finished, Note, Outcome, Record, Started, Subject, TOO_FAST,
    Target, VERSION, Who, milliseconds,
};
