//! How engines are called, and what becomes of those that misbehave: scripts stand for them.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use common::archives::{Picture, Tar};
use common::{folder, layerwise, run};

/// A folder with a Dockerfile, an image that was built from it, and programs.
fn work(programs: &[(&str, &str)]) -> tempfile::TempDir {
    let mut picture = Picture::new(vec![Tar::new().file("a", b"12345").end()]);
    picture.steps = vec!["COPY a /a # buildkit".to_owned()];
    let work = folder(&[
        ("Dockerfile", b"FROM scratch\nCOPY a /a\n".to_vec()),
        ("a", b"12345".to_vec()),
        ("image.tar", picture.docker_archive()),
    ]);
    for (name, script) in programs {
        let path = work.path().join("bin").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let head = format!("#!/bin/sh\necho \"{name} $*\" >> {}/calls\n", work.path().display());
        std::fs::write(&path, head + script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    work
}

/// Runs `measure`; exit code, both outputs, and the calls of engines.
fn measure(work: &tempfile::TempDir, arguments: &[&str]) -> (i32, String, String, String) {
    let path = format!("{}:/usr/bin:/bin", work.path().join("bin").display());
    let mut command = layerwise(work.path());
    command
        .env("PATH", path)
        .env("TMPDIR", work.path())
        .args(["measure", "--no-config"])
        .args(arguments);
    let (code, out, err) = run(&mut command);
    let calls = std::fs::read_to_string(work.path().join("calls")).unwrap_or_default();
    let left = std::fs::read_dir(work.path()).unwrap();
    let left = left
        .filter(|it| it.as_ref().unwrap().file_name().to_string_lossy().starts_with("layerwise-"));
    assert_eq!(left.count(), 0, "something is left behind");
    (code, out, err, calls)
}

/// A docker that builds and saves.
const DOCKER: &str = r#"
case "$1" in
version) echo 20.10.24 ;;
images) echo sha256:0000 ;;
build)
    while [ $# -gt 0 ]; do [ "$1" = --iidfile ] && echo sha256:1234 > "$2"; shift; done
    echo "Step 1/2 : FROM scratch" ;;
save) cat image.tar ;;
rmi) ;;
buildx) cat image.tar ;;
*) exit 9 ;;
esac
"#;

#[test]
fn what_is_asked_for_reaches_the_engine() {
    let it = work(&[("docker", DOCKER)]);
    let arguments = [
        "--engine",
        "docker",
        "--build-arg",
        "A=1",
        "--target",
        "x",
        "--platform",
        "linux/arm64",
        "--secret",
        "id=s,src=a",
        "--ssh",
        "default",
        "--network",
        "host",
        "--no-cache",
        "--engine-arg=--pull=false",
    ];
    // The stage is not there, but the engine is asked all the same.
    let (_, _, _, calls) = measure(&it, &arguments);
    let build = calls.lines().find(|it| it.starts_with("docker build ")).unwrap();
    for part in [
        "--progress plain",
        "--file ./Dockerfile",
        "--build-arg A=1",
        "--target x",
        "--platform linux/arm64",
        "--secret id=s,src=a",
        "--ssh default",
        "--network host",
        "--no-cache",
        "--pull=false .",
    ] {
        let part = part.replace("./Dockerfile", "Dockerfile");
        assert!(build.contains(&part), "{part}: {build}");
    }
    assert!(
        calls.contains("docker save sha256:1234")
            && calls.contains("docker rmi --no-prune sha256:1234"),
        "{calls}"
    );
}

#[test]
fn a_farm_of_builders_streams_the_image() {
    let it = work(&[("docker", DOCKER)]);
    let (code, out, err, calls) = measure(&it, &["--engine", "docker", "--builder", "farm"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("COPY a /a"), "{out}");
    assert!(calls.contains("docker buildx build --output type=docker,dest=- --progress plain --file Dockerfile --builder farm ."), "{calls}");
    let it = work(&[("buildctl", "cat image.tar\n")]);
    let (code, _, err, calls) = measure(&it, &["--engine", "buildctl", "--build-arg", "A=1"]);
    assert_eq!(code, 0, "{err}");
    assert!(calls.contains("--output type=docker --local context=. --local dockerfile=. --opt filename=Dockerfile --opt build-arg:A=1"), "{calls}");
    let podman = r#"
shift 2
case "$1" in
build) while [ $# -gt 0 ]; do [ "$1" = --iidfile ] && echo 1234 > "$2"; shift; done ;;
save) cat image.tar ;;
esac
"#;
    let it = work(&[("podman", podman)]);
    let (code, _, err, calls) = measure(&it, &["--engine", "podman", "--connection", "far"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        calls.contains("podman --connection far build --layers")
            && calls.contains("podman --connection far save"),
        "{calls}"
    );
}

#[test]
fn the_first_engine_that_answers_is_taken() {
    // Docker's daemon is away.
    let docker = "echo 'Cannot connect to the Docker daemon' >&2\nexit 1\n";
    let buildah = r#"
case "$1" in
--version) echo 1.28 ;;
bud) while [ $# -gt 0 ]; do [ "$1" = --iidfile ] && echo 1234 > "$2"; shift; done ;;
push) cat image.tar ;;
esac
"#;
    let it = work(&[("docker", docker), ("podman", "exit 125\n"), ("buildah", buildah)]);
    let (code, out, err, calls) = measure(&it, &[]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("COPY a /a") && calls.contains("buildah bud --layers"), "{calls}");
    // None answers: what needs none is measured all the same.
    let it = work(&[
        ("docker", docker),
        ("podman", "exit 1\n"),
        ("buildah", "exit 1\n"),
        ("buildctl", "exit 1\n"),
    ]);
    let (code, out, err, _) = measure(&it, &[]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("no engine answers") && out.contains("COPY a /a"), "{out}{err}");
}

