//! What counts for BuildKit in what only BuildKit has, and what it takes for the same. `tests/cache_engines.rs` compares the same
//! cases with a real one.

use super::*;

/// The lines that run again when a Dockerfile is written otherwise, after `FROM base`.
fn lines(from: &str, to: &str, edit: impl Fn(&mut Project)) -> Vec<u32> {
    let (from, to) = (format!("FROM base\n{from}\n"), format!("FROM base\n{to}\n"));
    let found = change(Builder::Buildkit, &from, &to, edit);
    assert!(found.iter().all(|it| it.1 == Rebuilt::Yes), "{found:?}");
    found.into_iter().map(|it| it.0).collect()
}

/// Whether two ways to write an instruction are the same step.
fn is_same(one: &str, other: &str) -> bool {
    lines(one, other, |_| {}).is_empty()
}

#[test]
fn flags_count_by_what_they_mean() {
    for (one, other) in [
        ("COPY --chmod=0644 a /a", "COPY --chmod=644 a /a"),
        ("COPY --chmod=755 --chown=7:7 a /a", "COPY --chown=7:7 --chmod=755 a /a"),
        ("COPY --chown=root:root a /a", "COPY --chown=0:0 a /a"),
        ("COPY --link a /a", "COPY --link=true a /a"),
        ("COPY a /a", "COPY --link=false a /a"),
        ("COPY a /a", "COPY --parents=false a /a"),
        ("COPY --chmod=600 a /a", "COPY --link --chmod=600 a /a"),
        ("COPY a /srv/", "COPY ./a /srv/./"),
        ("WORKDIR /w\nCOPY a ./", "WORKDIR /w\nCOPY a ."),
        ("COPY . /all", "COPY / /all"),
        ("COPY src /all", "COPY src/. /all"),
        ("COPY --chmod= a /a", "COPY a /a"),
        ("ADD --unpack=false a /a", "COPY a /a"),
        ("ADD --unpack=true a /a", "ADD a /a"),
        ("RUN --network=default x", "RUN x"),
        ("RUN --security=sandbox x", "RUN x"),
    ] {
        assert!(is_same(one, other), "{one} and {other}");
    }
    for (one, other) in [
        ("COPY --chmod=0644 a /a", "COPY --chmod=600 a /a"),
        ("COPY --chmod=u+x a /a", "COPY --chmod=u-x a /a"),
        ("COPY --chown=7 a /a", "COPY --chown=7:7 a /a"),
        ("COPY --chown=0:0 a /a", "COPY a /a"),
        ("COPY --link a /a", "COPY a /a"),
        ("COPY --exclude=x --exclude=y src /src", "COPY --exclude=y --exclude=x src /src"),
        ("COPY a /srv/", "COPY a /srv/."),
        ("ADD a /a", "COPY a /a"),
        ("RUN --network=none x", "RUN x"),
    ] {
        assert!(!is_same(one, other), "{one} and {other}");
    }
}

#[test]
fn a_copy_with_other_permissions_is_not_linked() {
    let text = "COPY a /a\nCOPY --link --chmod=600 b /b\nCOPY --link --chown=7:7 b /c";
    assert_eq!(lines(text, text, |it| it.write("a", "new")), [2, 3]);
}

#[test]
fn what_is_built_on_nothing_is_linked_or_not() {
    let of = |first: &str| format!("RUN x\nFROM scratch\n{first} a /a\nCOPY b /b");
    assert!(is_same(&of("COPY"), &of("COPY --link")));
    assert_eq!(lines(&of("COPY"), &of("COPY --link"), |it| it.write("a", "new")), [4, 5]);
}

#[test]
fn patterns_of_exclude_look_below_the_source() {
    let text = "COPY --exclude=one src /src";
    assert_eq!(lines(text, text, |it| it.write("src/one", "new")), [0; 0]);
    assert_eq!(lines(text, text, |it| it.write("src/sub/one", "new")), [2]);
    let text = "COPY --exclude=sub/two s* /src";
    assert_eq!(lines(text, text, |it| it.write("src/sub/two", "new")), [0; 0]);
    // What is named or matched itself is copied all the same.
    for text in ["COPY --exclude=a a /srv/", "COPY --exclude=x.cfg *.cfg /srv/"] {
        let changed = |it: &mut Project| {
            it.write("a", "new");
            it.write("x.cfg", "new");
        };
        assert_eq!(lines(text, text, changed), [2], "{text}");
    }
    // With `--parents` they begin where the paths do.
    let text = "COPY --parents --exclude=src/sub src /srv/";
    assert_eq!(lines(text, text, |it| it.write("src/sub/two", "new")), [0; 0]);
    let text = "COPY --parents --exclude=sub src /srv/";
    assert_eq!(lines(text, text, |it| it.write("src/sub/two", "new")), [2]);
    let text = "COPY --parents --exclude=sub src/./* /srv/";
    assert_eq!(lines(text, text, |it| it.write("src/sub/two", "new")), [0; 0]);
}

#[test]
fn the_folders_that_a_pattern_matches() {
    let moved = |it: &mut Project| it.file("src/sub/two").0 = "src/bus/two".to_owned();
    let with = |more: &'static str| {
        move |it: &mut Project| {
            it.write(more, "");
        }
    };
    // One file by its own name counts by its content.
    assert_eq!(lines("COPY src/*/two /srv/", "COPY src/*/two /srv/", moved), [0; 0]);
    assert_eq!(lines("COPY src/*/t* /srv/", "COPY src/*/t* /srv/", moved), [2]);
    let text = "COPY src/*/two /srv/";
    assert_eq!(lines(text, text, with("src/more/two")), [2]);
    // `**` is any number of folders with `--parents` only.
    let text = "COPY src/**/two /srv/";
    assert_eq!(lines(text, text, with("src/sub/sub/two")), [0; 0]);
    let text = "COPY --parents src/**/two /srv/";
    assert_eq!(lines(text, text, with("src/sub/sub/two")), [2]);
}

