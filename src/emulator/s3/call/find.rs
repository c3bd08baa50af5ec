//! Which operation a request is, by AWS's model. No request falls through to an operation that it did not ask for.

use http::{HeaderMap, Method};

use super::Level::{self, Bucket, Object, Service};
use super::Query;
use super::query::is_hoisted;
use crate::emulator::error::AwsError;
use crate::emulator::s3::model::{SHAPES, Shape};
use crate::emulator::s3::operation::{self, Row};

/// What a request was found to be.
#[derive(Debug, Clone, Copy)]
pub(in crate::emulator::s3) enum Found {
    /// An operation that is built.
    Built(&'static Row),
    /// One that AWS has, and that is not built.
    Unbuilt(&'static Shape),
    /// What a browser asks before it sends a page's request.
    Preflight,
}

/// The header by which a request is a copy.
const COPY_SOURCE: &str = "x-amz-copy-source";

impl Found {
    /// AWS's name of it.
    pub(in crate::emulator::s3) fn name(self) -> &'static str {
        match self {
            Self::Built(row) => row.shape.name,
            Self::Unbuilt(shape) => shape.name,
            Self::Preflight => "Unknown",
        }
    }

    /// The operation, where it is built.
    pub(in crate::emulator::s3) fn built(self) -> Option<&'static Row> {
        match self {
            Self::Built(row) => Some(row),
            Self::Unbuilt(_) | Self::Preflight => None,
        }
    }
}

/// The operation that a request is: of those whose marks it bears, the one with the most.
pub(super) fn find(method: &Method, level: Level, query: &Query, headers: &HeaderMap) -> Result<Found, AwsError> {
    if *method == Method::OPTIONS {
        return Ok(Found::Preflight);
    }
    let shape = shapes()
        .filter(|shape| shape.method == method.as_str() && shape.level == level)
        .filter(|shape| shape.selectors.iter().all(|selector| query.has(selector)))
        .filter(|shape| !shape.copies || headers.contains_key(COPY_SOURCE) || query.carries(COPY_SOURCE))
        .max_by_key(|shape| (shape.selectors.len(), shape.copies));
    let Some(shape) = shape else {
        return Err(none(method, level, query));
    };
    let reads = *method == Method::GET || *method == Method::HEAD;
    for (name, value) in query.iter() {
        // `x-…` parameters are the client's own (and the SDKs' `x-id`), which AWS ignores; a reader may add others,
        // such as cache busters, but a bare name asks for a sub-resource.
        let own = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"));
        let known = shape.selectors.contains(&name) || shape.parameters.contains(&name);
        if own || known || is_hoisted(name) || (reads && !value.is_empty() && !selects(name)) {
            continue;
        }
        return Err(AwsError::not_implemented(&format!("the parameter {name:?} of {}", shape.name)));
    }
    Ok(operation::row(shape.name).map_or(Found::Unbuilt(shape), Found::Built))
}

fn shapes() -> impl Iterator<Item = &'static Shape> {
    SHAPES.iter().copied().chain([&operation::POST_OBJECT])
}

/// Whether any operation is selected by this parameter, be it alone.
fn selects(name: &str) -> bool {
    SHAPES.iter().any(|shape| shape.selectors == [name])
}

fn none(method: &Method, level: Level, query: &Query) -> AwsError {
    if let Some((name, _)) = query.iter().find(|(_, value)| value.is_empty()) {
        return AwsError::not_implemented(&format!("{method} with the sub-resource {name:?}"));
    }
    let resource = match level {
        Service => "SERVICE",
        Bucket => "BUCKET",
        Object => "OBJECT",
    };
    AwsError::new(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
        .with("Method", method.as_str())
        .with("ResourceType", resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: [Level; 3] = [Service, Bucket, Object];

    fn of(method: &str, level: Level, query: &str, headers: &HeaderMap) -> Result<Found, String> {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let query = Query::parse(Some(query)).expect("a query");
        find(&method, level, &query, headers).map_err(|error| format!("{} {}", error.status, error.code))
    }

    #[test]
    fn every_operation_of_the_model_is_found_by_its_marks() {
        for shape in shapes() {
            let query: Vec<_> = shape.selectors.iter().map(|selector| format!("{selector}=1")).collect();
            let mut headers = HeaderMap::new();
            if shape.copies {
                headers.insert(COPY_SOURCE, http::HeaderValue::from_static("b/k"));
            }
            let found = of(shape.method, shape.level, &query.join("&"), &headers).map(Found::name);
            assert_eq!(found.as_deref(), Ok(shape.name));
        }
    }

    #[test]
    fn an_unknown_sub_resource_never_runs_an_operation() {
        for method in ["GET", "PUT", "DELETE", "POST", "HEAD"] {
            for level in LEVELS {
                for sub in ["brand-new", "versions2", "annotationName", "uploadId", "append"] {
                    let found = of(method, level, sub, &HeaderMap::new());
                    let built = found.as_ref().ok().and_then(|found| found.built());
                    assert!(
                        built.is_none_or(|row| row.shape.selectors.contains(&sub)),
                        "{method} {level:?} ?{sub}: {}",
                        built.map_or("", |row| row.shape.name)
                    );
                }
            }
        }
    }

    #[test]
    fn a_parameter_of_a_reader_is_ignored_where_it_selects_nothing() {
        for (method, query, ok) in [
            ("GET", "cache=1", true),
            ("GET", "id=1", true),
            ("GET", "x-id=GetObject", true),
            ("GET", "acl=1&cache=1", true),
            ("GET", "cache", false),
            ("GET", "delete=1", false),
            ("PUT", "cache=1", false),
            ("PUT", "x-id=PutObject", true),
        ] {
            assert_eq!(of(method, Object, query, &HeaderMap::new()).is_ok(), ok, "{method} ?{query}");
        }
    }
}
