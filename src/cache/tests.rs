//! What makes a step run again, builder by builder: the observations of real builders, one test per row.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod buildkit;

use super::*;
use crate::context::IgnoreFile;
use crate::model::BuildOptions;
use std::sync::Arc;

/// A context and its Dockerfile.
#[derive(Clone)]
struct Project {
    dockerfile: String,
    ignore: String,
    /// Path, content, mode, owner and attributes.
    files: Vec<(String, Vec<u8>, u16, Option<Extra>)>,
    folder_modes: Vec<(&'static str, u16)>,
    build_args: Vec<(String, String)>,
}

const ALL: [Builder; 3] = [Builder::Classic, Builder::Buildkit, Builder::Buildah];

const DOCKERFILE: &str = "FROM base\nADD a.tar /t/\nARG A=1\nENV E=1 F=2\nCOPY a /srv/\nRUN one\n\
                          COPY src/ /src/\nLABEL l=1\nRUN two a\nCOPY *.cfg /cfg/\nUSER u\nRUN three\n";

impl Project {
    fn new() -> Self {
        let mut it = Self {
            dockerfile: DOCKERFILE.to_owned(),
            ignore: "ignored\n".to_owned(),
            files: Vec::new(),
            folder_modes: Vec::new(),
            build_args: Vec::new(),
        };
        for (path, content) in [
            ("a", "a"),
            ("b", "a"),
            ("src/one", "1"),
            ("src/sub/two", "2"),
            ("x.cfg", "x"),
            ("ignored", "i"),
            ("other", "o"),
        ] {
            it.write(path, content);
        }
        it.files.push(("src/link".to_owned(), b"one".to_vec(), 0, None));
        it.put_bytes("a.tar", tar_at(1));
        it
    }

    fn put_bytes(&mut self, path: &str, content: Vec<u8>) {
        self.files.retain(|it| it.0 != path);
        self.files.push((path.to_owned(), content, 0o644, None));
    }

    fn write(&mut self, path: &str, content: &str) {
        self.put_bytes(path, content.as_bytes().to_vec());
    }

    fn file(&mut self, path: &str) -> &mut (String, Vec<u8>, u16, Option<Extra>) {
        self.files.iter_mut().find(|it| it.0 == path).unwrap()
    }

    fn replace(&mut self, from: &str, to: &str) {
        assert!(self.dockerfile.contains(from), "{from}");
        self.dockerfile = self.dockerfile.replacen(from, to, 1);
    }
}

/// An archive with one member of that time.
fn tar_at(time: u64) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_path("m").unwrap();
    header.set_size(1);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(time);
    header.set_cksum();
    builder.append(&header, &b"m"[..]).unwrap();
    builder.into_inner().unwrap()
}

/// Builds one project after another with one cache. Gives what ran again of the last one, as `KEYWORD line`.
fn reruns(builder: Builder, projects: &[&Project]) -> Vec<(u32, Rebuilt)> {
    let mut objects = MadeTree::default();
    let mut snapshots = Vec::new();
    for (number, project) in projects.iter().enumerate() {
        let mut root = Folder::default();
        for (path, content, mode, extra) in &project.files {
            let mut id = [0; 20];
            id[..16].copy_from_slice(&Key::of(&[&format!("{content:?}")]).bytes());
            objects.keep(Id(id), content);
            let kind = if *mode == 0 { Kind::Link } else { Kind::File };
            let extra = extra.clone().map(Box::new);
            root.put(path, Entry { name: "".into(), kind, mode: *mode, id: Id(id), extra });
        }
        for (folder, mode) in &project.folder_modes {
            root.folder(folder).set_mode(*mode);
        }
        let mut id = [0; 20];
        id[..16].copy_from_slice(&Key::of(&[&project.ignore]).bytes());
        let ignore = Some((Id(id), Arc::new(IgnoreFile::parse(&project.ignore).unwrap())));
        let name = Key::of(&[&number.to_string()]);
        snapshots.push(Snapshot { name, context: objects.close(root), ignore });
    }
    let mut evaluator = Evaluator::new(Selector::new(&objects, builder.traits()));
    let mut replay = Replay::new(&objects, Limits::default());
    let mut last = Vec::new();
    for (project, snapshot) in projects.iter().zip(&snapshots) {
        let options =
            BuildOptions { build_args: project.build_args.clone(), ..BuildOptions::default() };
        let plan = Arc::new(plan(&project.dockerfile, builder.traits(), &options).unwrap());
        let found = Arc::new(evaluator.evaluate(&plan, snapshot).unwrap());
        let judged = replay.build(&plan, &found, 0);
        let steps = plan.steps.iter().zip(&judged);
        last = steps
            .filter(|it| it.1.rebuilt != Rebuilt::No)
            .map(|(step, judged)| (step.line, judged.rebuilt))
            .collect();
    }
    last
}

