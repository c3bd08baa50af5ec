//! The terminal dashboard of footbridge: calls as they happen.
//!
//! It knows no AWS, no storage and no MCP: it draws what a [`Source`] gives in its own view model ([`model`]).
//! [`state::update`] takes an event and changes the [`state::State`], [`view::draw`] draws it, and [`Dashboard::run`] is
//! the loop round them: draw, receive, match.

mod calls;
mod document;
mod export;
mod filter;
mod json;
mod keys;
mod look;
pub mod model;
mod run;
mod source;
pub mod state;
mod stats;
mod terminal;
#[cfg(test)]
mod testing;
mod text;
pub mod view;

pub use look::Look;
pub use run::{Clock, Dashboard, Failure, Options, Remote};
pub use source::{Facts, Hint, News, Source, SourceError, Update};
