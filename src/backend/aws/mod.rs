//! Real AWS, or the endpoint that stands in its place: the SDK's own provider chain, with `.env` fed into it.

mod credentials;
mod endpoint;
mod environment;
mod explain;
mod http_client;
mod identity;
mod load;
mod located;
mod profile;
mod role;
mod target;

pub use explain::explain;
pub use load::{AwsTarget, load, load_at};
pub use target::{Target, TargetKind};
