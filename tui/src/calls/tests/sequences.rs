//! Every key of the calls, and every key that holds everywhere, does what its table says.

use ratatui::style::{Color, Modifier};

use super::recorded::stage;
use crate::ask::Ask;
use crate::calls::{Act, KEYS};
use crate::keys::{Action, Scope, Tab, of};
use crate::look::{Look, Theme};
use crate::testing::Stage;

const LOOK: Look = Look { theme: Theme::Dark, ascii: false };

/// A dashboard over the recording, where keys go to `scope`.
fn at(scope: Scope) -> Stage {
    let mut stage = stage(LOOK, (120, 36));
    stage.press(match scope {
        Scope::Latency => "tab",
        Scope::Call => "/ 'tool:=dynamodb_query enter g enter",
        Scope::Help => "?",
        _ => "",
    });
    stage
}

/// The row that is marked as selected; in a text, that under the cursor.
pub(super) fn selected(stage: &mut Stage) -> String {
    let buffer = stage.drawn();
    let marked = (0..buffer.area.height).find(|y| {
        // Of a pane that keys do not go to, the selected row is not bold.
        let first = &buffer[(2, *y)];
        (first.bg == Color::Indexed(238) && first.modifier.contains(Modifier::BOLD))
            || (0..buffer.area.width).any(|x| buffer[(x, *y)].symbol() == "▌")
    });
    let row = |y| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    marked.map(row).unwrap_or_default()
}

