//! How `--fix` writes: like an editor that respects whose file it is.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{folder, layerwise, run};
use rustix::fs::XattrFlags;

const OLD: &str = "FROM debian:12\nRUN apt-get update && apt-get install curl\nCMD [\"a\"]\n";
const NEW: &str = "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nCMD [\"a\"]\n";

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|it| it.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    command.current_dir(folder).env_clear().stdout(Stdio::null()).stderr(Stdio::piped());
    command.args(["check", "--fix"]);
    command
}

/// Runs `--fix` in a folder as a user who is not allowed everything; none where that cannot be done.
fn fix_as_nobody(folder: &Path) -> Option<(Option<i32>, String)> {
    let mut command = program(folder);
    if is_root() {
        command.uid(65534).gid(65534);
    }
    let output = command.output().ok()?;
    Some((output.status.code(), String::from_utf8(output.stderr).unwrap()))
}

const FIXED: &str = "Fixed 2 findings in 1 file: DL3014 1, LW104 1.\n";
const NOTHING: &str = "Fixed 0 findings in 0 files.\n";

fn fix(folder: &Path) -> (i32, String) {
    let (code, _, err) = run(layerwise(folder).args(["check", "--fix"]));
    (code, err)
}

#[test]
fn owner_group_mode_and_attributes_stay() {
    for mode in [0o600, 0o664, 0o755, 0o4755] {
        let it = folder(&[("Dockerfile", OLD)]);
        let path = it.path().join("Dockerfile");
        if is_root() {
            chown(&path, Some(1234), Some(56)).unwrap();
        }
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let has_attributes =
            rustix::fs::setxattr(&path, "user.origin", b"a\0b", XattrFlags::empty()).is_ok();
        let before = fs::metadata(&path).unwrap();
        assert_eq!(fix(it.path()), (0, FIXED.to_owned()), "{mode:o}");
        let after = fs::metadata(&path).unwrap();
        let of = |it: &fs::Metadata| (it.uid(), it.gid(), it.mode());
        assert_eq!(of(&before), of(&after));
        assert_ne!(before.ino(), after.ino(), "it is replaced at once");
        assert_eq!(text(&path), NEW);
        if has_attributes {
            let mut value = [0; 8];
            let size = rustix::fs::getxattr(&path, "user.origin", &mut value[..]).unwrap();
            assert_eq!(&value[..size], b"a\0b");
        }
        assert_eq!(names(it.path()), ["Dockerfile"]);
    }
}

#[test]
fn a_file_with_other_names_stays_the_same_file() {
    let it = folder(&[("Dockerfile", OLD), ("sub/x", "")]);
    let path = it.path().join("Dockerfile");
    for other in ["copy", "sub/Dockerfile.txt"] {
        fs::hard_link(&path, it.path().join(other)).unwrap();
    }
    let before = fs::metadata(&path).unwrap();
    assert_eq!(fix(it.path()), (0, FIXED.to_owned()));
    assert_eq!(fs::metadata(&path).unwrap().ino(), before.ino());
    for other in ["Dockerfile", "copy", "sub/Dockerfile.txt"] {
        assert_eq!(text(&it.path().join(other)), NEW, "{other}");
    }
    assert_eq!(names(it.path()), ["Dockerfile", "copy", "sub"]);
    // A text that gets shorter leaves nothing of the old one.
    let long = format!("FROM debian:12{}\nCMD [\"a\"]\n", " ".repeat(10_000));
    fs::write(&path, &long).unwrap();
    let (_, _, err) =
        run(layerwise(it.path()).args(["check", "--fix", "--profile=audit", "--select=ALL"]));
    let now = text(&path);
    assert!(now == long || now.starts_with("FROM debian:12\n") && now.ends_with("\"]\n"), "{err}");
}

