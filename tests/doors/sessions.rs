//! Temporary credentials at the doors: nobody gets further with them than with the key that they were obtained with.

use crate::pages::{Asked, Headers, Who, World, askers};
use crate::signed::{self, Key, Pair, Place};

const ROLE: &str = "Version=2011-06-15&RoleSessionName=one&RoleArn=arn:aws:iam::000000000000:role/r";
/// `{"alg":"RS256"}`, `{"iss":"i","sub":"s"}` and no signature that anybody could verify.
const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIiwic3ViIjoicyJ9.AAAA";

/// What the holder of `pair` obtains of STS.
async fn obtain(world: &World, pair: Option<Pair<'_>>) -> [String; 3] {
    let form = match pair {
        Some(_) => format!("Action=AssumeRole&{ROLE}"),
        None => format!("Action=AssumeRoleWithWebIdentity&{ROLE}&WebIdentityToken={JWT}"),
    };
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let request = signed::request_as("sts", pair, Place::Header, "POST", &world.url("/"), &headers, &form);
    let answer = world.ask(request, &[]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(|name| {
        let (_, rest) = answer.body.split_once(&format!("<{name}>")).unwrap();
        rest.split_once("</").unwrap().0.to_owned()
    })
}

async fn ask(world: &World, pair: Pair<'_>, place: Place, method: &str, path: &str, page: &Headers) -> Asked {
    let page: Vec<(&str, &str)> = page.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let body = if method == "PUT" { "new" } else { "" };
    world.ask(signed::request_as("s3", Some(pair), place, method, &world.url(path), &[], body), &page).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_opens_to_a_page_what_its_key_does_and_no_more() {
    let mut world = World::start().await;
    for through in [false, true] {
        world.through = through;
        // With an own key a page may everything of these; with the public one what a dev page uploads and reads.
        for (key, own) in [(Key::Own, true), (Key::Public, false), (Key::Unknown, false), (Key::None, false)] {
            let first = obtain(&world, key.pair().map(|(id, secret)| (id, secret, None))).await;
            let second = obtain(&world, Some((&first[0], &first[1], Some(&first[2])))).await;
            for [id, secret, token] in [&first, &second] {
                let pair: Pair<'_> = (id, secret, Some(token));
                for (who, page) in askers(&world) {
                    for place in [Place::Header, Place::Query] {
                        for (method, path, dev) in [
                            ("PUT", "/bkt/sessions", true),
                            ("GET", "/bkt/doc", true),
                            ("DELETE", "/bkt/none", false),
                            ("PUT", "/bkt?versioning", false),
                        ] {
                            let may = own || who == Who::Person || (who == Who::Dev && dev);
                            let answer = ask(&world, pair, place, method, path, &page).await;
                            let refused = answer.status == 403 && answer.code == "AccessForbidden";
                            assert_eq!(refused, !may, "{key:?} {who:?} {page:?} {method} {path}: {answer:?}");
                        }
                    }
                }
            }
        }
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_key_with_another_secret_is_an_unknown_one_and_opens_nothing_to_a_page() {
    let mut world = World::start().await;
    for through in [false, true] {
        world.through = through;
        for (who, page) in askers(&world) {
            for place in [Place::Header, Place::Query] {
                let answer = ask(&world, ("test", "another", None), place, "GET", "/bkt/doc", &page).await;
                // A presigned URL says what it is for, whoever has it.
                let forgiven = who == Who::Person && place == Place::Header;
                let expected = if forgiven { (200, "") } else { (403, "SignatureDoesNotMatch") };
                assert_eq!((answer.status, answer.code.as_str()), expected, "{page:?}");
            }
        }
    }
    world.stop().await;
}
