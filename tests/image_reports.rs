//! What `image` and `measure` print, as a whole, in every format. `INSTA_UPDATE=always cargo test --test image_reports`
//! writes the snapshots.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use common::archives::{Entry, Picture, Tar, gzip, noise};
use common::{folder, layerwise, run};
use tempfile::TempDir;

/// What a run prints, and its exit code.
fn shown(folder: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = run(layerwise(folder).args(arguments));
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    let out = out.replace(&version, "\"VERSION\"");
    // JSON in lines, which can be compared.
    let out = match serde_json::from_str::<serde_json::Value>(&out) {
        Ok(it) => serde_json::to_string_pretty(&it).unwrap() + "\n",
        Err(_) => out,
    };
    let code = if code == 0 { String::new() } else { format!("exit code {code}\n") };
    format!("{out}{err}{code}")
}

/// The four formats of a run.
fn formats(name: &str, folder: &Path, arguments: &[&str]) {
    for format in ["text", "json", "markdown"] {
        let all = [arguments, &["--no-config", "--format", format]].concat();
        insta::assert_snapshot!(format!("{name}_{format}"), shown(folder, &all));
    }
    let all = [arguments, &["--no-config", "--quiet", "--html", "page.html"]].concat();
    shown(folder, &all);
    let page = std::fs::read_to_string(folder.join("page.html")).unwrap();
    insta::assert_snapshot!(format!("{name}_html"), page);
}

fn package(name: &str, size: u32, depends: &str) -> String {
    format!(
        "Package: {name}\nStatus: install ok installed\nInstalled-Size: {size}\nVersion: 1\nDepends: {depends}\n\n"
    )
}

/// An image with every class of waste, on a base.
fn wasteful() -> Picture {
    let big = noise(1, 60_000);
    let before = package("base", 50, "");
    let after = before.clone()
        + &package("curl", 90, "libc")
        + &package("libc", 70, "")
        + &package("less", 80, "")
        + &package("gcc", 60, "");
    let auto = "Package: less\nArchitecture: amd64\nAuto-Installed: 1\n\nPackage: libc\nArchitecture: amd64\nAuto-Installed: 1\n\n";
    let first = Tar::new()
        .directory("bin/")
        .file("bin/busybox", &noise(7, 100_000))
        .file("var/lib/dpkg/status", before.as_bytes())
        .end();
    let install = Tar::new()
        .file("var/lib/dpkg/status", after.as_bytes())
        .file("var/lib/apt/extended_states", auto.as_bytes())
        .file("var/lib/apt/lists/deb_main_Packages", &noise(3, 40_000))
        .file("usr/share/doc/curl/README", &noise(4, 30_000))
        .file("root/.cache/pip/http/a", &noise(5, 20_000))
        .file("var/log/dpkg.log", &noise(6, 9_000))
        .end();
    let copy = Tar::new()
        .directory("data/")
        .file("data/big", &big)
        .file("data/old", &noise(8, 50_000))
        .file("data/zeros", &vec![0; 15_000])
        .file("data/empty", b"")
        .link("data/linked", "data/big")
        .symlink("data/pointer", "big")
        .end();
    let mode = Entry { path: "data/big", mode: 0o600, content: &big, ..Entry::default() };
    let change = Tar::new()
        .directory("data/")
        .add(&mode)
        .file("data/.wh.old", b"")
        .file("data/zeros", &noise(9, 12_000))
        .end();
    let again = Tar::new()
        .directory("copy/")
        .file("copy/big", &big)
        .file("root/.ssh/id_rsa", b"-----BEGIN OPENSSH PRIVATE KEY-----\nx\n")
        .end();
    let mut picture = Picture::new(vec![first, install, copy, change, again]);
    picture.comment = "buildkit.dockerfile.v0".to_owned();
    picture.steps = [
        "ADD rootfs.tar / # buildkit",
        "-CMD [\"sh\"]",
        "-ENV MODE=a",
        "RUN /bin/sh -c apt-get update && apt-get install -y curl less gcc # buildkit",
        "COPY data /data # buildkit",
        "RUN /bin/sh -c chmod 600 /data/big && rm /data/old # buildkit",
        "RUN /bin/sh -c cp -r /data /copy # buildkit",
        "-CMD [\"serve\"]",
    ]
    .map(str::to_owned)
    .to_vec();
    picture
}

