//! The parser of updates: `SET`, `REMOVE`, `ADD` and `DELETE` sections, each once, in any order.

use super::findings::Fault;
use super::parser::{Parsed, Parser};
use super::tree::{Action, NewValue, Operand};

impl Parser<'_> {
    /// A whole update.
    pub fn update(&mut self) -> Parsed<Vec<Action>> {
        let mut actions = Vec::new();
        let mut seen = Vec::new();
        while let Some(section) = self.section() {
            if seen.contains(&section) {
                let message = format!("The \"{section}\" section can only be used once in an update expression;");
                self.findings.note(Fault::Section, message);
            }
            seen.push(section);
            loop {
                actions.push(self.action(section)?);
                if !self.take_sign(",") {
                    break;
                }
            }
        }
        if seen.is_empty() {
            return Err(self.unexpected());
        }
        self.check_paths(actions.iter().map(Action::path));
        Ok(actions)
    }

    fn section(&mut self) -> Option<&'static str> {
        ["SET", "REMOVE", "ADD", "DELETE"].into_iter().find(|section| self.take_word(section))
    }

    fn action(&mut self, section: &str) -> Parsed<Action> {
        let path = self.path()?;
        match section {
            "SET" => {
                self.expect_sign("=")?;
                let value = self.new_value()?;
                self.check_new_value(&value);
                Ok(Action::Set(path, value))
            }
            "REMOVE" => Ok(Action::Remove(path)),
            _ => {
                let literal = self.literal()?;
                self.check_change(section, &literal);
                Ok(if section == "ADD" { Action::Add(path, literal) } else { Action::Delete(path, literal) })
            }
        }
    }

    /// What a `SET` sets to: an operand, a sum or a difference of two, or one of these in parentheses.
    fn new_value(&mut self) -> Parsed<NewValue> {
        if self.peek().is_sign("(") && !self.is_operand_before_sign() {
            self.open_group();
            let value = self.nested(Self::new_value)?;
            self.expect_sign(")")?;
            return Ok(value);
        }
        let left = self.operand()?;
        let sum: fn(Operand, Operand) -> NewValue = if self.take_sign("+") {
            NewValue::Plus
        } else if self.take_sign("-") {
            NewValue::Minus
        } else {
            return Ok(NewValue::Operand(left));
        };
        self.count_operator();
        Ok(sum(left, self.operand()?))
    }

    /// Whether the group that comes next is an operand that goes on, as in `(a) + b` or `(a).b`.
    fn is_operand_before_sign(&self) -> bool {
        let after = self.after_group();
        ["+", "-", ".", "["].iter().any(|sign| after.is_sign(sign))
    }
}
