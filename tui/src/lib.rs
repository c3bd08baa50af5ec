//! The terminal dashboard of footbridge: calls as they happen, and the data that is stored.
//!
//! It knows no AWS, no storage and no MCP. A [`Source`] tells what happens, in [`row`]s; what a person asks for, a [`Data`]
//! answers ([`ask`]), beside the loop. [`App`] is everything between as a value: it takes an event, says what is to be done,
//! and draws itself. [`Dashboard::run`] is the loop round it: draw, receive, update.
//!
//! A view is a room of its own (`calls`, `s3`, `dynamodb`, `approvals`, `sessions`) that implements one trait and brings
//! its table of keys; `widget` is what views are put together from, `frame` what stands round them.

mod app;
mod approvals;
pub mod ask;
mod calls;
mod command;
mod dynamodb;
mod frame;
mod json;
mod keys;
mod look;
pub mod request;
pub mod row;
mod run;
mod s3;
mod sessions;
mod source;
mod terminal;
#[cfg(test)]
mod testing;
mod text;
mod widget;
mod work;

pub use app::{App, Effect, Event, Ticket};
pub use ask::Data;
pub use look::{Look, Theme};
pub use run::{Clock, Dashboard, Failure, Options, Remote};
pub use source::{Facts, Hint, History, Mode, News, Source, SourceError, Update};
