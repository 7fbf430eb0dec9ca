//! Inputs of the GitHub action and of the component for GitLab: each is declared, used and documented.

use std::collections::BTreeSet;

use serde_yaml::Value;

use crate::{documents, text, yaml};

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_mapping().unwrap().keys().map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// The names after `inputs.` in a text.
fn used(text: &str) -> BTreeSet<String> {
    let name = |it: &str| {
        it.split(|it: char| !it.is_alphanumeric() && it != '-').next().map(str::to_owned)
    };
    text.split("inputs.").skip(1).filter_map(name).collect()
}

/// The names in the first column of the tables of a section of the guide.
fn documented(section: &str) -> BTreeSet<String> {
    let guide = text("docs/ci.md");
    let section = guide.split("\n## ").find(|it| it.starts_with(section)).unwrap();
    let cells = section.lines().filter(|it| it.starts_with("| `"));
    cells
        .flat_map(|it| it.split('|').nth(1).unwrap().split(','))
        .map(|it| it.trim_matches([' ', '`']).to_owned())
        .collect()
}

#[test]
fn inputs_of_the_action_are_declared_used_and_documented() {
    let action = yaml("action.yml");
    let declared = keys(&action["inputs"]);
    let steps = serde_yaml::to_string(&action["runs"]).unwrap();
    assert_eq!(used(&steps), declared);
    assert_eq!(documented("GitHub Actions"), declared);
    // Each goes through a variable that the script of its step reads.
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        let run = step["run"].as_str().unwrap();
        let script = run.strip_prefix("\"$GITHUB_ACTION_PATH/").unwrap().strip_suffix('"').unwrap();
        for (name, value) in step["env"].as_mapping().unwrap() {
            let (name, value) = (name.as_str().unwrap(), value.as_str().unwrap());
            let input = used(value).pop_first().unwrap();
            assert_eq!(name, format!("INPUT_{}", input.to_uppercase().replace('-', "_")));
            assert!(text(script).contains(name), "{script} does not read {name}");
        }
    }
}

#[test]
fn inputs_of_the_component_are_declared_used_and_documented() {
    let name = "templates/layerwise/template.yml";
    let [header, jobs] = documents(name).try_into().unwrap();
    let declared = keys(&header["spec"]["inputs"]);
    let body = serde_yaml::to_string(&jobs).unwrap();
    assert_eq!(used(&body), declared);
    assert_eq!(documented("GitLab"), declared);
    // No text of an input becomes part of the script.
    let job = jobs.as_mapping().unwrap().values().next().unwrap();
    for part in ["before_script", "script"] {
        assert!(!serde_yaml::to_string(&job[part]).unwrap().contains("inputs."), "{part}");
    }
    for (variable, value) in job["variables"].as_mapping().unwrap() {
        let variable = variable.as_str().unwrap();
        assert!(body.matches(&format!("${variable}")).count() > 0, "{variable} is not read");
        assert_eq!(used(value.as_str().unwrap()).len(), 1, "{variable}");
    }
}
