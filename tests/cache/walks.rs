//! Histories that are made up step by step: projects whose lines and files each have several versions, and a walk through them
//! that a seed decides. Every mixture of versions can be built.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use super::builds::Change::{self, Link, Mode, Remove, Write};
use super::histories::History;

/// A project. The first version of everything is the state at the start.
pub(crate) struct Project {
    pub(crate) name: &'static str,
    /// The lines of its Dockerfile, each in all its versions.
    pub(crate) lines: &'static [&'static [&'static str]],
    /// Files that belong together, in all their versions: paths and contents.
    pub(crate) files: &'static [&'static [Files]],
}

/// Paths, and what is there: a text, `755:` and a text, `link:` and a target, or `tar:` with a time, a name and a text.
pub(crate) type Files = &'static [(&'static str, &'static str)];

/// Every version of everything in turn, while everything else is as at the start.
pub(crate) fn tour(project: &'static Project) -> History {
    let mut state = State::of(project);
    let mut all = vec![state.first()];
    for at in 0..project.lines.len() {
        for version in (1..project.lines[at].len()).chain([0]) {
            all.push(state.line(at, version));
        }
    }
    for at in 0..project.files.len() {
        for version in (1..project.files[at].len()).chain([0]) {
            all.push(state.files(at, version));
        }
    }
    history(format!("{} in turn", project.name), all)
}

/// A walk of so many commits, each with one to three changes.
pub(crate) fn walk(project: &'static Project, seed: u64, commits: usize) -> History {
    let mut random = seed;
    let mut next = move |below: usize| {
        // The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
        random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (random ^ (random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).unwrap()
    };
    let mut state = State::of(project);
    let mut all = vec![state.first()];
    for _ in 1..commits {
        let mut changes = Vec::new();
        for _ in 0..=next(3) {
            if next(2) == 0 {
                let at = next(project.lines.len());
                changes.extend(state.line(at, next(project.lines[at].len())));
            } else {
                let at = next(project.files.len());
                changes.extend(state.files(at, next(project.files[at].len())));
            }
        }
        all.push(changes);
    }
    history(format!("{} {seed}", project.name), all)
}

fn history(name: String, commits: Vec<Vec<Change>>) -> History {
    let commits: Vec<&'static [Change]> = commits.into_iter().map(|it| &*it.leak()).collect();
    History { name: name.leak(), builders: &["newer"], needs: None, commits: commits.leak() }
}

/// A project, and which version of each line and of each group of files it has.
struct State {
    project: &'static Project,
    lines: Vec<usize>,
    files: Vec<usize>,
}

impl State {
    fn of(project: &'static Project) -> Self {
        let (lines, files) = (vec![0; project.lines.len()], vec![0; project.files.len()]);
        Self { project, lines, files }
    }

    fn first(&self) -> Vec<Change> {
        let files = self.project.files.iter().flat_map(|it| it[0]);
        std::iter::once(self.dockerfile()).chain(files.flat_map(put)).collect()
    }

    fn line(&mut self, at: usize, version: usize) -> Vec<Change> {
        self.lines[at] = version;
        vec![self.dockerfile()]
    }

    fn files(&mut self, at: usize, version: usize) -> Vec<Change> {
        let (was, is) = (self.project.files[at][self.files[at]], self.project.files[at][version]);
        self.files[at] = version;
        let gone = was.iter().filter(|it| is.iter().all(|new| new.0 != it.0));
        gone.map(|it| Remove(it.0)).chain(is.iter().flat_map(put)).collect()
    }

    fn dockerfile(&self) -> Change {
        let lines = self.project.lines.iter().zip(&self.lines).map(|it| it.0[*it.1]);
        let lines = lines.filter(|it| !it.is_empty()).map(|it| format!("{it}\n"));
        Write("Dockerfile", lines.collect::<String>().leak())
    }
}

fn put((path, what): &(&'static str, &'static str)) -> Vec<Change> {
    if let Some(target) = what.strip_prefix("link:") {
        return vec![Link(path, target)];
    }
    if let Some(text) = what.strip_prefix("755:") {
        return vec![Write(path, text), Mode(path, 0o755)];
    }
    vec![Write(path, what.strip_prefix("tar:").map_or(*what, archive))]
}

/// An archive with one file.
fn archive(what: &str) -> &'static str {
    let mut parts = what.splitn(3, ' ');
    let mut part = || parts.next().unwrap();
    let (time, name, text) = (part(), part(), part());
    let mut header = tar::Header::new_ustar();
    header.set_path(name).unwrap();
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(time.parse().unwrap());
    header.set_cksum();
    let mut made = tar::Builder::new(Vec::new());
    made.append(&header, text.as_bytes()).unwrap();
    String::from_utf8(made.into_inner().unwrap()).unwrap().leak()
}