/// Presses `key` in `scope`, and sees that it does what `action` says. `None` where nobody has said how that shows.
#[allow(clippy::too_many_lines)]
fn try_key(scope: Scope, action: Action, key: &str) -> Option<()> {
    let mut stage = at(scope);
    let before = (stage.text(), selected(&mut stage));
    let has =
        |stage: &mut Stage, part: &str| assert!(stage.text().contains(part), "{key}: no {part}\n{}", stage.text());
    let is_call = scope == Scope::Call;
    match (scope, action) {
        (Scope::Help, Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last) => {
            let up = matches!(action, Action::Up | Action::PageUp | Action::First);
            if up {
                stage.press("G");
            }
            let from = stage.text();
            stage.press(key);
            assert_ne!(stage.text(), from);
            has(&mut stage, "Keys");
        }
        (Scope::Help, Action::Back) => {
            stage.press(key);
            has(&mut stage, "Latency ─");
        }
        // The last call is selected at first, and the first row of everything else.
        (Scope::Calls, Action::Up | Action::PageUp | Action::First) => {
            stage.press(key);
            assert_ne!(selected(&mut stage), before.1);
            has(&mut stage, "paused (G follows)");
            if action == Action::First {
                has(&mut stage, "BridgeStatus");
            }
        }
        (_, Action::Down | Action::PageDown | Action::Last) if scope != Scope::Calls => {
            stage.press(key);
            assert_ne!(selected(&mut stage), before.1, "{key}");
        }
        (Scope::Calls, Action::Down | Action::PageDown | Action::Last) => {
            stage.press("g");
            let from = selected(&mut stage);
            stage.press(key);
            assert_ne!(selected(&mut stage), from);
            assert_eq!(stage.text().contains("following"), action == Action::Last);
        }
        (_, Action::Up | Action::PageUp | Action::First) => {
            stage.press("G");
            let from = selected(&mut stage);
            stage.press(key);
            assert_ne!(selected(&mut stage), from, "{key}");
        }
        (_, Action::Tab(tab)) => {
            stage.press(key);
            let wanted = match tab {
                Tab::Calls => "─ Request",
                Tab::S3 => "2 S3",
                Tab::DynamoDb => "Tables",
                Tab::Approvals => "Approvals ─",
                Tab::Sessions => "Processes",
            };
            if tab == Tab::Calls {
                assert_eq!(stage.text(), before.0);
            } else {
                has(&mut stage, wanted);
            }
        }
        (_, Action::Palette) => {
            stage.press(key);
            has(&mut stage, "What to do");
        }
        (_, Action::Redraw) => {
            stage.press(key);
            assert_eq!(stage.text(), before.0);
        }
        (_, Action::Help) => {
            stage.press(key);
            has(&mut stage, "Keys ─");
        }
        (_, Action::Quit) => {
            stage.press(key);
            assert!(stage.quit);
        }
        (Scope::Calls, Action::Open) => {
            stage.press(key);
            has(&mut stage, "─ Request ─");
            has(&mut stage, "CUSTOMER#lin");
        }
        (Scope::Latency, Action::Open) => {
            stage.press(key);
            has(&mut stage, "Calls /tool:=s3_put_object");
            has(&mut stage, "9 of 53");
        }
        (Scope::Call, Action::Fold) => {
            stage.press(key);
            has(&mut stage, "members }");
        }
        (Scope::Call, Action::FoldAll) => {
            stage.press(key);
            has(&mut stage, "\"values\": { … 2 members }");
            stage.press(key);
            assert!(!stage.text().contains("\"values\": { …"));
        }
        (Scope::Call, Action::Wrap) => {
            stage.press(key);
            has(&mut stage, "cut at the edge");
        }
        (Scope::Calls, Action::Next | Action::Previous) => {
            stage.press(key);
            has(&mut stage, "only this");
        }
        (Scope::Latency, Action::Next | Action::Previous) => {
            stage.press(key);
            has(&mut stage, "Enter open");
        }
        (Scope::Call, Action::Next) => {
            stage.press(key);
            stage.press(key);
            has(&mut stage, "─ AWS calls");
        }
        (Scope::Call, Action::Previous) => {
            stage.press("tab tab");
            stage.press(key);
            has(&mut stage, "─ Response");
        }
        (Scope::Calls | Scope::Latency, Action::Filter) => {
            stage.press(key);
            stage.press("'table:Forum");
            has(&mut stage, "Calls /table:Forum");
            stage.press("esc");
            assert!(!stage.text().contains("table:Forum"));
        }
        (Scope::Call, Action::Search) => {
            stage.press(key);
            stage.press("'values");
            assert!(selected(&mut stage).contains("values"));
        }
        (Scope::Call, Action::NextMatch | Action::PreviousMatch) => {
            stage.press("/ 'l enter");
            let from = selected(&mut stage);
            stage.press(key);
            assert_ne!(selected(&mut stage), from);
        }
        (_, Action::Calls(Act::Errors)) => {
            stage.press(key);
            has(&mut stage, "Calls that went wrong");
            has(&mut stage, "6 of 53");
            stage.press(key);
            assert_eq!(stage.text(), before.0);
        }
        (_, Action::Sort) => {
            for title in ["TOOK ▲", "CALL ▲", "▲", "ON ▲", "BY ▲", "TIME ▲"] {
                stage.press(key);
                has(&mut stage, title);
            }
        }
        (_, Action::Copy) => {
            stage.press(key);
            has(&mut stage, "AWS CLI command");
            stage.press("k");
            let wanted = if is_call { None } else { Some(r#"{"pk":{"S":"CUSTOMER#lin"},"sk":{"S":"PROFILE"}}"#) };
            assert_eq!(stage.copied.first().map(String::as_str), wanted);
        }
        (_, Action::Export) => {
            stage.press(key);
            has(&mut stage, "NDJSON");
            stage.press("h");
            has(&mut stage, "write to calls-20261122110004.har");
            stage.press("enter");
            has(&mut stage, if is_call { "1 call written to /home/ada/calls-" } else { "53 calls written to" });
            assert!(
                matches!(stage.asked.last(), Some(Ask::SaveCalls { places, .. }) if places.len() == if is_call { 1 } else { 53 })
            );
        }
        (_, Action::Calls(Act::Replay)) => {
            stage.press(key);
            // The selected call deletes, the open one reads.
            if !is_call {
                has(&mut stage, "Make this call again?");
                assert!(!stage.asked.iter().any(|ask| matches!(ask, Ask::Replay(_))));
                stage.press("y");
            }
            has(&mut stage, "2 differences to what came before:");
        }
        (_, Action::Calls(Act::Data)) => {
            stage.press(key);
            has(&mut stage, "Shop");
            assert!(
                stage.asked.iter().any(|ask| matches!(ask, Ask::Table(table) if table == "Shop")),
                "{:?}",
                stage.asked
            );
        }
        (_, Action::Calls(Act::Freeze)) => {
            stage.press(key);
            has(&mut stage, "frozen (Space goes on)");
            stage.press(key);
            has(&mut stage, "following");
        }
        (Scope::Calls, Action::Calls(Act::NextError)) => {
            stage.press("g");
            stage.press(key);
            assert!(selected(&mut stage).contains('✗'));
        }
        (Scope::Calls, Action::Calls(Act::PreviousError)) => {
            stage.press(key);
            assert!(selected(&mut stage).contains("AccessDenied"));
        }
        // The three queries: one went well, two went wrong.
        (Scope::Call, Action::Calls(Act::NextError | Act::NextCall)) => {
            stage.press(key);
            has(&mut stage, "invalid_arguments");
        }
        (Scope::Call, Action::Calls(Act::PreviousError)) => {
            stage.press(key);
            has(&mut stage, "No earlier call went wrong");
        }
        (Scope::Call, Action::Calls(Act::PreviousCall)) => {
            stage.press(key);
            has(&mut stage, "This is the first call");
            stage.press("J");
            stage.press(key);
            has(&mut stage, "2 items");
        }
        (Scope::Call, Action::Back) => {
            stage.press(key);
            has(&mut stage, "Calls /tool:=dynamodb_query");
        }
        (Scope::Calls | Scope::Latency, Action::Back) => {
            stage.press("e / 'service:s3 enter");
            has(&mut stage, "Calls that went wrong /service:s3");
            stage.press(key);
            assert!(!stage.text().contains("/service:s3"));
            stage.press(key);
            assert!(!stage.text().contains("that went wrong"));
            stage.press(key);
            has(&mut stage, if scope == Scope::Calls { "Esc does nothing here" } else { "Enter open" });
        }
        _ => return None,
    }
    Some(())
}

#[test]
fn every_key_does_what_its_table_says() {
    for scope in [Scope::Calls, Scope::Latency, Scope::Call, Scope::Help] {
        for binding in of(scope) {
            for key in binding.keys {
                let known = try_key(scope, binding.action, key);
                assert!(known.is_some(), "nothing says what {key} ({:?}) does in {scope:?}", binding.action);
            }
        }
    }
    // Nothing of this view's table holds where nobody looked.
    let mut scopes = KEYS.iter().flat_map(|binding| binding.scopes);
    assert!(scopes.all(|scope| matches!(scope, Scope::Calls | Scope::Latency | Scope::Call)));
}
