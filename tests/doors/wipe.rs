//! A page that stores a document of its own and goes there, to have the endpoint's origin; and what it does next.

use http::Request;
use serde_json::json;

use crate::pages::{Asked, World};
use crate::signed::{self, Key, Place};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_cannot_have_a_document_of_its_own_run_on_the_endpoints_origin() {
    let world = World::start().await;
    let evil = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    let upload = signed::form(Key::Public, &world.url("/bkt"), "bkt", "page.html", "text/html", "<script>");
    assert_eq!(world.ask(upload, &evil).await.code, "AccessForbidden");
    assert_eq!(world.get("page.html").await, None);
    // One that somebody else put there is shown, and nothing of it runs.
    world.put("page.html", "text/html", "<script>").await;
    for path in ["/bkt/page.html", "/bkt/doc?response-content-type=text/html"] {
        let clicked = [
            ("referer", "https://evil.example/"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        let link = signed::request("s3", Key::Public, Place::Query, "GET", &world.url(path), &[], "");
        let shown = world.ask(link, &clicked).await;
        assert_eq!(shown.status, 200, "{path}: {}", shown.body);
        assert_eq!(shown.header("content-security-policy"), Some("sandbox"), "{path}");
        assert_eq!(shown.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_on_the_endpoints_own_origin_would_have_no_power() {
    let world = World::start().await;
    let own = world.own_origin();
    let at_bucket = own.replace("127.0.0.1", "bkt.localhost");
    for (origin, site) in [(own.as_str(), "same-origin"), (&at_bucket, "cross-site"), ("null", "cross-site")] {
        let page = [("origin", origin), ("sec-fetch-site", site), ("sec-fetch-mode", "cors")];
        let json = "application/x-amz-json-1.0";
        let scan = [("x-amz-target", "DynamoDB_20120810.ListTables"), ("content-type", json)];
        for key in [Key::Public, Key::Own, Key::Unknown] {
            let scan = signed::request("dynamodb", key, Place::Header, "POST", &world.url("/"), &scan, "{}");
            assert_eq!(world.ask(scan, &page).await.code, "AccessForbidden", "{origin} {key:?}");
        }
        for (method, path) in [("GET", "/"), ("POST", "/bkt?delete"), ("DELETE", "/bkt/doc"), ("PUT", "/bkt/new")] {
            let request = signed::request("s3", Key::Public, Place::Query, method, &world.url(path), &[], "");
            assert_eq!(world.ask(request, &page).await.code, "AccessForbidden", "{origin} {method} {path}");
        }
        for path in ["/_footbridge/reset", "/_localstack/state/reset", "/_footbridge/release"] {
            let reset = Request::post(world.url(path)).body(String::new()).unwrap();
            assert_eq!(world.ask(reset, &page).await.code, "AccessForbidden", "{origin} {path}");
        }
    }
    assert_eq!(world.get("doc").await.as_deref(), Some("doc"));
    assert_eq!(world.tables().await, json!(["users"]));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_needs_no_preflight_is_refused() {
    let world = World::start().await;
    let document = "<Delete><Object><Key>doc</Key></Object></Delete>";
    let headers = [("content-type", "text/plain")];
    for key in [Key::Public, Key::Unknown, Key::None] {
        for page in ["https://evil.example", "http://localhost:3000", "null"] {
            let url = world.url("/bkt?delete");
            let request = signed::request("s3", key, Place::Query, "POST", &url, &[], document);
            let headers = [headers[0], ("origin", page), ("sec-fetch-mode", "no-cors")];
            let answer: Asked = world.ask(request, &headers).await;
            assert_eq!(answer.code, "AccessForbidden", "{page} {key:?}");
            assert!(answer.body.contains("allowed_origins"), "{}", answer.body);
        }
    }
    assert_eq!(world.get("doc").await.as_deref(), Some("doc"));
    world.stop().await;
}
