//! The view on a stage.

mod fake;
mod pictures;
mod presses;
mod trials;
