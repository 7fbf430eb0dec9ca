//! How builds end.

use super::*;

pub(super) fn a_failed_build_names_the_line(engines: &Engines) {
    let text = "FROM localhost/base:1\nRUN true\n\nRUN echo one; \\\n  echo the-last-words >&2; \\\n  false\n";
    let context = folder(&[("Dockerfile", text)]);
    for (name, options) in engines.builders() {
        let arguments = [&["measure", "--engine", name], options].concat();
        let (code, out, err) = engines.layerwise(context.path(), &arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{name}: {err}");
        assert!(err.contains("line 4: the build failed at RUN"), "{name}: {err}");
        assert!(err.contains("the-last-words"), "{name}: {err}");
    }
    let none = folder(&[("Dockerfile", "FROM localhost/base:1\nCOPY missing /\n")]);
    let (code, _, err) = engines.layerwise(none.path(), &["measure", "--engine", "none"]);
    assert!(
        code == 2 && err.contains("line 2: a build fails here: `missing` is not in the context"),
        "{err}"
    );
    // A working directory of a base that is not known is a directory all the same.
    let text = "FROM python:3\nWORKDIR /app\nCOPY a.txt /app\nRUN true\nCOPY . /app\n";
    let app = folder(&[("Dockerfile", text), ("a.txt", "a")]);
    let (code, out, err) = engines.layerwise(app.path(), &["measure", "--engine", "none"]);
    assert!(code == 0 && out.contains("COPY . /app"), "{out}{err}");
}

pub(super) fn an_interrupted_build_leaves_nothing_behind(engines: &Engines) {
    if engines.docker.is_none() {
        return;
    }
    let context = folder(&[("Dockerfile", "FROM localhost/base:1\nRUN sleep 300\n")]);
    let list = || {
        let images = engines.sorted(&["images", "--quiet", "--no-trunc"]);
        let containers = engines.sorted(&["ps", "--all", "--quiet"]);
        let files: Vec<_> = std::fs::read_dir(engines.work.path())
            .unwrap()
            .map(|it| it.unwrap().file_name())
            .filter(|it| it.to_string_lossy().starts_with("layerwise-"))
            .collect();
        (images, containers, files)
    };
    for engine in ["docker", "docker-classic"] {
        let before = list();
        let program = assert_cmd::cargo::cargo_bin("layerwise");
        let mut command = Command::new(program);
        command.env_clear().envs(engines.environment()).current_dir(context.path());
        command.args(["measure", "--engine", engine, "--network", "host", "--no-cache"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_secs(3));
        let id = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
        nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT).unwrap();
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < Duration::from_secs(20), "{engine}: it does not stop");
            std::thread::sleep(Duration::from_millis(50));
        }
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{engine}: {err}");
        assert!(err.contains("was interrupted"), "{engine}: {err}");
        let start = Instant::now();
        while list() != before {
            assert!(start.elapsed() < Duration::from_secs(20), "{engine}: {before:?} {:?}", list());
            std::thread::sleep(Duration::from_millis(200));
        }
    }
    // And one that takes too long.
    let arguments =
        ["measure", "--engine", "docker", "--network", "host", "--timeout", "2", "--no-cache"];
    let (code, _, err) = engines.layerwise(context.path(), &arguments);
    assert!(
        code == 2 && err.contains("took longer than 2 s (`--timeout`) and was stopped"),
        "{err}"
    );
}

pub(super) fn a_build_leaves_no_image_that_was_not_there(engines: &Engines) {
    if engines.docker.is_none() {
        return;
    }
    let context = folder(&[("Dockerfile", "FROM localhost/base:1\nRUN echo new > /new\n")]);
    let images = || engines.sorted(&["images", "--quiet", "--no-trunc"]);
    let before = images();
    engines.measure(context.path(), &["--engine", "docker", "--network", "host"]);
    engines.measure(context.path(), &["--engine", "docker-classic", "--network", "host"]);
    assert_eq!(images(), before);
    // One that was there stays, even if nobody gave it a name.
    let build = ["build", "--quiet", "--network", "host", &*context.path().to_string_lossy()]
        .map(str::to_owned);
    let output =
        engines.try_command("docker").env("DOCKER_BUILDKIT", "1").args(build).output().unwrap();
    assert!(output.status.success());
    let with_own = images();
    engines.measure(context.path(), &["--engine", "docker", "--network", "host"]);
    assert_eq!(images(), with_own);
}