#[test]
fn engines_that_misbehave_are_told_of() {
    let build = |script: &str| DOCKER.replace("    echo \"Step 1/2 : FROM scratch\"", script);
    let save = |script: &str| DOCKER.replace("save) cat image.tar", &format!("save) {script}"));
    let cases: &[(&str, String, &str)] = &[
        ("dies", build("    kill -9 $$"), "the build failed: `docker` was killed"),
        (
            "fails",
            build("    echo 'Step 2/2 : COPY a /a'; echo 'no space left on device' >&2; exit 7"),
            "line 2: the build failed at COPY: `docker` failed with exit code 7",
        ),
        (
            "says nothing",
            DOCKER.replace("echo sha256:1234 > \"$2\"", "true"),
            "built an image but did not report its ID",
        ),
        ("saves nothing", save("true"), "has neither manifest.json nor index.json"),
        ("saves half", save("head -c 1000 image.tar"), "ends too early"),
        ("saves text", save("echo 'permission denied: the store'"), "is not an image archive"),
        (
            "refuses to save",
            save("echo 'permission denied: the store' >&2; exit 1"),
            "permission denied: the store",
        ),
        ("dies while it saves", save("head -c 3000 image.tar; kill -9 $$"), "`docker` was killed"),
    ];
    for (name, script, expected) in cases {
        let it = work(&[("docker", script)]);
        let (code, out, err, _) = measure(&it, &["--engine", "docker"]);
        assert_eq!((code, out.as_str()), (2, ""), "{name}: {err}");
        assert!(err.contains(expected), "{name}: {err}");
        assert!(!err.contains("panicked"), "{name}: {err}");
    }
    let it = work(&[]);
    let mut command = layerwise(it.path());
    let (code, _, err) =
        run(command.env("PATH", "/nowhere").args(["measure", "--engine", "podman"]));
    assert!(code == 2 && err.contains("`podman` is not installed"), "{err}");
}

#[test]
fn an_engine_that_hangs_is_stopped() {
    for (name, script) in [
        (
            "while it builds",
            DOCKER.replace("    echo \"Step 1/2 : FROM scratch\"", "    exec sleep 100"),
        ),
        (
            "and does not listen",
            DOCKER.replace(
                "    echo \"Step 1/2 : FROM scratch\"",
                "    trap '' TERM; while :; do sleep 1; done",
            ),
        ),
        (
            "while it saves",
            DOCKER.replace("save) cat image.tar", "save) head -c 100 image.tar; exec sleep 100"),
        ),
    ] {
        let it = work(&[("docker", &script)]);
        let start = Instant::now();
        let (code, _, err, _) = measure(&it, &["--engine", "docker", "--timeout", "1"]);
        assert!(start.elapsed() < Duration::from_secs(30), "{name}: it hangs");
        assert!(
            code == 2 && err.contains("took longer than 1 s (`--timeout`) and was stopped"),
            "{name}: {err}"
        );
    }
}

#[test]
fn very_much_output_is_read_and_little_is_told() {
    let script = DOCKER.replace(
        "    echo \"Step 1/2 : FROM scratch\"",
        "    head -c 20000000 /dev/zero | tr '\\0' x; i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; printf '\\033[31mlast\\033[0m\\n'; exit 1",
    );
    let it = work(&[("docker", &script)]);
    let (code, _, err, _) = measure(&it, &["--engine", "docker"]);
    assert_eq!(code, 2);
    assert!(err.lines().count() < 20 && !err.contains('\u{1b}'), "{}", err.len());
}
