//! Scenes: several requests after another, and AWS's answers with placeholders for what it made up.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;

use crate::matching::{Meant, differs, same_text};
use crate::support::{Answer, Dynamo};
use crate::waits;

#[derive(Deserialize)]
struct Snapshots {
    scene: Vec<Scene>,
    lost: Vec<Lost>,
}

#[derive(Deserialize)]
struct Scene {
    id: String,
    waits_for: Option<String>,
    step: Vec<Step>,
}

/// A step; without `answer` and `exception` it only has to succeed.
#[derive(Deserialize)]
struct Step {
    operation: String,
    request: String,
    answer: Option<String>,
    exception: Option<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    part: bool,
    #[serde(default)]
    ignore: BTreeSet<String>,
    #[serde(default)]
    keep: BTreeMap<String, String>,
}

/// What cannot be rebuilt.
#[derive(Deserialize)]
struct Lost {
    id: String,
    why: String,
}

fn snapshots() -> Snapshots {
    toml::from_str(include_str!("../../fixtures/aws-truth/snapshots.toml")).expect("snapshots.toml")
}

/// How many answers of scenes that wait for nothing are compared.
pub fn exercised() -> usize {
    let scenes = snapshots().scene.into_iter().filter(|scene| scene.waits_for.is_none());
    let recorded = |step: &Step| step.answer.is_some() || step.exception.is_some();
    scenes.map(|scene| scene.step.iter().filter(|step| recorded(step)).count()).sum()
}

#[tokio::test]
async fn every_scene_plays_as_recorded() {
    let scenes = snapshots().scene;
    let mut failures = Vec::new();
    for scene in &scenes {
        if let Err(why) = play(scene).await {
            failures.push(format!("{}: {why}", scene.id));
        }
    }
    let (failed, all) = (failures.len(), scenes.len());
    assert!(failures.is_empty(), "{failed} of {all} scenes:\n{}", failures.join("\n"));
}

async fn play(scene: &Scene) -> Result<(), String> {
    let dynamo = Dynamo::open();
    let (mut kept, mut meant) = (BTreeMap::new(), Meant::new());
    for step in &scene.step {
        let values = kept.iter().fold(step.request.clone(), |request, (name, value): (&String, &String)| {
            request.replace(&format!("${{{name}}}"), value)
        });
        let request = serde_json::from_str(&values).expect("a step's request is JSON");
        let answer = dynamo.call(&step.operation, request).await;
        if let Some(thing) = &scene.waits_for {
            match answer.status {
                200 => continue,
                _ => return waits(thing, &answer),
            }
        }
        check(step, &answer, &mut meant).map_err(|why| format!("{}: {why}", step.operation))?;
        for (name, at) in &step.keep {
            let value = answer.body.pointer(at).and_then(Json::as_str);
            kept.insert(name.clone(), value.ok_or_else(|| format!("no {at} in {}", answer.body))?.to_owned());
        }
    }
    scene.waits_for.as_ref().map_or(Ok(()), |thing| Err(format!("it waits for {thing}, which exists now")))
}

fn check(step: &Step, answer: &Answer, meant: &mut Meant) -> Result<(), String> {
    let want = step.answer.as_ref().map(|json| serde_json::from_str::<Json>(json).expect("a step's answer is JSON"));
    let mut got = answer.body.clone();
    let Some(members) = got.as_object_mut() else { return Err(format!("no object: {got}")) };
    members.retain(|name, _| !step.ignore.contains(name));
    if let Some(exception) = &step.exception {
        let told = answer.message().to_owned();
        if (answer.status, answer.exception()) != (400, exception) || !same_text(&step.message, &told, meant) {
            return Err(format!("\n  want {exception}: {}\n  got  {}", step.message, answer.body));
        }
        members.retain(|name, _| !["__type", "message", "Message"].contains(&name.as_str()));
    } else if answer.status != 200 {
        return Err(answer.body.to_string());
    }
    match want.and_then(|want| differs(&want, &got, step.part, meant)) {
        Some(why) => Err(format!("{why}\n  got {got}")),
        None => Ok(()),
    }
}

#[test]
fn every_snapshot_is_a_scene_or_said_to_be_lost() {
    let Snapshots { scene, lost } = snapshots();
    let (scenes, waiting) = (scene.len(), scene.iter().filter(|scene| scene.waits_for.is_some()).count());
    let ids: BTreeSet<_> = scene.iter().map(|scene| &scene.id).chain(lost.iter().map(|lost| &lost.id)).collect();
    assert_eq!(ids.len(), scenes + lost.len(), "an id stands twice");
    assert!(lost.iter().all(|lost| !lost.why.is_empty()));
    // 41 snapshots: two of them recorded nothing, and three more entries of the other files have no request.
    assert_eq!((scenes, lost.len(), waiting), (39, 5, 8));
}
