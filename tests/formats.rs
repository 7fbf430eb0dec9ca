//! Every report format, read back by something that knows it: the same findings are in all of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use serde_json::Value;
use tempfile::TempDir;

use common::{folder, layerwise, run};

/// Findings of several severities on one line and on many, alike ones, with a fix, with characters that formats treat
/// in their own ways.
const FILE: &str = "\
FROM debian:latest AS Señor
RUN echo \"\u{1f433} <a> & | 'b' %0A,:\" $1 \\
 && apt-get install curl | sort
RUN cd /tmp
RUN cd /tmp
COPYY 😀| <a> & \"b\"
maintainer me
";

fn project() -> TempDir {
    folder(&[("a b/Dockerfile", FILE), ("clean", "FROM scratch\nCOPY a /b\n")])
}

fn report(folder: &TempDir, format: &str) -> String {
    let arguments = ["check", "--profile=strict", "a b/Dockerfile", "clean", "gone", "--format"];
    let (code, out, _) = run(layerwise(folder).args(arguments).arg(format));
    assert_eq!(code, 2);
    out
}

/// Path, line and code.
type Place = (String, u64, String);

fn place(path: &Value, line: &Value, code: &Value) -> Place {
    (path.as_str().unwrap().to_owned(), line.as_u64().unwrap(), code.as_str().unwrap().to_owned())
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn list<'a>(value: &'a Value, path: &str) -> &'a Vec<Value> {
    value.pointer(path).unwrap().as_array().unwrap()
}

/// The findings, from the format that the others are held against.
fn expected(folder: &TempDir) -> Vec<Place> {
    let value = parsed(&report(folder, "json"));
    let files = list(&value, "/files").iter();
    let places = files.flat_map(|file| {
        let findings = list(file, "/findings").iter();
        findings.map(|it| place(&file["path"], &it["range"]["start"]["line"], &it["code"]))
    });
    let places: Vec<Place> = places.collect();
    assert!(places.len() > 8, "{places:?}");
    places
}

/// All that can be read from one object per finding, but for the file that is gone.
fn places(issues: &[Value], path: &str, line: &str, code: &str) -> Vec<Place> {
    let issues = issues.iter().filter(|it| it.pointer(code).unwrap() != "unreadable-file");
    let at = |it: &Value, pointer: &str| it.pointer(pointer).unwrap().clone();
    issues.map(|it| place(&at(it, path), &at(it, line), &at(it, code))).collect()
}

fn is_gone(issues: &[Value]) -> bool {
    issues.iter().filter(|it| it.to_string().contains("no such file or folder")).count() == 1
}

/// No two are the same.
fn all_differ(fingerprints: impl Iterator<Item = Value>) {
    let mut seen = std::collections::HashSet::new();
    assert!(fingerprints.map(|it| it.as_str().unwrap().to_owned()).all(|it| seen.insert(it)));
}

#[test]
fn jsonl() {
    let folder = project();
    let text = report(&folder, "jsonl");
    let findings: Vec<Value> = text.lines().map(parsed).collect();
    assert_eq!(places(&findings, "/path", "/range/start/line", "/code"), expected(&folder));
}

#[test]
fn sarif() {
    let folder = project();
    let text = report(&folder, "sarif");
    // Whatever the model of the standard does not know would be lost on the way.
    let model: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    let value = parsed(&text);
    assert_eq!(serde_json::to_value(&model).unwrap(), value);
    let run = &value["runs"][0];
    let results = list(run, "/results");
    let line = "/locations/0/physicalLocation/region/startLine";
    let found =
        places(results, "/locations/0/physicalLocation/artifactLocation/uri", line, "/ruleId");
    let expected = expected(&folder).into_iter();
    let expected: Vec<Place> =
        expected.map(|(path, line, code)| (path.replace(' ', "%20"), line, code)).collect();
    assert_eq!(found, expected);
    all_differ(results.iter().map(|it| it["partialFingerprints"]["layerwise/v2"].clone()));
    let rules: Vec<&str> =
        list(run, "/tool/driver/rules").iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert!(found.iter().all(|(_, _, code)| rules.contains(&code.as_str())));
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert!(is_gone(list(run, "/invocations/0/toolExecutionNotifications")));
    let fix = results.iter().find_map(|it| it.pointer("/fixes/0/artifactChanges/0")).unwrap();
    let edit = &fix["replacements"][0];
    let region = &edit["deletedRegion"];
    assert!(region["startLine"].is_u64() && region["endColumn"].is_u64(), "{edit}");
    assert!(edit["insertedContent"]["text"].is_string(), "{edit}");
}

