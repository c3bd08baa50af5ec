//! How footbridge comes into the configuration of an MCP client, and out of it again: the client's file keeps every other
//! byte, and what was put in is taken out to the byte.

mod client;
mod entry;
mod error;
mod file;
mod json;
mod program;
mod toml;
mod trial;

pub use client::{Client, Place, Surroundings};
pub use entry::Entry;
pub use error::InstallError;
pub use file::Held;
pub use program::{Whereabouts, find};
pub use trial::{Greeting, start};

/// The text of a client's file with the entry `name` in it, the same text where it is there already.
///
/// # Errors
/// Where the file is not what the client reads, or has an entry of this name that starts something else.
pub fn with(client: Client, text: &str, name: &str, entry: &Entry) -> Result<String, InstallError> {
    match client.format() {
        client::Format::Json(format) => json::with(format, text, name, entry),
        client::Format::Toml => toml::with(text, name, entry),
    }
}

/// The text of a client's file without the entry `name`, the same text where there is none.
///
/// # Errors
/// As [`with`].
pub fn without(client: Client, text: &str, name: &str) -> Result<String, InstallError> {
    match client.format() {
        client::Format::Json(format) => json::without(format, text, name),
        client::Format::Toml => toml::without(text, name),
    }
}
