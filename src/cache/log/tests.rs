//! Logs as real builders print them, and as CI services and accidents change them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use super::*;

/// Each step as `stage index/of text: outcome`.
fn steps(build: &Build) -> Vec<String> {
    let word = |it: &LogStep| match it.outcome {
        Outcome::Cached => "cached",
        Outcome::Ran => "ran",
        Outcome::Failed => "failed",
        Outcome::Unknown => "unknown",
    };
    let step = |it: &LogStep| {
        let Place { stage, index, of } = &it.place;
        format!("{stage} {index}/{of} {}: {}", it.text, word(it)).trim().to_owned()
    };
    build.steps.iter().map(step).collect()
}

fn one(log: &str) -> Build {
    let mut builds = read(log.as_bytes()).unwrap();
    assert_eq!(builds.len(), 1, "{builds:?}");
    builds.remove(0)
}

const PLAIN: &str = "\
#1 [internal] load build definition from Dockerfile
#1 sha256:0aba8b813f683bbcf9911ea4946063432d7009b814288bd2d9ca47cee4e8b53b
#1 transferring dockerfile: 32B done
#1 DONE 0.0s

#3 [internal] load metadata for docker.io/library/node:22
#3 DONE 0.0s

#4 [stage-1 1/3] FROM docker.io/library/node:22@sha256:3db0400737586903a2a9396d7974c5660d0fdbb0bcdd9d165c6a73072d98c2e3
#4 DONE 0.0s

#5 [build 2/4] WORKDIR /w
#5 sha256:dc42dee92d79adfa4d1f38d3d3844f4324eb88bad16a8f71552f8750dd667dcc
#5 CACHED

#8 [build 3/4] RUN echo three two > /x &&     echo \"long\"
#8 0.055 #9 [build 3/4] RUN spoofed
#8 DONE 0.1s

#9 [build 4/4] COPY src/ /src/
#9 DONE 0.2s

#4 [stage-1 1/3] FROM docker.io/library/node:22@sha256:3db0400737586903a2a9396d7974c5660d0fdbb0bcdd9d165c6a73072d98c2e3
#4 CACHED

#11 [stage-1 2/3] COPY --from=build /y /y
#11 DONE 0.1s

#12 [stage-1 3/3] RUN echo done
#12 ERROR: executor failed running [/bin/sh -c echo done]: exit code: 1
------
 > [stage-1 3/3] RUN echo done:
------
executor failed running [/bin/sh -c echo done]: exit code: 1
";

const PLAIN_STEPS: [&str; 6] = [
    "stage-1 1/3 FROM docker.io/library/node:22@sha256:3db0400737586903a2a9396d7974c5660d0fdbb0bcdd9d165c6a73072d98c2e3: ran",
    "build 2/4 WORKDIR /w: cached",
    "build 3/4 RUN echo three two > /x && echo \"long\": ran",
    "build 4/4 COPY src/ /src/: ran",
    "stage-1 2/3 COPY --from=build /y /y: ran",
    "stage-1 3/3 RUN echo done: failed",
];

#[test]
fn buildkit_plain() {
    let build = one(PLAIN);
    assert_eq!(steps(&build), PLAIN_STEPS);
    assert_eq!((build.form, build.has_end, build.partial.len()), (Form::Plain, true, 0));
    assert!(build.steps[1].id.as_deref().unwrap().starts_with("sha256:dc42"));
    assert_eq!((build.steps[1].seconds, build.steps[3].seconds), (None, Some(0.2)));
}

#[test]
fn what_ci_services_add_is_left_out() {
    let stamped = |stamp: &str| {
        let lines = PLAIN.lines().map(|it| format!("{stamp}{it}\r\n"));
        steps(&one(&lines.collect::<String>()))
    };
    for stamp in [
        "2026-01-31T12:00:00.0000000Z ",
        "build\tDocker build\t2026-01-31T12:00:00.0000000Z ",
        "2026-01-31T12:00:00.000000Z 01O ",
        "2026-01-31T12:00:00.000000Z 01O+",
        "[2026-01-31T12:00:00.000Z] ",
        "12:00:00 ",
        "\x1b_bk;t=1767225600000\x07",
        "\x1b[0K\x1b[36m",
        "   ",
    ] {
        assert_eq!(stamped(stamp), PLAIN_STEPS, "{stamp:?}");
    }
}

