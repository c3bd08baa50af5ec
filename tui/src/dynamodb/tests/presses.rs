//! Each key of this view does what its table says: from a part of the view, the key, and what comes of it.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use serde_json::json;

use super::fake::{COLOUR, Shop, shop, trouble};
use crate::ask::Ask;
use crate::dynamodb::KEYS;
use crate::keys::Scope;
use crate::testing::Stage;

type Check = fn(&mut Stage, &Rc<RefCell<Shop>>);

/// Where keys hold, the keys, what is pressed before, and what is true then.
const SEQUENCES: &[(Scope, &[&str], &str, Check)] = &[
    (Scope::Tables, &["enter"], "j", |stage, _| has(stage, &["Scan orders", "30 items · 2 RCU", "c-000"])),
    (Scope::Tables, &["esc"], "/ 'ord enter", |stage, _| has(stage, &["events", "sessions"])),
    (Scope::Tables, &["Q"], "j", |stage, _| has(stage, &["Query orders", "customer (S)", "order (N)"])),
    (Scope::Tables, &["/"], "", |stage, _| {
        stage.press("'SESS");
        has(stage, &["/SESS", "sessions", "1 of 4"]);
        has_not(stage, "products");
    }),
    (Scope::Tables, &["n"], "", |stage, _| has(stage, &["That is all"])),
    (Scope::Tables, &["s"], "j", |stage, _| has(stage, &["Stream orders", "MODIFY"])),
    (Scope::Tables, &["i"], "j", |stage, _| has(stage, &["Table orders", "customer  string  hash key"])),
    (Scope::Tables, &["y"], "j", |stage, _| {
        stage.press("a");
        assert_eq!(stage.copied, ["arn:aws:dynamodb:us-east-1:000000000000:table/orders"]);
    }),
    (Scope::Tables, &["o"], "", |stage, _| {
        stage.press("o g");
        has(stage, &["ITEMS ▲"]);
        stage.press("enter");
        has(stage, &["Scan events"]);
    }),
    (Scope::Tables, &["tab"], "j", |stage, _| has(stage, &["Table orders"])),
    (Scope::Tables, &["c"], "j", |stage, _| has(stage, &["Calls"])),
    (Scope::Tables, &["r"], "", |stage, _| assert!(asked(stage, |ask| matches!(ask, Ask::Tables { after: None })) > 1)),
    (Scope::Table, &["enter", "space"], "j i", |stage, _| has(stage, &["Table orders"])),
    (Scope::Table, &["esc"], "j i", |stage, _| has(stage, &["Tables", "products"])),
    (Scope::Table, &["Q"], "j i", |stage, _| has(stage, &["Query orders"])),
    (Scope::Table, &["/"], "j i", |stage, _| {
        stage.press("'ttl enter");
        has(stage, &["▌   TTL"]);
    }),
    (Scope::Table, &["n"], "j i / 'status enter g", |stage, _| has(stage, &["▌     keys  status S, date S"])),
    (Scope::Table, &["N"], "j i / 'global enter g", |stage, _| has(stage, &["▌   by-date  global"])),
    (Scope::Table, &["s"], "j i", |stage, _| has(stage, &["Stream orders"])),
    (Scope::Table, &["y"], "j i", |stage, _| {
        stage.press("n");
        assert_eq!(stage.copied, ["orders"]);
    }),
    (Scope::Table, &["tab"], "j i", |stage, _| has(stage, &["Tables", "products"])),
    (Scope::Table, &["z"], "j i", |stage, _| has(stage, &["Table orders"])),
    (Scope::Table, &["w"], "j i", |stage, _| has(stage, &["Table orders"])),
    (Scope::Table, &["c"], "j i", |stage, _| has_not(stage, "Table orders")),
    (Scope::Table, &["r"], "j i", |stage, _| assert!(asked(stage, |ask| *ask == Ask::Table("orders".into())) > 1)),
    (Scope::Items, &["enter"], "j enter j", |stage, _| {
        has(stage, &["Item customer=c-000 order=1001", "\"total\": 12.5"]);
    }),
    (Scope::Items, &["esc"], "j enter", |stage, _| has(stage, &["Tables", "products"])),
    (Scope::Items, &["Q"], "j enter", |stage, _| {
        stage.press("'c-002 enter");
        has(stage, &["Query orders customer=c-002", "3 items"]);
    }),
    (Scope::Items, &["f"], "j enter", |stage, _| {
        stage.press("'status=\"sent\" enter");
        has(stage, &["Scan orders where status=\"sent\"", "8 of 30 read"]);
    }),
    (Scope::Items, &["/"], "j enter", |stage, _| {
        stage.press("'TROMS");
        has(stage, &["/TROMS: 1 of 6 in 30 loaded"]);
        stage.press("esc");
        has(stage, &["1 of 30"]);
    }),
    (Scope::Items, &["n"], "j enter", |stage, _| has(stage, &["That is all"])),
    (Scope::Items, &["e", "E"], "j enter j", |stage, _| {
        has(stage, &["Edit orders customer=c-000 order=1001", "Ctrl-S"]);
    }),
    (Scope::Items, &["a"], "j enter", |stage, shop| {
        stage.press("'c-999 ctrl-s");
        has(stage, &["Put in orders", "customer=c-999 order=0", "nothing but the key"]);
        stage.press("y");
        assert_eq!(shop.borrow().writes, [(None, Some(json!({"customer": "c-999", "order": 0})))]);
        has(stage, &["Put orders customer=c-999 order=0"]);
        stage.press("j k");
        has(stage, &["c-999"]);
    }),
    (Scope::Items, &["A"], "j enter", |stage, shop| {
        has(stage, &["New item in orders", "give it a key of its own"]);
        stage.press("'x ctrl-s y");
        assert_eq!(shop.borrow().writes[0].1.as_ref().unwrap()["customer"], "c-000x");
    }),
    (Scope::Items, &["D", "delete"], "j enter j", |stage, shop| {
        has(stage, &["Delete from orders", "customer=c-000 order=1001"]);
        stage.press("y");
        assert!(matches!(shop.borrow().writes[0], (Some(_), None)));
        has(stage, &["Deleted orders customer=c-000 order=1001"]);
        stage.press("k");
        has_not(stage, " 1001 ");
    }),
    (Scope::Items, &["s"], "j enter", |stage, _| has(stage, &["Stream orders"])),
    (Scope::Items, &["i"], "j enter", |stage, _| {
        has(stage, &["Table orders"]);
        stage.press("esc");
        has(stage, &["Scan orders"]);
    }),
    (Scope::Items, &["y"], "j enter right right", |stage, _| {
        stage.press("v y g");
        assert_eq!(stage.copied[0], "2026-11-01");
        assert_eq!(
            stage.copied[1],
            "aws dynamodb get-item --endpoint-url=http://127.0.0.1:4566 --region=us-east-1 --table-name=orders \
             --key='{\"customer\":{\"S\":\"c-000\"},\"order\":{\"N\":\"1000\"}}'"
        );
    }),
    (Scope::Items, &["x"], "j enter", |stage, shop| {
        stage.press("c enter");
        has(stage, &["30 rows written to /home/ada/orders-20261122-102004.csv"]);
        assert!(shop.borrow().files[0].1.starts_with("customer,order,"));
    }),
    (Scope::Items, &["o"], "j enter right right right right", |stage, _| {
        has(stage, &["total ▲", "rising by total"]);
        stage.press("o");
        has(stage, &["total ▼"]);
        stage.press("enter");
        has(stage, &["\"total\": 75.0"]);
    }),
    (Scope::Items, &["left", "h"], "j enter right right", |stage, _| {
        stage.press("o");
        has(stage, &["order ▲"]);
    }),
    (Scope::Items, &["right", "l"], "j enter", |stage, _| {
        stage.press("right right right right right right right right o");
        has(stage, &["address ▲"]);
    }),
    (Scope::Items, &["tab"], "j enter", |stage, _| has(stage, &["Item customer=c-000 order=1000"])),
    (Scope::Items, &["c"], "j enter", |stage, _| has_not(stage, "Scan orders")),
    (Scope::Items, &["r"], "j enter", |stage, shop| {
        shop.borrow_mut().orders.truncate(2);
        stage.press("r");
        has(stage, &["2 items"]);
    }),
    (Scope::Item, &["enter", "space"], "j enter enter j j j", |stage, _| has(stage, &["\"address\": { … 3 members }"])),
    (Scope::Item, &["esc"], "j enter enter", |stage, _| has(stage, &["Scan orders"])),
    (Scope::Item, &["/"], "j enter enter", |stage, _| {
        stage.press("'2026 enter");
        has(stage, &["▌   \"date\": \"2026-11-01\""]);
    }),
    (Scope::Item, &["n"], "j enter enter / 'ct enter", |stage, _| has_not(stage, "does nothing")),
    (Scope::Item, &["N"], "j enter enter / 'a enter", |stage, _| has_not(stage, "does nothing")),
    (Scope::Item, &["e", "E"], "j enter enter", |stage, _| has(stage, &["Edit orders customer=c-000 order=1000"])),
    (Scope::Item, &["A"], "j enter enter", |stage, _| has(stage, &["New item in orders"])),
    (Scope::Item, &["D", "delete"], "j enter enter", |stage, _| {
        stage.press("n");
        has(stage, &["Nothing was deleted"]);
        stage.press("D y");
        has(stage, &["Scan orders", "29 items"]);
    }),
    (Scope::Item, &["i"], "j enter enter", |stage, _| {
        has(stage, &["Table orders"]);
        stage.press("esc");
        has(stage, &["Item customer=c-000"]);
    }),
    (Scope::Item, &["y"], "j enter enter", |stage, _| {
        stage.press("t y k");
        assert!(
            stage.copied[0].starts_with("{\"customer\":{\"S\":\"c-000\"}") || stage.copied[0].contains("\"BOOL\":true")
        );
        assert_eq!(stage.copied[1], "{\"customer\":\"c-000\",\"order\":1000}");
    }),
    (Scope::Item, &["x"], "j enter enter", |stage, shop| {
        stage.press("n enter");
        assert_eq!(shop.borrow().files.len(), 1);
        has(stage, &["1 row written"]);
    }),
    (Scope::Item, &["left", "h"], "j enter j enter", |stage, _| has(stage, &["Item customer=c-000 order=1000"])),
    (Scope::Item, &["right", "l"], "j enter enter", |stage, _| has(stage, &["Item customer=c-000 order=1001"])),
    (Scope::Item, &["Q"], "j enter enter", |stage, _| has(stage, &["Query orders", "customer (S)"])),
    (Scope::Item, &["s"], "j enter enter", |stage, _| {
        has(stage, &["Stream orders"]);
        stage.press("esc");
        has(stage, &["Item customer=c-000"]);
    }),
    (Scope::Item, &["tab"], "j enter enter", |stage, _| has(stage, &["Scan orders"])),
    (Scope::Item, &["z"], "j enter enter", |stage, _| has(stage, &["\"lines\": [ … 1 elements ]"])),
    (Scope::Item, &["w"], "j enter enter", |stage, _| has(stage, &["Item customer=c-000"])),
    (Scope::Item, &["r"], "j enter enter", |stage, shop| {
        shop.borrow_mut().orders[0]["status"] = json!("changed");
        stage.press("r");
        has(stage, &["As it is now"]);
        stage.press("/ 'changed enter");
        has(stage, &["\"status\": \"changed\""]);
    }),
    (Scope::Stream, &["enter"], "j s", |stage, _| has(stage, &["REMOVE customer=c-001 order=1003", "before", "after"])),
    (Scope::Stream, &["esc"], "j s", |stage, _| has(stage, &["Tables", "products"])),
    (Scope::Stream, &["/"], "j s", |stage, _| {
        stage.press("'insert");
        has(stage, &["1 of 3"]);
    }),
    (Scope::Stream, &["space"], "j s", |stage, _| {
        has(stage, &["paused"]);
        let before = stage.asked.len();
        stage.wait(5000);
        assert_eq!(stage.asked.len(), before);
        stage.press("space");
        stage.wait(1000);
        assert_eq!(stage.asked.len(), before + 1);
    }),
    (Scope::Stream, &["i"], "j s", |stage, _| has(stage, &["Table orders"])),
    (Scope::Stream, &["y"], "j s", |stage, _| {
        stage.press("k");
        assert_eq!(stage.copied, ["{\"customer\":\"c-001\",\"order\":1003}"]);
    }),
    (Scope::Stream, &["x"], "j s", |stage, shop| {
        stage.press("n enter");
        assert_eq!(shop.borrow().files[0].1.lines().count(), 3);
    }),
    (Scope::Stream, &["tab"], "j s", |stage, _| has(stage, &["before", "after"])),
    (Scope::Stream, &["c"], "j s", |stage, _| has_not(stage, "Stream orders")),
    (Scope::Stream, &["r"], "j s", |stage, _| assert_eq!(asked(stage, |ask| matches!(ask, Ask::Stream { .. })), 2)),
];

