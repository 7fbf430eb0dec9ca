//! Real engines in their own place, with a base image in each.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::buildkit::Buildkit;

/// Where packages put engines: a newer client elsewhere may lack BuildKit.
const PATH: &str = "/usr/bin:/bin:/usr/sbin:/sbin";

/// Its own place for engines, with a base image in each.
pub(crate) struct Engines {
    pub(crate) work: tempfile::TempDir,
    pub(crate) docker: Option<Child>,
    pub(crate) has_buildah: bool,
    /// A BuildKit that `LAYERWISE_BUILDKIT` names, once it was started.
    pub(crate) buildkit: Option<Buildkit>,
    /// How buildah keeps layers.
    pub(crate) driver: &'static str,
}

impl Engines {
    /// Those that are installed.
    pub(crate) fn start() -> Self {
        let mut engines = Self::none();
        if let Some(base) = engines.write_base() {
            engines.start_buildah(&base);
            engines.start_docker(&base);
        }
        engines
    }

    /// The BuildKit that whoever runs the tests names, and no other engine.
    pub(crate) fn start_buildkit() -> Self {
        let mut engines = Self::none();
        if let Some(base) = engines.write_base() {
            engines.buildkit = Buildkit::start(engines.work.path(), &base);
        }
        engines
    }

    fn none() -> Self {
        let work = tempfile::tempdir().unwrap();
        Self { work, docker: None, has_buildah: false, buildkit: None, driver: "" }
    }