#[test]
fn buildkit_rawjson() {
    let log = r##"
{"vertexes":[{"digest":"sha256:01","name":"[internal] load build definition from Dockerfile","started":"2026-01-31T12:00:00Z"}]}
{"vertexes":[{"digest":"sha256:0a","inputs":null,"name":"[build 1/3] FROM docker.io/library/node:22@sha256:3d"},{"digest":"sha256:0b","inputs":["sha256:0a"],"name":"[build 2/3] WORKDIR /w"},{"digest":"sha256:0c","name":"[build 3/3] RUN npm ci"}]}
{"vertexes":[{"digest":"sha256:0b","name":"[build 2/3] WORKDIR /w","started":"2026-01-31T12:00:00.5Z","completed":"2026-01-31T12:00:00.5Z","cached":true}]}
{"statuses":[{"id":"extracting","vertex":"sha256:0a","name":"x","total":1,"current":1}]}
{"logs":[{"vertex":"sha256:0c","stream":1,"data":"YQ==","timestamp":"2026-01-31T12:00:01Z"}]}
{"vertexes":[{"digest":"sha256:0c","name":"[build 3/3] RUN npm ci","started":"2026-01-31T12:00:01.25Z","completed":"2026-01-31T12:01:02.75Z"}]}
{"vertexes":[{"digest":"sha256:0d","name":"exporting to image","started":"2026-01-31T12:01:03Z"}]}
"##;
    let build = one(log);
    assert_eq!(
        steps(&build),
        [
            "build 1/3 FROM docker.io/library/node:22@sha256:3d: unknown",
            "build 2/3 WORKDIR /w: cached",
            "build 3/3 RUN npm ci: ran"
        ]
    );
    assert_eq!((build.form, build.has_end), (Form::RawJson, true));
    assert_eq!(build.steps[2].seconds, Some(61.5));
    assert_eq!(build.steps[2].id.as_deref(), Some("sha256:0c"));
}

#[test]
fn a_linked_copy_in_rawjson() {
    let log = r##"
{"vertexes":[{"digest":"sha256:0c","name":"[2/2] LINK COPY --link b /b"},{"digest":"sha256:0b","name":"[2/2] COPY --link b /b"}]}
{"vertexes":[{"digest":"sha256:0b","name":"[2/2] COPY --link b /b","started":"2026-01-31T12:00:00Z","completed":"2026-01-31T12:00:00Z","cached":true}]}
{"vertexes":[{"digest":"sha256:0c","name":"[2/2] LINK COPY --link b /b","started":"2026-01-31T12:00:00Z","completed":"2026-01-31T12:00:01Z"}]}
"##;
    assert_eq!(steps(&one(log)), ["2/2 COPY --link b /b: cached"]);
}

const CLASSIC: &str = "\
Sending build context to Docker daemon  4.608kB\r
Step 1/5 : ARG TOP=1
Step 2/5 : FROM localhost/base:1 AS build
 ---> ecf14ab5ebb5
Step 3/5 : ENV E=two
 ---> Using cache
 ---> b4683c373608
Step 4/5 : RUN echo $V ${E} > /x &&     echo \"long\"
 ---> Running in aa36d367c82d
Step 9/9 : RUN spoofed
 ---> not an image
Removing intermediate container aa36d367c82d
 ---> 066b3386f374
Step 5/5 : COPY src/ /src/
 ---> c02aa2e32838
Successfully built c02aa2e32838
";

#[test]
fn the_classic_builder() {
    let build = one(CLASSIC);
    let expected = [
        "1/5 ARG TOP=1: ran",
        "2/5 FROM localhost/base:1 AS build: ran",
        "3/5 ENV E=two: cached",
        "4/5 RUN echo $V ${E} > /x && echo \"long\": ran",
        "5/5 COPY src/ /src/: ran",
    ];
    assert_eq!(steps(&build), expected);
    let ids: Vec<_> = build.steps.iter().map(|it| it.id.as_deref().unwrap_or("-")).collect();
    assert_eq!(ids, ["-", "ecf14ab5ebb", "b4683c37360", "066b3386f37", "c02aa2e3283"]);
    assert_eq!((build.form, build.has_end, build.partial.len()), (Form::Classic, true, 0));
}

