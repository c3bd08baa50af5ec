//! What the suite looks for in the lists, by the names that it has for it.

use serde_json::{Value, json};

/// A tool without parameters, by its name.
const PLAIN: [&str; 23] = [
    "test_simple_text",
    "test_image_content",
    "test_audio_content",
    "test_embedded_resource",
    "test_multiple_content_types",
    "test_tool_with_logging",
    "test_logging_tool",
    "test_error_handling",
    "test_tool_with_progress",
    "test_elicitation_sep1034_defaults",
    "test_elicitation_sep1330_enums",
    "test_missing_capability",
    "test_streaming_elicitation",
    "test_reconnection",
    "test_input_required_result_elicitation",
    "test_input_required_result_sampling",
    "test_input_required_result_list_roots",
    "test_input_required_result_request_state",
    "test_input_required_result_multiple_inputs",
    "test_input_required_result_multi_round",
    "test_input_required_result_tampered_state",
    "test_input_required_result_capabilities",
    "test_trigger_tool_change",
];

/// The tools.
pub fn tools() -> Value {
    let tool =
        |name: &str, schema: Value| json!({ "name": name, "description": "For the suite.", "inputSchema": schema });
    let text =
        |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } }, "required": [name] });
    let plain = PLAIN.iter().map(|name| tool(name, json!({ "type": "object" })));
    let deep = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": { "address": { "$anchor": "addressDef", "type": "object", "properties": { "street": { "type": "string" }, "city": { "type": "string" } } } },
        "properties": {
            "name": { "type": "string" },
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": { "type": "string" },
            "email": { "type": "string" },
        },
        "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
        "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
        "then": { "required": ["phone"] },
        "else": { "required": ["email"] },
        "additionalProperties": false,
    });
    let special = [
        tool("test_sampling", text("prompt")),
        tool("test_elicitation", text("message")),
        tool("json_schema_2020_12_tool", deep),
    ];
    plain.chain(special).collect()
}

/// The prompts.
pub fn prompts() -> Value {
    let prompt = |name: &str, arguments: &[&str]| {
        let arguments: Value =
            arguments.iter().map(|name| json!({ "name": name, "description": "A text.", "required": true })).collect();
        json!({ "name": name, "description": "For the suite.", "arguments": arguments })
    };
    json!([
        prompt("test_simple_prompt", &[]),
        prompt("test_prompt_with_arguments", &["arg1", "arg2"]),
        prompt("test_prompt_with_embedded_resource", &["resourceUri"]),
        prompt("test_prompt_with_image", &[]),
        prompt("test_input_required_result_prompt", &[]),
    ])
}

/// The resources, but for those of the template.
pub fn resources() -> Value {
    let resource = |name: &str, kind: &str| json!({ "uri": format!("test://{name}"), "name": name, "description": "For the suite.", "mimeType": kind });
    json!([
        resource("static-text", "text/plain"),
        resource("static-binary", "image/png"),
        resource("watched-resource", "text/plain")
    ])
}

/// The template.
pub fn templates() -> Value {
    json!([{
        "uriTemplate": "test://template/{id}/data",
        "name": "template",
        "description": "For the suite.",
        "mimeType": "application/json",
    }])
}