/// The first line that runs again after a change, for classic, BuildKit and buildah; 0 for none.
fn first(change: impl Fn(&mut Project)) -> [u32; 3] {
    let before = Project::new();
    let mut after = before.clone();
    change(&mut after);
    ALL.map(|builder| {
        let found = reruns(builder, &[&before, &after]);
        assert!(found.iter().all(|it| it.1 == Rebuilt::Yes), "{found:?}");
        found.first().map_or(0, |it| it.0)
    })
}

/// Lines of the Dockerfile above.
const ADD: u32 = 2;
const ARG: u32 = 3;
const ENV: u32 = 4;
const COPY_A: u32 = 5;
const RUN1: u32 = 6;
const COPY_SRC: u32 = 7;
const LABEL: u32 = 8;
const RUN2: u32 = 9;
const COPY_CFG: u32 = 10;

#[test]
fn nothing_has_changed() {
    // Times of files are not part of a tree at all.
    assert_eq!(first(|_| {}), [0; 3]);
}

#[test]
fn the_mode_of_a_file() {
    assert_eq!(first(|it| it.file("a").2 = 0o755), [COPY_A; 3]);
    assert_eq!(first(|it| it.file("a").2 = 0o664), [COPY_A; 3]);
}

#[test]
fn the_owner_of_a_file() {
    let owned = Some(Extra { owner: (7, 7), attributes: String::new() });
    assert_eq!(first(|it| it.file("a").3.clone_from(&owned)), [0, 0, COPY_A]);
}

#[test]
fn an_extended_attribute() {
    let noted = Some(Extra { owner: (0, 0), attributes: "user.a=1".to_owned() });
    assert_eq!(first(|it| it.file("a").3.clone_from(&noted)), [0, COPY_A, 0]);
}

#[test]
fn content() {
    assert_eq!(first(|it| it.write("a", "new")), [COPY_A; 3]);
    assert_eq!(first(|it| it.write("src/new", "")), [COPY_SRC; 3]);
    let renamed = |it: &mut Project| it.file("src/one").0 = "src/uno".to_owned();
    assert_eq!(first(renamed), [COPY_SRC; 3]);
    assert_eq!(first(|it| it.file("src/sub/two").2 = 0o755), [COPY_SRC; 3]);
    assert_eq!(first(|it| it.file("src/link").1 = b"sub/two".to_vec()), [COPY_SRC; 3]);
    assert_eq!(first(|it| it.folder_modes.push(("src/empty", 0o755))), [COPY_SRC; 3]);
}

#[test]
fn the_mode_of_the_copied_folder() {
    assert_eq!(first(|it| it.folder_modes.push(("src", 0o700))), [COPY_SRC, COPY_SRC, 0]);
    assert_eq!(first(|it| it.folder_modes.push(("src/sub", 0o700))), [COPY_SRC; 3]);
}

