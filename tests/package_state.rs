//! No fix takes away what an install finds: the simulation of `common/package_state.rs` before and after.

mod common;

use std::path::{Path, PathBuf};

use common::package_state::{Index, Verdict, compare, events};
use layerwise::config::Settings;
use layerwise::context::Contexts;
use layerwise::lint::{Options, Profile};
use layerwise::session::{self, Place};
use layerwise::source::Source;
use proptest::prelude::*;

/// The text after all fixes, the unsafe ones too where they are wanted.
fn fixed(text: &str, profile: Profile, unsafe_too: bool) -> String {
    let settings =
        Settings { lint: Options { profile, ..Options::default() }, ..Settings::default() };
    let source = Source::new("Dockerfile", text);
    session::fix(source, &settings, Place::default(), &Contexts::default(), unsafe_too).source.text
}

#[test]
fn the_simulation_sees_what_is_lost() {
    let before =
        "FROM a\nRUN apt-get update && apt-get install -y a\nENV A=b\nRUN apt-get install -y b\n";
    let indexes: Vec<Index> = events(before).iter().map(|it| it.index).collect();
    assert_eq!(indexes, [Index::There, Index::There]);
    let after = before.replacen("-y a", "-y a && rm -rf /var/lib/apt/lists/*", 1);
    assert_eq!(compare(before, &after), Verdict::Lost("apt install b".to_owned()));
    assert_eq!(compare(before, before), Verdict::Same);
    let more = format!("{before}RUN apt-get install -y c\n");
    assert_eq!(compare(before, &more), Verdict::Other);
    let apk = "FROM a\nRUN apk update && apk add a\nRUN apk add b\n";
    let kept = "FROM a\nRUN apk add --no-cache a\nRUN apk add --no-cache b\n";
    assert_eq!(compare(apk, kept), Verdict::Same);
    let lost = "FROM a\nRUN apk add --no-cache a\nRUN apk add b\n";
    assert_eq!(compare(apk, lost), Verdict::Lost("apk add b".to_owned()));
    let stages = "FROM a AS b\nRUN apt-get update\nFROM b\nRUN apt-get install -y c\n";
    assert_eq!(events(stages)[0].index, Index::There);
    // The first install shows that the base image is enough, or that the manager fetches by itself.
    let base = "FROM a\nRUN apk add a\nRUN apk add b\n";
    let kept = "FROM a\nRUN apk add --no-cache a\nRUN apk add b\n";
    assert_eq!(compare(base, kept), Verdict::Same);
    let deleted = "FROM a\nRUN apk add a && rm -rf /var/cache/apk/*\nRUN apk add b\n";
    assert_eq!(compare(base, deleted), Verdict::Lost("apk add b".to_owned()));
}

fn dockerfiles(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|it| it.path()) {
        if path.is_dir() {
            dockerfiles(&path, found);
        } else if path.to_string_lossy().to_ascii_lowercase().contains("dockerfile") {
            found.push(path);
        }
    }
}

/// The files that lose something, and how many were compared, changed or cannot be compared.
fn losses(files: &[PathBuf], profile: Profile, unsafe_too: bool) -> (Vec<String>, [usize; 3]) {
    let mut lost = Vec::new();
    let mut counts = [0; 3];
    for path in files {
        let Ok(before) = std::fs::read_to_string(path) else { continue };
        if events(&before).is_empty() {
            continue;
        }
        counts[0] += 1;
        let after = fixed(&before, profile, unsafe_too);
        counts[1] += usize::from(after != before);
        match compare(&before, &after) {
            Verdict::Same => {}
            Verdict::Other => counts[2] += 1,
            Verdict::Lost(what) => lost.push(format!("{}: {what}", path.display())),
        }
    }
    (lost, counts)
}

/// The fixtures, or the files of the folder that `LAYERWISE_FILES` names: then it says how many were compared.
#[test]
fn files_keep_what_their_installs_find() {
    let named = std::env::var_os("LAYERWISE_FILES").map(PathBuf::from);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut files = Vec::new();
    dockerfiles(named.as_deref().unwrap_or(&fixtures), &mut files);
    files.retain(|it| named.is_some() || it.extension().is_some_and(|it| it == "Dockerfile"));
    for profile in [Profile::Default, Profile::Strict] {
        for unsafe_too in [false, true] {
            let (lost, [compared, changed, other]) = losses(&files, profile, unsafe_too);
            println!(
                "{profile:?}, unsafe {unsafe_too}: {compared} with installs, {changed} changed, \
                 {other} not comparable"
            );
            assert_eq!(lost, Vec::<String>::new());
            assert!(compared > 20 && changed > 10, "{compared} {changed}");
        }
    }
}

/// Instructions that install, clean up and are between.
fn instruction() -> impl Strategy<Value = String> {
    const COMMANDS: &[&str] = &[
        "apt-get update",
        "apt-get install -y a",
        "apt-get install -y --no-install-recommends b",
        "apt-get upgrade -y",
        "rm -rf /var/lib/apt/lists/*",
        "apk update",
        "apk add c",
        "apk add --no-cache d",
        "apk add -U e",
        "rm -rf /var/cache/apk/*",
        "npm ci",
        "npm ci --offline",
        "npm cache clean --force",
        "dnf install -y f",
        "dnf -C install -y g",
        "dnf clean all",
        "pip install h",
        "mkdir /i",
        "echo j",
        "sudo apt-get install -y k",
    ];
    let command = prop::sample::select(COMMANDS);
    let run =
        (prop::collection::vec(command, 1..4), prop::bool::ANY).prop_map(|(commands, lines)| {
            format!("RUN {}\n", commands.join(if lines { " \\\n    && " } else { " && " }))
        });
    const OTHERS: &[&str] = &[
        "ENV A=b\n",
        "COPY . /app\n",
        "FROM debian:12\n",
        "FROM one\n",
        "USER root\n",
        "# note\n",
    ];
    prop_oneof![5 => run, 1 => prop::sample::select(OTHERS).prop_map(str::to_owned)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_fix_takes_what_an_install_finds(
        instructions in prop::collection::vec(instruction(), 1..8),
        unsafe_too in prop::bool::ANY,
        strict in prop::bool::ANY,
    ) {
        let text = format!("FROM debian:12 AS one\n{}", instructions.concat());
        let profile = if strict { Profile::Strict } else { Profile::Default };
        let after = fixed(&text, profile, unsafe_too);
        prop_assert!(!matches!(compare(&text, &after), Verdict::Lost(_)), "{text}\n---\n{after}");
    }
}
