//! Allow-lists: the buckets, prefixes and tables that calls may touch.

use std::fmt;
use std::str::FromStr;

use super::setting::{Setting, shown_value};

/// What one place says that calls may touch. S3 is limited by buckets and prefixes together: what either of them has is
/// allowed. What no list speaks of is not limited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allowed {
    /// Buckets; a name may end in `*`.
    pub buckets: Option<Vec<String>>,
    /// Parts of buckets, `s3://bucket/prefix`.
    pub prefixes: Option<Vec<Prefix>>,
    /// Tables; a name may end in `*`.
    pub tables: Option<Vec<String>>,
}

/// `s3://bucket/prefix`: the objects of one bucket whose keys begin so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    bucket: String,
    start: String,
}

impl FromStr for Prefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let place = text.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
        match place {
            Some((bucket, start)) if !bucket.is_empty() && !bucket.contains('*') && !start.is_empty() => {
                Ok(Self { bucket: bucket.to_owned(), start: start.strip_suffix('*').unwrap_or(start).to_owned() })
            }
            _ => Err(format!("`{}` is not a prefix: use s3://bucket/prefix/", shown_value(text))),
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.start)
    }
}

impl Allowed {
    /// Whether nothing is limited.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.buckets.is_none() && self.prefixes.is_none() && self.tables.is_none()
    }

    /// Why `resource` may not be touched, if it may not: `s3://bucket`, `s3://bucket/key`, `s3://bucket/prefix*`,
    /// `dynamodb://table`.
    #[must_use]
    pub fn outside(&self, resource: &str) -> Option<String> {
        if let Some(place) = resource.strip_prefix("s3://") {
            let (bucket, key) = place.split_once('/').map_or((place, None), |(bucket, key)| (bucket, Some(key)));
            (!self.has(bucket, key)).then(|| match (&self.buckets, &self.prefixes) {
                (_, Some(prefixes)) if prefixes.iter().any(|prefix| prefix.bucket == bucket) => {
                    let here = prefixes.iter().filter(|prefix| prefix.bucket == bucket);
                    let here: Vec<_> = here.map(ToString::to_string).collect();
                    format!("{resource} is not on the allow-list: of bucket {bucket} it has {}", here.join(", "))
                }
                (buckets, prefixes) => {
                    let buckets = buckets.iter().flatten().cloned();
                    let all: Vec<_> = buckets.chain(prefixes.iter().flatten().map(ToString::to_string)).collect();
                    format!("bucket {bucket} is not on the allow-list ({})", told(&all))
                }
            })
        } else if let Some(place) = resource.strip_prefix("dynamodb://") {
            let table = place.split('/').next().unwrap_or(place);
            let tables = self.tables.as_ref()?;
            (!tables.iter().any(|pattern| fits(pattern, table)))
                .then(|| format!("table {table} is not on the allow-list ({})", told(tables)))
        } else {
            Some(format!("{resource} is neither s3://bucket/key nor dynamodb://table"))
        }
    }

    /// Whether S3 may be asked for this: a bucket as a whole, or a key or what begins with one in it.
    fn has(&self, bucket: &str, key: Option<&str>) -> bool {
        if self.buckets.is_none() && self.prefixes.is_none() {
            return true;
        }
        let whole = self.buckets.iter().flatten().any(|pattern| fits(pattern, bucket));
        let start = key.map(|key| key.strip_suffix('*').unwrap_or(key));
        let within = |prefix: &Prefix| prefix.bucket == bucket && start.is_some_and(|s| s.starts_with(&prefix.start));
        whole || self.prefixes.iter().flatten().any(within)
    }

    /// Whether a list of buckets may show this one: it, or something in it, is allowed.
    #[must_use]
    pub fn shows_bucket(&self, bucket: &str) -> bool {
        self.has(bucket, None) || self.prefixes.iter().flatten().any(|prefix| prefix.bucket == bucket)
    }

    /// Whether a list of tables may show this one.
    #[must_use]
    pub fn shows_table(&self, table: &str) -> bool {
        self.tables.as_ref().is_none_or(|tables| tables.iter().any(|pattern| fits(pattern, table)))
    }
}

fn told(names: &[String]) -> String {
    if names.is_empty() { "which is empty".to_owned() } else { names.join(", ") }
}

fn fits(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefixes = self.prefixes.as_ref().map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>());
        let lists =
            [("buckets", self.buckets.as_ref()), ("prefixes", prefixes.as_ref()), ("tables", self.tables.as_ref())];
        let mut any = false;
        for (what, names) in lists.into_iter().filter_map(|(what, names)| Some((what, names?))) {
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            write!(f, "{}{what} {names}", if any { "; " } else { "" })?;
            any = true;
        }
        if any { Ok(()) } else { f.write_str("all") }
    }
}