const DOCKERFILE: &str = "\
FROM debian:12
ENV MODE=a
RUN apt-get update && apt-get install -y curl less gcc
COPY data /data
RUN chmod 600 /data/big && rm /data/old
RUN cp -r /data /copy
CMD [\"serve\"]
";

fn images() -> TempDir {
    let it = wasteful();
    let packed: Vec<Vec<u8>> = it.layers.iter().map(|it| gzip(it)).collect();
    let mut base = Picture::new(vec![it.layers[0].clone()]);
    base.steps = it.steps[..2].to_vec();
    let smaller = Picture { layers: it.layers[..3].to_vec(), ..Picture::new(Vec::new()) };
    let smaller = Picture { steps: it.steps[..5].to_vec(), ..smaller };
    folder(&[
        ("Dockerfile", DOCKERFILE.as_bytes().to_vec()),
        ("app.tar", it.docker_archive_of(&packed)),
        ("base.tar", base.docker_archive()),
        ("smaller.tar", smaller.docker_archive()),
    ])
}

/// An image whose layers delete, move, overwrite and touch what is below, as buildah records it: some steps share a layer.
fn changing() -> Picture {
    let (app, big) = (noise(1, 90_000), noise(2, 60_000));
    let key = b"-----BEGIN OPENSSH PRIVATE KEY-----\nx\n";
    let base = Tar::new().directory("bin/").file("bin/busybox", &noise(3, 100_000)).end();
    let copy = Tar::new()
        .file("srv/bin/app", &app)
        .file("srv/data/big", &big)
        .file("srv/data/old", &noise(4, 50_000))
        .file("srv/data/log", &noise(5, 40_000))
        .file("root/.ssh/id_rsa", key)
        .file("srv/model.zip", &noise(6, 70_000))
        .end();
    let moved = Tar::new()
        .file("srv/data/.wh.big", b"")
        .file("srv/big", &big)
        .file("srv/data/log", &noise(7, 30_000))
        .file("root/.ssh/.wh.id_rsa", b"")
        .end();
    let run = Tar::new()
        .add(&Entry { path: "srv/bin/app", owner: 7, content: &app, ..Entry::default() })
        .file("srv/big", &big)
        .file("srv/twice", &noise(8, 20_000))
        .file("srv/twice", &noise(9, 10_000))
        .file("var/log/lastlog", &vec![0; 300_000])
        .symlink("usr/bin/serve", "/srv/bin/app")
        .end();
    let tiny = (0..9).map(|it| Tar::new().file(&format!("etc/conf.d/{it}"), b"1").end());
    let mut picture = Picture::new([base, copy, moved, run].into_iter().chain(tiny).collect());
    picture.settings = serde_json::json!({"Entrypoint": ["/bin/sh", "-c", "exec serve --port 80"]});
    let steps = [
        "/bin/sh -c #(nop) ADD file:abc in / ",
        "-/bin/sh -c #(nop) CMD [\"sh\"]",
        "/bin/sh -c #(nop) COPY dir:1 in /srv/ ",
        "-|1 TOKEN=hunter22 /bin/sh -c mv /srv/data/big /srv/big",
        "-/bin/sh -c #(nop) WORKDIR /srv",
        "/bin/sh -c #(nop) LABEL a=b",
        "/bin/sh -c chown 7 /srv/bin/app && touch /srv/big",
    ];
    let tiny = (0..9).map(|it| format!("/bin/sh -c echo 1 > /etc/conf.d/{it}"));
    picture.steps = steps.map(str::to_owned).into_iter().chain(tiny).collect();
    picture
}

#[test]
fn an_image_that_changes_what_is_below() {
    let it = changing();
    let base = Picture { layers: it.layers[..1].to_vec(), ..Picture::new(Vec::new()) };
    let base = Picture { steps: it.steps[..2].to_vec(), ..base };
    let tiny = "RUN echo 1 > /etc/conf.d/";
    let tiny: String = (0..9).map(|it| format!("{tiny}{it}\n")).collect();
    let file = format!(
        "FROM debian:12\nCOPY . /srv/\nARG TOKEN\nRUN mv /srv/data/big /srv/big\nWORKDIR /srv\nLABEL a=b\n\
         RUN chown 7 /srv/bin/app && touch /srv/big\n{tiny}"
    );
    let it = folder(&[
        ("Dockerfile", file.into_bytes()),
        ("app.tar", it.docker_archive()),
        ("base.tar", base.docker_archive()),
    ]);
    formats("changing", it.path(), &["image", "app.tar", "--base", "base.tar", "--what-if"]);
    formats("changing_lines", it.path(), &["measure", "--image", "app.tar", "--what-if"]);
}

#[test]
fn an_image() {
    formats("image", images().path(), &["image", "app.tar", "--base", "base.tar", "--what-if"]);
}

#[test]
fn several_images() {
    formats("images", images().path(), &["image", "app.tar", "smaller.tar", "base.tar"]);
}

#[test]
fn an_image_and_its_dockerfile() {
    formats("measure", images().path(), &["measure", "--image", "app.tar", "--what-if"]);
}

#[test]
fn two_images() {
    formats("diff", images().path(), &["image", "--diff", "smaller.tar", "app.tar"]);
}

#[test]
fn gates() {
    let limits = ["--max-size", "100kB", "--max-waste", "5%", "--min-efficiency", "0.95"];
    let arguments = [&["image", "app.tar", "--max-layers", "2"], &limits[..]].concat();
    formats("gates", images().path(), &arguments);
    let arguments = [&["image", "app.tar", "smaller.tar"], &limits[..]].concat();
    formats("gates_of_several", images().path(), &arguments);
    let kept = ["image", "app.tar", "--max-size", "1MB", "--max-waste", "300kB"];
    formats("gates_kept", images().path(), &kept);
}

/// A context whose files have the modes that they have everywhere.
fn context(dockerfile: &str) -> TempDir {
    let archive = Tar::new()
        .directory("in/")
        .file("in/a", b"packed")
        .file("deep/er/b", b"without its folders")
        .link("in/hard", "in/a")
        .symlink("in/soft", "a")
        .end();
    let it = folder(&[
        ("Dockerfile", dockerfile.as_bytes().to_vec()),
        ("one", b"1".repeat(1000)),
        ("two.txt", b"2".repeat(2000)),
        ("tree/a/five", b"5".repeat(5000)),
        ("tree/b.log", b"b".to_vec()),
        ("tree/c/six", b"6".repeat(600)),
        ("packed.tar", archive.clone()),
        ("packed.tgz", gzip(&archive)),
        ("plain.gz", gzip(b"not a tar")),
        (".dockerignore", b"*.log\n**/*.log\n".to_vec()),
    ]);
    std::os::unix::fs::symlink("one", it.path().join("link")).unwrap();
    std::os::unix::fs::symlink("tree", it.path().join("tree-link")).unwrap();
    set_modes(it.path());
    it
}

fn set_modes(folder: &Path) {
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set(folder, 0o755);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match () {
            () if path.is_symlink() => {}
            () if path.is_dir() => set_modes(&path),
            () => set(&path, 0o644),
        }
    }
}