#[test]
fn links_that_a_pattern_matches_count_by_what_they_lead_to() {
    let text = "COPY src/l* /srv/";
    assert_eq!(lines(text, text, |it| it.write("src/one", "new")), [2]);
    let text = "COPY src /srv/";
    assert_eq!(lines(text, text, |it| it.file("src/link").1 = b"sub".to_vec()), [2]);
}

#[test]
fn parents_keep_paths() {
    let text = "COPY --parents src/*/two /srv/";
    let moved = |it: &mut Project| it.file("src/sub/two").0 = "src/bus/two".to_owned();
    assert_eq!(lines(text, text, moved), [2]);
    assert!(is_same(text, "COPY --parents ./src/*/two /srv/"));
    assert!(!is_same(text, "COPY --parents src/./*/two /srv/"));
    let text = "COPY --parents src/./sub /srv/";
    assert_eq!(lines(text, text, |it| it.write("src/sub/two", "new")), [2]);
    assert_eq!(lines(text, text, |it| it.write("src/one", "new")), [0; 0]);
}

#[test]
fn heredocs_count_by_what_they_say() {
    for (one, other) in [
        ("RUN <<EOF\nx\nEOF", "RUN <<END\nx\nEND"),
        ("RUN <<EOF\nx\nEOF", "RUN <<'EOF'\nx\nEOF"),
        ("RUN <<EOF\nx\nEOF", "RUN <<-EOF\n\tx\nEOF"),
        ("ARG V=1\nCOPY <<EOF /f\nv $V\nEOF", "ARG V=1\nCOPY <<EOF /f\nv ${V:-9}\nEOF"),
        ("ARG V=1\nCOPY <<EOF /f\nv $V\nEOF", "ARG V=1\nCOPY <<\"EOF\" /f\nv 1\nEOF"),
        ("ARG V=1\nCOPY <<EOF /f\nv $V\nEOF", "ARG V=1\nCOPY <<-EOF /f\n\tv $V\nEOF"),
        ("ARG V=1\nCOPY <<EOF /f\nv \\$V\nEOF", "ARG V=2\nCOPY <<EOF /f\nv \\$V\nEOF"),
    ] {
        assert!(is_same(one, other), "{one} and {other}");
    }
    for (one, other) in [
        ("RUN <<EOF\n#!/bin/x\nx\nEOF", "RUN <<END\n#!/bin/x\nx\nEND"),
        ("RUN cat <<EOF\nx\nEOF", "RUN cat <<END\nx\nEND"),
        ("RUN cat <<-EOF\nx\nEOF", "RUN cat <<-EOF\n\tx\nEOF"),
        ("COPY <<EOF /f\nx\nEOF", "COPY <<END /f\nx\nEND"),
        ("ARG V=1\nCOPY <<EOF /f\nv $V\nEOF", "ARG V=1\nCOPY <<EOF /f\nv '1'\nEOF"),
        ("ARG V=1\nCOPY <<EOF /f\n'$V'\nEOF", "ARG V=2\nCOPY <<EOF /f\n'$V'\nEOF"),
    ] {
        assert!(!is_same(one, other), "{one} and {other}");
    }
}

#[test]
fn mounts_count_by_what_they_mean() {
    let run = |mount: &str| format!("RUN --mount={mount} x");
    for (one, other) in [
        ("type=bind,source=a,target=/a", "source=a,target=/a,ro"),
        ("source=a,target=/a,rw", "src=a,dst=/a,readwrite=true"),
        // `a` and `b` hold the same.
        ("source=a,target=/a", "source=b,target=/a"),
        ("type=cache,target=/c", "type=cache,target=/c,id=/c,sharing=shared"),
        ("type=cache,target=/c,id=x", "type=cache,target=/c,id=y"),
        ("type=cache,target=/c,id=x", "type=cache,target=/c,sharing=locked"),
    ] {
        assert!(is_same(&run(one), &run(other)), "{one} and {other}");
    }
    for (one, other) in [
        ("source=a,target=/a", "source=a,target=/a,rw"),
        ("source=a,target=/a", "source=a,target=/b"),
        ("source=a,target=/a", "source=other,target=/a"),
        ("type=cache,target=/c", "type=cache,target=/c,id=x"),
        ("type=cache,target=/c", "type=cache,target=/c,id=c"),
        ("type=cache,target=/c", "type=cache,target=/c,sharing=private"),
        ("type=cache,target=/c", "type=cache,target=/d"),
        ("type=cache,target=/c", "type=cache,target=/c,mode=0700"),
    ] {
        assert!(!is_same(&run(one), &run(other)), "{one} and {other}");
    }
}

#[test]
fn a_directory_counts_for_commands_as_it_is_written() {
    assert_eq!(lines("WORKDIR /w\nCOPY a ./\nRUN x", "WORKDIR /w/\nCOPY a ./\nRUN x", |_| {}), [4]);
    assert!(is_same("WORKDIR /w\nWORKDIR v\nRUN x", "WORKDIR /w/\nWORKDIR v/\nRUN x"));
    // The root is there already.
    assert!(is_same("WORKDIR /", "LABEL a=1"));
    // Who gets it counts too.
    assert!(!is_same("WORKDIR /w", "USER 7\nWORKDIR /w"));
    assert!(is_same("USER root\nWORKDIR /w", "USER 0\nWORKDIR /w"));
}
