//! Files next to a Dockerfile, and sessions of an editor.

use super::{Choices, dockerfile};

/// A Dockerfile, a line of dashes, and the files of its folder.
pub(crate) fn project(c: &mut Choices<'_>) -> String {
    let text = dockerfile(c);
    let files = c.join(6, "\n", |c| {
        let name = c.pick(&[
            ".dockerignore",
            "package.json",
            "docker-compose.yml",
            "Makefile",
            "docker-bake.hcl",
            ".gitignore",
            "build.sh",
            "requirements.txt",
            ".github/workflows/ci.yml",
            "src/main.rs",
            "node_modules/a/index.js",
            ".git/config",
            "Dockerfile.dockerignore",
            "src",
            ".env",
            "id_rsa",
            "a/b/package.json",
            "pnpm-workspace.yaml",
        ]);
        let content = c.join(5, "\n", |c| {
            let line = c.pick(&[
                "{\"name\": \"a\", \"devDependencies\": {\"b\": \"1\"}}",
                "node_modules",
                "!src",
                "**",
                "services: {a: {build: {context: ., target: build}}}",
                "docker build --target build -f Dockerfile .",
                "\ttarget: build",
                "target = \"base\"",
                "-----BEGIN RSA PRIVATE KEY-----",
                "TOKEN=abcdefghijklmnop0123456789",
                "{\"workspaces\": [\"a/*\"], \"files\": [\"src\"]}",
                "{{{{",
                "[remote \"origin\"]\n\turl = git@e.io:a/b.git",
                "COPY . .",
                "é\u{202e}",
                "numpy==1",
            ]);
            line.to_owned()
        });
        format!("==== {name}\n{content}")
    });
    format!("{text}\n----\n{files}")
}

/// A Dockerfile, a line of dashes, and what an editor does.
pub(crate) fn lsp(c: &mut Choices<'_>) -> String {
    let text = dockerfile(c);
    let lines = c.join(8, "\n", |c| {
        let letters: String =
            (0..5).map(|_| char::from(b'a' + u8::try_from(c.below(26)).unwrap_or(0))).collect();
        let text = c.pick(&[
            "",
            "RUN ",
            "é",
            "\u{2}",
            "FROM x AS y\u{2}",
            "𝄞",
            "\\\u{2}",
            "$A",
            "\"",
            "build",
            "<<EOF",
            "#",
        ]);
        letters + text
    });
    format!("{text}\n----\n{lines}\n")
}
