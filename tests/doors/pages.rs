//! The rule for web pages, row by row: who asks, what, and with which key, at the endpoint of the process that has the
//! data and at that of one which passes everything on to it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};
use footbridge::backend::{Backend, Clients, Manner, Offer, Role};
use footbridge::config::{Identity, Secret, Setting, Settings};
use footbridge::emulator::observer::NoObserver;
use footbridge::emulator::s3;
use http::{HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::settings;
use crate::signed::{self, ALL, Key, Place};

/// The origin of `allowed_origins`.
const ALLOWED: &str = "http://app.example:8080";
/// The origin that the CORS rules of `named` have word for word.
const NAMED: &str = "https://named.example";

/// A process that has the data, and one that passes on what comes to its endpoint.
pub struct World {
    clients: Clients,
    owner: (Offer, Backend),
    forwarding: (Offer, Backend),
    client: Client<HttpConnector, String>,
    names: AtomicUsize,
    /// Whether requests go to the endpoint that passes them on.
    pub through: bool,
    _directory: TempDir,
}

/// What came of a request.
#[derive(Debug)]
pub struct Asked {
    pub status: u16,
    pub code: String,
    pub body: String,
    headers: BTreeMap<String, String>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

async fn open(settings: &Settings) -> (Offer, Backend) {
    let backend = Backend::open(settings, Role::Stays, Arc::new(NoObserver)).await.unwrap();
    let offer = Offer::open(backend.local().unwrap(), settings, Manner::Insist).await.unwrap();
    (offer, backend)
}

impl World {
    /// Buckets `bkt` with the object `doc`, `named` and `anyone` with CORS rules and an object each, and the table
    /// `users`.
    pub async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut settings = settings(directory.path());
        settings.allowed_origins.value.push(ALLOWED.to_owned());
        settings.identities.push(Setting::default_of(Identity {
            key: signed::OWN.0.to_owned(),
            secret: Secret::new(signed::OWN.1),
            account: "000000000000".to_owned(),
            canonical_id: None,
            display_name: None,
        }));
        let owner = open(&settings).await;
        let forwarding = open(&settings).await;
        assert!(!forwarding.1.local().unwrap().gateway().is_owner());
        let clients = owner.1.clients.clone();
        let world = Self {
            clients,
            owner,
            forwarding,
            client: Client::builder(TokioExecutor::new()).build_http(),
            names: AtomicUsize::new(0),
            through: false,
            _directory: directory,
        };
        for (bucket, origin) in [("bkt", None), ("named", Some(NAMED)), ("anyone", Some("*"))] {
            world.clients.s3.create_bucket().bucket(bucket).send().await.unwrap();
            let put = world.clients.s3.put_object().bucket(bucket).key("doc").body(ByteStream::from_static(b"doc"));
            put.send().await.unwrap();
            let Some(origin) = origin else { continue };
            let methods = ["GET", "HEAD", "PUT", "POST", "DELETE"].map(str::to_owned).to_vec();
            let rule = CorsRule::builder().allowed_origins(origin).set_allowed_methods(Some(methods)).build().unwrap();
            let rules = CorsConfiguration::builder().cors_rules(rule).build().unwrap();
            world.clients.s3.put_bucket_cors().bucket(bucket).cors_configuration(rules).send().await.unwrap();
        }
        let hash = AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S).build();
        let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build();
        let table = world.clients.dynamodb.create_table().table_name("users").billing_mode(BillingMode::PayPerRequest);
        table.attribute_definitions(hash.unwrap()).key_schema(key.unwrap()).send().await.unwrap();
        world
    }

    pub async fn stop(self) {
        for (offer, backend) in [self.forwarding, self.owner] {
            offer.close().await;
            backend.close().await;
        }
    }

    pub fn own_origin(&self) -> String {
        if self.through { &self.forwarding.0 } else { &self.owner.0 }.url().unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.own_origin())
    }

    /// Sends a request with what a browser adds.
    pub async fn ask(&self, mut request: Request<String>, page: &[(&str, &str)]) -> Asked {
        for (name, value) in page {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
        }
        let (parts, body) = self.client.request(request).await.unwrap().into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
        let headers = parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let json: Value = serde_json::from_str(&body).unwrap_or_default();
        let xml = body.split_once("<Code>").and_then(|(_, rest)| Some(rest.split_once("</Code>")?.0));
        let code = xml.or(json["__type"].as_str()).unwrap_or_default().to_owned();
        Asked { status: parts.status.as_u16(), code, body, headers }
    }

    pub async fn get(&self, key: &str) -> Option<String> {
        let got = self.clients.s3.get_object().bucket("bkt").key(key).send().await.ok()?;
        Some(String::from_utf8(got.body.collect().await.unwrap().to_vec()).unwrap())
    }

    pub async fn put(&self, key: &str, kind: &str, text: &str) {
        let body = ByteStream::from(text.as_bytes().to_vec());
        self.clients.s3.put_object().bucket("bkt").key(key).content_type(kind).body(body).send().await.unwrap();
    }

    pub async fn tables(&self) -> Value {
        json!(self.clients.dynamodb.list_tables().send().await.unwrap().table_names())
    }

    /// A name that no object had before.
    fn name(&self) -> String {
        format!("new-{}", self.names.fetch_add(1, Ordering::Relaxed))
    }
}

