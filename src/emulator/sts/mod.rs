//! AWS Security Token Service: who calls, and temporary credentials ([`Session`](super::auth::Session)).
//!
//! The query protocol: `Action` in a form or in the query, answers in XML. There is no IAM: every well-formed role can be
//! assumed, and what it may do is not limited.

mod access;
mod answer;
mod assume_role;
mod assume_role_with_web_identity;
mod form;
mod get_access_key_info;
mod get_caller_identity;
mod get_federation_token;
mod get_session_token;
mod grant;
mod handle;
mod jwt;
mod member;
mod role;
mod tags;
#[cfg(test)]
mod tests;

pub use access::{by_name, of_sts};
pub use form::Form;
pub use handle::{describe, handle, refuse};

use handle::Operation;

/// What is built.
const OPERATIONS: &[Operation] = &[
    assume_role::OPERATION,
    assume_role_with_web_identity::OPERATION,
    get_access_key_info::OPERATION,
    get_caller_identity::OPERATION,
    get_federation_token::OPERATION,
    get_session_token::OPERATION,
];

/// Operations of STS that exist on AWS and not here.
const ABSENT: &[&str] = &[
    "AssumeRoleWithSAML",
    "AssumeRoot",
    "DecodeAuthorizationMessage",
    "GetDelegatedAccessToken",
    "GetScopedCredentials",
    "GetWebIdentityToken",
];
