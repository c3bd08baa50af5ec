//! Histories on the user's own AWS account.

mod guarded;
mod run;
mod runner;
mod touch;
