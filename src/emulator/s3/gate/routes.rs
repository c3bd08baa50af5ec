//! The allow-list: every operation that is built, what selects it and what it may carry.

use http::Method;

use super::address::Level::{self, Bucket, Object, Service};
use super::query::{Query, is_hoisted};
use super::unbuilt::UNBUILT;
use crate::emulator::error::AwsError;

/// An operation that is built.
#[derive(Debug)]
pub(super) struct Route {
    /// AWS's name of it.
    pub name: &'static str,
    /// The method.
    pub method: &'static str,
    level: Level,
    /// The query parameters that select it.
    selectors: &'static [&'static str],
    /// Whether it also wants the header of a copy.
    copies: bool,
    /// Whether it is about the objects of the bucket that it names, though it names none of them.
    of_objects: bool,
    /// Further query parameters that it honours.
    parameters: &'static [&'static str],
    /// `x-amz-*` headers that it honours, beside those that every operation does; one with `*` is a prefix.
    pub headers: &'static [&'static str],
    /// The request that s3s is shown: its path and query, never the client's. A form is not shown to it.
    pub codec: &'static str,
    /// The header that s3s is shown, where it wants one: fixed too.
    pub shown: Option<(&'static str, &'static str)>,
    /// Whether there is an XML body.
    pub xml: bool,
    /// The most bytes of that body.
    pub xml_limit: usize,
    /// The document that s3s is shown instead of the client's, which the operation reads itself.
    pub document: Option<&'static str>,
}

/// The largest XML body of an operation without a limit of its own: a thousand keys of a thousand bytes, each escaped,
/// and some air.
pub(super) const XML_LIMIT: usize = 8 << 20;

/// Headers of every operation that writes an object.
const WRITE: &[&str] = &[
    "x-amz-acl",
    "x-amz-grant-*",
    "x-amz-checksum-*",
    "x-amz-meta-*",
    "x-amz-server-side-encryption",
    "x-amz-storage-class",
    "x-amz-tagging",
    "x-amz-website-redirect-location",
];
/// Headers of CopyObject: those of its source, and of the object that it writes.
const COPY: &[&str] = &[
    "x-amz-acl",
    "x-amz-grant-*",
    "x-amz-checksum-algorithm",
    "x-amz-copy-source",
    "x-amz-copy-source-if-match",
    "x-amz-copy-source-if-modified-since",
    "x-amz-copy-source-if-none-match",
    "x-amz-copy-source-if-unmodified-since",
    "x-amz-meta-*",
    "x-amz-metadata-directive",
    "x-amz-server-side-encryption",
    "x-amz-source-expected-bucket-owner",
    "x-amz-storage-class",
    "x-amz-tagging",
    "x-amz-tagging-directive",
    "x-amz-website-redirect-location",
];
const PART_COPY: &[&str] = &[
    "x-amz-copy-source",
    "x-amz-copy-source-if-match",
    "x-amz-copy-source-if-modified-since",
    "x-amz-copy-source-if-none-match",
    "x-amz-copy-source-if-unmodified-since",
    "x-amz-copy-source-range",
    "x-amz-source-expected-bucket-owner",
];
/// The header by which a request is a copy.
const COPY_SOURCE: &str = "x-amz-copy-source";
/// The document by which s3s sees a request about tags; it takes none without TagSet, which AWS does.
const TAGGING: Option<&str> = Some("<Tagging><TagSet/></Tagging>");
const CHECKSUM: &[&str] = &["x-amz-checksum-*"];
const READ: &[&str] = &["x-amz-checksum-mode"];
const OVERRIDES: &[&str] = &[
    "versionId",
    "partNumber",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
];
const LISTING: &[&str] =
    &["continuation-token", "delimiter", "encoding-type", "fetch-owner", "max-keys", "prefix", "start-after"];

const fn route(name: &'static str, method: &'static str, level: Level, codec: &'static str) -> Route {
    Route {
        name,
        method,
        level,
        selectors: &[],
        copies: false,
        of_objects: false,
        parameters: &[],
        headers: &[],
        codec,
        shown: None,
        xml: false,
        xml_limit: XML_LIMIT,
        document: None,
    }
}

/// The operation of a browser's form.
pub(super) const POST_OBJECT: &str = "PostObject";

