//! How formats are chosen, and what holds for all of them.

use layerwise::report::Format;

use super::*;

#[test]
fn several_reports_at_once() {
    let folder = project();
    let (code, out, err) = run(layerwise(&folder).args([
        "check",
        "a b/Dockerfile",
        "--profile=strict",
        "--format",
        "sarif",
        "--output",
        "a.sarif",
        "--format",
        "concise",
        "--format",
        "junit",
        "--output",
        "b.xml",
    ]));
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.starts_with("a b/Dockerfile:1:"), "{out}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let results = list(&parsed(&read("a.sarif")), "/runs/0/results").len();
    let xml = read("b.xml");
    let junit = roxmltree::Document::parse(&xml).unwrap();
    let cases = junit.descendants().filter(|it| it.has_tag_name("testcase")).count();
    let lines = out.lines().filter(|it| it.starts_with("a b/Dockerfile:")).count();
    assert_eq!((results, cases), (lines, results));
}

#[test]
fn bad_usage_leaves_no_file() {
    let folder = project();
    let names = || {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    for (arguments, expected) in [
        (
            &["--format=sarif", "--output=x", "--output=y"][..],
            "`--output y` needs its own `--format` before it",
        ),
        (&["--format=sarif", "--format=full"], "two reports would go to standard output"),
        (
            &["--format=sarif", "--output=x", "--format=full", "--output=./x"],
            "two reports would go to ./x",
        ),
        (
            &["--format=sarif", "--output=x", "--format=json", "--output=no/such/y"],
            "error: no/such/y: no such file",
        ),
        (&["--format=sarif", "--output=a b"], "error: a b: "),
        (
            &["--format=sarif", "--output=x", "--statistics"],
            "`--statistics` works with the formats full, concise, json and jsonl",
        ),
        (
            &["--format=sarif", "--output=x", "--select=nosuch"],
            "unknown rule, family or category `nosuch`",
        ),
        (&["--format=srif", "--output=x"], "sarif"),
    ] {
        let (code, out, err) = run(layerwise(&folder).arg("check").args(arguments));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(expected), "{arguments:?}: {err}");
        assert_eq!(names(), before, "{arguments:?}");
    }
}

#[test]
fn the_format_of_hadolints_settings_is_used() {
    let folder = project();
    std::fs::write(folder.path().join(".hadolint.yaml"), "format: gitlab_codeclimate\n").unwrap();
    let (_, out, _) = run(layerwise(&folder).args(["check", "clean"]));
    assert_eq!(out, "[\n\n]\n");
    let (_, out, _) = run(layerwise(&folder).args(["check", "clean", "--format=concise"]));
    assert_eq!(out, "No findings in 1 file.\n");
}

#[test]
fn programs_get_paths_from_the_root_of_the_repository() {
    let folder = common::folder(&[
        ("deploy/web/Dockerfile", "FROM debian:latest\nCOPY --from=busybox:1 /bin/sh /b\nUSER a\n"),
        (".git/HEAD", "ref: refs/heads/main\n"),
    ]);
    let below = folder.path().join("deploy");
    let report = |format: &str, path: &str| {
        run(layerwise(&below).args(["check", "--no-config", "--format", format, path])).1
    };
    for path in ["web/Dockerfile", "web", ".", "./web/../web/Dockerfile"] {
        for format in [
            "github",
            "gitlab",
            "codeclimate",
            "sarif",
            "sonarqube",
            "checkstyle",
            "junit",
            "rdjson",
        ] {
            let text = report(format, path);
            assert!(text.contains("deploy/web/Dockerfile"), "{format} {path}: {text}");
            assert!(!text.contains("../"), "{format} {path}: {text}");
        }
    }
    let whole = below.join("web/Dockerfile");
    let text = report("github", whole.to_str().unwrap());
    assert!(text.starts_with("::warning file=deploy/web/Dockerfile,"), "{text}");
    // What people read names files as they did.
    for format in ["concise", "gnu"] {
        assert!(report(format, "web/Dockerfile").starts_with("web/Dockerfile:1:"), "{format}");
    }
    // The same finding has the same fingerprint from wherever it is looked at.
    let prints = |text: &str| -> Vec<Value> {
        list(&parsed(text), "").iter().map(|it| it["fingerprint"].clone()).collect()
    };
    assert_eq!(
        prints(&report("gitlab", "web")),
        prints(&report("gitlab", whole.to_str().unwrap()))
    );
}

#[test]
fn a_byte_order_mark_is_no_column() {
    let folder = common::folder(&[("Dockerfile", "\u{FEFF}FROM debian:latest\nUSER a\n")]);
    let report = |format: &str| {
        run(layerwise(folder.path()).args(["check", "--no-config", "--format", format])).1
    };
    assert!(report("concise").starts_with("Dockerfile:1:6: "), "{}", report("concise"));
    let value = parsed(&report("sarif"));
    let region = &value["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startColumn"], &region["endColumn"]), (&6.into(), &19.into()));
    let value = parsed(&report("sonarqube"));
    let range = &value["issues"][0]["primaryLocation"]["textRange"];
    assert_eq!((&range["startColumn"], &range["endColumn"]), (&5.into(), &18.into()));
    let value = parsed(&report("json"));
    let start = &value["files"][0]["findings"][0]["range"]["start"];
    assert_eq!((&start["column"], &start["offset"]), (&6.into(), &8.into()));
    assert!(report("full").contains("[Dockerfile:1:6]"), "{}", report("full"));
}

