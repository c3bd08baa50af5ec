//! Calls of other clients at the endpoint, made again through our own: the request as it was recorded, signed with the
//! session's credentials, on whatever the session speaks to.

mod answer;
mod ids;
mod request;
mod send;

pub(super) use answer::{answered, comparable};
pub(super) use ids::{translate, without};
pub(super) use request::{Request, effect};
pub(super) use send::send;
