//! What footbridge records of a call, and how it is written for people.
//!
//! The journal writes and reads [`Record`]s, each a line; [`Call`] is what two of them come to. The dashboard draws the
//! same types. [`text`] makes what strangers wrote safe to show, on a terminal, in a log, in a message.

mod call;
mod record;
pub mod text;
pub mod time;

pub use call::{Call, Status};
pub use record::{
    Access, AwsCall, Event, Finished, Outcome, Record, Started, Subject, Target, VERSION, Who, milliseconds,
};