#[test]
fn the_message_of_sarif_says_all() {
    let text = "FROM debian:12\nRUN make /big\nENV PASSWORD=hunter2-hunter2\nCOPY big.bin /big\nRUN rm -rf /big\n";
    let folder = common::folder(&[("Dockerfile", text)]);
    let out = run(layerwise(folder.path()).args(["check", "--no-config", "--format", "sarif"])).1;
    let value = parsed(&out);
    let results = list(&value, "/runs/0/results");
    let late = results.iter().find(|it| it["ruleId"] == "LW102").unwrap();
    let message = late["message"]["text"].as_str().unwrap();
    assert!(message.ends_with("](1)."), "{message}");
    assert_eq!(late["relatedLocations"][0]["id"], 1);
    assert!(message.matches(". ").count() >= 2, "{message}");
    let rules = list(&value, "/runs/0/tool/driver/rules");
    let secret = rules.iter().find(|it| it["id"] == "DL3064").unwrap();
    assert!(secret["properties"]["security-severity"].is_string(), "{secret}");
    assert!(late_rule(rules)["properties"].get("security-severity").is_none());
    for rule in rules {
        assert!(rule["helpUri"].as_str().unwrap().starts_with("https://"), "{rule}");
    }
}

pub(super) fn late_rule(rules: &[Value]) -> &Value {
    rules.iter().find(|it| it["id"] == "LW102").unwrap()
}

/// Vim's `errorformat` as it is by default reads `gnu`. Skipped where there is no Vim.
#[test]
fn vim_reads_gnu_by_default() {
    let folder = project();
    let text = report(&folder, "gnu");
    let path = folder.path().join("errors.txt");
    std::fs::write(&path, &text).unwrap();
    let script = "cgetfile errors.txt\nlet out = []\nfor it in getqflist()\n\
                  call add(out, printf('%d %s:%d:%d', it.valid, bufname(it.bufnr), it.lnum, it.col))\n\
                  endfor\ncall writefile(out, 'list.txt')\nqall!\n";
    std::fs::write(folder.path().join("script.vim"), script).unwrap();
    let mut vim = std::process::Command::new("vim");
    vim.args(["-u", "NONE", "-i", "NONE", "-n", "-e", "-s", "-S", "script.vim"]);
    let Ok(_) = vim.current_dir(folder.path()).stdin(std::process::Stdio::null()).status() else {
        return;
    };
    let list = std::fs::read_to_string(folder.path().join("list.txt")).unwrap();
    let expected: Vec<String> =
        text.lines().map(|line| format!("1 {}", line.split(": ").next().unwrap())).collect();
    assert_eq!(list.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn fingerprints_do_not_know_sizes() {
    let text = "FROM debian:12\nCOPY . /app\nRUN chown -R app /app\nCMD [\"/app/x\"]\n";
    let it = folder(&[
        ("Dockerfile", text),
        (".dockerignore", "*.md\n"),
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("data.bin", ""),
        ("web/node_modules/a.js", ""),
    ]);
    let reports = |bytes: usize| {
        std::fs::write(it.path().join("data.bin"), "x".repeat(bytes)).unwrap();
        std::fs::write(it.path().join(".git/index"), "x".repeat(bytes)).unwrap();
        let report = |format: &str| {
            let base = ["check", "--no-config", "--quiet", "--format", format, "Dockerfile"];
            parsed(&run(layerwise(it.path()).args(base)).1)
        };
        let issues = report("gitlab");
        let gitlab: Vec<(String, String, String)> = list(&issues, "")
            .iter()
            .map(|it| (&it["check_name"], &it["fingerprint"], &it["description"]))
            .map(|(a, b, c)| (a.to_string(), b.to_string(), c.to_string()))
            .collect();
        let sarif = report("sarif");
        let prints: Vec<Value> = list(&sarif, "/runs/0/results")
            .iter()
            .map(|it| it["partialFingerprints"].clone())
            .collect();
        (gitlab, prints)
    };
    let ((small, small_sarif), (large, large_sarif)) = (reports(2_000_000), reports(5_000_000));
    let codes: Vec<&str> = small.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(codes, ["\"LW402\"", "\"LW103\""]);
    let prints = |all: &[(String, String, String)]| {
        all.iter().map(|it| (it.0.clone(), it.1.clone())).collect::<Vec<_>>()
    };
    assert_eq!(prints(&small), prints(&large));
    assert_eq!(small_sarif, large_sarif);
    assert_ne!(small, large, "the messages name the sizes");
}

#[test]
fn every_format_is_documented() {
    let page = std::fs::read_to_string("docs/formats.md").unwrap();
    for format in Format::all() {
        let name = format!("`{}`", format.name());
        assert!(page.contains(&name), "docs/formats.md does not name {name}");
    }
}
