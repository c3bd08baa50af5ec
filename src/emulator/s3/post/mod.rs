//! Browser forms (POST Object): their fields and their file, the policy that they must keep to, and their answers.

mod fields;
mod file;
mod form;
mod policy;
mod reply;

pub(super) use form::Form;
pub(super) use policy::Policy;
pub(super) use reply::Reply;