/// Routes with selectors stand before those without.
pub(super) const ROUTES: &[Route] = &[
    Route {
        parameters: &["bucket-region", "continuation-token", "max-buckets", "prefix"],
        ..route("ListBuckets", "GET", Service, "/")
    },
    Route {
        headers: &["x-amz-acl", "x-amz-grant-*", "x-amz-object-ownership", "x-amz-bucket-object-lock-enabled"],
        xml: true,
        ..route("CreateBucket", "PUT", Bucket, "/b")
    },
    route("HeadBucket", "HEAD", Bucket, "/b"),
    route("DeleteBucket", "DELETE", Bucket, "/b"),
    Route { selectors: &["cors"], ..route("GetBucketCors", "GET", Bucket, "/b?cors") },
    Route {
        selectors: &["cors"],
        headers: CHECKSUM,
        xml: true,
        // AWS's page of PutBucketCors gives the number.
        xml_limit: 64 << 10,
        ..route("PutBucketCors", "PUT", Bucket, "/b?cors")
    },
    Route { selectors: &["cors"], ..route("DeleteBucketCors", "DELETE", Bucket, "/b?cors") },
    Route { selectors: &["encryption"], ..route("GetBucketEncryption", "GET", Bucket, "/b?encryption") },
    Route {
        selectors: &["encryption"],
        headers: CHECKSUM,
        xml: true,
        ..route("PutBucketEncryption", "PUT", Bucket, "/b?encryption")
    },
    Route { selectors: &["encryption"], ..route("DeleteBucketEncryption", "DELETE", Bucket, "/b?encryption") },
    Route { selectors: &["tagging"], ..route("GetBucketTagging", "GET", Bucket, "/b?tagging") },
    Route {
        selectors: &["tagging"],
        headers: CHECKSUM,
        xml: true,
        document: TAGGING,
        ..route("PutBucketTagging", "PUT", Bucket, "/b?tagging")
    },
    Route { selectors: &["tagging"], ..route("DeleteBucketTagging", "DELETE", Bucket, "/b?tagging") },
    Route { selectors: &["location"], ..route("GetBucketLocation", "GET", Bucket, "/b?location") },
    Route { selectors: &["versioning"], ..route("GetBucketVersioning", "GET", Bucket, "/b?versioning") },
    Route {
        selectors: &["versioning"],
        headers: CHECKSUM,
        xml: true,
        ..route("PutBucketVersioning", "PUT", Bucket, "/b?versioning")
    },
    Route {
        selectors: &["versions"],
        of_objects: true,
        parameters: &["delimiter", "encoding-type", "key-marker", "max-keys", "prefix", "version-id-marker"],
        headers: &["x-amz-optional-object-attributes"],
        ..route("ListObjectVersions", "GET", Bucket, "/b?versions")
    },
    Route {
        selectors: &["delete"],
        of_objects: true,
        headers: CHECKSUM,
        xml: true,
        ..route("DeleteObjects", "POST", Bucket, "/b?delete")
    },
    Route {
        selectors: &["uploads"],
        of_objects: true,
        parameters: &["delimiter", "encoding-type", "key-marker", "max-uploads", "prefix", "upload-id-marker"],
        ..route("ListMultipartUploads", "GET", Bucket, "/b?uploads")
    },
    Route {
        selectors: &["list-type"],
        of_objects: true,
        parameters: LISTING,
        headers: &["x-amz-optional-object-attributes"],
        ..route("ListObjectsV2", "GET", Bucket, "/b?list-type=2")
    },
    Route { of_objects: true, ..route(POST_OBJECT, "POST", Bucket, "/b") },
    Route {
        of_objects: true,
        parameters: &["delimiter", "encoding-type", "marker", "max-keys", "prefix"],
        headers: &["x-amz-optional-object-attributes"],
        ..route("ListObjects", "GET", Bucket, "/b")
    },
    Route {
        selectors: &["uploadId"],
        parameters: &["max-parts", "part-number-marker"],
        ..route("ListParts", "GET", Object, "/b/k?uploadId=u")
    },
    Route {
        selectors: &["attributes"],
        parameters: &["versionId"],
        headers: &["x-amz-max-parts", "x-amz-object-attributes", "x-amz-part-number-marker"],
        shown: Some(("x-amz-object-attributes", "ETag")),
        ..route("GetObjectAttributes", "GET", Object, "/b/k?attributes")
    },
    Route {
        selectors: &["tagging"],
        parameters: &["versionId"],
        ..route("GetObjectTagging", "GET", Object, "/b/k?tagging")
    },
    Route { parameters: OVERRIDES, headers: READ, ..route("GetObject", "GET", Object, "/b/k") },
    Route { parameters: OVERRIDES, headers: READ, ..route("HeadObject", "HEAD", Object, "/b/k") },
    Route {
        selectors: &["uploadId", "partNumber"],
        headers: CHECKSUM,
        ..route("UploadPart", "PUT", Object, "/b/k?partNumber=1&uploadId=u")
    },
    Route {
        selectors: &["uploadId", "partNumber"],
        copies: true,
        headers: PART_COPY,
        shown: Some((COPY_SOURCE, "bucket/k")),
        ..route("UploadPartCopy", "PUT", Object, "/b/k?partNumber=1&uploadId=u")
    },
    Route {
        copies: true,
        headers: COPY,
        shown: Some((COPY_SOURCE, "bucket/k")),
        ..route("CopyObject", "PUT", Object, "/b/k")
    },
    Route {
        selectors: &["tagging"],
        parameters: &["versionId"],
        headers: CHECKSUM,
        xml: true,
        document: TAGGING,
        ..route("PutObjectTagging", "PUT", Object, "/b/k?tagging")
    },
    Route {
        selectors: &["tagging"],
        parameters: &["versionId"],
        ..route("DeleteObjectTagging", "DELETE", Object, "/b/k?tagging")
    },
    Route { headers: WRITE, ..route("PutObject", "PUT", Object, "/b/k") },
    Route { selectors: &["uploadId"], ..route("AbortMultipartUpload", "DELETE", Object, "/b/k?uploadId=u") },
    Route { parameters: &["versionId"], ..route("DeleteObject", "DELETE", Object, "/b/k") },
    Route { selectors: &["uploads"], headers: WRITE, ..route("CreateMultipartUpload", "POST", Object, "/b/k?uploads") },
    Route {
        selectors: &["uploadId"],
        headers: &["x-amz-checksum-*", "x-amz-mp-object-size"],
        xml: true,
        ..route("CompleteMultipartUpload", "POST", Object, "/b/k?uploadId=u")
    },
];

