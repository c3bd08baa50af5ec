//! What each tool does, as its authorizer is asked.

use footbridge::mcp::{Bridge, Mode, all_tools};
use serde_json::{Map, Value};

use crate::world::World;

/// The effect of each tool's example.
const EFFECTS: &str = "\
bridge_status read
";

#[tokio::test]
async fn each_tool_has_its_effect() {
    let world = World::new().await;
    let bridge = Bridge::new(world.options(Mode::Ask));
    let effects: String = all_tools()
        .map(|tool| {
            let example: Map<String, Value> = serde_json::from_str(tool.example()).unwrap();
            let effect =
                bridge.effect(tool.name(), &example).unwrap_or_else(|error| panic!("{}: {error}", tool.name()));
            format!("{} {}\n", tool.name(), effect.as_str())
        })
        .collect();
    assert_eq!(effects, EFFECTS);
}
