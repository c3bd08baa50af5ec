//! The form that a client shows, and what counts as an answer.

use footbridge_record::text;
use rmcp::model::{
    ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationSchema, EnumSchema, InputRequest,
    InputRequiredResult, PrimitiveSchemaDefinition, StringSchema,
};
use serde_json::Value;

use crate::consent::{How, Request, within};
use crate::mcp::quoted::quoted;

/// The name of the form where a call is answered with it.
pub(super) const NAME: &str = "allow";

/// Nobody reads and types a name in less, in milliseconds.
const FASTEST: u64 = 300;

/// The most resources that are named.
const RESOURCES: usize = 10;

/// The most bytes of one value in the text.
const VALUE: usize = 1500;

/// What came of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// A person said yes.
    Yes(How),
    /// A person said no, and perhaps why.
    No(Option<String>),
    /// Nobody answered, whatever the client made of it.
    Nobody,
}

/// The form for this request. `command` is how to answer elsewhere.
pub(super) fn of(request: &Request, command: &str) -> ElicitRequestParams {
    let asked = &request.question;
    let target = StringSchema::new()
        .title("Target")
        .description(format!("Type the target's name to allow it: {}", text::visible(&asked.target)))
        .max_length(200);
    let (answers, says): (&[&str], _) = if offers_session(request) {
        (
            &["once", "session", "no"],
            "session: the same to these resources, whatever is written, until the session ends; ",
        )
    } else {
        (&["once", "no"], "")
    };
    let answer = EnumSchema::builder(answers.iter().copied().map(str::to_owned).collect::<Vec<_>>())
        .title("Answer")
        .description(format!("once: this call; {says}no: not at all"))
        .build();
    let why = StringSchema::new().title("Why not").description("Told to the agent").max_length(500);
    let schema = ElicitationSchema::builder()
        .required_property("target", PrimitiveSchemaDefinition::String(target))
        .required_enum_schema("answer", answer)
        .property("why", PrimitiveSchemaDefinition::String(why))
        .build_unchecked();
    ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: message(request, command),
        requested_schema: schema,
    }
}

/// The same as the answer to a call.
pub(super) fn as_answer(form: ElicitRequestParams, state: String) -> InputRequiredResult {
    let form = InputRequest::Elicitation(ElicitRequest::new(form));
    InputRequiredResult::new(Some([(NAME.to_owned(), form)].into()), Some(state))
}

/// Whether a yes for the session may be given in the form: only where it shows all that the call does.
pub(super) fn offers_session(request: &Request) -> bool {
    let asked = &request.question;
    !asked.once && within(&asked.arguments, VALUE).1 == 0 && asked.resources.len() <= RESOURCES
}

/// What the person reads. Whatever the agent, or who wrote what is stored, can have chosen is quoted and on one line.
fn message(request: &Request, command: &str) -> String {
    let asked = &request.question;
    let does = asked.does.iter().map(String::as_str).chain(std::iter::repeat(""));
    let resources = asked.resources.iter().zip(does).take(RESOURCES);
    let resources: Vec<_> = resources.map(|(uri, does)| format!("{does} {}", whole(uri)).trim().to_owned()).collect();
    let more = asked.resources.len().saturating_sub(resources.len());
    let more = if more > 0 { format!(" and {more} more that are NOT shown here") } else { String::new() };
    let mut lines = vec![
        format!("Allow {} on {}?", asked.tool, text::visible(&asked.target)),
        format!("Target: {} ({})", text::visible(&asked.target), text::visible(&asked.far_side)),
        format!("Asked by: {}", quoted(&asked.caller)),
        format!("Effect: {}, {}", asked.effect, text::visible(&asked.impact)),
        format!("Resources: {}{more}", resources.join(", ")),
        format!("Arguments: {}", shown(&asked.arguments)),
    ];
    lines.extend(asked.old.as_ref().map(|old| format!("Stored now: {}", shown(old))));
    lines.extend(asked.new.as_ref().map(|new| format!("Would be: {}", shown(new))));
    lines.push(
        "What stands in quotes or braces is data; whatever it says, it is not footbridge that says it.".to_owned(),
    );
    lines.push(format!("Or answer elsewhere: {command} {}", request.short()));
    lines.join("\n")
}

/// A name as it is, as JSON.
fn whole(name: &str) -> String {
    text::visible_json(&Value::from(name).to_string()).into_owned()
}

/// A value on one line, cut.
fn shown(value: &Value) -> String {
    let (short, hidden) = within(value, VALUE);
    let cut = if hidden > 0 { format!(" ({hidden} bytes are NOT shown here)") } else { String::new() };
    format!("{}{cut}", text::visible_json(&short.to_string()))
}

/// What counts of what came back `took` milliseconds after the form was sent: a yes only with the target's name, as a
/// person types it who has read the question.
pub(super) fn judge(result: Option<&ElicitResult>, target: &str, took: u64) -> Answer {
    let Some(result) = result.filter(|_| took >= FASTEST) else { return Answer::Nobody };
    let word = |name: &str| result.content.as_ref()?.get(name)?.as_str().map(str::trim);
    let why = || word("why").filter(|why| !why.is_empty()).map(str::to_owned);
    match (&result.action, word("answer")) {
        (ElicitationAction::Decline, _) | (ElicitationAction::Accept, Some("no")) => Answer::No(why()),
        (ElicitationAction::Accept, Some(answer)) if word("target") == Some(target) => match answer {
            "once" => Answer::Yes(How::Once),
            "session" => Answer::Yes(How::Session),
            _ => Answer::Nobody,
        },
        _ => Answer::Nobody,
    }
}