    /// Writes a folder with the Dockerfile of a base image; none where no engine may be started.
    fn write_base(&self) -> Option<PathBuf> {
        if !super::may_start("an engine") {
            return None;
        }
        let Some(busybox) =
            ["/bin/busybox", "/usr/bin/busybox"].iter().find(|it| Path::new(it).exists())
        else {
            eprintln!("skipped: no static busybox");
            return None;
        };
        let base = self.path("base");
        std::fs::create_dir_all(base.join("root/bin")).unwrap();
        std::fs::create_dir_all(base.join("root/etc")).unwrap();
        std::fs::create_dir_all(base.join("root/tmp")).unwrap();
        std::fs::copy(busybox, base.join("root/bin/busybox")).unwrap();
        for name in ["sh", "cat", "chmod", "cp", "dd", "echo", "mkdir", "mv", "rm", "sleep", "true"]
        {
            std::os::unix::fs::symlink("busybox", base.join("root/bin").join(name)).unwrap();
        }
        std::fs::write(base.join("root/etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n").unwrap();
        std::fs::write(base.join("Dockerfile"), "FROM scratch\nADD base.tar /\nCMD [\"sh\"]\n")
            .unwrap();
        let tar = ["--owner=0", "--group=0", "-C", "root", "-cf", "base.tar", "."];
        assert!(Command::new("tar").args(tar).current_dir(&base).status().unwrap().success());
        Some(base)
    }

    /// Overlay is what people have; where it cannot be mounted, vfs does.
    fn start_buildah(&mut self, base: &Path) {
        let place = self.work.path().display().to_string();
        let storage = |driver: &str| {
            format!(
                "[storage]\ndriver = \"{driver}\"\ngraphroot = \"{place}/store\"\nrunroot = \"{place}/state\"\n"
            )
        };
        let build = ["bud", "--quiet", "--format", "docker", "-t", "localhost/base:1"];
        for driver in ["overlay", "vfs"] {
            std::fs::write(self.path("storage.conf"), storage(driver)).unwrap();
            let mut command = self.try_command("buildah");
            command.args(build).arg(base);
            let built = super::repeated(|| command.output());
            self.has_buildah = built.is_ok_and(|it| it.status.success());
            if self.has_buildah {
                self.driver = driver;
                break;
            }
            let _ = std::fs::remove_dir_all(self.path("store"));
        }
        if !self.has_buildah {
            eprintln!("skipped: buildah is not there, or cannot build here");
        }
    }

    fn start_docker(&mut self, base: &Path) {
        let option = |name: &str, place: &str| format!("--{name}={}", self.path(place).display());
        let daemon = Command::new("dockerd")
            .args(["--iptables=false", "--ip6tables=false", "--bridge=none"])
            .args([
                option("data-root", "docker"),
                option("exec-root", "exec"),
                option("pidfile", "docker.pid"),
            ])
            .arg(format!("--host={}", self.docker_host()))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(self.path("docker.log")).unwrap())
            .spawn();
        let Ok(daemon) = daemon else {
            eprintln!("skipped: no dockerd");
            return;
        };
        self.docker = Some(daemon);
        let start = Instant::now();
        while !self
            .try_command("docker")
            .arg("version")
            .output()
            .is_ok_and(|it| it.status.success())
        {
            if start.elapsed() > Duration::from_secs(30) {
                let log = std::fs::read_to_string(self.path("docker.log")).unwrap_or_default();
                eprintln!("skipped: dockerd does not start here: {log}");
                self.stop_docker();
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let tar = base.join("base.tar");
        self.command(
            "docker",
            &["import", "--change", "CMD [\"sh\"]", &tar.to_string_lossy(), "localhost/base:1"],
        );
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.work.path().join(name)
    }

    pub(crate) fn docker_host(&self) -> String {
        format!("unix://{}", self.path("docker.sock").display())
    }

    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let text = |name: &str| self.path(name).display().to_string();
        vec![
            ("PATH", PATH.to_owned()),
            ("HOME", text("home")),
            ("DOCKER_HOST", self.docker_host()),
            ("BUILDAH_ISOLATION", "chroot".to_owned()),
            ("CONTAINERS_STORAGE_CONF", text("storage.conf")),
            ("TMPDIR", text("")),
        ]
    }

    pub(crate) fn try_command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment());
        command
    }

    /// What a program prints.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = self.try_command(program);
        command.args(arguments);
        let output = super::repeated(|| command.output()).unwrap();
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// The lines that docker prints, in an order that does not depend on the clock.
    pub(crate) fn sorted(&self, arguments: &[&str]) -> Vec<String> {
        let text = self.command("docker", arguments);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    pub(crate) fn layerwise(&self, folder: &Path, arguments: &[&str]) -> (i32, String, String) {
        let mut command = super::layerwise(folder);
        command.envs(self.environment()).args(arguments);
        super::text_of(super::repeated(|| command.output()).unwrap())
    }

    /// What `measure` says of a build.
    pub(crate) fn measure(&self, folder: &Path, arguments: &[&str]) -> Value {
        let all = [&["measure", "--no-config", "--format", "json"], arguments].concat();
        let (code, out, err) = self.layerwise(folder, &all);
        let file = std::fs::read_to_string(folder.join("Dockerfile")).unwrap();
        assert_eq!(code, 0, "{arguments:?}: {err}\n{file}");
        serde_json::from_str(&out).unwrap()
    }

    /// The engines that are there, with what their builds need here.
    pub(crate) fn builders(&self) -> Vec<(&'static str, &'static [&'static str])> {
        let docker: &[_] = match self.docker {
            Some(_) => &[
                ("docker", &["--network", "host"][..]),
                ("docker-classic", &["--network", "host"]),
            ],
            None => &[],
        };
        let buildah: &[_] = if self.has_buildah { &[("buildah", &[][..])] } else { &[] };
        [docker, buildah].concat()
    }

    pub(crate) fn stop_docker(&mut self) {
        if let Some(mut daemon) = self.docker.take() {
            let id = i32::try_from(daemon.id()).unwrap();
            let _ = nix::sys::signal::kill(
                nix::unistd::Pid::from_raw(id),
                nix::sys::signal::Signal::SIGTERM,
            );
            let _ = daemon.wait();
            // It leaves a namespace mounted, and the folder could not be removed.
            let _ = Command::new("umount").arg(self.path("exec/netns/default")).output();
        }
    }
}

impl Drop for Engines {
    fn drop(&mut self) {
        self.stop_docker();
        drop(self.buildkit.take());
        // containers/storage mounts its own folder.
        let _ = Command::new("umount").arg(self.path("store/overlay")).output();
    }
}
