//! The way of a request through S3: what it may carry, who may send it, its document, and how answers and errors look.

mod document;
mod form;
mod handle;
mod headers;
mod pages;
mod preflight;
mod render;

pub use handle::{handle, refuse};