#[test]
fn files_that_are_not_copied() {
    assert_eq!(first(|it| it.write("other", "new")), [0; 3]);
    assert_eq!(first(|it| it.write("ignored", "new")), [0; 3]);
    assert_eq!(first(|it| it.ignore.push_str("other\n")), [0; 3]);
    assert_eq!(first(|it| it.ignore.push_str("src/sub\n")), [COPY_SRC; 3]);
}

#[test]
fn what_a_wildcard_matches() {
    assert_eq!(first(|it| it.write("y.cfg", "")), [COPY_CFG; 3]);
    assert_eq!(first(|it| it.file("x.cfg").0 = "z.cfg".to_owned()), [COPY_CFG; 3]);
}

#[test]
fn build_arguments() {
    assert_eq!(first(|it| it.replace("ARG A=1", "ARG A=2")), [ARG, RUN1, RUN1]);
    let given = |name: &str| {
        let pair = (name.to_owned(), "9".to_owned());
        first(|it| it.build_args.push(pair.clone()))
    };
    assert_eq!(given("A"), [RUN1; 3]);
    assert_eq!(given("UNDECLARED"), [0; 3]);
}

#[test]
fn environment() {
    assert_eq!(first(|it| it.replace("E=1", "E=9")), [ENV, RUN1, ENV]);
    assert_eq!(first(|it| it.replace("E=1 F=2", "F=2 E=1")), [ENV, RUN1, ENV]);
}

#[test]
fn metadata() {
    assert_eq!(first(|it| it.replace("l=1", "l=2")), [LABEL, 0, LABEL]);
    assert_eq!(first(|it| it.replace("RUN two", "EXPOSE 80\nRUN two")), [RUN2, 0, RUN2]);
    assert_eq!(first(|it| it.replace("RUN one", "WORKDIR /w\nRUN one")), [RUN1; 3]);
}

#[test]
fn text() {
    assert_eq!(first(|it| it.replace("two a", "two  a")), [RUN2; 3]);
    assert_eq!(first(|it| it.replace("RUN two", "# note\nrun two")), [0; 3]);
    assert_eq!(first(|it| it.replace("two a", "two \\\n  a")), [RUN2; 3]);
    assert_eq!(first(|it| it.replace("two a", "two\\\n a")), [0; 3]);
    let array =
        |it: &mut Project, blank: &str| it.replace("two a", &format!("[\"two\",{blank}\"a\"]"));
    let (mut old, mut new) = (Project::new(), Project::new());
    array(&mut old, "");
    array(&mut new, " ");
    let found = ALL.map(|it| reruns(it, &[&old, &new]).first().map_or(0, |it| it.0));
    assert_eq!(found, [0, 0, RUN2]);
}

#[test]
fn flags_and_places_of_copies() {
    let chmod = first(|it| it.replace("COPY a", "COPY --chmod=600 a"));
    assert_eq!(chmod[1..], [COPY_A; 2]);
    assert_eq!(first(|it| it.replace("/srv/", "/srv/./")), [COPY_A, 0, COPY_A]);
    let renamed = |it: &mut Project| {
        it.replace("COPY a /srv/", "COPY b /srv/a");
    };
    let before = |it: &mut Project| it.replace("COPY a /srv/", "COPY a /srv/a");
    let (mut old, mut new) = (Project::new(), Project::new());
    before(&mut old);
    renamed(&mut new);
    let found = ALL.map(|it| reruns(it, &[&old, &new]).first().map_or(0, |it| it.0));
    assert_eq!(found, [COPY_A, COPY_A, 0]);
    assert_eq!(first(|it| it.replace("COPY a", "COPY --chown=0:0 a")), [COPY_A, COPY_A, 0]);
    assert_eq!(first(|it| it.replace("COPY a", "COPY --chown=7 a")), [COPY_A; 3]);
}

#[test]
fn an_archive_with_other_times() {
    assert_eq!(first(|it| it.put_bytes("a.tar", tar_at(2))), [ADD, ADD, 0]);
}