#[test]
fn gitlab_and_codeclimate() {
    let folder = project();
    let array = parsed(&report(&folder, "gitlab"));
    let issues = array.as_array().unwrap();
    let (path, line, code) = ("/location/path", "/location/lines/begin", "/check_name");
    assert_eq!(places(issues, path, line, code), expected(&folder));
    assert!(is_gone(issues));
    all_differ(issues.iter().map(|it| it["fingerprint"].clone()));
    for issue in issues {
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(severities.contains(&issue["severity"].as_str().unwrap()));
        assert!(issue["description"].is_string());
    }
    let text = report(&folder, "codeclimate");
    let separate: Vec<Value> = text.split_terminator('\0').map(parsed).collect();
    assert_eq!(&separate, issues);
}

#[test]
fn sonarqube() {
    let folder = project();
    let value = parsed(&report(&folder, "sonarqube"));
    let issues = list(&value, "/issues");
    let gone: Vec<&Value> = issues.iter().filter(|it| it["ruleId"] == "unreadable-file").collect();
    assert!(gone.len() == 1 && gone[0]["primaryLocation"]["filePath"] == "gone");
    let (path, line) = ("/primaryLocation/filePath", "/primaryLocation/textRange/startLine");
    assert_eq!(places(issues, path, line, "/ruleId"), expected(&folder));
    let lines: Vec<usize> = FILE.lines().map(|it| it.encode_utf16().count()).collect();
    let ranges = issues.iter().filter_map(|it| it.pointer("/primaryLocation/textRange"));
    for range in ranges.filter(|it| it.get("endLine").is_some()) {
        let at = |name: &str| usize::try_from(range[name].as_u64().unwrap()).unwrap();
        let (start, end) = ((at("startLine"), at("startColumn")), (at("endLine"), at("endColumn")));
        assert!(start < end && end.1 <= lines[end.0 - 1], "{range}");
    }
}

#[test]
fn rdjson() {
    let folder = project();
    let value = parsed(&report(&folder, "rdjson"));
    let diagnostics = list(&value, "/diagnostics");
    let (read, gone): (Vec<&Value>, Vec<&Value>) =
        diagnostics.iter().partition(|it| it["code"]["value"] != "unreadable-file");
    assert_eq!((gone.len(), &gone[0]["location"]["path"]), (1, &Value::from("gone")));
    let read: Vec<Value> = read.into_iter().cloned().collect();
    let line = "/location/range/start/line";
    assert_eq!(places(&read, "/location/path", line, "/code/value"), expected(&folder));
    // A suggestion, applied at its lines and columns of bytes, is what the file is meant to be.
    let suggestion = read
        .iter()
        .find(|it| it["code"]["value"] == "DL3014")
        .map(|it| &it["suggestions"][0])
        .unwrap();
    let offset = |at: &Value| {
        let number = |name: &str| usize::try_from(at[name].as_u64().unwrap()).unwrap();
        let before = FILE.split_inclusive('\n').take(number("line") - 1).map(str::len);
        before.sum::<usize>() + number("column") - 1
    };
    let mut fixed = FILE.to_owned();
    let range = &suggestion["range"];
    fixed.replace_range(
        offset(&range["start"])..offset(&range["end"]),
        suggestion["text"].as_str().unwrap(),
    );
    assert!(fixed.contains("apt-get install -y curl"), "{fixed}");
}

#[test]
fn checkstyle() {
    let folder = project();
    let text = report(&folder, "checkstyle");
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    assert!(root.has_tag_name("checkstyle"));
    let mut found = Vec::new();
    let files: Vec<_> = root.children().filter(|it| it.has_tag_name("file")).collect();
    for file in &files {
        for error in file.children().filter(|it| it.has_tag_name("error")) {
            let get = |name: &str| error.attribute(name).unwrap().to_owned();
            assert!(["error", "warning", "info"].contains(&get("severity").as_str()));
            found.push((file.attribute("name").unwrap().to_owned(), get("line"), get("source")));
        }
    }
    let gone = found.pop().unwrap();
    assert_eq!((gone.0.as_str(), gone.2.as_str()), ("gone", "unreadable-file"));
    let expected = expected(&folder).into_iter();
    assert_eq!(found, expected.map(|it| (it.0, it.1.to_string(), it.2)).collect::<Vec<_>>());
    assert_eq!(files.len(), 3);
    let has_text =
        |it: roxmltree::Node| it.attribute("message").is_some_and(|it| it.contains("`COPYY`"));
    assert!(root.descendants().any(has_text));
}