/// Files that are chosen by patterns: `--parents`, `--exclude`, wildcards, `--link`, and an ignore file.
pub(crate) const CHOSEN: Project = Project {
    name: "chosen",
    lines: &[
        &["FROM localhost/base:1"],
        &["WORKDIR /app", "WORKDIR /app/./", "WORKDIR /\nWORKDIR app", "WORKDIR /srv"],
        &[
            "COPY --parents packages/*/package.json ./",
            "COPY --parents --exclude=packages/b packages/*/package.json ./",
            "COPY --parents packages/./*/package.json ./",
            "COPY --parents ./packages/*/package.json ./",
            "COPY --parents packages/**/package.json ./",
            "COPY --parents packages/a ./",
        ],
        &["RUN echo install > installed", "RUN echo install > done"],
        &[
            "COPY --exclude=*.md --exclude=test src ./src",
            "COPY --exclude=test --exclude=*.md src ./src",
            "COPY --exclude=**/*.md src ./src",
            "COPY --exclude=*.md src/ ./src/",
            "COPY --exclude=** --exclude=!main src ./src",
            "COPY src ./src",
        ],
        &[
            "COPY --link conf/*.cfg /etc/app/",
            "COPY --link=true conf/*.cfg /etc/app/",
            "COPY --link=false conf/*.cfg /etc/app/",
            "COPY --link --chmod=600 conf/*.cfg /etc/app/",
            "COPY --link --chown=7:7 conf/*.cfg /etc/app/",
            "COPY --link conf/[ab].cfg /etc/app/",
        ],
        &["RUN echo list > list", "RUN  echo list > list"],
        &[
            "COPY --exclude=*.log static/* /static/",
            "COPY --exclude=x static/* /static/",
            "COPY --exclude=x.log static/x* /static/",
            "COPY --exclude=a.cfg conf/a.cfg /static/",
            "COPY */index.html /static/",
        ],
        &["LABEL a=1", "LABEL a=2", ""],
        &["RUN echo end > end"],
    ],
    files: &[
        &[
            &[("packages/a/package.json", "1")],
            &[("packages/a/package.json", "2")],
            &[("packages/a/package.json", "755:1")],
        ],
        &[
            &[("packages/b/package.json", "1")],
            &[("packages/c/package.json", "1")],
            &[("packages/b/package.json", "1"), ("packages/c/package.json", "2")],
            &[],
        ],
        &[&[("packages/a/main", "1")], &[("packages/a/main", "2")], &[]],
        &[&[], &[("packages/a/deep/package.json", "1")]],
        &[&[("src/main", "1")], &[("src/main", "2")], &[("src/main", "755:1")]],
        &[&[("src/notes.md", "1")], &[("src/notes.md", "2")], &[]],
        &[&[("src/deep/notes.md", "1")], &[("src/deep/notes.md", "2")], &[]],
        &[&[("src/test/t", "1")], &[("src/test/t", "2")], &[("src/deep/test", "1")], &[]],
        &[&[("src/link", "link:main")], &[("src/link", "link:deep")], &[]],
        &[&[("conf/a.cfg", "1")], &[("conf/a.cfg", "2")]],
        &[&[("conf/b.cfg", "1")], &[("conf/c.cfg", "1")], &[]],
        &[&[("static/x/file", "1")], &[("static/x/file", "2")], &[("static/xx/file", "1")]],
        &[&[("static/x.log", "1")], &[("static/x.log", "2")], &[]],
        &[&[("static/index.html", "1")], &[("stable/index.html", "1")]],
        &[&[("other", "1")], &[("other", "2")], &[("other", "3")]],
        &[
            &[],
            &[(".dockerignore", "other\nsrc/deep\n")],
            &[(".dockerignore", "**/*.md\n!src/notes.md\n")],
            &[(".dockerignore", "packages/c\nsrc/test\nstatic/x.log\n")],
        ],
    ],
};