/// The three columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Person,
    Dev,
    Site,
}

pub type Headers = Vec<(&'static str, String)>;

/// Headers by which a browser says who asks, each kind in its many forms.
pub fn askers(world: &World) -> Vec<(Who, Headers)> {
    let own = world.own_origin();
    let port = own.rsplit(':').next().unwrap().to_owned();
    let origin = |who, text: &str| (who, vec![("origin", text.to_owned())]);
    let referer =
        |who, text: &str, site: &str| (who, vec![("referer", text.to_owned()), ("sec-fetch-site", site.to_owned())]);
    let site = |who, site: &str| (who, vec![("sec-fetch-site", site.to_owned())]);
    vec![
        (Who::Person, vec![]),
        site(Who::Person, "none"),
        origin(Who::Person, ALLOWED),
        referer(Who::Person, &format!("{ALLOWED}/a"), "cross-site"),
        origin(Who::Dev, "http://localhost:3"),
        origin(Who::Dev, "http://127.0.0.1:3"),
        referer(Who::Dev, "http://localhost:3/page?q", "same-site"),
        origin(Who::Site, "https://evil.example"),
        origin(Who::Site, "null"),
        origin(Who::Site, &own),
        origin(Who::Site, &format!("http://bkt.localhost:{port}")),
        origin(Who::Site, "http://localhost:3@evil.example"),
        referer(Who::Site, "https://evil.example/", "cross-site"),
        referer(Who::Site, &format!("{own}/bkt/page"), "same-origin"),
        site(Who::Site, "cross-site"),
        site(Who::Site, "same-site"),
        site(Who::Site, "same-origin"),
        (Who::Site, vec![("origin", "null".to_owned()), ("referer", "http://localhost:3/".to_owned())]),
    ]
}

/// A request as a page can make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    DynamoDb,
    Sts,
    Control,
    Health,
    Form,
    Put(Place),
    /// `Sec-Fetch-Mode` and `Sec-Fetch-Dest`.
    Get(&'static str, &'static str),
    Head,
    List,
    DeleteObjects,
    Delete(Place),
    Tag,
    Copy,
    Worker,
}

const OWN: &[Key] = &[Key::Own];
const VERIFIED: &[Key] = &[Key::Own, Key::Public];
const ANY: &[Key] = &ALL;
const NO: &[Key] = &[];

