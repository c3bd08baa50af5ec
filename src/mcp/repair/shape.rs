//! A schema, as the repairs read it.

use serde_json::{Map, Value};

/// What a value is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    List,
    Text,
    Integer,
    Number,
    Flag,
}

/// One value's schema.
#[derive(Debug, Clone)]
pub(in crate::mcp) struct Shape {
    pub(super) kind: Kind,
    /// The members that an object has; those of an open one are anything.
    pub(super) properties: Vec<(String, Shape)>,
    required: Vec<String>,
    /// What members of any name are, or what a list's elements are.
    pub(super) inner: Option<Box<Shape>>,
    /// The words of which a text is one.
    pub(super) words: Vec<String>,
    /// Whether its description gives a meaning to `""`.
    pub(super) empty_means: bool,
}

impl Shape {
    /// Reads the schema of a tool's arguments.
    pub(in crate::mcp) fn of(schema: &Map<String, Value>) -> Self {
        let text = |name: &str| schema.get(name).and_then(Value::as_str).unwrap_or_default();
        let texts = |name: &str| {
            let all = schema.get(name).and_then(Value::as_array).into_iter().flatten();
            all.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let object = |name: &str| schema.get(name).and_then(Value::as_object);
        let kind = match text("type") {
            "array" => Kind::List,
            "string" => Kind::Text,
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "boolean" => Kind::Flag,
            _ => Kind::Object,
        };
        let properties = object("properties").into_iter().flatten();
        let inner = object("items").or_else(|| object("additionalProperties").filter(|inner| !inner.is_empty()));
        Self {
            kind,
            properties: properties
                .filter_map(|(name, schema)| Some((name.clone(), Self::of(schema.as_object()?))))
                .collect(),
            required: texts("required"),
            inner: inner.map(|inner| Box::new(Self::of(inner))),
            words: texts("enum"),
            empty_means: text("description").contains(r#""""#),
        }
    }

    /// The same with further members that are text, where it has none of these names.
    pub(super) fn and_texts(&self, names: &[&str]) -> Self {
        let mut more = self.clone();
        let text = || Self {
            kind: Kind::Text,
            properties: Vec::new(),
            required: Vec::new(),
            inner: None,
            words: Vec::new(),
            empty_means: false,
        };
        more.properties.extend(names.iter().filter(|name| !self.has(name)).map(|name| ((*name).to_owned(), text())));
        more
    }

    pub(super) fn property(&self, name: &str) -> Option<&Self> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, shape)| shape)
    }

    pub(in crate::mcp) fn has(&self, name: &str) -> bool {
        self.property(name).is_some()
    }

    pub(super) fn requires(&self, name: &str) -> bool {
        self.required.iter().any(|known| known == name)
    }

    /// Whether a call needs nothing at all.
    pub(super) fn needs_nothing(&self) -> bool {
        self.required.is_empty()
    }

    /// An object whose members are all named here.
    pub(super) fn is_closed(&self) -> bool {
        self.kind == Kind::Object && !self.properties.is_empty()
    }

    /// An object of any members, such as an item.
    pub(super) fn is_open(&self) -> bool {
        self.kind == Kind::Object && self.properties.is_empty() && self.inner.is_none()
    }
}
