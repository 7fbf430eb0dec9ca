//! Layers, and histories of images.

use super::{Choices, dockerfile};
use crate::oracles::archives::{Entry, Tar};

/// A layer.
pub(crate) fn image(c: &mut Choices<'_>) -> Vec<u8> {
    const PLACES: &[&str] = &[
        "a",
        "b",
        "a/x",
        "a/y",
        "a/x/1",
        ".wh.a",
        "a/.wh.x",
        "a/.wh..wh..opq",
        "./a",
        "/etc/passwd",
        "../up",
        "var/lib/apt/lists/x",
        "root/.cache/pip/x",
        "é",
        "a//b",
        "a/./b",
        "",
        "var/lib/dpkg/status",
        ".env",
        "usr/bin/python3",
        "x/__pycache__/a.pyc",
    ];
    let mut tar = Tar::new();
    for _ in 0..=c.below(8) {
        if c.once_in(5) {
            let key = c.pick(&[
                "path",
                "linkpath",
                "size",
                "SCHILY.xattr.user.x",
                "GNU.sparse.major",
                "GNU.sparse.realsize",
                "GNU.sparse.map",
                "GNU.sparse.name",
                "mtime",
                "uid",
            ]);
            let value = c.pick(&[
                "a/x",
                "1",
                "600",
                "0",
                "18446744073709551615",
                "-1",
                "0,1,5,1",
                "x",
                "1.5",
                "é",
            ]);
            tar = tar.pax(&[(key, value)]);
        }
        let path = c.pick(PLACES);
        let content = vec![b'x'; [0, 5, 600, 5000][c.below(4)]];
        let kind =
            [b'0', b'5', b'1', b'2', b'0', b'3', b'6', b'7', b'L', b'K', b'S', b'g', 0, b'x']
                [c.below(14)];
        let content = if matches!(kind, b'0' | b'7' | b'L' | b'K' | b'S' | b'g' | b'x' | 0) {
            content
        } else {
            Vec::new()
        };
        let size = [None, None, None, None, None, Some(1), Some(1 << 32), Some(0o77_777_777_777)]
            [c.below(8)];
        let mode = [0o644, 0o755, 0o4755, 0o600][c.below(4)];
        let link = c.pick(PLACES);
        tar =
            tar.add(&Entry { path, kind, mode, link, content: &content, size, ..Entry::default() });
    }
    match c.below(5) {
        4 => tar.0,
        3 => tar.raw(&[1; 100]).end(),
        _ => tar.end(),
    }
}

/// A Dockerfile, a line of dashes, and a history as a builder writes it, with a few steps changed.
pub(crate) fn history(c: &mut Choices<'_>) -> String {
    let text = dockerfile(c);
    let mut steps = Vec::new();
    for line in text.replace("\\\n", "").lines() {
        let Some((keyword, rest)) = line.split_once(' ') else { continue };
        if c.once_in(8) {
            continue;
        }
        let step = match (keyword, c.below(4)) {
            ("FROM", _) => "ADD rootfs.tar / # buildkit".to_owned(),
            ("RUN", 0 | 1) => format!("RUN /bin/sh -c {rest} # buildkit"),
            ("RUN", 2) => format!("|2 A=secret-value B=b c /bin/sh -c {rest}"),
            ("RUN", _) => format!("/bin/sh -c {rest}"),
            ("COPY" | "ADD" | "WORKDIR", 0 | 1) => format!("{keyword} {rest} # buildkit"),
            ("COPY" | "ADD" | "WORKDIR", _) => {
                format!("/bin/sh -c #(nop) {keyword} file:0123 in {rest}")
            }
            (_, 0 | 1) => format!("-{keyword} {rest}"),
            _ => format!("-/bin/sh -c #(nop)  {keyword} {rest}"),
        };
        steps.push(step);
    }
    if c.once_in(5) {
        steps.push(c.pick(&["", "-", "|9 a", "RUN", "#(nop) ", "ARG A=password123456"]).to_owned());
    }
    format!("{text}\n----\n{}", steps.join("\n"))
}
