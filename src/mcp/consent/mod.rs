//! A person's yes to one call, or to what a session does to one resource.
//!
//! Where the authorizer says `Ask`, [`permit`](permit::permit) decides: what a person allowed this session already; a yes
//! that waits for exactly this call; a form, where the client can show one; and the queue on disk, in which anybody at this
//! machine answers with `footbridge approve` or on the dashboard. All answers go through the queue, where the first one
//! counts. What only looks like an answer is none: a form that was accepted empty, too fast, with another target's name, for
//! another call. Nothing that a model writes into a call counts either.

mod asker;
mod book;
mod client;
mod digest;
mod form;
mod grants;
mod permit;
mod question;
mod stored;
#[cfg(test)]
mod tests;
mod ticket;
mod untrusted;

pub(super) use asker::{Asker, Round, Sends};
pub use book::Consent;
pub(super) use client::for_client;
pub(super) use permit::{Wish, Yes, nobody, permit};

/// How long a call waits for a person, in milliseconds, whatever its client's form does.
const WAIT: u64 = 45_000;