/// A file of somebody else that everybody may write, by a user who cannot give a new file to its owner.
#[test]
fn a_file_of_somebody_else_keeps_its_owner() {
    if !is_root() {
        return;
    }
    let it = folder(&[("Dockerfile", OLD)]);
    let path = it.path().join("Dockerfile");
    fs::set_permissions(it.path(), Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
    let before = fs::metadata(&path).unwrap();
    let Some(done) = fix_as_nobody(it.path()) else { return };
    assert_eq!(done, (Some(0), FIXED.to_owned()));
    let after = fs::metadata(&path).unwrap();
    assert_eq!((after.uid(), after.ino(), text(&path).as_str()), (0, before.ino(), NEW));
    // In a folder such as /tmp nobody may replace it, and writing it is allowed.
    fs::write(&path, OLD).unwrap();
    fs::set_permissions(it.path(), Permissions::from_mode(0o1777)).unwrap();
    assert_eq!(fix_as_nobody(it.path()), Some((Some(0), FIXED.to_owned())));
    assert_eq!(names(it.path()), ["Dockerfile"]);
}

#[test]
fn links_in_the_project_stay_and_their_targets_are_fixed() {
    let it = folder(&[("build/image.txt", OLD)]);
    symlink("build/image.txt", it.path().join("Dockerfile")).unwrap();
    symlink("Dockerfile", it.path().join("again")).unwrap();
    for arguments in [&["."][..], &["Dockerfile"], &["again"]] {
        fs::write(it.path().join("build/image.txt"), OLD).unwrap();
        let (code, _, err) = run(layerwise(it.path()).args(["check", "--fix"]).args(arguments));
        assert_eq!((code, &*err), (0, FIXED), "{arguments:?}");
        assert_eq!(text(&it.path().join("build/image.txt")), NEW);
        for link in ["Dockerfile", "again"] {
            assert!(it.path().join(link).is_symlink());
        }
        assert_eq!(names(&it.path().join("build")), ["image.txt"]);
    }
}

#[test]
fn what_cannot_be_written_is_said_and_the_others_are_fixed() {
    let it = folder(&[
        ("a/Dockerfile", OLD),
        ("b/Dockerfile", OLD),
        ("c/Dockerfile", OLD),
        ("d/Dockerfile", OLD),
    ]);
    let path = |name: &str| it.path().join(name);
    let mode = |name: &str, mode| {
        fs::set_permissions(path(name), Permissions::from_mode(mode)).unwrap();
    };
    for name in ["a", "b", "c", "d", "a/Dockerfile", "b/Dockerfile", "c/Dockerfile"] {
        if is_root() {
            chown(path(name), Some(65534), Some(65534)).unwrap();
        }
    }
    mode("", 0o755);
    mode("b/Dockerfile", 0o444);
    mode("c", 0o555);
    // It belongs to root: nobody else may write it.
    let theirs = if is_root() { "d/Dockerfile: permission denied" } else { "" };
    let Some((code, err)) = fix_as_nobody(it.path()) else { return };
    mode("c", 0o755);
    let said: Vec<&str> = err.lines().collect();
    let mut expected = vec![
        "error: b/Dockerfile: read-only; not changed".to_owned(),
        "error: c/Dockerfile: cannot create a file in its folder: permission denied".to_owned(),
    ];
    if theirs.is_empty() {
        expected.push("Fixed 4 findings in 2 files: DL3014 2, LW104 2.".to_owned());
    } else {
        expected.push(format!("error: {theirs}"));
        expected.push(FIXED.trim_end().to_owned());
    }
    assert_eq!((code, said), (Some(2), expected.iter().map(String::as_str).collect()));
    assert_eq!(text(&path("a/Dockerfile")), NEW);
    for name in ["b", "c"] {
        assert_eq!(text(&path(name).join("Dockerfile")), OLD);
        assert_eq!(names(&path(name)), ["Dockerfile"]);
    }
}

#[test]
fn a_link_that_leads_nowhere_is_an_error_of_that_file() {
    let it = folder(&[("Dockerfile", OLD)]);
    symlink("nosuch", it.path().join("x.dockerfile")).unwrap();
    let mut command = layerwise(it.path());
    let (code, _, err) =
        run(command.args(["check", "--fix", "Dockerfile", "x.dockerfile", "--format=concise"]));
    assert_eq!(code, 2);
    assert!(err.starts_with(FIXED), "{err}");
    assert!(err.contains("x.dockerfile: a broken link"), "{err}");
    assert_eq!(text(&it.path().join("Dockerfile")), NEW);
    assert!(!it.path().join("nosuch").exists());
}

/// A file system of a few pages, where that may be mounted.
#[test]
fn a_full_disk_costs_nothing() {
    let it = folder(&[("ok/Dockerfile", OLD)]);
    let script = "mount -t tmpfs -o size=16k none full && cp ok/Dockerfile full/Dockerfile \
        && ln full/Dockerfile full/other && cp ok/Dockerfile full/x.dockerfile \
        && { head -c 20000 /dev/zero > full/rest || true; } 2> /dev/null \
        && { \"$0\" check --fix > out 2> err; echo $? > code; } ; cp full/* kept; ls -A full > list";
    fs::create_dir(it.path().join("full")).unwrap();
    fs::create_dir(it.path().join("kept")).unwrap();
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script, env!("CARGO_BIN_EXE_layerwise")]);
    let mounted = command.current_dir(it.path()).output();
    if !mounted.is_ok_and(|it| it.status.success()) || !it.path().join("code").exists() {
        eprintln!("no file system can be mounted: not tested");
        return;
    }
    let left = "no space left on the disk; not changed";
    let expected =
        format!("error: full/Dockerfile: {left}\nerror: full/x.dockerfile: {left}\n{FIXED}");
    assert_eq!(text(&it.path().join("err")), expected);
    assert_eq!(text(&it.path().join("code")), "2\n");
    for name in ["Dockerfile", "other", "x.dockerfile"] {
        assert_eq!(text(&it.path().join("kept").join(name)), OLD, "{name}");
    }
    assert_eq!(text(&it.path().join("list")), "Dockerfile\nother\nrest\nx.dockerfile\n");
    assert_eq!(text(&it.path().join("ok/Dockerfile")), NEW);
}

