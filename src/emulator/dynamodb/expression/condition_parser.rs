//! The parser of conditions, filters and key conditions. Parentheses, `NOT`, `AND` and `OR` are kept on a stack of our
//! own, so that no text can exhaust the thread's.

use super::lexer::Kind;
use super::parser::{Parsed, Parser};
use super::tree::{Comparator, Operand, Test};

/// A group in parentheses (or the whole condition) as far as it has been read.
#[derive(Default)]
struct Group {
    /// Complete parts between `OR`s.
    alternatives: Vec<Test>,
    /// Complete parts between `AND`s since the last `OR`.
    conjuncts: Vec<Test>,
    /// `NOT`s that wait for the next part.
    negations: usize,
}

impl Group {
    fn push(&mut self, test: Test) {
        let negated = (0..self.negations).fold(test, |test, _| Test::Not(Box::new(test)));
        self.negations = 0;
        self.conjuncts.push(negated);
    }

    fn end_alternative(&mut self) {
        let conjuncts = std::mem::take(&mut self.conjuncts);
        self.alternatives.extend(one_or(conjuncts, Test::And));
    }

    /// The group's condition; none where it is empty.
    fn close(mut self) -> Option<Test> {
        self.end_alternative();
        one_or(self.alternatives, Test::Or)
    }
}

fn one_or(mut tests: Vec<Test>, many: impl Fn(Vec<Test>) -> Test) -> Option<Test> {
    match tests.len() {
        0 | 1 => tests.pop(),
        _ => Some(many(tests)),
    }
}

impl Parser<'_> {
    /// A whole condition.
    pub fn condition(&mut self) -> Parsed<Test> {
        let mut groups = vec![Group::default()];
        loop {
            self.start_part(&mut groups);
            let test = self.part()?;
            if let Some(test) = self.finish_part(&mut groups, test)? {
                return Ok(test);
            }
        }
    }

    /// Takes `NOT`s and opening parentheses.
    fn start_part(&mut self, groups: &mut Vec<Group>) {
        loop {
            if self.take_word("NOT") {
                self.count_operator();
                if let Some(group) = groups.last_mut() {
                    group.negations += 1;
                }
            } else if self.peek().is_sign("(") && !self.is_operand_group() {
                self.open_group();
                groups.push(Group::default());
            } else {
                return;
            }
        }
    }

    /// Whether the parenthesis that comes next holds an operand: something goes on after it that only an operand has.
    fn is_operand_group(&self) -> bool {
        let after = self.after_group();
        match after.kind {
            Kind::Sign => !matches!(after.text, ")" | "(" | ","),
            Kind::Word => after.is_word("BETWEEN") || after.is_word("IN"),
            _ => false,
        }
    }

    /// Puts a part in its group and closes the groups that end with it. Gives the whole condition at the end of the text.
    fn finish_part(&mut self, groups: &mut Vec<Group>, test: Test) -> Parsed<Option<Test>> {
        let mut test = test;
        loop {
            let depth = groups.len();
            let Some(group) = groups.last_mut() else { return Err(self.unexpected()) };
            group.push(test);
            if self.take_word("AND") {
                self.count_operator();
                return Ok(None);
            }
            if self.take_word("OR") {
                self.count_operator();
                group.end_alternative();
                return Ok(None);
            }
            if depth > 1 && !self.take_sign(")") {
                return Err(self.unexpected());
            }
            let closed = groups.pop().and_then(Group::close).ok_or_else(|| self.unexpected())?;
            if depth == 1 {
                return Ok(Some(closed));
            }
            test = closed;
        }
    }

    /// A comparison, `BETWEEN`, `IN` or function.
    fn part(&mut self) -> Parsed<Test> {
        let operand = self.operand()?;
        let test = if let Some(comparator) = self.comparator() {
            self.count_operator();
            let right = self.operand()?;
            self.check_compare(comparator, &operand, &right);
            Test::Compare(comparator, operand, right)
        } else if self.take_word("BETWEEN") {
            self.count_operator();
            let low = self.operand()?;
            if !self.take_word("AND") {
                return Err(self.unexpected());
            }
            let high = self.operand()?;
            self.check_between(&operand, &low, &high);
            Test::Between(operand, low, high)
        } else if self.take_word("IN") {
            self.count_operator();
            self.expect_sign("(")?;
            let list = self.operands()?;
            self.check_in(&operand, &list);
            Test::In(operand, list)
        } else if let Operand::Call(call) = operand {
            self.check_condition_call(&call);
            Test::Call(call)
        } else {
            return Err(self.unexpected());
        };
        self.findings.condition += 1;
        Ok(test)
    }

    fn comparator(&mut self) -> Option<Comparator> {
        Comparator::ALL.into_iter().find(|comparator| self.take_sign(comparator.sign()))
    }
}
