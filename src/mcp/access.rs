//! What a call claims of what is stored: each resource with what becomes of it.

use super::authorizer::Effect;

/// What of a resource a call is about. Names do not tell: a key may end in `*`, and a table is its items and their design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// One object, whatever its key looks like.
    Object,
    /// All objects whose keys begin so.
    Prefix,
    /// The bucket itself.
    Bucket,
    /// The items of a table.
    Items,
    /// The table itself: that it is there, its indexes, how long its items live.
    Table,
}

/// A resource of a call, and what the call does to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    /// See [`Authorizer`](super::Authorizer).
    pub(crate) uri: String,
    pub(crate) sort: Sort,
    pub(crate) effect: Effect,
}

impl Resource {
    fn new(uri: String, sort: Sort) -> Self {
        Self { uri, sort, effect: Effect::Read }
    }

    /// One object.
    pub(crate) fn object(bucket: &str, key: &str) -> Self {
        Self::new(format!("s3://{bucket}/{key}"), Sort::Object)
    }

    /// A table itself, rather than its items.
    pub(crate) fn table(table: &str) -> Self {
        Self::new(format!("dynamodb://{table}"), Sort::Table)
    }

    /// The same, of which this becomes.
    pub(crate) fn with(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    /// What the call does to it, as a person reads it before its name.
    pub(crate) fn words(&self) -> String {
        let does = match self.effect {
            Effect::Read => "reads",
            Effect::Save => "saves",
            Effect::Share => "shares",
            Effect::Write => "writes",
            Effect::Destructive => "destroys",
        };
        let what = match self.sort {
            Sort::Object => "the object",
            Sort::Prefix => "all objects below",
            Sort::Bucket => "the bucket",
            Sort::Items => "items of",
            Sort::Table => "the table",
        };
        format!("{does} {what}")
    }
}

/// A URI that means what it looks like: of a table its items, and what ends in `*` all below. A key that callers choose is no
/// such URI: [`Resource::object`].
impl From<String> for Resource {
    fn from(uri: String) -> Self {
        let sort = match uri.strip_prefix("s3://") {
            None => Sort::Items,
            Some(path) if path.ends_with('*') => Sort::Prefix,
            Some(path) if path.contains('/') => Sort::Object,
            Some(_) => Sort::Bucket,
        };
        Self::new(uri, sort)
    }
}

impl From<&str> for Resource {
    fn from(uri: &str) -> Self {
        uri.to_owned().into()
    }
}

/// One call's claim on what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Access {
    /// The most that it does to one of them.
    pub(crate) effect: Effect,
    pub(crate) resources: Vec<Resource>,
    /// Whether the caller wrote `confirm: true`.
    pub(crate) confirmed: bool,
}

impl Access {
    /// To all of these the same.
    pub(crate) fn of<R: Into<Resource>>(effect: Effect, resources: impl IntoIterator<Item = R>) -> Self {
        let resources = resources.into_iter().map(|resource| resource.into().with(effect)).collect();
        Self { effect, resources, confirmed: false }
    }

    pub(crate) fn read(resource: impl Into<Resource>) -> Self {
        Self::of(Effect::Read, [resource])
    }

    /// What it reads goes into a file, or to another target.
    pub(crate) fn save(resource: impl Into<Resource>) -> Self {
        Self::of(Effect::Save, [resource])
    }

    /// It lets others in.
    pub(crate) fn share(resource: impl Into<Resource>) -> Self {
        Self::of(Effect::Share, [resource])
    }

    pub(crate) fn write(resource: impl Into<Resource>) -> Self {
        Self::of(Effect::Write, [resource])
    }

    pub(crate) fn destroy(resource: impl Into<Resource>, confirm: Option<bool>) -> Self {
        Self::of(Effect::Destructive, [resource]).confirmed(confirm)
    }

    /// A call that touches no bucket and no table in particular.
    pub(crate) fn nothing() -> Self {
        Self::of(Effect::Read, [""; 0])
    }

    /// What the caller said of what is destroyed.
    pub(crate) fn confirmed(self, confirm: Option<bool>) -> Self {
        Self { confirmed: confirm.unwrap_or_default(), ..self }
    }

    /// And this it only reads.
    pub(crate) fn and_reads(mut self, resource: impl Into<Resource>) -> Self {
        self.resources.push(resource.into());
        self
    }

    /// What it is about, whatever becomes of it.
    pub(crate) fn uris(&self) -> Vec<String> {
        self.resources.iter().map(|resource| resource.uri.clone()).collect()
    }
}
