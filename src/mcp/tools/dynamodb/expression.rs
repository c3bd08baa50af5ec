//! Expressions as a model writes them: attribute names as they are, reserved words or not.
//!
//! Every name in an expression is replaced by a placeholder, so none can collide with a reserved word; AWS's messages
//! are given back with the names in them.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value};

use crate::json;
use crate::mcp::error::ToolError;
use crate::mcp::tokens::{self, Grammar, Kind, Token, ends_operand, is_keyword};

/// Names given by the caller, and the placeholders of those written out.
#[derive(Debug, Default)]
pub(crate) struct Names {
    given: BTreeMap<String, String>,
    placeholders: Vec<(String, String)>,
    /// The number of the next placeholder, unless the caller has it.
    next: usize,
}

impl Names {
    /// Begins with the caller's own placeholders, with or without their `#`.
    pub(crate) fn new(given: Option<BTreeMap<String, String>>) -> Self {
        let hashed = |(name, value): (String, String)| {
            if name.starts_with('#') { (name, value) } else { (format!("#{name}"), value) }
        };
        Self { given: given.into_iter().flatten().map(hashed).collect(), placeholders: Vec::new(), next: 0 }
    }

    /// Numbers placeholders from `first` on.
    pub(crate) fn counting_from(mut self, first: usize) -> Self {
        self.next = first;
        self
    }

    /// The number after those of all placeholders so far.
    pub(crate) fn next(&self) -> usize {
        self.next
    }

    /// A condition, filter or key condition with its names replaced.
    pub(crate) fn condition(&mut self, expression: Option<&str>) -> Option<String> {
        expression.map(|text| self.replace(text, Grammar::Condition))
    }

    /// An update expression with its names replaced.
    pub(crate) fn update(&mut self, expression: &str) -> String {
        self.replace(expression, Grammar::Update)
    }

    /// A projection of these paths.
    pub(crate) fn projection<'a>(&mut self, paths: impl IntoIterator<Item = &'a str>) -> String {
        let paths: Vec<_> = paths.into_iter().map(|path| self.path(path)).collect();
        paths.join(", ")
    }

    /// The same paths, the caller's placeholders of whole paths resolved.
    pub(crate) fn resolved(&self, paths: &[String]) -> Vec<String> {
        paths.iter().map(|path| self.given.get(path).unwrap_or(path).clone()).collect()
    }

    /// `a.b[0]` with each name replaced. Here a name may hold any character but a dot and a bracket.
    fn path(&mut self, path: &str) -> String {
        let steps = path.trim().split('.').map(|step| {
            let (name, indexes) = step.find('[').map_or((step, ""), |at| step.split_at(at));
            format!("{}{indexes}", self.placeholder(name))
        });
        steps.collect::<Vec<_>>().join(".")
    }

    pub(super) fn placeholder(&mut self, name: &str) -> String {
        if name.starts_with('#') || name.is_empty() {
            return name.to_owned();
        }
        if let Some((_, placeholder)) = self.placeholders.iter().find(|(known, _)| known == name) {
            return placeholder.clone();
        }
        while self.given.contains_key(&format!("#n{}", self.next)) {
            self.next += 1;
        }
        let placeholder = format!("#n{}", self.next);
        self.next += 1;
        self.placeholders.push((name.to_owned(), placeholder.clone()));
        placeholder
    }

    /// The placeholder of a whole attribute name; none for a name that looks like one itself.
    pub(crate) fn attribute(&mut self, name: &str) -> Option<String> {
        (!name.starts_with('#') && !name.is_empty()).then(|| self.placeholder(name))
    }

    /// All placeholders, as ExpressionAttributeNames; none where there are none, since AWS refuses an empty map.
    pub(crate) fn map(&self) -> Option<HashMap<String, String>> {
        let written = self.placeholders.iter().map(|(name, placeholder)| (placeholder.clone(), name.clone()));
        let all: HashMap<_, _> = self.given.clone().into_iter().chain(written).collect();
        (!all.is_empty()).then_some(all)
    }

    /// AWS's error with the names in place of our placeholders.
    pub(crate) fn explain(&self, mut error: ToolError) -> ToolError {
        // #n10 before #n1.
        for (name, placeholder) in self.placeholders.iter().rev() {
            error.message = error.message.replace(placeholder.as_str(), name);
        }
        error
    }

    fn replace(&mut self, text: &str, grammar: Grammar) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        // Whether what stands before is a whole operand, so that a keyword can follow but no name.
        let mut after_operand = false;
        let mut in_path = false;
        while let Some(token) = tokens::first(rest) {
            let Token { kind, text } = token;
            rest = &rest[text.len()..];
            let follows = rest.trim_start();
            if kind == Kind::Name {
                let keyword = !in_path && is_keyword(text, follows, after_operand, out.trim().is_empty(), grammar);
                let function = !in_path && follows.starts_with('(');
                if keyword || function {
                    out.push_str(text);
                    after_operand = false;
                } else {
                    out.push_str(&self.placeholder(text));
                    after_operand = true;
                }
            } else {
                out.push_str(text);
                if kind != Kind::Space {
                    after_operand = ends_operand(token);
                }
            }
            in_path = text == "." || in_path && kind == Kind::Space;
        }
        out
    }
}

