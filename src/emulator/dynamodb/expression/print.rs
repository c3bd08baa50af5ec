//! Trees as text: parsing it again gives the same tree.

use std::fmt::{self, Display, Formatter};

use super::tree::{Action, Call, NewValue, Operand, Test};

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            Self::Literal(literal) => f.write_str(&literal.name),
            Self::Call(call) => call.fmt(f),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.function.name())?;
        list(&self.operands, ", ", f)?;
        f.write_str(")")
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare(comparator, left, right) => write!(f, "{left} {} {right}", comparator.sign()),
            Self::Between(operand, low, high) => write!(f, "{operand} BETWEEN {low} AND {high}"),
            Self::In(operand, operands) => {
                write!(f, "{operand} IN (")?;
                list(operands, ", ", f)?;
                f.write_str(")")
            }
            Self::Call(call) => call.fmt(f),
            Self::And(tests) => joined(tests, " AND ", |test| matches!(test, Self::And(_) | Self::Or(_)), f),
            Self::Or(tests) => joined(tests, " OR ", |test| matches!(test, Self::Or(_)), f),
            Self::Not(test) => {
                f.write_str("NOT ")?;
                part(test, matches!(**test, Self::And(_) | Self::Or(_)), f)
            }
        }
    }
}

impl Display for NewValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operand(operand) => operand.fmt(f),
            Self::Plus(left, right) => write!(f, "{left} + {right}"),
            Self::Minus(left, right) => write!(f, "{left} - {right}"),
        }
    }
}

impl Display for Action {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(path, value) => write!(f, "{path} = {value}"),
            Self::Remove(path) => path.fmt(f),
            Self::Add(path, literal) | Self::Delete(path, literal) => write!(f, "{path} {}", literal.name),
        }
    }
}

/// The actions of an update, those of a section together.
pub(super) fn update(actions: &[Action], f: &mut Formatter<'_>) -> fmt::Result {
    for (at, section) in actions.chunk_by(|left, right| left.section() == right.section()).enumerate() {
        write!(f, "{}{} ", if at > 0 { " " } else { "" }, section[0].section())?;
        list(section, ", ", f)?;
    }
    Ok(())
}

/// Members with a separator between them.
pub(super) fn list<T: Display>(members: &[T], separator: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (at, member) in members.iter().enumerate() {
        write!(f, "{}{member}", if at > 0 { separator } else { "" })?;
    }
    Ok(())
}

fn joined(
    tests: &[Test],
    operator: &str,
    in_parentheses: impl Fn(&Test) -> bool,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    for (at, test) in tests.iter().enumerate() {
        f.write_str(if at > 0 { operator } else { "" })?;
        part(test, in_parentheses(test), f)?;
    }
    Ok(())
}

fn part(test: &Test, in_parentheses: bool, f: &mut Formatter<'_>) -> fmt::Result {
    if in_parentheses { write!(f, "({test})") } else { test.fmt(f) }
}
