//! Faults of operands that AWS finds before it looks at any item.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::findings::{Fault, OperandFault};
use super::parser::{ExpressionKind, Parser};
use super::path::{Clash, Path};
use super::tree::{Call, Comparator, Function, Literal, NewValue, Operand};
use crate::emulator::dynamodb::value::{Type, Value};

/// The most operands of `IN`.
const MAX_IN: usize = 100;

impl Parser<'_> {
    /// A function, wherever it stands.
    pub fn check_call(&mut self, call: &Call) {
        let Call { function, operands } = call;
        let in_update = self.kind == ExpressionKind::Update;
        if function.is_for_updates() != in_update {
            let message =
                format!("The function is not allowed in {}; function: {}", self.kind.described(), function.name());
            return self.findings.note(Fault::MisusedFunction, message);
        }
        for operand in operands {
            self.check_use(operand, if in_update { Function::IfNotExists } else { Function::Size });
        }
        if operands.len() != function.arity() {
            let message = format!(
                "Incorrect number of operands for operator or function; operator or function: {}, number of operands: {}",
                function.name(),
                operands.len()
            );
            return self.findings.operand(OperandFault::Count, message);
        }
        self.check_distinct(function.name(), operands);
        self.check_call_types(*function, operands);
    }

    fn check_call_types(&mut self, function: Function, operands: &[Operand]) {
        let name = function.name();
        match (function, operands) {
            (
                Function::AttributeExists | Function::AttributeNotExists | Function::IfNotExists,
                [Operand::Literal(_) | Operand::Call(_), ..],
            ) => {
                let message = format!("Operator or function requires a document path; operator or function: {name}");
                self.findings.operand(OperandFault::Type, message);
            }
            (Function::BeginsWith, operands) => {
                self.check_types(name, operands, |kind| matches!(kind, Type::S | Type::B));
            }
            (Function::ListAppend, operands) => self.check_types(name, operands, |kind| kind == Type::L),
            (Function::Size, operands) => {
                self.check_types(name, operands, |kind| !matches!(kind, Type::N | Type::Bool | Type::Null));
            }
            (Function::AttributeType, [_, second]) => self.check_attribute_type(second),
            _ => {}
        }
    }

    fn check_attribute_type(&mut self, operand: &Operand) {
        let message = match operand {
            Operand::Literal(Literal { value, .. }) => match value.as_ref() {
                Value::S(name) if Type::from_name(name).is_some() => return,
                Value::S(name) => format!(
                    "Invalid attribute type name found; type: {name}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
                ),
                other => incorrect_type("attribute_type", other.kind().name()),
            },
            _ => incorrect_type("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"),
        };
        self.findings.operand(OperandFault::Type, message);
    }

    /// A comparison.
    pub fn check_compare(&mut self, comparator: Comparator, left: &Operand, right: &Operand) {
        let operands = [left, right];
        self.check_uses(operands);
        if let (Operand::Path(left), Operand::Path(right)) = (left, right) {
            self.check_distinct_paths(comparator.sign(), left, right);
        }
        if !matches!(comparator, Comparator::Eq | Comparator::Ne) {
            self.check_types(comparator.sign(), operands, Type::is_scalar);
        }
    }

    /// A `BETWEEN`.
    pub fn check_between(&mut self, operand: &Operand, low: &Operand, high: &Operand) {
        let operands = [operand, low, high];
        self.check_uses(operands);
        self.check_types("BETWEEN", operands, Type::is_scalar);
        let (Operand::Literal(low), Operand::Literal(high)) = (low, high) else { return };
        let (low, high) = (low.value.as_ref(), high.value.as_ref());
        let fault = match low.compare(high) {
            _ if low.kind() != high.kind() => "same data type for lower and upper bounds",
            Some(std::cmp::Ordering::Greater) => "upper bound to be greater than or equal to lower bound",
            _ => return,
        };
        let message = format!(
            "The BETWEEN operator requires {fault}; lower bound operand: {}, upper bound operand: {}",
            echo(low),
            echo(high)
        );
        self.findings.operand(OperandFault::Type, message);
    }

    /// An `IN`.
    pub fn check_in(&mut self, operand: &Operand, list: &[Operand]) {
        self.check_uses(std::iter::once(operand).chain(list));
        if list.len() > MAX_IN {
            let message =
                format!("The IN operator is provided with too many operands; number of operands: {}", list.len());
            self.findings.note(Fault::Limit, message);
        }
    }

    /// A function that stands for a whole condition.
    pub fn check_condition_call(&mut self, call: &Call) {
        if call.function == Function::Size {
            self.misused(call.function);
        }
    }

    /// What a `SET` sets to.
    pub fn check_new_value(&mut self, value: &NewValue) {
        let (sign, left, right) = match value {
            NewValue::Operand(_) => return,
            NewValue::Plus(left, right) => ("+", left, right),
            NewValue::Minus(left, right) => ("-", left, right),
        };
        self.check_types(sign, [left, right], |kind| kind == Type::N);
    }

    /// The value of an `ADD` or `DELETE`.
    pub fn check_change(&mut self, operator: &str, literal: &Literal) {
        let kind = literal.value.kind();
        let fits = kind.is_set() || (operator == "ADD" && kind == Type::N);
        if !fits {
            let message = format!(
                "Incorrect operand type for operator or function; operator: {operator}, operand type: {}, typeSet: \
                 ALLOWED_FOR_ADD_OPERAND",
                kind.long_name()
            );
            self.findings.operand(OperandFault::Type, message);
        }
    }

    /// Paths of which no two may touch the same part of an item.
    pub fn check_paths<'p>(&mut self, paths: impl IntoIterator<Item = &'p Path>) {
        let mut earlier: Vec<&Path> = Vec::new();
        for path in paths {
            for known in &earlier {
                let (fault, what) = match known.clash(path) {
                    None => continue,
                    Some(Clash::Overlap) => (OperandFault::Overlap, "overlap"),
                    Some(Clash::Conflict) => (OperandFault::Conflict, "conflict"),
                };
                let message = format!(
                    "Two document paths {what} with each other; must remove or rewrite one of these paths; path one: {}, \
                     path two: {}",
                    known.shown(),
                    path.shown()
                );
                self.findings.operand(fault, message);
            }
            earlier.push(path);
        }
    }

    /// Operands of a condition: of functions only `size` gives a value.
    fn check_uses<'o>(&mut self, operands: impl IntoIterator<Item = &'o Operand>) {
        for operand in operands {
            self.check_use(operand, Function::Size);
        }
    }

    /// A function as operand: only `allowed` gives a value.
    fn check_use(&mut self, operand: &Operand, allowed: Function) {
        if let Operand::Call(call) = operand
            && call.function != allowed
        {
            self.misused(call.function);
        }
    }

    fn misused(&mut self, function: Function) {
        let name = function.name();
        let message = format!("The function is not allowed to be used this way in an expression; function: {name}");
        self.findings.note(Fault::MisusedFunction, message);
    }

    fn check_distinct(&mut self, operator: &str, operands: &[Operand]) {
        if let [Operand::Path(left), Operand::Path(right)] = operands
            && self.kind != ExpressionKind::Update
        {
            self.check_distinct_paths(operator, left, right);
        }
    }

    fn check_distinct_paths(&mut self, operator: &str, left: &Path, right: &Path) {
        if left.segments() == right.segments() {
            let message = format!(
                "The first operand must be distinct from the remaining operands for this operator or function; operator: \
                 {operator}, first operand: {}",
                left.shown()
            );
            self.findings.operand(OperandFault::Distinct, message);
        }
    }

    /// The types of values in the request; those of attributes are known only with the item.
    fn check_types<'o>(
        &mut self,
        operator: &str,
        operands: impl IntoIterator<Item = &'o Operand>,
        fits: impl Fn(Type) -> bool,
    ) {
        for operand in operands {
            let kind = match operand {
                Operand::Literal(literal) => literal.value.kind(),
                Operand::Call(Call { function: Function::Size, .. }) => Type::N,
                _ => continue,
            };
            if !fits(kind) {
                self.findings.operand(OperandFault::Type, incorrect_type(operator, kind.name()));
            }
        }
    }
}

fn incorrect_type(operator: &str, kind: &str) -> String {
    format!("Incorrect operand type for operator or function; operator or function: {operator}, operand type: {kind}")
}

/// A bound as AWS shows it: `AttributeValue: {N:5}`.
fn echo(value: &Value) -> String {
    let text = match value {
        Value::S(text) => text.clone(),
        Value::N(number) => number.to_string(),
        Value::B(bytes) => STANDARD.encode(bytes),
        other => other.to_json()[other.kind().name()].to_string(),
    };
    format!("AttributeValue: {{{}:{text}}}", value.kind().name())
}