#[test]
fn buildah() {
    let build = one("\
[1/2] STEP 1/3: FROM localhost/base:1 AS build
[1/2] STEP 2/3: WORKDIR /w
--> Using cache c42932bc2ed42adae5ea3695a6af299f1d27b85904151fc5b4c910848cade598
--> c42932bc2ed
[1/2] STEP 3/3: COPY b /b
--> 509cb54826e
[2/2] STEP 1/2: FROM localhost/base:1
[2/2] STEP 2/2: RUN echo done
done
[2/2] COMMIT localhost/made
--> 8884f7e85e1
Successfully tagged localhost/made:latest
");
    let expected = [
        "1/2 1/3 FROM localhost/base:1 AS build: ran",
        "1/2 2/3 WORKDIR /w: cached",
        "1/2 3/3 COPY b /b: ran",
        "2/2 1/2 FROM localhost/base:1: ran",
        "2/2 2/2 RUN echo done: ran",
    ];
    assert_eq!(steps(&build), expected);
    assert_eq!((build.form, build.has_end, build.partial.len()), (Form::Buildah, true, 0));
    assert_eq!(build.steps[1].id.as_deref(), Some("c42932bc2ed"));
}

#[test]
fn several_builds_are_kept_apart() {
    for log in [PLAIN, CLASSIC] {
        let builds = read(format!("{log}make: done\n{log}").as_bytes()).unwrap();
        assert_eq!(builds.len(), 2);
        assert_eq!(steps(&builds[0]), steps(&builds[1]));
    }
    let builds = read(format!("{PLAIN}{CLASSIC}").as_bytes()).unwrap();
    let forms: Vec<Form> = builds.iter().map(|it| it.form).collect();
    assert_eq!(forms, [Form::Plain, Form::Classic]);
    let mixed = one("#7 [a 2/2] RUN x\n#7 [b 2/2] RUN y\n#7 DONE 0.1s\n#8 exporting to image\n");
    assert_eq!(mixed.partial, ["several builds are mixed in it, so steps may be mistaken"]);
}

#[test]
fn logs_that_are_cut_short() {
    let ends = "it ends before the build does";
    let cut = |log: &str, at: &str| one(&log[..log.find(at).unwrap()]).partial;
    assert_eq!(cut(PLAIN, "#11 [stage-1 2/3]"), [ends]);
    assert_eq!(cut(PLAIN, "#8 DONE"), [ends]);
    assert_eq!(cut(CLASSIC, "Step 5/5"), [ends]);
    assert_eq!(cut(CLASSIC, " ---> c02aa"), [ends]);
    let beginning = &CLASSIC[CLASSIC.find("Step 3/5").unwrap()..];
    assert_eq!(one(beginning).partial, ["it begins in the middle of a build"]);
    assert_eq!(one(&PLAIN[PLAIN.find("#5 [build").unwrap()..]).steps.len(), 6);
}

#[test]
fn anything_is_read() {
    for bytes in [
        &b""[..],
        b"\xff\xfe#\x007\x00 \x00",
        b"{\n}\n[1,2]\n{\"a\":1}",
        b"#\n#7\n#7 \n#99999999999999999999999 [1/2] RUN x\r#",
        b"Step 1/ : x\nStep /1 : x\nStep : x\n ---> \n--> \n",
        b"\x1b\x1b[\x1b]\x1b_\x1b",
    ] {
        let builds = read(bytes).unwrap();
        assert!(builds.iter().all(|it| it.steps.len() < 2), "{builds:?}");
    }
    // A line without an end takes no memory beyond its limit.
    let endless = std::io::BufReader::new(std::io::Read::take(std::io::repeat(b'{'), 50 << 20));
    assert_eq!(read(endless).unwrap(), []);
    let many: String = (0..6_000).map(|it| format!("#{it} [a 1/2] RUN {it}\n")).collect();
    let build = one(&many);
    assert_eq!((build.steps.len(), build.partial.len()), (MOST_STEPS, 2));
}