/// Allow-lists of several places, all of which hold: a further one can only take away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowLists(Vec<Setting<Allowed>>);

impl AllowLists {
    /// Takes away what `more` does not allow.
    pub fn narrow(&mut self, more: Setting<Allowed>) {
        if !more.value.is_all() && self.0.iter().all(|list| list.value != more.value) {
            self.0.push(more);
        }
    }

    /// Whether nothing is limited.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Where they are said.
    #[must_use]
    pub fn sources(&self) -> String {
        let sources: Vec<_> = self.0.iter().map(|list| list.source.to_string()).collect();
        if sources.is_empty() { "default".to_owned() } else { sources.join(", ") }
    }

    /// Why `resource` may not be touched, if it may not.
    #[must_use]
    pub fn outside(&self, resource: &str) -> Option<String> {
        if self.0.is_empty() {
            return Allowed::default().outside(resource);
        }
        self.0.iter().find_map(|list| list.value.outside(resource))
    }

    /// Whether a list of buckets may show this one.
    #[must_use]
    pub fn shows_bucket(&self, bucket: &str) -> bool {
        self.0.iter().all(|list| list.value.shows_bucket(bucket))
    }

    /// Whether a list of tables may show this one.
    #[must_use]
    pub fn shows_table(&self, table: &str) -> bool {
        self.0.iter().all(|list| list.value.shows_table(table))
    }
}

impl From<Allowed> for AllowLists {
    fn from(list: Allowed) -> Self {
        let mut lists = Self::default();
        lists.narrow(Setting::default_of(list));
        lists
    }
}

impl fmt::Display for AllowLists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists: Vec<_> = self.0.iter().map(|list| list.value.to_string()).collect();
        f.write_str(&if lists.is_empty() { "all".to_owned() } else { lists.join(", and of these ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(buckets: &[&str], prefixes: &[&str], tables: &[&str]) -> Allowed {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Allowed {
            buckets: Some(texts(buckets)),
            prefixes: Some(prefixes.iter().map(|prefix| prefix.parse().unwrap()).collect()),
            tables: Some(texts(tables)),
        }
    }

    #[test]
    fn what_is_on_no_list_is_outside() {
        let allowed = lists(&["dev-*", "logs"], &["s3://media/public/"], &["orders", "shop-*"]);
        let inside = [
            "s3://dev-a",
            "s3://dev-a/k",
            "s3://logs/*",
            "s3://media/public/",
            "s3://media/public/a",
            "s3://media/public/*",
            "s3://media/public/a*",
            "dynamodb://orders",
            "dynamodb://shop-1",
            "dynamodb://shop-*",
        ];
        let outside = [
            "s3://media",
            "s3://media/",
            "s3://media/*",
            "s3://media/pub*",
            "s3://media/public",
            "s3://media/publicly",
            "s3://prod",
            "s3://prod/dev-a",
            "s3://*",
            "s3://",
            "s3://log",
            "s3://logs2/a",
            "dynamodb://orders2",
            "dynamodb://*",
            "dynamodb://",
            "dynamodb://shop",
            "file:///etc",
            "",
        ];
        for resource in inside {
            assert_eq!(allowed.outside(resource), None, "{resource}");
        }
        for resource in outside {
            assert!(allowed.outside(resource).is_some(), "{resource}");
        }
        assert!(allowed.shows_bucket("media") && !allowed.shows_bucket("prod"));
    }

    #[test]
    fn an_empty_list_allows_nothing_and_no_list_all() {
        let none = lists(&[], &[], &[]);
        assert!(none.outside("s3://a/b").is_some() && none.outside("dynamodb://t").is_some());
        let all = Allowed::default();
        assert!(all.outside("s3://a/b").is_none() && all.outside("dynamodb://t").is_none());
        let only_tables = Allowed { tables: Some(vec!["t".to_owned()]), ..Allowed::default() };
        assert!(only_tables.outside("s3://a").is_none() && only_tables.outside("dynamodb://u").is_some());
    }

    #[test]
    fn a_further_list_only_takes_away() {
        let mut both: AllowLists = lists(&["a", "b"], &[], &["t"]).into();
        both.narrow(Setting::default_of(lists(&["b", "c"], &[], &["t", "u"])));
        let open = |resource| both.outside(resource).is_none();
        assert_eq!(["s3://a", "s3://b", "s3://c"].map(open), [false, true, false]);
        assert_eq!(["dynamodb://t", "dynamodb://u"].map(open), [true, false]);
    }

    #[test]
    fn a_prefix_names_a_bucket_and_more() {
        for wrong in ["media/a", "s3://media", "s3://media/", "s3:///a", "s3://*/a", ""] {
            assert!(wrong.parse::<Prefix>().is_err(), "{wrong}");
        }
        assert_eq!("s3://m/a/*".parse::<Prefix>().unwrap().to_string(), "s3://m/a/");
    }
}
