//! Everyday work of an agent, each task with the calls it takes and the bytes that pass through the model: `tasks.ndjson`, a
//! task a line. `calls` are made on a fresh world in order; `then` are calls whose answers must hold what is given there.

mod world;

use std::fmt::Write;

use serde::Deserialize;
use serde_json::Value;

use self::world::World;

/// One task.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Task {
    /// What a person asks for.
    #[serde(rename = "task")]
    says: String,
    /// Bytes of the calls' names and arguments and of their answers, together. Paths count as `{files}`.
    bytes: usize,
    /// Tools and arguments.
    calls: Vec<(String, Value)>,
    /// Tools, arguments, and what must be in the answer.
    then: Vec<(String, Value, Value)>,
}

fn tasks() -> Vec<Task> {
    include_str!("tasks.ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect()
}

/// Whether `whole` has all that `part` has: members of objects, elements of lists in their order, values as they are.
fn has(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(name, part)| whole.get(name).is_some_and(|whole| has(whole, part)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(whole, part)| has(whole, part))
        }
        (whole, part) => whole == part,
    }
}

/// What is wrong with a task.
async fn faults(task: &Task) -> Result<usize, String> {
    let world = World::new().await;
    let mut bytes = 0;
    for (tool, arguments) in &task.calls {
        let answer = match world.call(tool, arguments).await {
            Ok(answer) => answer,
            // What it would do: the next call means it.
            Err(error) if error.code == "confirm_required" => error.to_string(),
            Err(error) => return Err(format!("{tool}: {error}")),
        };
        bytes += tool.len() + arguments.to_string().len() + answer.len();
    }
    for (tool, arguments, wanted) in &task.then {
        let answer = world.call(tool, arguments).await.map_err(|error| format!("then {tool}: {error}"))?;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        if !has(&answer, wanted) {
            return Err(format!("then {tool} {arguments} has not {wanted} but {answer}"));
        }
    }
    Ok(bytes)
}

#[tokio::test]
async fn each_task_takes_the_calls_and_bytes_that_are_written_down() {
    let tasks = tasks();
    assert!(tasks.len() >= 30, "{} tasks", tasks.len());
    let mut wrong = String::new();
    for task in &tasks {
        match faults(task).await {
            Err(fault) => writeln!(wrong, "{}: {fault}", task.says).unwrap(),
            // Times and ids differ by a byte or two.
            Ok(bytes) if bytes.abs_diff(task.bytes) > 8 => {
                writeln!(wrong, "{}: {bytes} bytes, not {}", task.says, task.bytes).unwrap();
            }
            Ok(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Bulk work costs a call or two and no data.
#[test]
fn bulk_work_costs_a_call_or_two_and_under_a_kilobyte() {
    let tasks = tasks();
    let bulk = ["load 100", "export 500", "copy a folder of ten", "delete all cancelled", "change the status of all"];
    for begins in bulk {
        let task =
            tasks.iter().find(|task| task.says.starts_with(begins)).unwrap_or_else(|| panic!("no task {begins}"));
        assert!(task.calls.len() <= 2 && task.bytes < 1024, "{task:?}");
    }
}