/// Many files to fix, some of which have two names.
fn many(count: usize) -> (tempfile::TempDir, Vec<PathBuf>) {
    let it = folder(&[("names/x", "")]);
    let mut paths = Vec::new();
    for n in 0..count {
        let path = it.path().join(format!("{n}.dockerfile"));
        fs::write(&path, OLD).unwrap();
        if n % 3 == 0 {
            fs::hard_link(&path, it.path().join(format!("names/{n}"))).unwrap();
        }
        paths.push(path);
    }
    (it, paths)
}

fn is_clean(folder: &Path, count: usize) {
    let names = names(folder);
    assert_eq!(names.len(), count + 1, "{names:?}");
    assert!(names.iter().all(|it| !it.starts_with('.')), "{names:?}");
}

#[test]
fn a_signal_leaves_nothing_behind() {
    for (round, signal) in ["TERM", "INT", "HUP", "TERM"].into_iter().enumerate() {
        let (it, paths) = many(80);
        let mut child = program(it.path()).arg("--jobs=1").spawn().unwrap();
        // It is in the middle once the first file has changed.
        let start = Instant::now();
        while text(&paths[0]) == OLD && start.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_millis(3 * round as u64));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        let code = child.wait().unwrap().code();
        assert!(code == Some(130) || code == Some(0), "{code:?}");
        is_clean(it.path(), 80);
        let fixed = paths.iter().filter(|it| text(it) == NEW).count();
        let left = paths.iter().filter(|it| text(it) == OLD).count();
        assert_eq!(fixed + left, 80, "no file is torn");
        assert!(fixed > 0);
    }
}

