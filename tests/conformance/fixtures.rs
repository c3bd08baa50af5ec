//! footbridge's server, and beside its tools what the suite asks for.

#![allow(deprecated, reason = "the older revisions have logging, and subscriptions to one resource")]

use std::time::Duration;

use footbridge::mcp::{Host, Server};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ClientCapabilities, CompleteRequestParams, CompleteResult, ErrorCode,
    GetPromptRequestParams, GetPromptResponse, InitializeRequestParams, InitializeResult, InputRequiredResult,
    ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, ServerNotification,
    ServerRequest, SetLevelRequestParams, SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{answers, offered};

type Context = RequestContext<RoleServer>;

/// The server `S`, and the suite's things.
pub struct Fixtures<S>(S);

impl<H: Host> Fixtures<Server<H>> {
    pub fn beside(server: Server<H>) -> Self {
        Self(server)
    }
}

/// A result as the newest revision has it; the library takes the mark off again for the older ones.
fn complete<T: DeserializeOwned>(mut value: Value) -> T {
    value["resultType"] = json!("complete");
    typed(value)
}

#[expect(clippy::needless_pass_by_value, reason = "callers write the JSON where they call")]
fn typed<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

fn tools() -> Vec<Tool> {
    typed(offered::tools())
}

/// Asks the client.
async fn ask(context: &Context, question: Value) -> Result<Value, ErrorData> {
    let answer = context.peer.send_request(typed::<ServerRequest>(question)).await;
    answer.map(|answer| json!(answer)).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

async fn tell(context: &Context, notification: Value) {
    context.peer.send_notification(typed::<ServerNotification>(notification)).await.unwrap();
}

/// The pauses are the suite's own: it wants to see what is said before the end.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

/// What is answered where the client must answer first.
fn wants(requests: &[(&str, Value)], state: Option<&str>) -> Value {
    let requests: Value = requests.iter().map(|(name, request)| ((*name).to_owned(), request.clone())).collect();
    let mut wanted = json!({ "resultType": "input_required", "inputRequests": requests });
    if let Some(state) = state {
        wanted["requestState"] = json!(state);
    }
    wanted
}

/// The answers of the client that are such, by their names.
fn given(request: &CallToolRequestParams) -> Value {
    json!(request.input_responses)
}

fn invalid(message: &'static str) -> ErrorData {
    ErrorData::invalid_params(message, None)
}

/// The tools of revision 2026-07-28 that end early with a question.
fn in_rounds(request: &CallToolRequestParams, context: &Context) -> Option<Result<Value, ErrorData>> {
    let responses = given(request);
    let answered = |name: &str| responses[name].is_object();
    let name = |words: &str| answers::elicitation(words, &json!({ "name": { "type": "string" } }));
    let ok = || answers::elicitation("Please confirm", &json!({ "ok": { "type": "boolean" } }));
    let done = |words: &str| Ok(answers::done(&[answers::text(words)]));
    let state = request.request_state.as_deref();
    Some(match request.name.strip_prefix("test_input_required_result_")? {
        "elicitation" if answered("user_name") => {
            done(&format!("Hello, {}!", responses["user_name"]["content"]["name"].as_str().unwrap_or_default()))
        }
        "elicitation" => Ok(wants(&[("user_name", name("What is your name?"))], None)),
        "sampling" if answered("capital_question") => done(&responses["capital_question"].to_string()),
        "sampling" => {
            Ok(wants(&[("capital_question", answers::sampling("What is the capital of France?", 100))], None))
        }
        "list_roots" if answered("client_roots") => done(&responses["client_roots"].to_string()),
        "list_roots" => Ok(wants(&[("client_roots", answers::roots())], None)),
        "request_state" if state == Some("state") && answered("confirm") => done("state-ok"),
        "request_state" | "tampered_state" if state.is_some_and(|state| state != "state") => {
            Err(invalid("the requestState is not the one that was sent"))
        }
        "tampered_state" if state.is_some() && answered("confirm") => done("state-ok"),
        "request_state" | "tampered_state" => Ok(wants(&[("confirm", ok())], Some("state"))),
        "multiple_inputs" if ["user_name", "greeting", "client_roots"].into_iter().all(answered) => {
            done("all answered")
        }
        "multiple_inputs" => Ok(wants(
            &[
                ("user_name", name("What is your name?")),
                ("greeting", answers::sampling("Generate a greeting", 50)),
                ("client_roots", answers::roots()),
            ],
            Some("state"),
        )),
        "multi_round" => match state {
            Some("round 2") if answered("step2") => done("both answered"),
            Some("round 1" | "round 2") if answered("step1") || state == Some("round 2") => {
                let color = json!({ "color": { "type": "string" } });
                let second = answers::elicitation("Step 2: What is your favorite color?", &color);
                Ok(wants(&[("step2", second)], Some("round 2")))
            }
            _ => Ok(wants(&[("step1", name("Step 1: What is your name?"))], Some("round 1"))),
        },
        "capabilities" => {
            let client = json!(context.client_capabilities().unwrap_or_default());
            let mut questions = Vec::new();
            if client["elicitation"].is_object() {
                questions.push(("user_name", name("What is your name?")));
            }
            if client["sampling"].is_object() {
                questions.push(("greeting", answers::sampling("Generate a greeting", 50)));
            }
            Ok(wants(&questions, None))
        }
        _ => return None,
    })
}

/// The tools that speak with the client while they run.
async fn in_talk(request: &CallToolRequestParams, context: &Context) -> Option<Result<Value, ErrorData>> {
    let argument = |name: &str| {
        let text = request.arguments.as_ref().and_then(|arguments| arguments.get(name)?.as_str());
        text.unwrap_or_default().to_owned()
    };
    let said = |prefix: &str, answer: Result<Value, ErrorData>| {
        answer.map(|answer| {
            let words = format!("{prefix}: action={}, content={}", answer["action"], answer["content"]);
            answers::done(&[answers::text(&words)])
        })
    };
    Some(match &*request.name {
        "test_tool_with_logging" => {
            for words in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
                tell(
                    context,
                    json!({ "method": "notifications/message", "params": { "level": "info", "data": words } }),
                )
                .await;
                pause().await;
            }
            Ok(answers::done(&[answers::text("logged")]))
        }
        "test_tool_with_progress" => {
            for progress in [0, 50, 100] {
                if let Some(token) = context.meta.get_progress_token() {
                    let params = json!({ "progressToken": token, "progress": progress, "total": 100 });
                    tell(context, json!({ "method": "notifications/progress", "params": params })).await;
                }
                pause().await;
            }
            Ok(answers::done(&[answers::text("done")]))
        }
        "test_sampling" => ask(context, answers::sampling(&argument("prompt"), 100)).await.map(|answer| {
            let said = &answer["content"];
            let words = said["text"].as_str().or(said[0]["text"].as_str()).unwrap_or_default();
            answers::done(&[answers::text(&format!("LLM response: {words}"))])
        }),
        "test_elicitation" => {
            let field = |words: &str| json!({ "type": "string", "description": words });
            let fields = json!({ "username": field("User's response"), "email": field("User's email address") });
            said("User response", ask(context, answers::elicitation(&argument("message"), &fields)).await)
        }
        "test_elicitation_sep1034_defaults" => said("Elicitation completed", ask(context, answers::defaults()).await),
        "test_elicitation_sep1330_enums" => said("Elicitation completed", ask(context, answers::choices()).await),
        "test_missing_capability" => {
            let client = json!(context.client_capabilities().unwrap_or_default());
            if client["sampling"].is_object() {
                Ok(answers::done(&[answers::text("done")]))
            } else {
                let sampling: ClientCapabilities = typed(json!({ "sampling": {} }));
                Err(ErrorData::missing_required_client_capability(sampling))
            }
        }
        _ => return None,
    })
}

