//! A BuildKit that whoever runs the tests has at hand, in its own place: `LAYERWISE_BUILDKIT` names the folder with `buildkitd`,
//! `buildctl` and, where none is installed, `runc`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A daemon, and the image that `FROM localhost/base:1` stands for.
pub(crate) struct Buildkit {
    programs: PathBuf,
    work: PathBuf,
    daemon: Child,
    /// What the daemon says of its version.
    pub(crate) version: String,
}

impl Buildkit {
    /// Starts it below `work`; `base` is a folder with the Dockerfile of the base image. None where nobody named one.
    pub(crate) fn start(work: &Path, base: &Path) -> Option<Self> {
        let Some(programs) = std::env::var_os("LAYERWISE_BUILDKIT").map(PathBuf::from) else {
            eprintln!(
                "skipped: LAYERWISE_BUILDKIT names no folder with `buildkitd` and `buildctl`"
            );
            return None;
        };
        let work = work.join("buildkit");
        std::fs::create_dir_all(&work).unwrap();
        let log = std::fs::File::create(work.join("log")).unwrap();
        let daemon = Command::new(programs.join("buildkitd"))
            .args(["--oci-worker=true", "--containerd-worker=false", "--oci-worker-net=host"])
            .args(["--oci-worker-gc=false", "--config=/dev/null"])
            .arg(format!("--root={}", work.join("root").display()))
            .arg(format!("--addr={}", address(&work)))
            .env("PATH", path(&programs))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut started = Self { programs, work, daemon, version: String::new() };
        started.wait();
        started.make_base(base);
        Some(started)
    }

    fn wait(&mut self) {
        let start = Instant::now();
        loop {
            let mut info = self.client();
            let output = info.args(["debug", "info"]).output().unwrap();
            if output.status.success() {
                let text = String::from_utf8(output.stdout).unwrap();
                self.version = text.split_whitespace().collect::<Vec<_>>().join(" ");
                return;
            }
            let log = || std::fs::read_to_string(self.work.join("log")).unwrap_or_default();
            assert!(start.elapsed() < Duration::from_secs(30), "it does not start: {}", log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn client(&self) -> Command {
        let mut command = Command::new(self.programs.join("buildctl"));
        command.env_clear().env("PATH", path(&self.programs));
        command.arg("--addr").arg(address(&self.work));
        command
    }

    fn build(&self, folder: &Path, file: &str) -> Command {
        let mut command = self.client();
        let place = folder.display();
        command.args(["build", "--frontend", "dockerfile.v0", "--progress", "rawjson"]);
        command.arg("--opt").arg(format!("filename={file}"));
        command.arg("--local").arg(format!("context={place}"));
        command.arg("--local").arg(format!("dockerfile={place}"));
        command
    }

    /// What builds the Dockerfile of that name in a folder; its log has one JSON object in a line.
    pub(crate) fn command(&self, folder: &Path, file: &str) -> Command {
        let layout = self.work.join("base");
        let index = std::fs::read(layout.join("index.json")).unwrap();
        let index: Value = serde_json::from_slice(&index).unwrap();
        let digest = index["manifests"][0]["digest"].as_str().unwrap();
        let mut command = self.build(folder, file);
        command.arg("--oci-layout").arg(format!("base={}", layout.display()));
        let image = format!("context:localhost/base:1=oci-layout://base@{digest}");
        command.arg("--opt").arg(image);
        command
    }

    /// Empties the cache: what does not depend on the base would stay in it.
    pub(crate) fn prune(&self) {
        let output = self.client().args(["prune", "--all"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Puts what a Dockerfile makes in the place of the base.
    pub(crate) fn make_base(&self, folder: &Path) {
        let (layout, next) = (self.work.join("base"), self.work.join("next"));
        let mut command = match layout.exists() {
            true => self.command(folder, "Dockerfile"),
            false => self.build(folder, "Dockerfile"),
        };
        command.arg("--output").arg(format!("type=oci,tar=false,dest={}", next.display()));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let _ = std::fs::remove_dir_all(&layout);
        std::fs::rename(next, layout).unwrap();
    }
}

impl Drop for Buildkit {
    fn drop(&mut self) {
        let id = i32::try_from(self.daemon.id()).unwrap();
        let _ = nix::sys::signal::kill(
            nix::unistd::Pid::from_raw(id),
            nix::sys::signal::Signal::SIGTERM,
        );
        let _ = self.daemon.wait();
    }
}

fn address(work: &Path) -> String {
    format!("unix://{}", work.join("socket").display())
}

fn path(programs: &Path) -> String {
    format!("{}:/usr/bin:/bin:/usr/sbin:/sbin", programs.display())
}
