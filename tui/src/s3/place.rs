//! Where one is: the buckets, a folder of one, or the versions below a prefix.

use crate::ask::Ask;
use crate::keys::Scope;

/// Where one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// All buckets.
    Buckets,
    /// What lies below a prefix.
    Folder { bucket: String, prefix: String },
    /// Versions and delete markers below a prefix; of one key alone where it is named.
    Versions { bucket: String, prefix: String, key: Option<String> },
}

impl Place {
    /// The bucket; empty where there is none.
    pub(super) fn bucket(&self) -> &str {
        match self {
            Self::Buckets => "",
            Self::Folder { bucket, .. } | Self::Versions { bucket, .. } => bucket,
        }
    }

    /// What every key here begins with; rows show what follows.
    pub(super) fn prefix(&self) -> &str {
        match self {
            Self::Buckets => "",
            Self::Folder { prefix, .. } | Self::Versions { prefix, .. } => prefix,
        }
    }

    /// Asks for a page of what begins with `filter` here.
    pub(super) fn ask(&self, filter: &str, after: Option<String>) -> Ask {
        let begins = |prefix: &str| format!("{prefix}{filter}");
        match self {
            Self::Buckets => Ask::Buckets { after },
            Self::Folder { bucket, prefix } => Ask::Objects { bucket: bucket.clone(), prefix: begins(prefix), after },
            Self::Versions { bucket, prefix, key } => {
                let prefix = key.clone().unwrap_or_else(|| begins(prefix));
                Ask::Versions { bucket: bucket.clone(), prefix, after }
            }
        }
    }

    pub(super) fn scope(&self) -> Scope {
        match self {
            Self::Buckets => Scope::Buckets,
            Self::Folder { .. } => Scope::Objects,
            Self::Versions { .. } => Scope::Versions,
        }
    }

    /// The path to here, its parts joined by `between`.
    pub(super) fn crumbs(&self, between: &str) -> String {
        let path = |bucket: &str, prefix: &str| {
            let mut path = bucket.to_owned();
            for part in prefix.split_inclusive('/') {
                path += between;
                path += match part.strip_suffix('/') {
                    Some("") => "/",
                    Some(name) => name,
                    None => part,
                };
            }
            path
        };
        match self {
            Self::Buckets => "Buckets".to_owned(),
            Self::Folder { bucket, prefix } => path(bucket, prefix),
            Self::Versions { bucket, prefix, key } => {
                path(bucket, key.as_deref().unwrap_or(prefix)) + between + "versions"
            }
        }
    }

    /// The places above, the outermost first, each with what leads on from it.
    pub(super) fn above(&self) -> Vec<(Self, String)> {
        let Self::Folder { bucket, prefix } = self else { return Vec::new() };
        let mut above = vec![(Self::Buckets, bucket.clone())];
        let mut at = 0;
        for part in prefix.split_inclusive('/') {
            above.push((Self::Folder { bucket: bucket.clone(), prefix: prefix[..at].to_owned() }, part.to_owned()));
            at += part.len();
        }
        above
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_path_names_every_part() {
        let place = Place::Folder { bucket: "b".into(), prefix: "a//c/".into() };
        assert_eq!(place.crumbs(" > "), "b > a > / > c");
        let above: Vec<_> = place.above().into_iter().map(|(place, on)| (place.prefix().to_owned(), on)).collect();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(above, [pair("", "b"), pair("", "a/"), pair("a/", "/"), pair("a//", "c/")]);
    }
}