fn response(value: Value) -> CallToolResponse {
    if value["resultType"] == "input_required" {
        return CallToolResponse::InputRequired(typed::<InputRequiredResult>(value));
    }
    CallToolResponse::Complete(complete(value))
}

impl<H: Host> ServerHandler for Fixtures<Server<H>> {
    fn get_info(&self) -> ServerConfig {
        let mut info = self.0.get_info();
        let own = json!(info.capabilities);
        let mut all = json!({
            "tools": {}, "prompts": {}, "logging": {}, "completions": {}, "resources": { "subscribe": true },
        });
        for (name, capability) in own.as_object().unwrap() {
            for (member, value) in capability.as_object().into_iter().flatten() {
                all[name][member] = value.clone();
            }
        }
        info.capabilities = typed::<ServerCapabilities>(all);
        info
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: Context,
    ) -> Result<InitializeResult, ErrorData> {
        self.0.initialize(request.clone(), context).await?;
        self.negotiate_initialize(&request)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut listed = self.0.list_tools(request, context).await?;
        listed.tools.extend(tools());
        Ok(listed)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.0.get_tool(name).or_else(|| tools().into_iter().find(|tool| tool.name == name))
    }

    async fn call_tool(&self, request: CallToolRequestParams, context: Context) -> Result<CallToolResponse, ErrorData> {
        if let Some(answer) = answers::of_tool(&request.name) {
            return Ok(response(answer));
        }
        if let Some(outcome) = in_rounds(&request, &context) {
            return outcome.map(response);
        }
        match in_talk(&request, &context).await {
            Some(outcome) => outcome.map(response),
            None => self.0.call_tool(request, context).await,
        }
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: Context,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(typed(offered::prompts())))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        if request.name == "test_input_required_result_prompt" {
            if !json!(request.input_responses)["user_context"].is_object() {
                let field = json!({ "context": { "type": "string" } });
                let question = answers::elicitation("What context should the prompt use?", &field);
                return Ok(GetPromptResponse::InputRequired(typed(wants(&[("user_context", question)], None))));
            }
            let prompt = answers::of_prompt("test_simple_prompt", &Value::Null).unwrap();
            return Ok(GetPromptResponse::Complete(complete(prompt)));
        }
        let found = answers::of_prompt(&request.name, &json!(request.arguments));
        found
            .map(|prompt| GetPromptResponse::Complete(complete(prompt)))
            .ok_or_else(|| invalid("there is no such prompt"))
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourcesResult, ErrorData> {
        let mut listed = match self.0.list_resources(request, context).await {
            Err(error) if error.code == ErrorCode::METHOD_NOT_FOUND => ListResourcesResult::default(),
            listed => listed?,
        };
        listed.resources.extend(typed::<Vec<_>>(offered::resources()));
        Ok(listed)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let mut listed = match self.0.list_resource_templates(request, context).await {
            Err(error) if error.code == ErrorCode::METHOD_NOT_FOUND => ListResourceTemplatesResult::default(),
            listed => listed?,
        };
        listed.resource_templates.extend(typed::<Vec<_>>(offered::templates()));
        Ok(listed)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        if let Some(found) = answers::of_resource(&request.uri) {
            return Ok(ReadResourceResponse::Complete(complete(found)));
        }
        let uri = request.uri.clone();
        match self.0.read_resource(request, context).await {
            Err(error) if error.code == ErrorCode::METHOD_NOT_FOUND => {
                Err(ErrorData::invalid_params("Resource not found", Some(json!({ "uri": uri }))))
            }
            read => read,
        }
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(requested.clone())
    }

    async fn subscribe(&self, _request: SubscribeRequestParams, _context: Context) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn unsubscribe(&self, _request: UnsubscribeRequestParams, _context: Context) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn set_level(&self, _request: SetLevelRequestParams, _context: Context) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn complete(&self, _request: CompleteRequestParams, _context: Context) -> Result<CompleteResult, ErrorData> {
        Ok(CompleteResult::default())
    }
}
