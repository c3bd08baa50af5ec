//! What AWS demands of every member of a request, declared once and checked by one engine.
//!
//! [`model`] and [`streams`] are generated from AWS's own models, [`recorded`] holds what recorded answers say differently, [`check`] is
//! the engine and [`echo`] prints values as AWS's messages do.

pub mod check;
pub mod echo;
pub mod model;
pub mod recorded;
pub mod shape;
pub mod streams;
