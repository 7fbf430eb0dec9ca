//! The page of `--html`, opened in a browser and clicked through. Without a Chromium there is nothing to open it with; CI
//! installs one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod common;

use std::process::Command;

use common::archives::{Picture, Tar};
#[cfg(feature = "cache")]
use common::git::{commit, repository};
use common::{folder, layerwise, may_start, run};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Thirty layers with fifty thousand files.
const LAYERS: usize = 30;
const FILES: usize = 1667;

/// The image and its Dockerfile.
fn big() -> TempDir {
    let mut dockerfile = "FROM scratch\n".to_owned();
    let (mut layers, mut steps) = (Vec::new(), Vec::new());
    for layer in 0..LAYERS {
        dockerfile += &format!("COPY l{layer} /srv/l{layer}/\n");
        steps.push(format!("COPY l{layer} /srv/l{layer}/ # buildkit"));
        let mut tar = Tar::new();
        for file in 0..FILES {
            let content = format!("{layer}-{file}");
            let path = format!("srv/l{layer}/folder{}/file{file}.txt", file % 20);
            tar = tar.file(&path, content.repeat(1 + file % 50).as_bytes());
        }
        layers.push(tar.end());
    }
    layers.push(
        Tar::new().file("srv/l0/folder0/.wh.file0.txt", b"").file("srv/l1/.wh.folder1", b"").end(),
    );
    dockerfile += "RUN rm -r /srv/l0/folder0/file0.txt /srv/l1/folder1\n";
    steps.push(
        "RUN /bin/sh -c rm -r /srv/l0/folder0/file0.txt /srv/l1/folder1 # buildkit".to_owned(),
    );
    let mut picture = Picture::new(layers);
    picture.steps = steps;
    picture.comment = "buildkit.dockerfile.v0".to_owned();
    folder(&[("Dockerfile", dockerfile.into_bytes()), ("x.tar", picture.docker_archive())])
}

/// What the scripts below start with: `saw` is what they write down.
const START: &str = r#"
<script>
const saw = {};
const texts = selector => [...document.querySelectorAll(selector)].map(it => it.textContent);
const key = name => document.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
"#;

/// What they end with.
const END: &str = r"
const out = document.createElement('pre');
out.id = 'saw';
out.textContent = JSON.stringify(saw);
document.body.append(out);
</script>
";

/// What is done with the page; it writes down what it saw.
const CLICKS: &str = r#"
saw.name = document.getElementById('name').textContent;
saw.rows = document.querySelectorAll('.row').length;
saw.layers = document.querySelectorAll('button.row').length;
saw.items = texts('.item b');
saw.tiles = document.querySelectorAll('.tile').length;
document.querySelectorAll('button.row')[1].click();
saw.picked = texts('.row.picked .no');
saw.wasted = document.querySelectorAll('.tile.waste').length;
[...document.querySelectorAll('.tile.folder')].find(it => it.textContent.startsWith('l1/')).click();
saw.crumbs = texts('#crumbs button');
key('Escape');
saw.after_escape = texts('#crumbs button').length;
key('ArrowDown');
saw.after_down = texts('.row.picked .no');
const search = document.getElementById('search');
search.value = 'file1666 l7';
search.oninput();
saw.found = texts('#found li');
document.querySelector('#found button').click();
saw.opened = texts('#crumbs button');
document.querySelector('.item').click();
saw.item_layer = texts('.row.picked .no');
document.getElementById('theme').click();
saw.theme = document.documentElement.className;
"#;

