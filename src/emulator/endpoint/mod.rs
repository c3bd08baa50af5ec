//! The TCP listeners in front of a handler: limits, the Host and Origin guard, health, graceful shutdown.
//!
//! Knows nothing of what the handler does: the public endpoint and the listener for attached processes are both this.

mod answer;
mod guard;
mod health;
mod holder;
mod listen;
mod serve;
mod watched;

pub use guard::{Guard, GuardError};
pub(crate) use guard::{Pass, preflight, share};
pub use health::{HEALTH_PATH, Health};
pub use holder::{Holder, holder};
pub use listen::{Access, BindError, Listen, ListenError, Listeners};
pub(crate) use serve::connections;
pub use serve::{Internal, Limits, Settings, serve};

#[cfg(test)]
mod tests;
