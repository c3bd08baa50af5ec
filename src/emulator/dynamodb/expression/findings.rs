//! What is wrong with an expression beyond its syntax. AWS parses the whole text first and then reports one fault: not the
//! first in the text, but the first kind.

/// A kind of fault, in AWS's order. Faults of [`Fault::Operand`] kind are ordered by the condition that they stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Parentheses,
    /// A reserved word in an update or a projection.
    ReservedFirst,
    UnknownFunction,
    MisusedFunction,
    /// A reserved word in a condition.
    Reserved,
    Section,
    /// In the condition of this number, or in the whole of an update or projection (0).
    Operand(usize, OperandFault),
    Limit,
}

/// A kind of fault within one condition, in AWS's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OperandFault {
    Undefined,
    Overlap,
    Conflict,
    Count,
    Distinct,
    Type,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    found: Option<(Fault, String)>,
    /// The number of the condition that is being read.
    pub condition: usize,
    /// Operators and functions so far.
    pub operators: usize,
}

impl Findings {
    /// Notes a fault; it is kept if none of an earlier kind is known.
    pub fn note(&mut self, fault: Fault, message: impl Into<String>) {
        if self.found.as_ref().is_none_or(|(known, _)| fault < *known) {
            self.found = Some((fault, message.into()));
        }
    }

    /// Notes a fault of the condition that is being read.
    pub fn operand(&mut self, fault: OperandFault, message: impl Into<String>) {
        self.note(Fault::Operand(self.condition, fault), message);
    }

    /// The message to report, if anything is wrong.
    pub fn into_message(self) -> Option<String> {
        self.found.map(|(_, message)| message)
    }
}
