//! What this process says of itself, and how secrets are compared.

use crate::emulator::endpoint::Health;

/// The services that answer.
const SERVICES: [&str; 3] = ["dynamodb", "s3", "sts"];

/// What a listener of this process says of itself.
pub(crate) fn health(directory: Option<&str>) -> Health {
    Health {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        directory: directory.map(str::to_owned),
        services: SERVICES.to_vec(),
    }
}

/// Compares in a time that does not tell where the first difference is.
pub(super) fn same_secret(given: &[u8], expected: &[u8]) -> bool {
    given.len() == expected.len() && given.iter().zip(expected).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}