/// Stages that others copy from and mount, some with the same steps, flags for owners and modes, and mounts. No file changes its
/// mode that a stage copies with `--chmod`: that the stage then holds the same as before is not replayed.
pub(crate) const STAGED: Project = Project {
    name: "staged",
    lines: &[
        &["FROM localhost/base:1 AS deps"],
        &["WORKDIR /w"],
        &[
            "COPY lock ./",
            "COPY --link lock ./",
            "COPY --link lock /w/",
            "COPY --chmod=0644 lock ./",
            "COPY --chmod=644 lock ./",
        ],
        &[
            "RUN --mount=type=cache,target=/c cat lock > out",
            "RUN --mount=target=/c,type=cache cat lock > out",
            "RUN --mount=type=cache,id=one,target=/c cat lock > out",
            "RUN --mount=type=cache,id=two,target=/c,sharing=locked cat lock > out",
            "RUN --mount=type=cache,target=/c,sharing=shared cat lock > out",
            "RUN --mount=type=cache,dst=/c,id=/c cat lock > out",
        ],
        &["FROM localhost/base:1 AS twin"],
        &["WORKDIR /w"],
        &["COPY lock ./", "COPY lock /w/"],
        &["RUN --mount=type=cache,target=/c cat lock > out", "RUN cat lock > out"],
        &["FROM scratch AS files", "FROM scratch AS assets\nFROM assets AS files"],
        &["COPY static /static", "COPY --link static /static"],
        &[
            "COPY --link extra /extra",
            "COPY --link --chmod=0700 extra /extra",
            "COPY --link --chmod=700 extra /extra",
            "COPY extra /extra",
        ],
        &["FROM localhost/base:1 AS final"],
        &["USER 0", "USER root", ""],
        &[
            "RUN --mount=type=bind,source=lock,target=/lock cat /lock > a",
            "RUN --mount=source=lock,target=/lock cat /lock > a",
            "RUN --mount=type=bind,src=lock,dst=/lock,ro cat /lock > a",
            "RUN --mount=type=bind,source=lock,target=/lock,rw cat /lock > a",
            "RUN --mount=type=bind,source=lock,target=/lock,readwrite cat /lock > a",
            "RUN --mount=type=bind,source=conf/lock,target=/lock cat /lock > a",
        ],
        &[
            "RUN --mount=type=bind,from=files,source=/static,target=/s cat /s/index > b",
            "RUN --mount=from=files,target=/f,source=/ cat /f/static/index > b",
            "RUN --mount=from=files,target=/f cat /f/static/index > b",
        ],
        &["WORKDIR /app", "WORKDIR /app/", "USER 7\nWORKDIR /app\nUSER 0"],
        &[
            "COPY --from=files /static ./static",
            "COPY --from=files static/ /app/static",
            "COPY --link --from=files /static ./static",
        ],
        &["COPY --link --from=files /extra ./extra", "COPY --from=files /extra /app/"],
        &["COPY --link --from=deps /w/lock ./lock", "COPY --from=twin /w/lock ./lock"],
        &[
            "COPY entry /bin/entry",
            "COPY --chown=7 entry /bin/entry",
            "COPY --chown=7:7 entry /bin/entry",
            "COPY --chown=0:0 entry /bin/entry",
            "COPY --chown=root:root entry /bin/entry",
            "COPY --chown=0:root --chmod=755 entry /bin/entry",
            "COPY --chmod=755 --chown=0:root entry /bin/entry",
        ],
        &["RUN echo end > end", "RUN [\"echo\", \"end\"]", "RUN [\"echo\",  \"end\"]"],
    ],
    files: &[
        &[&[("lock", "1")], &[("lock", "2")], &[("lock", "3")]],
        &[&[("conf/lock", "1")], &[("conf/lock", "2")]],
        &[&[("static/index", "1")], &[("static/index", "2")]],
        &[&[("static/more", "1")], &[("static/most", "1")], &[]],
        &[&[("extra", "1")], &[("extra", "2")], &[("extra", "3")]],
        &[&[("entry", "1")], &[("entry", "2")], &[("entry", "755:1")]],
        &[&[("other", "1")], &[("other", "2")], &[("other", "3")]],
        &[&[], &[(".dockerignore", "other\n")], &[(".dockerignore", "static/mo*\nDockerfile\n")]],
    ],
};