/// What a script saw that is put at the end of a page and opened with it in a browser; none where no browser may be started, or
/// there is none.
fn clicked(work: &TempDir, page: &str, script: &str) -> Option<Value> {
    let path = work.path().join("clicked.html");
    std::fs::write(&path, page.replace("</body>", &format!("{START}{script}{END}</body>")))
        .unwrap();
    if !may_start("a browser") {
        return None;
    }
    let browser = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|it| Command::new(it).arg("--version").output().is_ok_and(|it| it.status.success()));
    let Some(browser) = browser else {
        eprintln!("skipped: no Chromium");
        return None;
    };
    let profile = format!("--user-data-dir={}", work.path().join("profile").display());
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1400,1000",
            "--virtual-time-budget=20000",
        ])
        .args(["--dump-dom", &profile, &format!("file://{}", path.display())])
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let text = dom.split("<pre id=\"saw\">").nth(1).and_then(|it| it.split("</pre>").next());
    let text = text
        .unwrap_or_else(|| panic!("the page failed: {}", String::from_utf8_lossy(&output.stderr)));
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn the_page_can_be_clicked_through() {
    let work = big();
    let arguments = [
        "measure",
        "--no-config",
        "--image",
        "x.tar",
        "--html",
        "page.html",
        "--output",
        "out.txt",
    ];
    let (code, _, err) = run(layerwise(work.path()).args(arguments));
    assert_eq!(code, 0, "{err}");
    let page = std::fs::read_to_string(work.path().join("page.html")).unwrap();
    let without_data = page.len()
        - page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap().len();
    assert!(without_data < 2_000_000, "{without_data}");
    assert!(
        !page.contains("src=") && !page.contains("http:") && !page.contains("https:"),
        "it needs a network"
    );
    let Some(saw) = clicked(&work, &page, CLICKS) else { return };
    let list = |key: &str| -> Vec<String> {
        saw[key].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(saw["name"], "x.tar");
    assert_eq!(
        (&saw["rows"], &saw["layers"]),
        (&Value::from(LAYERS + 2), &Value::from(LAYERS + 1))
    );
    assert!(saw["tiles"].as_u64().unwrap() > 5, "{saw}");
    assert_eq!(list("picked"), ["3"]);
    assert!(saw["wasted"].as_u64().unwrap() > 0, "{saw}");
    assert_eq!(list("crumbs"), ["line 3", "srv", "l1"]);
    assert_eq!(saw["after_escape"], 2);
    assert_eq!(list("after_down"), ["4"]);
    assert_eq!(list("found")[0], "1 file, 102 bytes");
    assert!(list("found")[1].ends_with("srv/l7/folder6/file1666.txt  (line 9)"), "{saw}");
    assert_eq!(list("opened"), ["line 9", "srv", "l7", "folder6"]);
    assert_eq!(list("item_layer"), ["3"]);
    assert!(list("items").len() >= 2, "{saw}");
    assert!(matches!(saw["theme"].as_str(), Some("dark" | "light")));
}

#[test]
fn texts_of_an_image_stay_texts() {
    let evil = "</script><script>alert(1)</script>";
    let layer = Tar::new().file(&evil.replace('/', "\u{2215}"), b"1").file("x", b"2").end();
    let mut picture = Picture::new(vec![layer]);
    picture.steps = vec![format!("RUN {evil}")];
    let work = folder(&[("x.tar", picture.docker_archive())]);
    let (code, _, err) =
        run(layerwise(work.path()).args(["image", "x.tar", "--html", "page.html"]));
    assert_eq!(code, 0, "{err}");
    let page = std::fs::read_to_string(work.path().join("page.html")).unwrap();
    assert!(
        page.contains("\\u003c/script>\\u003cscript>alert(1)")
            && !page.contains("<script>alert(1)")
    );
    assert_eq!(page.matches("</script>").count(), 2);
}

/// What is done with the page of a history.
const CLICKS_IN_HISTORY: &str = r#"
const state = () => [texts('.row.picked .no')[0], document.getElementById('commit-title').textContent, ...texts('#commit li')];
saw.name = document.getElementById('name').textContent;
saw.rows = texts('.row .no');
saw.counts = texts('.row .count');
saw.first = [...state(), ...texts('#line p'), ...texts('#line li')];
key('ArrowLeft');
saw.left = state();
key('ArrowUp');
saw.up = state();
const canvas = document.querySelectorAll('.row canvas')[1], box = canvas.getBoundingClientRect();
canvas.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: box.left + 1, clientY: box.top + 1 }));
saw.clicked = state();
saw.pixels = [0.1, 0.6].map(part => [...canvas.getContext('2d').getImageData(canvas.width * part, canvas.height / 2, 1, 1).data]);
saw.advice = texts('#advice p').length;
document.getElementById('all').click();
saw.short = [...document.querySelectorAll('.row')].filter(it => it.offsetHeight > 0).length;
document.getElementById('theme').click();
saw.theme = document.documentElement.className;
"#;

#[cfg(feature = "cache")]
#[test]
fn the_page_of_a_history_can_be_clicked_through() {
    let Some(work) = repository() else { return };
    let evil = "</script><script>alert(1)</script>";
    let text = format!("FROM node:22\nWORKDIR /app\n# {evil}\nCOPY . .\nRUN npm ci\n");
    for day in [1, 2] {
        let files = [("Dockerfile", &*text), ("a<b.js", &*day.to_string()), ("package.json", "{}")];
        commit(&work, day, &[&files[..], &[("package-lock.json", "{}")]].concat());
    }
    let (code, _, err) = run(layerwise(work.path()).args(["cache", "--html", "page.html"]));
    assert_eq!((code, err.as_str()), (0, ""));
    let page = std::fs::read_to_string(work.path().join("page.html")).unwrap();
    assert!(page.contains("\\u003c/script>") && !page.contains("<script>alert(1)"));
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(
        !page.contains("src=") && !page.contains("http:") && !page.contains("https:"),
        "it needs a network"
    );
    let Some(saw) = clicked(&work, &page, CLICKS_IN_HISTORY) else { return };
    assert_eq!(saw["name"], "Dockerfile");
    assert_eq!(saw["rows"], json!(["1", "2", "3", "4", "5"]));
    assert_eq!(saw["counts"], json!(["1 of 2", "2 of 2", "2 of 2"]));
    let first = saw["first"].as_array().unwrap();
    assert_eq!(first[0], "5");
    assert!(first[1].as_str().unwrap().starts_with("2026-01-02  "), "{saw}");
    assert_eq!(first[2..4], [json!("4 COPY ran: a<b.js"), json!("5 RUN ran: follows line 4")]);
    assert!(first[4].as_str().unwrap().starts_with("Ran again at 2 of 2 commits."), "{saw}");
    assert_eq!(first[5..], [json!("1 commit: a<b.js")]);
    assert_eq!((&saw["left"][0], &saw["up"][0]), (&json!("5"), &json!("4")));
    assert!(saw["left"][1].as_str().unwrap().starts_with("2026-01-01  "), "{saw}");
    assert_eq!(saw["left"][2], "2 WORKDIR ran");
    assert_eq!(saw["clicked"][0], "4");
    assert!(saw["clicked"][1].as_str().unwrap().starts_with("2026-01-01  "), "{saw}");
    assert_eq!(saw["pixels"][0], saw["pixels"][1], "both ran");
    assert_eq!((&saw["advice"], &saw["short"]), (&json!(1), &json!(3)));
    assert!(matches!(saw["theme"].as_str(), Some("dark" | "light")));
}