/// Whether an update names this attribute, by itself or by a placeholder.
pub(super) fn mentions(update: &str, given: Option<&BTreeMap<String, String>>, attribute: &str) -> bool {
    let mut names = Names::new(given.cloned());
    let text = names.update(update);
    let used = |placeholder: &str| {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '#').any(|word| word == placeholder)
    };
    names.map().is_some_and(|map| map.iter().any(|(placeholder, name)| name == attribute && used(placeholder)))
}

/// ExpressionAttributeValues, their names with or without the colon; none where there are none.
pub(super) fn values(given: Option<Map<String, Value>>) -> Result<Option<HashMap<String, AttributeValue>>, ToolError> {
    let Some(given) = given.filter(|given| !given.is_empty()) else { return Ok(None) };
    let colon = |(name, value): (String, Value)| {
        if name.starts_with(':') { (name, value) } else { (format!(":{name}"), value) }
    };
    let values = Value::Object(given.into_iter().map(colon).collect());
    Ok(Some(json::to_expression_values(&values, "values")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(text: &str) -> (String, Names) {
        let mut names = Names::default();
        (names.condition(Some(text)).unwrap(), names)
    }

    fn update(text: &str) -> String {
        Names::default().update(text)
    }

    #[test]
    fn names_are_replaced_and_keywords_and_functions_stay() {
        assert_eq!(condition("status = :s").0, "#n0 = :s");
        assert_eq!(
            condition("status IN (:a, :b) and not begins_with(name, :p) OR size(tags) BETWEEN :x AND :y").0,
            "#n0 IN (:a, :b) and not begins_with(#n1, :p) OR size(#n2) BETWEEN :x AND :y"
        );
        assert_eq!(condition("a.b[0].a <> #given").0, "#n0.#n1[0].#n0 <> #given");
        assert_eq!(condition("NOT(a = :a)").0, "NOT(#n0 = :a)");
    }

    #[test]
    fn attributes_named_like_keywords_are_attributes_where_an_operand_stands() {
        assert_eq!(condition("and = :a AND not = :b OR in IN (:c)").0, "#n0 = :a AND #n1 = :b OR #n2 IN (:c)");
        assert_eq!(condition("size = :a AND contains(set, :b)").0, "#n0 = :a AND contains(#n1, :b)");
        assert_eq!(condition("between BETWEEN :a AND :b").0, "#n0 BETWEEN :a AND :b");
        assert_eq!(condition("a . and = :a").0, "#n0 . #n1 = :a");
    }

    #[test]
    fn update_clauses_are_told_from_attributes() {
        assert_eq!(update("SET status = :s, add = :t ADD n :one"), "SET #n0 = :s, #n1 = :t ADD #n2 :one");
        assert_eq!(update("remove set, delete add a :b"), "remove #n0, #n1 add #n2 :b");
        assert_eq!(
            update("SET l = list_append(if_not_exists(l, :e), :v), c = c + :i DELETE tags :t"),
            "SET #n0 = list_append(if_not_exists(#n0, :e), :v), #n1 = #n1 + :i DELETE #n2 :t"
        );
    }

    #[test]
    fn placeholders_avoid_the_callers_and_messages_name_the_attributes() {
        let mut names = Names::new(Some(BTreeMap::from([("n0".into(), "x".into()), ("#s".into(), "y".into())])));
        assert_eq!(names.condition(Some("a = #n0 AND #s = b")).unwrap(), "#n1 = #n0 AND #s = #n2");
        assert_eq!(names.projection(["order-id", "a.b[2]", "#s"]), "#n3, #n1.#n2[2], #s");
        assert_eq!(names.map().unwrap().len(), 5);
        let error = names.explain(ToolError::new("ValidationException", "overlap: [#n1], [#n2]"));
        assert_eq!(error.message, "overlap: [a], [b]");
        assert_eq!(Names::default().map(), None);
    }

    #[test]
    fn nothing_breaks_on_what_is_no_expression() {
        for text in ["", " ", ".", "=", "ä = :ü", "a = \"x\"", "((", "#", ":", "a.[", "SET", "NOT"] {
            let _ = condition(text);
            let _ = update(text);
        }
        assert_eq!(condition("ä = :a").0, "ä = :a");
    }
}
