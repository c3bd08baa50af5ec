//! What the suite is answered, as it asks for it word by word.

use serde_json::{Value, json};

/// A red pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/// A sound of no length.
const WAV: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

pub fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn image() -> Value {
    json!({ "type": "image", "data": PNG, "mimeType": "image/png" })
}

fn resource(uri: &str, kind: &str, text: &str) -> Value {
    json!({ "type": "resource", "resource": { "uri": uri, "mimeType": kind, "text": text } })
}

/// A result of these contents.
pub fn done(content: &[Value]) -> Value {
    json!({ "content": content })
}

/// What a tool answers that does nothing else.
pub fn of_tool(name: &str) -> Option<Value> {
    Some(match name {
        "test_simple_text" => done(&[text("This is a simple text response for testing.")]),
        "test_image_content" => done(&[image()]),
        "test_audio_content" => done(&[json!({ "type": "audio", "data": WAV, "mimeType": "audio/wav" })]),
        "test_embedded_resource" => {
            let words = "This is an embedded resource content.";
            done(&[resource("test://embedded-resource", "text/plain", words)])
        }
        "test_multiple_content_types" => done(&[
            text("Multiple content types test:"),
            image(),
            resource("test://mixed-content-resource", "application/json", r#"{"test":"data","value":123}"#),
        ]),
        "test_error_handling" => {
            json!({ "isError": true, "content": [text("This tool intentionally returns an error for testing")] })
        }
        "json_schema_2020_12_tool"
        | "test_logging_tool"
        | "test_streaming_elicitation"
        | "test_reconnection"
        | "test_trigger_tool_change" => done(&[text("done")]),
        _ => return None,
    })
}

/// What a prompt is.
pub fn of_prompt(name: &str, arguments: &Value) -> Option<Value> {
    let user = |content: Value| json!({ "role": "user", "content": content });
    let argument = |name: &str| arguments[name].as_str().unwrap_or_default().to_owned();
    let messages = match name {
        "test_simple_prompt" => vec![user(text("This is a simple prompt for testing."))],
        "test_prompt_with_arguments" => {
            let words = format!("Prompt with arguments: arg1='{}', arg2='{}'", argument("arg1"), argument("arg2"));
            vec![user(text(&words))]
        }
        "test_prompt_with_embedded_resource" => {
            let embedded = "Embedded resource content for testing.";
            vec![
                user(resource(&argument("resourceUri"), "text/plain", embedded)),
                user(text("Please process the embedded resource above.")),
            ]
        }
        "test_prompt_with_image" => vec![user(image()), user(text("Please analyze the image above."))],
        _ => return None,
    };
    Some(json!({ "messages": messages }))
}

/// What a resource holds.
pub fn of_resource(uri: &str) -> Option<Value> {
    let of = |kind: &str, text: &str| json!({ "contents": [{ "uri": uri, "mimeType": kind, "text": text }] });
    Some(match uri {
        "test://static-text" => of("text/plain", "This is the content of the static text resource."),
        "test://static-binary" => json!({ "contents": [{ "uri": uri, "mimeType": "image/png", "blob": PNG }] }),
        "test://watched-resource" => of("text/plain", "Watched."),
        _ => {
            let id = uri.strip_prefix("test://template/")?.strip_suffix("/data")?;
            let data = json!({ "id": id, "templateTest": true, "data": format!("Data for ID: {id}") });
            of("application/json", &data.to_string())
        }
    })
}

/// A question to the person.
pub fn elicitation(message: &str, properties: &Value) -> Value {
    let required: Vec<_> = properties.as_object().unwrap().keys().collect();
    json!({
        "method": "elicitation/create",
        "params": {
            "mode": "form",
            "message": message,
            "requestedSchema": { "type": "object", "properties": properties, "required": required },
        },
    })
}

/// A question to the model.
pub fn sampling(words: &str, tokens: u32) -> Value {
    let message = json!({ "role": "user", "content": { "type": "text", "text": words } });
    json!({ "method": "sampling/createMessage", "params": { "messages": [message], "maxTokens": tokens } })
}

/// A question where the client works.
pub fn roots() -> Value {
    json!({ "method": "roots/list", "params": {} })
}

/// The form with a default for each kind of field.
pub fn defaults() -> Value {
    elicitation(
        "Please review these",
        &json!({
            "name": { "type": "string", "default": "John Doe" },
            "age": { "type": "integer", "default": 30 },
            "score": { "type": "number", "default": 95.5 },
            "status": { "type": "string", "enum": ["active", "inactive", "pending"], "default": "active" },
            "verified": { "type": "boolean", "default": true },
        }),
    )
}

/// The form with each kind of choice.
pub fn choices() -> Value {
    let titled = |values: [(&str, &str); 3]| -> Value {
        values.iter().map(|(value, title)| json!({ "const": value, "title": title })).collect()
    };
    let options = json!(["option1", "option2", "option3"]);
    elicitation(
        "Please choose",
        &json!({
            "untitledSingle": { "type": "string", "enum": options },
            "titledSingle": { "type": "string", "oneOf": titled([("value1", "First Option"), ("value2", "Second Option"), ("value3", "Third Option")]) },
            "legacyEnum": { "type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"] },
            "untitledMulti": { "type": "array", "items": { "type": "string", "enum": options } },
            "titledMulti": { "type": "array", "items": { "anyOf": titled([("value1", "First Choice"), ("value2", "Second Choice"), ("value3", "Third Choice")]) } },
        }),
    )
}
