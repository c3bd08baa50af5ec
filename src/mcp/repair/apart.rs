//! `target` and `region`, which every tool has where there are several targets: taken out before a tool's own arguments.

use serde_json::{Map, Value};

use super::names::{fold, meant};
use super::shape::Shape;
use super::work::{Facts, Work, is_empty, shown};
use super::wrapped;
use crate::config::is_region;
use crate::mcp::error::ToolError;
use crate::mcp::notes;
use crate::near::nearest;

/// What a call says of where it goes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::mcp) struct Apart {
    pub(in crate::mcp) target: Option<String>,
    pub(in crate::mcp) region: Option<String>,
}

const TARGET: [&str; 3] = ["target", "targetname", "awstarget"];
const REGION: [&str; 3] = ["region", "regionname", "awsregion"];
const PROFILE: [&str; 3] = ["profile", "profilename", "awsprofile"];

/// Takes `target` and `region` out of the arguments of a call of `tool`. `names` are those of all targets, none where there
/// is but `own`.
///
/// # Errors
/// [`ToolError`] where a target is named that there is not, or a profile.
pub(in crate::mcp) fn apart(
    shape: &Shape,
    tool: &str,
    own: &str,
    names: &[&str],
    arguments: &mut Map<String, Value>,
) -> Result<Apart, ToolError> {
    if !names.is_empty() {
        let facts = Facts { tool, region: "", local: true, writes: false };
        let mut work = Work::new(facts);
        // A call that is wrapped may say it inside.
        wrapped::open(&mut work, &shape.and_texts(&["target", "region"]), arguments);
        work.notes().into_iter().for_each(notes::say);
    }
    let mut found = Apart::default();
    for name in arguments.keys().cloned().collect::<Vec<_>>() {
        let folded = fold(&name);
        let is = |all: &[&str]| all.contains(&folded.as_str());
        if shape.has(&name) {
            continue;
        }
        if is(&PROFILE) && meant(shape, &name).is_none() {
            return Err(no_profile(&name, own, names));
        }
        if is(&TARGET) {
            let said = arguments.get(&name).cloned().unwrap_or_default();
            let also_its_own = meant(shape, &name).is_some();
            if also_its_own && (names.is_empty() || text(&said).is_none_or(|said| said.contains("://"))) {
                // `target` is another name for a parameter of its own: where a copy goes.
                continue;
            }
            arguments.shift_remove(&name);
            one(&mut found.target, target(&name, &said, own, names)?, "target")?;
        } else if is(&REGION) && !names.is_empty() {
            let said = arguments.shift_remove(&name).unwrap_or_default();
            one(&mut found.region, region(&name, &said)?, "region")?;
        }
    }
    if names.is_empty() {
        // There is nothing to choose, and nothing to tell.
        found.target = None;
    }
    Ok(found)
}

/// Puts a value where none is, or the same.
fn one(place: &mut Option<String>, value: Option<String>, what: &str) -> Result<(), ToolError> {
    match (&place, value) {
        (_, None) => Ok(()),
        (Some(known), Some(other)) if *known != other => {
            Err(ToolError::arguments(format!("{what}: is given twice, as {} and {}", shown(known), shown(&other))))
        }
        (_, value) => {
            *place = value;
            Ok(())
        }
    }
}

/// A text, or a list of nothing else.
fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text.trim()),
        Value::Array(values) => match values.as_slice() {
            [one] => text(one),
            _ => None,
        },
        _ => None,
    }
}