fn has(stage: &mut Stage, texts: &[&str]) {
    let shown = stage.text();
    for text in texts {
        assert!(shown.contains(text), "no {text:?} in\n{shown}");
    }
}

fn has_not(stage: &mut Stage, text: &str) {
    let shown = stage.text();
    assert!(!shown.contains(text), "{text:?} in\n{shown}");
}

/// In the editor: the last attribute becomes 3.5.
pub(super) fn edit_total(stage: &mut Stage) {
    for _ in 0..40 {
        stage.press("down");
    }
    stage.press("up end backspace backspace backspace '3.5 ctrl-s");
}

fn asked(stage: &Stage, which: impl Fn(&Ask) -> bool) -> usize {
    stage.asked.iter().filter(|ask| which(ask)).count()
}

#[test]
fn each_key_does_what_it_says() {
    for (_, keys, before, check) in SEQUENCES {
        for key in *keys {
            let (mut stage, shop) = shop(COLOUR, (80, 24));
            // A picture after each key, as the loop makes them.
            for one in before.split(' ').chain([*key]) {
                stage.press(one);
                stage.text();
            }
            has_not(&mut stage, "does nothing here");
            check(&mut stage, &shop);
        }
    }
}

#[test]
fn each_key_has_a_sequence() {
    let held: HashSet<(Scope, &str)> =
        SEQUENCES.iter().flat_map(|(scope, keys, ..)| keys.iter().map(|key| (*scope, *key))).collect();
    for binding in KEYS {
        for scope in binding.scopes {
            for key in binding.keys {
                assert!(held.contains(&(*scope, *key)), "no sequence for {key} in {scope:?}: {}", binding.help);
            }
        }
    }
}