#[test]
fn junit() {
    let folder = project();
    let text = report(&folder, "junit");
    let document = roxmltree::Document::parse(&text).unwrap();
    let suites: Vec<_> = document.descendants().filter(|it| it.has_tag_name("testsuite")).collect();
    assert_eq!(suites.len(), 3);
    let count = |suite: &roxmltree::Node, tag: &str| {
        suite.descendants().filter(|it| it.has_tag_name(tag)).count().to_string()
    };
    for suite in &suites {
        assert_eq!(suite.attribute("tests").unwrap(), count(suite, "testcase"));
        assert_eq!(suite.attribute("failures").unwrap(), count(suite, "failure"));
        assert_eq!(suite.attribute("errors").unwrap(), count(suite, "error"));
    }
    let failures = document.descendants().filter(|it| it.has_tag_name("failure"));
    let found: Vec<Place> = failures
        .map(|it| {
            let case = it.parent().unwrap();
            let path = case.attribute("classname").unwrap();
            let rest = it.text().unwrap().strip_prefix(path).unwrap();
            let line = rest.split(':').nth(1).unwrap().parse().unwrap();
            (path.to_owned(), line, case.attribute("name").unwrap().to_owned())
        })
        .collect();
    assert_eq!(found, expected(&folder));
}

#[test]
fn github() {
    let folder = project();
    let text = report(&folder, "github");
    let mut found = Vec::new();
    for line in text.lines() {
        let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (level, properties) = head.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&level) && !message.is_empty());
        let get = |name: &str| {
            let pair = properties.split(',').find_map(|it| it.strip_prefix(name));
            pair.and_then(|it| it.strip_prefix('=')).map(str::to_owned)
        };
        let code = get("title").unwrap();
        if let Some(number) = get("line") {
            let code = code.strip_prefix("layerwise ").unwrap().to_owned();
            found.push((get("file").unwrap(), number.parse().unwrap(), code));
        } else {
            assert_eq!((get("file").as_deref(), message), (Some("gone"), "no such file or folder"));
        }
    }
    assert_eq!(found, expected(&folder));
}

#[test]
fn gnu_and_concise() {
    let folder = project();
    let expected = expected(&folder);
    let text = report(&folder, "gnu");
    let found = text.lines().map(|line| {
        let line = line.strip_prefix("a b/Dockerfile:").unwrap();
        let code = line.rsplit_once(" [").unwrap().1.trim_end_matches(']');
        (
            "a b/Dockerfile".to_owned(),
            line.split(':').next().unwrap().parse().unwrap(),
            code.to_owned(),
        )
    });
    assert_eq!(found.collect::<Vec<Place>>(), expected);
    let text = report(&folder, "concise");
    let found = text.lines().filter_map(|line| {
        let line = line.strip_prefix("a b/Dockerfile:")?;
        let code = line.split(' ').nth(2).unwrap();
        Some((
            "a b/Dockerfile".to_owned(),
            line.split(':').next().unwrap().parse().unwrap(),
            code.to_owned(),
        ))
    });
    assert_eq!(found.collect::<Vec<Place>>(), expected);
}

#[test]
fn markdown() {
    let folder = project();
    let text = report(&folder, "markdown");
    let rows = text.lines().filter(|it| it.starts_with("| ") && !it.starts_with("| Line"));
    let found = rows.map(|row| {
        // A bar of a message is escaped.
        let cells: Vec<&str> = row.split(" | ").collect();
        assert_eq!(cells.len(), 4, "{row}");
        let line = cells[0].trim_start_matches("| ").parse().unwrap();
        ("a b/Dockerfile".to_owned(), line, cells[2].to_owned())
    });
    assert_eq!(found.collect::<Vec<Place>>(), expected(&folder));
    assert!(text.contains("### `gone`\n\nno such file or folder\n"), "{text}");
}

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

fn late_rule(rules: &[Value]) -> &Value {
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