#[test]
fn several_runs_at_once_are_safe() {
    for _ in 0..2 {
        let (it, paths) = many(40);
        let start = || program(it.path()).arg("--format=concise").spawn().unwrap();
        let children: Vec<Child> = (0..4).map(|_| start()).collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            let err = String::from_utf8(output.stderr).unwrap();
            let others = err.lines().filter(|it| !it.starts_with("Fixed "));
            for line in others {
                assert!(line.ends_with(": changed since it was read; not overwritten"), "{line}");
            }
        }
        is_clean(it.path(), 40);
        for path in paths {
            assert_eq!(text(&path), NEW, "{}", path.display());
        }
    }
}

#[test]
fn what_somebody_locks_is_left_alone() {
    let it = folder(&[("a/Dockerfile", OLD), ("b/Dockerfile", OLD)]);
    let locked = fs::File::open(it.path().join("a/Dockerfile")).unwrap();
    locked.lock().unwrap();
    let expected = format!("error: a/Dockerfile: locked by another program; not changed\n{FIXED}");
    assert_eq!(fix(it.path()), (2, expected));
    assert_eq!(text(&it.path().join("a/Dockerfile")), OLD);
    assert_eq!(text(&it.path().join("b/Dockerfile")), NEW);
}

/// What a run that was killed left behind is in nobody's way.
#[test]
fn files_of_killed_runs_are_no_obstacle() {
    let it = folder(&[("Dockerfile", OLD), (".layerwise-backup", "x")]);
    for id in 0..300 {
        fs::write(it.path().join(format!(".Dockerfile.layerwise-{id}")), "").unwrap();
    }
    assert_eq!(fix(it.path()), (0, FIXED.to_owned()));
    assert_eq!(fix(it.path()), (0, NOTHING.to_owned()));
    assert_eq!(names(it.path()).len(), 302);
}

#[test]
fn what_is_no_file_is_not_written() {
    let it = folder(&[("x", "")]);
    let script = "\"$0\" check --fix <(printf '%s' \"$1\"); echo $?";
    let mut command = Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_layerwise"), OLD]);
    let Ok(output) = command.current_dir(it.path()).output() else { return };
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains(": not a regular file"), "{err}");
}

#[test]
fn a_large_text_is_left_alone_and_its_findings_count() {
    let folder = folder::<&str>(&[]);
    let large = format!("{OLD}#{}\n", "x".repeat(100_000));
    let fix = |code: &str| {
        let arguments = ["check", "-", "--fix", "--select", code];
        run(layerwise(&folder).args(arguments).write_stdin(large.clone()))
    };
    let note = "-: nothing was fixed because the file is larger than 100 kB\n".to_owned();
    assert_eq!(fix("LW104"), (1, large.clone(), note.clone()));
    // Without a finding it passes.
    assert_eq!(fix("DL3007"), (0, large.clone(), note));
}

#[test]
fn what_takes_too_many_rounds_is_finished_by_another_run() {
    let pair = |it| {
        format!("RUN apt-get update && apt-get install -y a{it}\nRUN rm -rf /var/lib/apt/lists/*\n")
    };
    let pairs: String = (0..20).map(pair).collect();
    let text = format!("FROM debian:12\n{pairs}{}", format!("# {}\n", "x".repeat(60)).repeat(750));
    let folder = folder(&[("Dockerfile", text)]);
    let fix = || {
        let codes = "--select=LW101,LW102";
        let arguments = ["check", "--fix", "--unsafe-fixes", codes, "--exit-zero", "--no-config"];
        let (code, _, err) = run(layerwise(&folder).args(arguments));
        let text = std::fs::read_to_string(folder.path().join("Dockerfile")).unwrap();
        (code, err, text.matches("RUN ").count())
    };
    let note = "Dockerfile: there is more to fix; run `--fix` again\n";
    let first = "Fixed 12 findings in 1 file: LW101 11, LW102 1.\n";
    assert_eq!(fix(), (0, format!("{note}{first}"), 17));
    let second = "Fixed 8 findings in 1 file: LW101 8.\n";
    assert_eq!(fix(), (0, second.to_owned(), 1));
}