/// The fields of a form that stand for headers, as if the form were a route: what PutObject takes.
const FORM: Route = Route { headers: WRITE, ..route("PutObject", "PUT", Object, "/b/k") };

/// What the fields of a form may say.
pub(super) fn of_form() -> &'static Route {
    &FORM
}

/// An operation that is built, and how it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// AWS's name of it.
    pub name: &'static str,
    /// The method.
    pub method: &'static str,
    /// Path and query of a request for it, to the bucket `b` and the key `k`.
    pub path: &'static str,
    /// Whether the request names the source of a copy.
    pub copies: bool,
}

/// The operations that are built.
pub fn operations() -> impl Iterator<Item = Operation> {
    ROUTES.iter().map(|route| Operation {
        name: route.name,
        method: route.method,
        path: route.codec,
        copies: route.copies,
    })
}

impl Route {
    /// The method.
    pub(super) fn method(&self) -> Method {
        Method::from_bytes(self.method.as_bytes()).unwrap_or(Method::GET)
    }

    /// Whether it reads or writes objects of the bucket that it names and nothing else: not the bucket itself, nor what is
    /// set for it, and no object of another bucket, which a copy may.
    pub(super) fn is_of_own_objects(&self) -> bool {
        !self.copies && (self.level == Object || self.of_objects)
    }

    fn takes(&self, name: &str) -> bool {
        self.selectors.contains(&name) || self.parameters.contains(&name)
    }
}

/// AWS's name of the operation that a request is, built or not.
pub(super) fn name(method: &Method, level: Level, query: &Query, headers: &http::HeaderMap) -> &'static str {
    match find(method, level, query, headers) {
        Ok(route) => route.name,
        Err(_) => unbuilt(method, level, query).unwrap_or("Unknown"),
    }
}

