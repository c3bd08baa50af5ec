//! What went wrong between us and AWS, in words with something to do.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::located::Located;
use crate::backend::{BridgeError, BridgeErrorKind};
use crate::causes;

/// What stands between `error` and an answer of the service. `None` where the service itself answered, or the request
/// could not be made for a reason that is not ours to explain.
#[must_use]
pub fn explain<E: Error + 'static>(error: &SdkError<E, HttpResponse>) -> Option<BridgeError> {
    if let Some(ours) = causes::of(error).find_map(|cause| cause.downcast_ref::<BridgeError>()) {
        return Some(ours.clone());
    }
    let place = causes::of(error).find_map(|cause| cause.downcast_ref::<Located>());
    let service = place.map_or("the service".to_owned(), |located| format!("the service at {}", located.place));
    let said = |what: &str| {
        let message = format!("{service} {what}: {}", innermost(error));
        Some(BridgeError::new(BridgeErrorKind::Network, message))
    };
    match error {
        SdkError::TimeoutError(_) => said("did not answer in time"),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => said("did not answer in time"),
        SdkError::DispatchFailure(failure) if failure.is_io() => said("cannot be reached"),
        _ => None,
    }
}

/// An error of the provider chain, with what to do about it. `profile` is the one whose session may have ended.
pub(super) fn credentials(error: &CredentialsError, profile: &str) -> BridgeError {
    let text = causes::told(error);
    let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let with_profile = if profile == "default" { String::new() } else { format!(" --profile {}", quoted(profile)) };
    if has(&[
        "SSO token has expired",
        "the cached SSO token",
        "cached SSO token file",
        "UnauthorizedException",
        "/.aws/sso/cache/",
    ]) {
        return BridgeError::new(
            BridgeErrorKind::SessionExpired,
            format!("the SSO session of profile `{profile}` has ended"),
        )
        .hint(format!("Run `aws sso login{with_profile}`, then try again"));
    }
    if has(&["cached Login token", "/.aws/login/cache/"]) {
        return BridgeError::new(
            BridgeErrorKind::SessionExpired,
            format!("the login session of profile `{profile}` has ended"),
        )
        .hint(format!("Run `aws login{with_profile}`, then try again"));
    }
    if matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        return BridgeError::new(BridgeErrorKind::Credentials, "no AWS credentials were found").hint(
            "Run `aws configure sso` or `aws configure`, choose a --profile, or work offline with --backend local",
        );
    }
    let hint = if has(&["ExpiredToken", "security token included in the request is expired"]) {
        "The credentials that this profile starts from have expired: renew them, then try again"
    } else {
        "`footbridge doctor` shows which credentials are in force"
    };
    BridgeError::new(BridgeErrorKind::Credentials, format!("AWS credentials cannot be loaded: {text}")).hint(hint)
}

/// The provider chain did not end in time.
pub(super) fn credentials_timed_out(seconds: u64) -> BridgeError {
    BridgeError::new(BridgeErrorKind::Credentials, format!("no credential provider answered within {seconds} seconds"))
        .hint("`footbridge doctor` shows which credentials are in force")
}

/// The credentials name an account that is none.
pub(super) fn odd_account() -> BridgeError {
    BridgeError::new(BridgeErrorKind::Credentials, "the account that came with the credentials is not twelve digits")
        .hint("Look at AWS_ACCOUNT_ID and at `aws_account_id` of the profile")
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    causes::of(error).last().map_or_else(String::new, ToString::to_string)
}

/// A profile's name as a shell takes it.
fn quoted(name: &str) -> String {
    if name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./@:+=,%".contains(&b)) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}
