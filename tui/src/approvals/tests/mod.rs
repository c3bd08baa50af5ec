//! What waits for a yes, on a stage.

mod make;
mod pictures;
mod presses;
mod storms;
