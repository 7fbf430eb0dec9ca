//! The places that each format reports.

use super::*;

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