#[test]
fn an_item_that_was_changed_meanwhile_is_shown_beside_what_was_to_be_written() {
    let (mut stage, shop) = shop(COLOUR, (120, 36));
    stage.press("j enter e");
    edit_total(&mut stage);
    has(&mut stage, &["Write in orders", "~ total  0.0 → 3.5", "y do it   n leave it"]);
    shop.borrow_mut().orders[0]["status"] = json!("cancelled");
    stage.press("y");
    has(
        &mut stage,
        &[
            "Somebody changed this meanwhile",
            "nothing was written",
            "stored now",
            "what you wrote",
            "-\"status\": \"cancelled\"",
            "+\"status\": \"paid\"",
        ],
    );
    assert_eq!(shop.borrow().orders[0]["total"], json!(0.0));
    // Again, over what is stored now.
    stage.press("e ctrl-s");
    has(&mut stage, &["~ status  \"cancelled\" → \"paid\"", "~ total   0.0 → 3.5"]);
    stage.press("y");
    assert_eq!(shop.borrow().orders[0]["total"], json!(3.5));
    has(&mut stage, &["Scan orders", "Written orders customer=c-000 order=1000"]);
}

#[test]
fn what_cannot_be_written_keeps_its_text() {
    let (mut stage, shop) = shop(COLOUR, (80, 24));
    stage.press("j enter a 'c-000 ctrl-s");
    stage.press("y");
    // There is no order 0 yet, but the source fails.
    shop.borrow_mut().orders.pop();
    stage.press("a 'c-1 ctrl-s");
    shop.borrow_mut().trouble = Some(trouble("InternalServerError", "try again"));
    stage.press("y");
    has(&mut stage, &["New item in orders", "\"c-1\"", "InternalServerError: try again"]);
    shop.borrow_mut().trouble = None;
    // A text that was changed does not go by one key.
    stage.press("'x esc");
    has(&mut stage, &["Esc again drops what you changed"]);
    stage.press("ctrl-s y");
    assert_eq!(shop.borrow().writes.last().unwrap().1.as_ref().unwrap()["customer"], "c-1x");
}