/// The table, and beside each request who may make it with which keys; `none` where what is public may be read. With an
/// `Origin`, browsers send no navigation and no picture that its page cannot read.
fn table(with_origin: bool) -> Vec<(What, [&'static [Key]; 3])> {
    let reading = [ANY, &[Key::Own, Key::Public, Key::None], &[Key::Own, Key::None]];
    let shown: [&'static [Key]; 3] = [ANY, &[Key::Own, Key::Public, Key::None], &[Key::Own, Key::Public, Key::None]];
    let showing = if with_origin { reading } else { shown };
    vec![
        (What::DynamoDb, [ANY, NO, NO]),
        (What::Sts, [ANY, NO, NO]),
        (What::Control, [ANY, NO, NO]),
        (What::Health, [ANY, ANY, ANY]),
        (What::Form, [ANY, VERIFIED, OWN]),
        (What::Put(Place::Query), [ANY, VERIFIED, OWN]),
        (What::Put(Place::Header), [ANY, VERIFIED, OWN]),
        (What::Get("navigate", "document"), showing),
        (What::Get("no-cors", "image"), showing),
        (What::Get("no-cors", "video"), showing),
        (What::Get("no-cors", "script"), reading),
        (What::Get("no-cors", "style"), reading),
        (What::Get("navigate", "iframe"), reading),
        (What::Get("cors", "image"), reading),
        (What::Get("cors", "empty"), reading),
        (What::Head, reading),
        (What::List, reading),
        (What::DeleteObjects, [ANY, OWN, OWN]),
        (What::Delete(Place::Query), [ANY, OWN, OWN]),
        (What::Delete(Place::Header), [ANY, OWN, OWN]),
        (What::Tag, [ANY, OWN, OWN]),
        (What::Copy, [ANY, OWN, OWN]),
        (What::Worker, [NO, NO, NO]),
    ]
}

/// Makes the request in `bucket`, with the header `page`.
async fn ask(world: &World, what: What, key: Key, bucket: &str, page: &Headers) -> (Asked, String) {
    let name = world.name();
    let at = |path: &str| world.url(&format!("/{bucket}{path}"));
    let s3 =
        |place, method: &str, path: &str, body: &str| signed::request("s3", key, place, method, &at(path), &[], body);
    let object = format!("/{name}");
    let mut page: Vec<(&str, &str)> = page.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let request = match what {
        What::DynamoDb => {
            let headers =
                [("x-amz-target", "DynamoDB_20120810.ListTables"), ("content-type", "application/x-amz-json-1.0")];
            signed::request("dynamodb", key, Place::Header, "POST", &world.url("/"), &headers, "{}")
        }
        What::Sts => {
            let headers = [("content-type", "application/x-www-form-urlencoded")];
            let body = "Action=GetCallerIdentity&Version=2011-06-15";
            signed::request("sts", key, Place::Header, "POST", &world.url("/"), &headers, body)
        }
        What::Control => Request::post(world.url("/_footbridge/other")).body(String::new()).unwrap(),
        What::Health => Request::get(world.url("/_footbridge/health")).body(String::new()).unwrap(),
        What::Form => signed::form(key, &at(""), bucket, &name, "text/plain", "new"),
        What::Put(place) => s3(place, "PUT", &object, "new"),
        What::Get(mode, dest) => {
            page.extend([("sec-fetch-mode", mode), ("sec-fetch-dest", dest)]);
            s3(Place::Query, "GET", "/doc", "")
        }
        What::Head => s3(Place::Query, "HEAD", "/doc", ""),
        What::List => s3(Place::Query, "GET", "?list-type=2", ""),
        What::DeleteObjects => {
            let document = "<Delete><Object><Key>none</Key></Object></Delete>";
            let digest = [("content-md5", "EpvYphShtu0A5NGVEQm6CQ==")];
            signed::request("s3", key, Place::Query, "POST", &at("?delete"), &digest, document)
        }
        What::Delete(place) => s3(place, "DELETE", &object, ""),
        What::Tag => s3(Place::Query, "PUT", "/doc?tagging", "<Tagging><TagSet/></Tagging>"),
        What::Copy => {
            let source = format!("/{bucket}/doc");
            let source = [("x-amz-copy-source", source.as_str())];
            signed::request("s3", key, Place::Header, "PUT", &at(&object), &source, "")
        }
        What::Worker => {
            page.push(("service-worker", "script"));
            s3(Place::Query, "GET", "/doc", "")
        }
    };
    (world.ask(request, &page).await, name)
}

/// Holds one answer against what the table says.
async fn check(world: &World, what: What, key: Key, who: Who, allowed: bool, (answer, name): (Asked, String)) {
    let case = format!("{what:?} with {key:?} of {who:?}, passed on: {}: {answer:?}", world.through);
    let head = what == What::Head;
    let refused = answer.status == 403 && (answer.code == "AccessForbidden" || (head && key != Key::None));
    if head && key == Key::None {
        // Of a refusal without a body only the status is seen.
        assert_eq!(answer.status, 403, "{case}");
        return;
    }
    assert_eq!(!refused, allowed, "{case}");
    if !allowed {
        assert!(head || what == What::Worker || answer.body.contains("allowed_origins"), "{case}");
    }
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{case}");
    let needs_key = !matches!(what, What::Health | What::Control);
    if allowed && needs_key && key != Key::None {
        assert!(answer.status < 300, "{case}");
    }
    if what == What::Health {
        assert_eq!(answer.status, 200, "{case}");
    }
    // Nothing that was refused left anything.
    let bucket_has = world.get(&name).await.is_some();
    let uploads = matches!(what, What::Form | What::Put(_) | What::Copy);
    assert_eq!(bucket_has, uploads && allowed && key != Key::None, "{case}");
}

async fn hold(world: &World) {
    for (who, page) in askers(world) {
        for (what, columns) in table(page.iter().any(|(name, _)| *name == "origin")) {
            for key in ALL {
                let allowed = columns[who as usize].contains(&key);
                let answer = ask(world, what, key, "bkt", &page).await;
                let readable = answer.0.header("access-control-allow-origin").map(str::to_owned);
                let expected = page.iter().any(|pair| *pair == ("origin", ALLOWED.to_owned()));
                let expected = (expected && what != What::Worker).then(|| ALLOWED.to_owned());
                assert_eq!(readable, expected, "{what:?} {page:?}");
                check(world, what, key, who, allowed, answer).await;
            }
        }
    }
    assert_eq!(world.get("doc").await.as_deref(), Some("doc"));
    assert_eq!(world.tables().await, json!(["users"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_holds_for_everybody_and_every_key() {
    let world = World::start().await;
    hold(&world).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_holds_at_an_endpoint_that_passes_requests_on() {
    let mut world = World::start().await;
    world.through = true;
    hold(&world).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_a_bucket_widen_it_for_a_verified_key() {
    let mut world = World::start().await;
    for through in [false, true] {
        world.through = through;
        for (bucket, origin, may) in [
            ("named", NAMED, VERIFIED),
            ("anyone", NAMED, OWN),
            ("anyone", "null", OWN),
            ("anyone", "http://localhost:3", VERIFIED),
            ("named", "https://other.example", OWN),
            ("bkt", NAMED, OWN),
        ] {
            for what in [What::Put(Place::Query), What::Delete(Place::Query), What::Get("cors", "empty")] {
                for key in [Key::Own, Key::Public, Key::Unknown] {
                    let page = vec![("origin", origin.to_owned())];
                    let (answer, _) = ask(&world, what, key, bucket, &page).await;
                    assert_eq!(
                        answer.status < 300,
                        may.contains(&key),
                        "{bucket} {origin} {what:?} {key:?} {answer:?}"
                    );
                }
            }
            let page = vec![("origin", origin.to_owned())];
            let (answer, _) = ask(&world, What::DynamoDb, Key::Own, bucket, &page).await;
            assert_eq!(answer.code, "AccessForbidden", "{origin}");
        }
    }
    world.stop().await;
}

/// What a bucket's rules widen is stated here, and held against every operation there is: what reads or writes objects of
/// that bucket, not what is about the bucket itself, and no copy.
#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_a_bucket_widen_its_own_objects_and_nothing_else() {
    let of_objects =
        ["ListObjects", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads", "DeleteObjects", "PostObject"];
    let mut world = World::start().await;
    let page = [("origin", NAMED)];
    for through in [false, true] {
        world.through = through;
        for operation in s3::operations() {
            let case = format!("{operation:?}, passed on: {through}");
            let widened =
                !operation.copies && (operation.path.starts_with("/b/k") || of_objects.contains(&operation.name));
            let path = match operation.path.strip_prefix("/b") {
                Some(rest) => format!("/named{rest}"),
                None => operation.path.clone(),
            };
            let request = if operation.name == "PostObject" {
                signed::form(Key::Public, &world.url(&path), "named", "form", "text/plain", "new")
            } else {
                let copy: &[(&str, &str)] = if operation.copies { &[("x-amz-copy-source", "/named/doc")] } else { &[] };
                signed::request("s3", Key::Public, Place::Header, operation.method, &world.url(&path), copy, "")
            };
            let answer = world.ask(request, &page).await;
            if operation.method == "HEAD" {
                // Of a refusal without a body only the status is seen; there is no object `k`.
                assert_eq!(answer.status, if widened { 404 } else { 403 }, "{case}: {answer:?}");
            } else {
                assert_eq!(answer.code != "AccessForbidden", widened, "{case}: {answer:?}");
            }
        }
        // A page takes nothing out of another bucket, and widens its own rules no further.
        let source = "?x-amz-copy-source=%2Fbkt%2Fdoc";
        let rules = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>\
                     </CORSRule></CORSConfiguration>";
        for (method, path, body) in [
            ("PUT", format!("/named/stolen{source}"), ""),
            ("PUT", format!("/named/stolen{source}&partNumber=1&uploadId=u"), ""),
            ("PUT", "/named?cors".to_owned(), rules),
            ("PUT", "/other".to_owned(), ""),
            ("GET", "/bkt/doc".to_owned(), ""),
        ] {
            let request = signed::request("s3", Key::Public, Place::Query, method, &world.url(&path), &[], body);
            let answer = world.ask(request, &page).await;
            assert_eq!((answer.status, answer.code.as_str()), (403, "AccessForbidden"), "{path}: {answer:?}");
        }
        let s3 = &world.clients.s3;
        assert!(s3.head_object().bucket("named").key("stolen").send().await.is_err());
        let rules = s3.get_bucket_cors().bucket("named").send().await.unwrap();
        assert_eq!(rules.cors_rules()[0].allowed_origins(), [NAMED]);
    }
    world.stop().await;
}

/// However its host is written, the host of a bucket serves S3 alone; and a request has one origin.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_one_however_it_is_written() {
    let mut world = World::start().await;
    for through in [false, true] {
        world.through = through;
        let port = world.own_origin().rsplit(':').next().unwrap().to_owned();
        for host in ["bkt.localhost", "bkt.localhost.", "BKT.LocalHost", "Bkt.S3.LOCALHOST."] {
            let host = format!("{host}:{port}");
            let ask = async |request: http::request::Builder| {
                let request = request.header("host", &host).body(String::new()).unwrap();
                world.ask(request, &[]).await
            };
            for path in ["/_footbridge/health", "/doc"] {
                let answer = ask(Request::get(world.url(path))).await;
                assert!(answer.body.contains("Access Denied"), "{host}{path}: {answer:?}");
            }
            let answer = ask(Request::post(world.url("/_footbridge/reset"))).await;
            assert!(answer.status >= 400 && answer.body.contains("<Error>"), "{host}: {answer:?}");
            let target = Request::post(world.url("/")).header("x-amz-target", "DynamoDB_20120810.ListTables");
            let answer = ask(target).await;
            assert_eq!((answer.status, answer.code.as_str()), (400, "InvalidRequest"), "{host}: {answer:?}");
        }
        for origins in [[ALLOWED, NAMED], [NAMED, ALLOWED], [NAMED, NAMED]] {
            let request = signed::request("s3", Key::Public, Place::Query, "GET", &world.url("/named/doc"), &[], "");
            let answer = world.ask(request, &origins.map(|origin| ("origin", origin))).await;
            assert_eq!((answer.status, answer.code.as_str()), (400, "InvalidRequest"), "{origins:?}: {answer:?}");
        }
    }
    assert_eq!(world.get("doc").await.as_deref(), Some("doc"));
    world.stop().await;
}

/// Who asks, by the three headers alone: the first that is there decides.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_header_that_is_there_says_who_asks() {
    let world = World::start().await;
    let own = world.own_origin();
    let pages = [
        (None, None),
        (Some(ALLOWED), Some(Who::Person)),
        (Some("http://localhost:3"), Some(Who::Dev)),
        (Some("https://evil.example"), Some(Who::Site)),
        (Some(own.as_str()), Some(Who::Site)),
    ];
    let sites = [
        (None, Who::Person),
        (Some("none"), Who::Person),
        (Some("same-origin"), Who::Site),
        (Some("same-site"), Who::Site),
        (Some("cross-site"), Who::Site),
    ];
    for (origin, by_origin) in pages {
        for (referer, by_referer) in pages {
            for (site, by_site) in sites {
                let who = by_origin.or(by_referer).unwrap_or(by_site);
                let mut page: Headers = Vec::new();
                page.extend(origin.map(|origin| ("origin", origin.to_owned())));
                page.extend(referer.map(|referer| ("referer", format!("{referer}/path?http://localhost:3"))));
                page.extend(site.map(|site| ("sec-fetch-site", site.to_owned())));
                let read = ask(&world, What::Get("no-cors", "script"), Key::Public, "bkt", &page).await.0.status;
                let write = ask(&world, What::Tag, Key::Public, "bkt", &page).await.0.status;
                let expected = match who {
                    Who::Person => (200, 200),
                    Who::Dev => (200, 403),
                    Who::Site => (403, 403),
                };
                assert_eq!((read, write), expected, "{page:?}");
            }
        }
    }
    world.stop().await;
}