/// The JSON report of layers that are made without an engine.
fn built(dockerfile: &str) -> String {
    let it = context(dockerfile);
    let fixed = ["measure", "--engine", "none", "--timestamp", "1700000000", "--no-config"];
    shown(it.path(), &[&fixed[..], &["--format", "json", "--platform", "linux/amd64"]].concat())
}

#[test]
fn layers_made_without_an_engine() {
    for (name, lines) in [
        (
            "places",
            "COPY one /srv/\nCOPY one /srv/file\nCOPY one two.txt /both/\nCOPY *.txt /wild/\nWORKDIR /srv/x/y\n\
             COPY one .\nCOPY two.txt two\nWORKDIR sub\nCOPY one ../up/\n",
        ),
        (
            "folders",
            "COPY tree /srv/tree\nCOPY tree/ /srv/tree\nCOPY tree /srv\nCOPY tree/a tree/c /merged/\nCOPY . /all\n\
             COPY tree/a/five /srv/tree/a/five\nCOPY tree-link /followed\nCOPY link /\n",
        ),
        (
            "owners",
            "COPY --chown=1000:1001 tree /srv\nCOPY --chown=7 one /one\nCOPY --chmod=755 one /tool\n\
             COPY --chmod=700 --chown=3:4 tree /both\nUSER 5\nCOPY two.txt /as-user\nWORKDIR /made\n",
        ),
        (
            "archives",
            "ADD packed.tar /plain/\nADD packed.tgz /gzip/\nADD plain.gz /kept/\nCOPY packed.tar /copied.tar\n\
             ADD --chown=9:9 packed.tar /owned/\nADD one /added\n",
        ),
        (
            "settings",
            "ARG DIR=/from-arg\nENV WHERE=/from-env\nCOPY one $DIR/\nCOPY two.txt ${WHERE}/x\nLABEL a=b\nEXPOSE 80\n\
             VOLUME /data\nSTOPSIGNAL 9\nSHELL [\"/bin/x\"]\nENTRYPOINT [\"a\"]\nCMD [\"b\"]\nHEALTHCHECK NONE\n",
        ),
        (
            "heredocs",
            "COPY <<one <<-two /etc/\nfirst\n  line\none\n\tsecond\n\ttwo\nCOPY <<x /named\n$HOME\nx\n",
        ),
        (
            "stages",
            "COPY tree /srv\nFROM scratch AS other\nCOPY one /a\nCOPY two.txt /b\nFROM scratch\nCOPY --from=0 /srv/a /x\n\
             COPY --from=other /a /b /y/\nCOPY --from=other / /z\nFROM other\nCOPY --from=0 /srv /w\n",
        ),
        ("into_a_folder", "COPY tree /srv\nCOPY one two.txt /srv\nCOPY --link=false *.txt /srv/\n"),
        ("several_to_a_file", "COPY tree /srv\nCOPY one two.txt /srv/b.log\n"),
        ("several_to_nothing", "COPY one two.txt /x\n"),
        ("repository", "ADD git@example.com:a/b.git /x\n"),
        (
            "one_base",
            "COPY one /a\nFROM debian:12 AS x\nFROM debian:13\nCOPY --from=x /etc/passwd /x\n",
        ),
        ("missing", "COPY nothing /x\n"),
        ("over_a_file", "COPY one /x\nCOPY tree /x\n"),
        ("needs_an_engine", "COPY one /x\nRUN make\n"),
        ("ignored", "COPY tree/b.log /x\n"),
        ("remote", "ADD https://example.com/a /x\n"),
        ("other_user", "COPY --chown=app one /x\n"),
    ] {
        insta::assert_snapshot!(format!("built_{name}"), built(&format!("FROM scratch\n{lines}")));
    }
}