/// What runs again when a project changes from one Dockerfile to another, and a file with it.
fn change(
    builder: Builder,
    from: &str,
    to: &str,
    edit: impl Fn(&mut Project),
) -> Vec<(u32, Rebuilt)> {
    let mut before = Project::new();
    before.dockerfile = from.to_owned();
    let mut after = before.clone();
    after.dockerfile = to.to_owned();
    edit(&mut after);
    reruns(builder, &[&before, &after])
}

#[test]
fn a_bind_mount() {
    let text = "FROM base\nRUN --mount=type=bind,source=a,target=/a x\nRUN y\n";
    let found = |it| change(it, text, text, |it| it.write("a", "new"));
    assert_eq!(found(Builder::Buildkit), [(2, Rebuilt::Yes), (3, Rebuilt::Yes)]);
    assert_eq!(found(Builder::Buildah), []);
}

#[test]
fn a_cache_mount() {
    let text = "FROM base\nRUN --mount=type=cache,id=x,target=/a x\n";
    for edit in [("id=x", "id=y"), ("target=/a", "target=/b"), ("/a x", "/a,sharing=locked x")] {
        let found = |builder| change(builder, text, &text.replace(edit.0, edit.1), |_| {});
        assert_eq!(found(Builder::Buildah), [(2, Rebuilt::Yes)], "{edit:?}");
        // Of another cache than that of its target BuildKit forgets which it is.
        let count = usize::from(edit.0 == "target=/a");
        assert_eq!(found(Builder::Buildkit).len(), count, "{edit:?}");
    }
}

#[test]
fn stages() {
    let text = "FROM base AS tool\nCOPY a /a\nRUN make\nFROM base AS unused\nRUN x\nFROM base\n\
                COPY --from=tool /out /out\nRUN y\n";
    for builder in ALL {
        let found = change(builder, text, text, |it| it.write("a", "new"));
        let maybe = [(7, Rebuilt::Maybe), (8, Rebuilt::Maybe)];
        assert_eq!(found, [[(2, Rebuilt::Yes), (3, Rebuilt::Yes)], maybe].concat());
        assert_eq!(change(builder, text, &text.replace("RUN x", "RUN z"), |_| {}), []);
        assert_eq!(change(builder, text, &text.replace("tool", "kit"), |_| {}), []);
    }
}

#[test]
fn what_is_surely_in_a_stage() {
    let text = "FROM scratch AS files\nCOPY a /x/a\nCOPY src /x/src\nFROM base\nCOPY --from=files /x/a /a\n\
                COPY --from=files /x/src /src\n";
    let found = |path| change(Builder::Buildkit, text, text, |it| it.write(path, "new"));
    // The second COPY of the first stage is on the first one.
    let all = [(2, Rebuilt::Yes), (3, Rebuilt::Yes), (5, Rebuilt::Yes), (6, Rebuilt::Yes)];
    assert_eq!(found("a"), all);
    assert_eq!(found("src/one"), [(3, Rebuilt::Yes), (6, Rebuilt::Yes)]);
    // The sources themselves are copied on.
    let text =
        "FROM base AS build\nCOPY src /app\nRUN make\nFROM base\nCOPY --from=build /app /app\n";
    let found = change(Builder::Buildkit, text, text, |it| it.write("src/one", "new"));
    assert_eq!(found.last(), Some(&(5, Rebuilt::Yes)));
    let cleaned = text.replace("make", "make && rm -rf /app/src /app");
    let found = change(Builder::Buildkit, &cleaned, &cleaned, |it| it.write("src/one", "new"));
    assert_eq!(found.last(), Some(&(5, Rebuilt::Maybe)));
}