/// Files and commands that are written in the Dockerfile, variables, and archives.
pub(crate) const WRITTEN: Project = Project {
    name: "written",
    lines: &[
        &["FROM localhost/base:1"],
        &["ARG V=1", "ARG V=2", "ARG V=1\nARG U=x"],
        &[
            "COPY <<EOF /etc/one\nv $V\nEOF",
            "COPY <<\"EOF\" /etc/one\nv $V\nEOF",
            "COPY <<EOF /etc/one\nv 1\nEOF",
            "COPY <<EOF /etc/one\nv ${V:-9}\nEOF",
            "COPY <<-EOF /etc/one\n\tv $V\nEOF",
            "COPY <<END /etc/one\nv $V\nEND",
            "COPY <<EOF /etc/one\nv \\$V\nEOF",
            "COPY --chmod=700 <<EOF /etc/one\nv $V\nEOF",
        ],
        &["ENV E=1", "ENV E=2", "ENV E=1 F=2"],
        &[
            "COPY <<A <<-B f /etc/many/\na $E\nA\n\tb \"$E\"\nB",
            "COPY <<A <<B f /etc/many/\na $E\nA\nb \"$E\"\nB",
            "COPY <<A f /etc/many/\na '$E'\nA",
            "COPY --link <<A <<B f /etc/many/\na $E\nA\nb\nB",
        ],
        &[
            "RUN <<EOF\necho one > /one\nEOF",
            "RUN <<END\necho one > /one\nEND",
            "RUN <<'EOF'\necho one > /one\nEOF",
            "RUN <<-EOF\n\techo one > /one\nEOF",
            "RUN <<EOF\necho one  > /one\nEOF",
        ],
        &[
            "RUN cat <<EOF > /two\ntwo\nEOF",
            "RUN cat <<\"EOF\" > /two\ntwo\nEOF",
            "RUN cat <<END > /two\ntwo\nEND",
            "RUN cat <<-EOF > /two\n\ttwo\nEOF",
            "RUN cat <<EOF > /two\ndue\nEOF",
        ],
        &[
            "RUN <<EOF\n#!/bin/sh\necho three > /three\nEOF",
            "RUN <<END\n#!/bin/sh\necho three > /three\nEND",
            "RUN <<-EOF\n\t#!/bin/sh\n\techo three > /three\nEOF",
        ],
        &[
            "ADD data.tar /data/",
            "ADD --chown=7:7 data.tar /data/",
            "ADD --link data.tar /data/",
            "ADD ./data.tar /data",
            "COPY data.tar /data/",
        ],
        &["RUN echo $E > /end", "RUN --network=none echo $E > /end"],
        &["COPY g /etc/", "COPY g /etc/./", "COPY ./g /etc/", "COPY g /etc/g", "COPY g /etc/."],
        &["CMD [\"sh\"]", "ENTRYPOINT [\"sh\"]"],
    ],
    files: &[
        &[&[("f", "1")], &[("f", "2")], &[("f", "755:1")]],
        &[&[("g", "1")], &[("g", "2")], &[("g", "link:f")]],
        &[
            &[("data.tar", "tar:1 a 1")],
            &[("data.tar", "tar:2 a 1")],
            &[("data.tar", "tar:1 a 2")],
            &[("data.tar", "tar:1 b 1")],
        ],
        &[&[("other", "1")], &[("other", "2")]],
        &[&[], &[(".dockerignore", "other\n")]],
    ],
};
