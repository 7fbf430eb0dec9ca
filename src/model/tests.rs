//! The model's facts on small files.

use super::*;
use crate::source::Source;
use crate::syntax;

/// Builds the model of a text and hands it to `look`.
fn with<T>(text: &str, options: &BuildOptions, look: impl FnOnce(&Model<'_>) -> T) -> T {
    let source = Source::new("Dockerfile", text);
    let doc = syntax::parse(&source);
    look(&Model::build(&doc, options))
}

/// Builds the model of a text without options, also for the tests next to the facts.
pub(super) fn of<T>(text: &str, look: impl FnOnce(&Model<'_>) -> T) -> T {
    with(text, &BuildOptions::default(), look)
}

#[test]
fn stages_know_what_ships_and_what_is_needed() {
    let text = "FROM a AS Base\nFROM base AS build\nRUN x\nFROM b AS unused\nFROM base\nCOPY --from=1 / /\n";
    of(text, |model| {
        let ships: Vec<bool> = model.stages.iter().map(|stage| stage.ships).collect();
        let needed: Vec<bool> = model.stages.iter().map(|stage| stage.needed).collect();
        assert_eq!(ships, [true, false, false, true]);
        assert_eq!(needed, [true, true, false, true]);
        assert_eq!(model.stages[1].base, Base::Stage(0));
        assert!(!model.ships(2) && model.ships(5));
    });
}

#[test]
fn a_target_changes_what_is_final() {
    let options = BuildOptions { target: Some("one".to_owned()), ..BuildOptions::default() };
    with("FROM a AS one\nFROM b AS two\n", &options, |model| {
        assert_eq!(model.final_stage, Some(0));
        assert!(model.stages[0].ships && !model.stages[1].needed);
    });
}

#[test]
fn mounts_make_a_stage_needed() {
    of("FROM a AS tools\nFROM b\nRUN --mount=from=tools,target=/t x\n", |model| {
        assert!(model.stages[0].needed);
    });
}

#[test]
fn bases_follow_global_arguments() {
    let text = "ARG TAG=20\nARG IMAGE=node:${TAG}-slim\nFROM $IMAGE\n";
    of(text, |model| {
        assert_eq!(model.stages[0].image().and_then(|it| it.tag.as_deref()), Some("20-slim"));
    });
    let options = BuildOptions {
        build_args: vec![("TAG".to_owned(), "18".to_owned())],
        ..BuildOptions::default()
    };
    with(text, &options, |model| {
        assert_eq!(model.stages[0].image().and_then(|it| it.tag.as_deref()), Some("18-slim"));
    });
    of("ARG TAG\nFROM node:$TAG\n", |model| assert_eq!(model.stages[0].base, Base::Unknown));
}

#[test]
fn variables_are_seen_from_their_place_on() {
    let text = "ARG G=1\nFROM a AS one\nENV X=1\nENV X=2 Y=$X\nARG G\nFROM one\nLABEL z=$X$Y$G\n";
    of(text, |model| {
        let value = |at, name| model.scopes.look_up(at, name).and_then(|it| it.value.clone());
        assert_eq!(value(3, "X").as_deref(), Some("1"));
        assert_eq!(value(6, "X").as_deref(), Some("2"));
        assert_eq!(value(6, "Y").as_deref(), Some("1"));
        assert_eq!(value(6, "G").as_deref(), Some("1"));
        assert_eq!(value(3, "G"), None);
    });
}

#[test]
fn an_argument_is_never_certain() {
    of("FROM a\nARG V=1\nENV E=2\nWORKDIR /x/$V\nWORKDIR /y/$E\n", |model| {
        let resolved: Vec<_> = model.doc.instructions[3..]
            .iter()
            .map(|it| match &it.kind {
                syntax::Kind::Workdir(word) => model.scopes.resolve(it.id, word),
                _ => panic!("not a WORKDIR"),
            })
            .collect();
        assert_eq!(resolved[0], Resolved { text: "/x/1".to_owned(), certain: false });
        assert_eq!(resolved[1], Resolved { text: "/y/2".to_owned(), certain: true });
    });
}

#[test]
fn the_state_follows_the_stage() {
    let text = "FROM a AS one\nWORKDIR /app\nUSER bob\nSHELL [\"/bin/bash\", \"-c\"]\nFROM one\nWORKDIR src/..\nRUN x\nFROM b\nRUN y\n";
    of(text, |model| {
        let state = &model.states[6];
        assert_eq!(state.user.as_deref(), Some("bob"));
        assert_eq!(state.workdir.as_deref(), Some("/app"));
        assert_eq!(state.shell.dialect, crate::shell::Dialect::Bash);
        assert_eq!(model.states[8].user, None);
        assert_eq!(model.states[8].workdir, None);
    });
}

#[test]
fn layers_are_what_changes_files() {
    of("FROM scratch\nENV A=1\nRUN x\nWORKDIR /\nWORKDIR /a\nCMD x\n", |model| {
        use Layer::{Files, Metadata, Nothing};
        assert_eq!(model.layers, [Nothing, Metadata, Files, Metadata, Files, Metadata]);
    });
}

#[test]
fn installs_are_read_from_all_managers() {
    let text = "FROM a\nRUN apt-get -qq install -y -t stable curl=7.1 git && python3 -m pip install -r r.txt flask==2 && \
                npm ci && apk add --virtual .deps gcc\n";
    of(text, |model| {
        let found: Vec<_> = model
            .installs
            .iter()
            .map(|it| {
                (it.manager, it.packages.iter().map(|it| it.name.as_str()).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            found,
            [
                (Manager::APT, vec!["curl", "git"]),
                (Manager::PIP, vec!["flask"]),
                (Manager::NPM, vec![]),
                (Manager::APK, vec!["gcc"]),
            ]
        );
        assert_eq!(model.installs[0].packages[0].version.as_deref(), Some("7.1"));
        assert_eq!(model.doc.source.slice(model.installs[0].verb), "install");
    });
}

#[test]
fn downloads_and_deletions_have_paths() {
    let text = "FROM a\nWORKDIR /w\nRUN curl -fsSL -o x.tgz https://h/x.tgz && cd /t && wget https://h/y.zip?z && \
                rm -rf ../w/x.tgz /var/lib/apt/lists/*\n";
    of(text, |model| {
        let outputs: Vec<_> = model.downloads.iter().map(|it| it.output.as_deref()).collect();
        assert_eq!(outputs, [Some("x.tgz"), Some("y.zip")]);
        let paths: Vec<_> = model.deletions.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(paths, ["/w/x.tgz", "/var/lib/apt/lists/*"]);
        assert!(model.deletions[1].clears("/var/lib/apt/lists"));
        assert!(!model.deletions[1].clears("/var/lib/apt"));
    });
}

#[test]
fn an_onbuild_run_is_kept_apart() {
    of("FROM a\nONBUILD RUN x\nRUN y\n", |model| {
        let runs: Vec<_> = model.runs.iter().map(|run| (run.id(), run.onbuild)).collect();
        assert_eq!(runs, [(1, true), (2, false)]);
    });
}

#[test]
fn an_index_refreshed_apart_makes_the_cache() {
    let text = "FROM a\nRUN apt-get update\nRUN apt-get install -y x\nRUN apk add y && rm -rf /var/cache/apk/*\n";
    of(text, |model| {
        let first = CacheMaker { run: 0, command: 0, manager: Manager::APT };
        assert!(model.cache_makers().contains(&first));
        assert!(!model.cache_makers().iter().any(|it| it.manager == Manager::APK));
    });
}

#[test]
fn a_url_in_a_variable_is_fetched_too() {
    let text = "FROM a\nENV U=https://h/sdk.zip\nRUN wget $U -O sdk.zip && curl -o $U -fsSL $X\n";
    of(text, |model| {
        let found: Vec<_> =
            model.downloads.iter().map(|it| (it.url.as_str(), it.output.as_deref())).collect();
        assert_eq!(found, [("https://h/sdk.zip", Some("sdk.zip"))]);
    });
}

#[test]
fn a_file_of_many_instructions_has_all_facts() {
    of(&format!("FROM a\n{}", "ENV A=b\n".repeat(50_000) + "RUN x $A\n"), |model| {
        assert_eq!(model.scopes.look_up(50_001, "A").map(|it| it.instruction), Some(50_000));
        assert_eq!(model.runs.len(), 1);
    });
}