/// The operation that a request is, or its refusal. An unknown parameter never falls through to another operation.
pub(super) fn find(
    method: &Method,
    level: Level,
    query: &Query,
    headers: &http::HeaderMap,
) -> Result<&'static Route, AwsError> {
    if let Some(name) = unbuilt(method, level, query) {
        return Err(AwsError::not_implemented(name));
    }
    let candidates = ROUTES.iter().filter(|route| route.method == method.as_str() && route.level == level);
    let route = candidates
        .filter(|route| route.selectors.iter().all(|selector| query.has(selector)))
        .filter(|route| !route.copies || headers.contains_key(COPY_SOURCE))
        .max_by_key(|route| (route.selectors.len(), route.copies));
    let Some(route) = route else {
        return Err(no_route(method, level, query));
    };
    let reads = *method == Method::GET || *method == Method::HEAD;
    for (name, value) in query.iter() {
        // `x-…` parameters are the client's own (and the SDKs' `x-id`), which AWS ignores; a reader may add others,
        // such as cache busters, but a bare name asks for a sub-resource.
        let ignored = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-")) && !is_hoisted(name);
        if ignored || is_hoisted(name) || route.takes(name) || (reads && !value.is_empty() && !selects(name)) {
            continue;
        }
        return Err(AwsError::not_implemented(&format!("the parameter {name:?} of {}", route.name)));
    }
    Ok(route)
}

/// Whether any operation of any level is selected by this parameter.
fn selects(name: &str) -> bool {
    ROUTES.iter().any(|route| route.selectors.contains(&name)) || UNBUILT.iter().any(|(_, _, known, _)| *known == name)
}

fn unbuilt(method: &Method, level: Level, query: &Query) -> Option<&'static str> {
    let known =
        UNBUILT.iter().find(|(verb, at, selector, _)| *verb == method.as_str() && *at == level && query.has(selector));
    known.map(|(_, _, _, name)| *name)
}

fn no_route(method: &Method, level: Level, query: &Query) -> AwsError {
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

    fn route_of(method: &str, level: Level, query: &str) -> Result<&'static str, String> {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let query = Query::parse(Some(query)).expect("a query");
        find(&method, level, &query, &http::HeaderMap::new())
            .map(|route| route.name)
            .map_err(|error| format!("{} {}", error.status, error.code))
    }

    #[test]
    fn an_unknown_sub_resource_never_runs_another_operation() {
        for (method, level) in [
            ("GET", Service),
            ("GET", Bucket),
            ("PUT", Bucket),
            ("DELETE", Bucket),
            ("POST", Bucket),
            ("HEAD", Bucket),
            ("GET", Object),
            ("PUT", Object),
            ("DELETE", Object),
            ("POST", Object),
            ("HEAD", Object),
        ] {
            for sub in ["renameObject", "annotation", "abac", "brand-new", "acl", "annotation=", "torrent"] {
                assert_eq!(route_of(method, level, sub), Err("501 NotImplemented".into()), "{method} {level:?} ?{sub}");
            }
        }
    }

    #[test]
    fn a_header_makes_a_write_a_copy() {
        let mut headers = http::HeaderMap::new();
        headers.insert(COPY_SOURCE, http::HeaderValue::from_static("b/k"));
        for (query, name) in
            [("", "CopyObject"), ("partNumber=1&uploadId=u", "UploadPartCopy"), ("tagging", "PutObjectTagging")]
        {
            let query = Query::parse(Some(query)).expect("a query");
            assert_eq!(super::name(&Method::PUT, Object, &query, &headers), name);
        }
        assert_eq!(route_of("PUT", Object, "partNumber=1&uploadId=u"), Ok("UploadPart"));
    }

    #[test]
    fn what_clients_add_of_their_own_is_ignored() {
        assert_eq!(route_of("GET", Object, "x-id=GetObject"), Ok("GetObject"));
        assert_eq!(route_of("PUT", Object, "x-id=PutObject"), Ok("PutObject"));
        assert_eq!(route_of("GET", Object, "v=123"), Ok("GetObject"));
        assert_eq!(route_of("PUT", Object, "v=123"), Err("501 NotImplemented".into()));
        assert_eq!(route_of("GET", Bucket, "list-type=2&prefix=a"), Ok("ListObjectsV2"));
        assert_eq!(route_of("GET", Bucket, "prefix=a"), Ok("ListObjects"));
        assert_eq!(route_of("PUT", Service, ""), Err("405 MethodNotAllowed".into()));
    }
}
