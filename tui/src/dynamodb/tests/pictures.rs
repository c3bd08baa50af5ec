//! Each part of the view, in each size and look.

use serde_json::json;

use super::fake::{orders_open, shop, trouble};
use super::presses::edit_total;
use crate::look::Look;
use crate::testing::{LOOKS, SIZES, Stage};

type Scene = fn(Look, (u16, u16)) -> Stage;

const SCENES: [(&str, Scene); 18] = [
    ("tables", |look, size| shop(look, size).0),
    ("table", |look, size| {
        let (mut stage, _) = shop(look, size);
        stage.press("j i");
        stage
    }),
    ("items", |look, size| orders_open(look, size).0),
    ("columns", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("right right right o right right right right right right j");
        stage
    }),
    ("item", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("enter");
        stage
    }),
    ("query", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press(
            "Q backtab right tab 'sent tab right right right right right right right tab '2026-11-01 tab '2026-11-09",
        );
        stage
    }),
    ("queried", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("Q backtab right tab 'sent tab right right right right right right tab '2026-11-0 enter");
        stage
    }),
    ("stream", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("s k");
        stage
    }),
    ("record", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("s k enter");
        stage
    }),
    ("editor", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("e");
        edit_total(&mut stage);
        stage.press("n up end backspace ctrl-s");
        stage
    }),
    ("confirm", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("e");
        edit_total(&mut stage);
        stage
    }),
    ("conflict", |look, size| {
        let (mut stage, shop) = orders_open(look, size);
        stage.press("e");
        edit_total(&mut stage);
        shop.borrow_mut().orders[0]["status"] = json!("cancelled");
        stage.press("y j");
        stage
    }),
    ("delete", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("D");
        stage
    }),
    ("copy", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("y");
        stage
    }),
    ("find", |look, size| {
        let (mut stage, _) = orders_open(look, size);
        stage.press("right right o / 'sent");
        stage
    }),
    ("nothing", |look, size| {
        let (mut stage, _) = shop(look, size);
        stage.press("j j enter");
        stage
    }),
    ("refused", |look, size| {
        let (mut stage, shop) = shop(look, size);
        let text = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: dynamodb:Scan on resource: \
                    arn:aws:dynamodb:eu-west-1:123456789012:table/orders because no identity-based policy allows it";
        shop.borrow_mut().trouble = Some(trouble("AccessDeniedException", text));
        stage.press("j enter");
        stage
    }),
    ("slow", |look, size| {
        let (mut stage, shop) = shop(look, size);
        shop.borrow_mut().silent = true;
        stage.press("j enter");
        stage.wait(1200);
        stage
    }),
];

/// Drawn in every size and look; the others at 80 columns in colour.
const WHOLE: [&str; 9] = ["tables", "table", "items", "item", "query", "stream", "record", "confirm", "conflict"];

#[test]
fn each_part_looks_so() {
    for (name, scene) in SCENES {
        let whole = WHOLE.contains(&name);
        for (words, look) in LOOKS {
            for size in SIZES {
                let small = size == SIZES[0];
                let wanted = if whole { small || words == "colour" } else { small && words == "colour" };
                if wanted {
                    let file = format!("{name}_{}x{}_{words}", size.0, size.1);
                    insta::assert_snapshot!(file, scene(look, size).picture(words != "ascii"));
                }
            }
        }
    }
}