#[test]
fn a_generator_with_stable_output() {
    let text = "FROM base AS plan\nCOPY src .\nRUN cargo chef prepare --recipe-path recipe.json\nFROM base\n\
                COPY --from=plan recipe.json recipe.json\nRUN cargo chef cook\nCOPY src .\nRUN cargo build\n";
    let lines = |path: &str| -> Vec<u32> {
        let found = change(Builder::Buildkit, text, text, |it| it.write(path, "new"));
        assert!(found.iter().all(|it| it.1 == Rebuilt::Yes));
        found.into_iter().map(|it| it.0).collect()
    };
    assert_eq!(lines("src/one"), [2, 3, 7, 8]);
    assert_eq!(lines("src/Cargo.toml"), [2, 3, 5, 6, 7, 8]);
    assert_eq!(lines("src/bin/more.rs"), [2, 3, 5, 6, 7, 8]);
}

#[test]
fn a_link_is_independent_of_what_precedes_it() {
    let text = "FROM base\nCOPY a /a\nCOPY --link x.cfg /x\nRUN x\n";
    let lines = |builder| -> Vec<u32> {
        change(builder, text, text, |it| it.write("a", "new")).into_iter().map(|it| it.0).collect()
    };
    assert_eq!(lines(Builder::Buildkit), [2, 4]);
    assert_eq!(lines(Builder::Buildah), [2, 3, 4]);
}

#[test]
fn excluded_files() {
    let text = "FROM base\nCOPY --exclude=sub src /src\nCOPY --parents src/**/two /p/\n";
    let lines = |path: &str| -> Vec<u32> {
        let found = change(Builder::Buildkit, text, text, |it| it.write(path, "new"));
        found.into_iter().map(|it| it.0).collect()
    };
    assert_eq!(lines("src/sub/other"), [0; 0]);
    assert_eq!(lines("src/sub/two"), [3]);
    assert_eq!(lines("src/one"), [2, 3]);
}

#[test]
fn heredocs() {
    let text = "FROM base\nARG A=1\nCOPY <<EOF /f\nx $A\nEOF\nRUN <<EOF\none\ntwo\nEOF\n";
    let lines = |from: &str, to: &str| -> Vec<u32> {
        let found = change(Builder::Buildkit, text, &text.replace(from, to), |_| {});
        found.into_iter().map(|it| it.0).collect()
    };
    assert_eq!(lines("two", "three"), [6]);
    assert_eq!(lines("x $A", "y $A"), [3, 6]);
    assert_eq!(lines("A=1", "A=2"), [3, 6]);
}

#[test]
fn links_in_the_context_are_followed() {
    let text = "FROM base\nCOPY src/link /one\n";
    let found = change(Builder::Buildkit, text, text, |it| it.write("src/one", "new"));
    assert_eq!(found, [(2, Rebuilt::Yes)]);
    assert_eq!(change(Builder::Buildkit, text, text, |it| it.write("src/sub/two", "new")), []);
}

#[test]
fn a_file_that_is_nowhere() {
    let text = "FROM base\nCOPY built/app /app\nRUN x\n";
    let found = change(Builder::Buildkit, text, text, |_| {});
    assert_eq!(found, [(2, Rebuilt::Maybe), (3, Rebuilt::Maybe)]);
}

#[test]
fn what_was_built_before_comes_back() {
    let before = Project::new();
    let mut after = before.clone();
    after.write("a", "new");
    for builder in ALL {
        assert_eq!(reruns(builder, &[&before, &after, &before]), []);
    }
}

#[test]
fn what_is_in_a_stage_counts_however_it_is_written() {
    let text = "FROM base AS b\nWORKDIR /w\nCOPY a ./\nFROM base\nCOPY --from=b /w /w\n";
    let other = text.replace("WORKDIR /w\nCOPY a ./", "COPY a /w/");
    for builder in ALL {
        assert_eq!(change(builder, text, &other, |_| {}), [(2, Rebuilt::Yes)], "{builder:?}");
        let found = change(builder, text, &other, |it| it.write("a", "new"));
        assert_eq!(found, [(2, Rebuilt::Yes), (4, Rebuilt::Yes)], "{builder:?}");
    }
}
