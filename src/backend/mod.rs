//! The backend selector: which HTTP connector the SDK clients get, and who has the local data.

mod announce;
mod attach;
mod attached;
pub mod aws;
mod bodies;
mod clients;
mod connector;
mod error;
mod identify;
mod link;
mod local;
mod offer;
mod open;
mod owner;
mod port;
mod presence;
mod release;
mod server;

pub use announce::{Answering, answering, endpoint_of, endpoints};
pub use clients::Clients;
pub use error::{BridgeError, BridgeErrorKind};
pub(crate) use identify::health;
use identify::same_secret;
pub use link::{ControlError, Gateway, LinkError};
pub use local::{Local, LocalError, LocalOptions, Role, set_aside};
pub use offer::{Manner, Offer};
pub use open::{Backend, check_place, join, local_target};
pub use owner::{Directory, OwnerRecord, owner_in};
pub use presence::{Presence, ProcessRecord, present};
pub use server::Server;