/// The target that a text names, in whatever case.
fn named<'a>(said: &str, own: &'a str, names: &[&'a str]) -> Option<&'a str> {
    let all = || std::iter::once(own).chain(names.iter().copied().filter(|name| *name != own));
    let mut alike = all().filter(|name| name.eq_ignore_ascii_case(said));
    all().find(|name| *name == said).or_else(|| alike.next().filter(|_| alike.next().is_none()))
}

fn target(name: &str, said: &Value, own: &str, names: &[&str]) -> Result<Option<String>, ToolError> {
    if is_empty(said) {
        return Ok(None);
    }
    let Some(word) = text(said) else {
        return Err(ToolError::arguments(format!("{}: want the name of a target as text", shown(name))));
    };
    if let Some(known) = named(word, own, names) {
        if known != word {
            notes::say(format!("read {} as {known}", shown(word)));
        }
        return Ok(Some(known.to_owned()));
    }
    if names.is_empty() {
        let error =
            ToolError::arguments(format!("{}: there is one target, {own}, and not {}", shown(name), shown(word)));
        return Err(error.hint("leave it out; a person names others with [target.NAME] in footbridge.toml."));
    }
    let error = ToolError::arguments(format!("{}: there is no target {}", shown(name), shown(word)));
    let near = nearest(word, names.iter().copied()).map_or_else(String::new, |near| format!("; did you mean {near}?"));
    Err(error.hint(format!("the targets are {}{near}", names.join(", "))))
}

fn region(name: &str, said: &Value) -> Result<Option<String>, ToolError> {
    if is_empty(said) {
        return Ok(None);
    }
    let word = text(said).map(str::to_ascii_lowercase).filter(|word| is_region(word));
    let Some(word) = word else {
        return Err(ToolError::arguments(format!("{}: want a region's name such as us-east-1", shown(name))));
    };
    Ok(Some(word))
}

fn no_profile(name: &str, own: &str, names: &[&str]) -> ToolError {
    let error = ToolError::arguments(format!("{}: a call takes no profile, but the name of a target", shown(name)));
    error.hint(if names.is_empty() {
        format!("there is one target, {own}; a person names others, each with its profile, with [target.NAME] in footbridge.toml.")
    } else {
        format!("target is one of {}; a person names others with [target.NAME] in footbridge.toml.", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mcp::schema;

    #[derive(schemars::JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Args {
        table: String,
        limit: Option<u32>,
    }

    #[derive(schemars::JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Copy {
        from: String,
        to: String,
    }

    const NAMES: [&str; 3] = ["local", "dev", "Prod"];

    #[expect(clippy::needless_pass_by_value, reason = "callers write the JSON where they call")]
    fn taken(shape: &Shape, names: &[&str], arguments: Value) -> (Result<Apart, String>, Value) {
        let mut map = arguments.as_object().cloned().unwrap();
        let apart = apart(shape, "tool", "local", names, &mut map).map_err(|error| error.message);
        (apart, Value::Object(map))
    }

    #[test]
    fn target_and_region_are_repaired_as_other_arguments_are() {
        let shape = Shape::of(&schema::of::<Args>(&[], None));
        let both = |target: Option<&str>, region: Option<&str>| Apart {
            target: target.map(str::to_owned),
            region: region.map(str::to_owned),
        };
        let rest = json!({ "table": "t" });
        for (sent, means) in [
            (json!({"table": "t"}), both(None, None)),
            (json!({"table": "t", "target": "dev"}), both(Some("dev"), None)),
            (json!({"table": "t", "Target": "DEV ", "awsRegion": "EU-west-1"}), both(Some("dev"), Some("eu-west-1"))),
            (
                json!({"table": "t", "target": ["prod"], "region": [" us-east-1"]}),
                both(Some("Prod"), Some("us-east-1")),
            ),
            (json!({"table": "t", "target": "", "region": null}), both(None, None)),
            (json!({"table": "t", "target_name": "dev", "target": "dev"}), both(Some("dev"), None)),
            (json!({"input": {"table": "t", "target": "dev", "region": ""}}), both(Some("dev"), None)),
            (json!({"arguments": "{\"table\": \"t\", \"target\": \"dev\"}"}), both(Some("dev"), None)),
        ] {
            assert_eq!(taken(&shape, &NAMES, sent.clone()), (Ok(means), rest.clone()), "{sent}");
        }
    }

    #[test]
    fn what_names_no_target_is_refused_and_never_guessed() {
        let shape = Shape::of(&schema::of::<Args>(&[], None));
        for sent in [
            json!({"target": "prd"}),
            json!({"target": 5}),
            json!({"target": {"name": "dev"}}),
            json!({"target": ["dev", "Prod"]}),
            json!({"target": "dev", "target_name": "Prod"}),
            json!({"region": "nowhere!"}),
            json!({"region": "a/b"}),
            json!({"profile": "admin"}),
            json!({"awsProfile": "admin"}),
        ] {
            assert!(taken(&shape, &NAMES, sent.clone()).0.is_err(), "{sent}");
        }
        // With one target there is nothing to choose.
        assert_eq!(taken(&shape, &[], json!({"target": "local"})), (Ok(Apart::default()), json!({})));
        for sent in [json!({"target": "dev"}), json!({"profile": "admin"})] {
            assert!(taken(&shape, &[], sent.clone()).0.is_err(), "{sent}");
        }
        assert_eq!(taken(&shape, &[], json!({"region": "x"})).1, json!({"region": "x"}), "as before");
    }

    #[test]
    fn where_a_copy_goes_may_still_be_called_its_target() {
        let shape = Shape::of(&schema::of::<Copy>(&[], None));
        let (apart, left) = taken(&shape, &NAMES, json!({"from": "s3://a/b", "target": "s3://a/c"}));
        assert_eq!((apart, left), (Ok(Apart::default()), json!({"from": "s3://a/b", "target": "s3://a/c"})));
        let (apart, left) = taken(&shape, &NAMES, json!({"from": "s3://a/b", "to": "s3://a/c", "target": "dev"}));
        assert_eq!(apart.unwrap().target.as_deref(), Some("dev"));
        assert_eq!(left, json!({"from": "s3://a/b", "to": "s3://a/c"}));
    }
}
