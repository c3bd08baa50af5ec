//! What stands in a row of the table of operations.

use futures::future::BoxFuture;

use super::ROWS;
use super::unset::{self, Unset};
use crate::emulator::error::AwsError;
use crate::emulator::s3::access::Asks;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::model::{Checksum, SHAPES, Shape};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// An operation that is built.
#[derive(Debug)]
pub(in crate::emulator::s3) struct Row {
    /// How it is recognised and what it may carry, by AWS's model.
    pub shape: &'static Shape,
    /// Headers and parameters of the model that would change what is stored or answered, and that are not built.
    pub unbuilt: &'static [&'static str],
    /// What IAM asks of it.
    pub asks: Asks,
    /// The status of success.
    pub status: u16,
    /// What its body is.
    pub body: Body,
    /// Whether it is about the objects of the bucket that it names, though it names none of them.
    pub of_objects: bool,
    /// How it runs.
    pub run: Run,
}

/// What the body of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator::s3) enum Body {
    /// Bytes, which the operation reads; most have none.
    Bytes,
    /// A document of at most `limit` bytes.
    Document {
        /// The most bytes.
        limit: usize,
        /// What the request's checksums are of.
        digest: Digest,
    },
}

/// What the checksums in the headers of a document's request are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator::s3) enum Digest {
    /// The document, where there are any.
    Taken,
    /// The document, and there has to be one.
    Required,
    /// Something else.
    Other,
}

/// How an operation runs: those that only read rows need not wait for anything.
#[derive(Clone, Copy)]
pub(in crate::emulator::s3) enum Run {
    /// At once.
    Now(fn(&Core, &Context) -> Result<Reply, AwsError>),
    /// Waiting for the store or for bodies.
    Later(for<'a> fn(&'a Core, &'a Context) -> BoxFuture<'a, Result<Reply, AwsError>>),
    /// As what was never set, and cannot be yet.
    Unset(Unset),
    /// As a form, whose fields say what other requests say in path and headers.
    Form,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Now(_) => "Now",
            Self::Later(_) => "Later",
            Self::Unset(_) => "Unset",
            Self::Form => "Form",
        })
    }
}

/// The largest document of an operation without a limit of its own: a thousand keys of a thousand bytes, each escaped,
/// and some air.
const LIMIT: usize = 8 << 20;

impl Body {
    /// What the model says that the body is.
    const fn of(shape: &Shape) -> Self {
        match (shape.document, shape.checksum) {
            (None, _) => Self::Bytes,
            (Some(_), Checksum::None) => Self::Document { limit: LIMIT, digest: Digest::Other },
            // Measured: AWS insists for DeleteObjects alone, whatever the model says.
            (Some(_), Checksum::Taken | Checksum::Required) => Self::DOCUMENT,
        }
    }

    /// A document, held against what checksums there are.
    pub(super) const DOCUMENT: Self = Self::Document { limit: LIMIT, digest: Digest::Taken };
    /// A document that must bring a checksum.
    pub(super) const DIGESTED: Self = Self::Document { limit: LIMIT, digest: Digest::Required };
}

impl Row {
    /// An operation that honours all of its model.
    pub(super) const fn new(shape: &'static Shape, asks: Asks, run: Run) -> Self {
        Self { shape, unbuilt: &[], asks, status: shape.status, body: Body::of(shape), of_objects: false, run }
    }

    /// Whether it reads or writes objects of the bucket that it names and nothing else: not the bucket itself, nor what is
    /// set for it, and no object of another bucket, which a copy may.
    pub(in crate::emulator::s3) fn is_of_own_objects(&self) -> bool {
        !self.shape.copies && (self.shape.level == crate::emulator::s3::call::Level::Object || self.of_objects)
    }

    /// Whether its model has this header, by a prefix too.
    pub(in crate::emulator::s3) fn knows(&self, header: &str) -> bool {
        self.shape.headers.iter().any(|known| match known.strip_suffix('*') {
            Some(prefix) => header.starts_with(prefix),
            None => *known == header,
        })
    }
}

/// Every operation that is built.
pub(in crate::emulator::s3) fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().chain(unset::ROWS)
}

/// The operation of this name, where it is built.
pub(in crate::emulator::s3) fn row(name: &str) -> Option<&'static Row> {
    rows().find(|row| row.shape.name == name)
}

/// An operation that is built, and how it is asked for.
#[derive(Debug, Clone)]
pub struct Operation {
    /// AWS's name of it.
    pub name: &'static str,
    /// The method.
    pub method: &'static str,
    /// Path and query of a request for it, to the bucket `b` and the key `k`.
    pub path: String,
    /// Whether the request names the source of a copy.
    pub copies: bool,
    /// The headers of AWS's model that it has; a prefix ends in `*`.
    pub headers: &'static [&'static str],
    /// The query parameters of AWS's model that it has, beside those in the path.
    pub parameters: &'static [&'static str],
    /// Those of both that are refused, because they are not built.
    pub unbuilt: &'static [&'static str],
    /// How much of it there is.
    pub extent: Extent,
}

/// How much of an operation there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All that [`Operation::unbuilt`] does not name.
    Whole,
    /// The answer for a bucket or an object as AWS makes it, because nothing else can be set.
    NeverSet,
    /// What changes nothing is taken, and what AWS refuses is refused; what would set something is refused with 501.
    Changeless,
}

/// The operations that are built.
pub fn operations() -> impl Iterator<Item = Operation> {
    rows().map(|row| Operation {
        name: row.shape.name,
        method: row.shape.method,
        path: path(row.shape),
        copies: row.shape.copies,
        headers: row.shape.headers,
        parameters: row.shape.parameters,
        unbuilt: row.unbuilt,
        extent: match row.run {
            Run::Unset(Unset::Write(_)) => Extent::Changeless,
            Run::Unset(_) => Extent::NeverSet,
            Run::Now(_) | Run::Later(_) | Run::Form => Extent::Whole,
        },
    })
}

fn path(shape: &Shape) -> String {
    use crate::emulator::s3::call::Level::{Bucket, Object, Service};
    let value = |selector: &&str| match *selector {
        "list-type" => "list-type=2".to_owned(),
        "partNumber" => "partNumber=1".to_owned(),
        "uploadId" => "uploadId=u".to_owned(),
        other => other.to_owned(),
    };
    let query: Vec<_> = shape.selectors.iter().map(value).collect();
    let path = match shape.level {
        Service => "/",
        Bucket => "/b",
        Object => "/b/k",
    };
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// Every header, and every query parameter that selects nothing, of any operation of AWS's model: for tests.
#[doc(hidden)]
#[must_use]
pub fn names_of_the_model() -> (Vec<&'static str>, Vec<&'static str>) {
    let all = |names: fn(&Shape) -> &'static [&'static str]| {
        let mut all: Vec<_> = SHAPES.iter().flat_map(|shape| names(shape)).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    (all(|shape| shape.headers), all(|shape| shape.parameters))
}
