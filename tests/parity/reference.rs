//! What a history is put to.

use async_trait::async_trait;

use crate::call::{Answer, Call};
use crate::judge::Difference;

/// A reference: something that answers as AWS does, or says what AWS would answer.
#[async_trait]
pub trait Reference: Send {
    fn name(&self) -> &str;

    /// Begins a history: nothing of an earlier one is there.
    async fn begin(&mut self);

    /// What it answers.
    async fn answer(&mut self, call: &Call) -> Opinion;

    /// Ends a history, and takes away what it made. What does not agree in what it left, where that can be seen.
    async fn end(&mut self) -> Vec<Difference> {
        Vec::new()
    }
}

/// What a reference says of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Opinion {
    /// This answer, in every aspect.
    Answer(Answer),
    /// This answer, but only in the aspects that it has: the message of an error is not known, say. A member that is
    /// `"${any}"` is there, with whatever value.
    Part(Answer),
    /// It has nothing to say, of this call or of all that follow it in this history.
    None,
    /// It broke: no answer came. Why, for the report.
    Broken(String),
}

/// Stands for any value in [`Opinion::Part`].
pub const ANY: &str = "${any}";