#[test]
fn an_index_that_holds_less_is_not_written_back_as_if_it_were_all() {
    let (mut stage, shop) = shop(COLOUR, (120, 36));
    stage.press("j enter Q backtab right right tab 'c-000 enter");
    has(&mut stage, &["Query orders/by-total customer=c-000", "3 items"]);
    stage.press("enter");
    has(&mut stage, &["as the index holds it"]);
    stage.press("e");
    has(&mut stage, &["\"status\": \"paid\""]);
    stage.press("esc D");
    stage.wait(300);
    stage.press("y");
    let whole = shop.borrow().writes[0].0.clone().unwrap();
    assert_eq!(whole["status"], "paid");
}

#[test]
fn a_key_stays_as_it_is_and_nothing_changed_is_nothing_written() {
    let (mut stage, shop) = shop(COLOUR, (120, 36));
    stage.press("j enter e ctrl-s");
    has(&mut stage, &["Nothing was changed"]);
    stage.press("e down end backspace backspace 'x\", ctrl-s");
    has(&mut stage, &["customer is a key, which stays as it is"]);
    assert!(shop.borrow().writes.is_empty());
}

#[test]
fn a_query_says_what_is_missing_and_finds_by_index() {
    let (mut stage, _) = shop(COLOUR, (80, 24));
    stage.press("j enter Q backtab right");
    has(&mut stage, &["status (S)", "date (S)"]);
    stage.press("tab tab right enter");
    has(&mut stage, &["a query needs a value of status"]);
    stage.press("'sent tab tab '2026-11-02 enter");
    has(&mut stage, &["Query orders/by-date status=sent date=2026-11-02", "2 items"]);
    assert!(stage.asked.iter().any(|ask| matches!(ask, Ask::Items(read) if read.index.as_deref() == Some("by-date"))));
    // The form comes again as it was filled in.
    stage.press("Q");
    has(&mut stage, &["< by-date >", "sent", "2026-11-02"]);
}

#[test]
fn another_view_leads_to_a_table() {
    let (mut stage, _) = shop(COLOUR, (80, 24));
    stage.press("1 : 'table ' 'orders enter");
    has(&mut stage, &["Scan orders", "c-000"]);
    stage.press("esc");
    has(&mut stage, &["Tables"]);
}

#[test]
fn the_mouse_selects_and_opens() {
    let (mut stage, _) = shop(COLOUR, (200, 60));
    stage.click(5, 5);
    has(&mut stage, &["Table orders"]);
    stage.click(5, 5);
    has(&mut stage, &["Scan orders"]);
    stage.click(5, 6);
    has(&mut stage, &["Item customer=c-000 order=1002"]);
    stage.wheel(5, 6, true);
    has(&mut stage, &["Item customer=c-001 order=1005"]);
    stage.click(150, 8);
    stage.press("esc");
    has(&mut stage, &["Scan orders"]);
    stage.click(16, 3);
    stage.click(16, 3);
    has(&mut stage, &["order ▲"]);
}
