//! Which names are those of Dockerfiles.

/// Endings of files that are something else though they begin like a Dockerfile: sources in another language, templates
/// that another program turns into Dockerfiles, data, texts, and what editors and version control leave behind.
pub(super) const OTHER_ENDINGS: &[&str] = &[
    "adoc",
    "awk",
    "bak",
    "bash",
    "bat",
    "bazel",
    "bzl",
    "c",
    "cfg",
    "cjs",
    "cmd",
    "conf",
    "containerignore",
    "cpp",
    "cr",
    "cs",
    "csv",
    "cue",
    "diff",
    "dockerignore",
    "ejs",
    "erb",
    "ex",
    "exs",
    "fish",
    "ftl",
    "g4",
    "go",
    "golden",
    "gotmpl",
    "gz",
    "h",
    "handlebars",
    "hbs",
    "hcl",
    "hpp",
    "hs",
    "htm",
    "html",
    "in",
    "ini",
    "ipynb",
    "j2",
    "jinja",
    "jinja2",
    "jl",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsonnet",
    "jsx",
    "kt",
    "liquid",
    "lock",
    "log",
    "lua",
    "m4",
    "mako",
    "markdown",
    "md",
    "mdx",
    "mjs",
    "mk",
    "ml",
    "mustache",
    "njk",
    "old",
    "orig",
    "out",
    "patch",
    "pdf",
    "pl",
    "pm",
    "png",
    "proto",
    "ps1",
    "psm1",
    "pug",
    "py",
    "pyc",
    "rb",
    "rej",
    "rs",
    "rst",
    "save",
    "scss",
    "sh",
    "snap",
    "sql",
    "svg",
    "swn",
    "swo",
    "swp",
    "tar",
    "template",
    "tera",
    "tf",
    "tgz",
    "tmp",
    "tmpl",
    "toml",
    "tpl",
    "ts",
    "tsx",
    "twig",
    "txt",
    "vim",
    "vue",
    "xml",
    "yaml",
    "yml",
    "zip",
    "zsh",
];

/// Endings that are languages in a name such as `dockerfile_parser.java`, and kinds of images in `Dockerfile.java`.
const LANGUAGES: &[&str] =
    &["clj", "dart", "gradle", "groovy", "java", "nix", "php", "scala", "swift", "zig"];

/// Endings after which Dockerfiles are named now and then.
const DOUBTFUL: &[&str] = &[
    "bash", "c", "cpp", "cr", "cs", "ex", "fish", "go", "hcl", "hs", "jl", "js", "kt", "lua", "ml",
    "old", "out", "pl", "proto", "ps1", "py", "rb", "rs", "sh", "sql", "tf", "tmp", "ts", "vim",
    "vue", "zsh",
];

/// What a file of that name in a folder is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// A Dockerfile: `Dockerfile`, `Dockerfile.*`, `Dockerfile-*`, `Dockerfile_*`, `DockerfileProd`, `*.Dockerfile`, and
    /// the same with `Containerfile`, in any case.
    Dockerfile,
    /// Something else, though `Dockerfile.go` may be one: its text says.
    Doubtful,
    /// Something else.
    Other,
}

/// What a name says.
pub(super) fn read(name: &str) -> Name {
    let lower = name.to_ascii_lowercase();
    let (stem, ending) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    let words = ["dockerfile", "containerfile"];
    if words.contains(&ending) {
        return Name::Dockerfile;
    }
    let Some(word) = words.iter().find(|word| lower.starts_with(**word)) else {
        return Name::Other;
    };
    let is_begun = match name[word.len()..].chars().next() {
        None | Some('.' | '-' | '_') => true,
        Some(it) => {
            let is_lower = name[..word.len()].ends_with('e');
            (it.is_ascii_digit() || it.is_ascii_uppercase() && is_lower) && ending.is_empty()
        }
    };
    let is_whole = stem == *word;
    if !is_begun || name.ends_with('~') {
        Name::Other
    } else if OTHER_ENDINGS.binary_search(&ending).is_ok() {
        if is_whole && DOUBTFUL.contains(&ending) { Name::Doubtful } else { Name::Other }
    } else if LANGUAGES.contains(&ending) && !is_whole {
        Name::Other
    } else {
        Name::Dockerfile
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfiles() {
        for name in [
            "Dockerfile",
            "dockerfile",
            "DOCKERFILE",
            "Dockerfile.dev",
            "Dockerfile-prod",
            "Dockerfile_dev",
            "DockerfileProd",
            "dockerfileDev",
            "Dockerfile2",
            "Dockerfile.alpine",
            "Dockerfile.3.12",
            "Dockerfile.java",
            "Dockerfile.in.alpine",
            "app.Dockerfile",
            "dev.dockerfile",
            "a.py.dockerfile",
            "Containerfile",
            "Containerfile.arm64",
            "ContainerfileProd",
            "Containerfile-rhel",
            "x.containerfile",
            ".dockerfile",
        ] {
            assert_eq!(read(name), Name::Dockerfile, "{name}");
        }
    }

    #[test]
    fn other_files() {
        for name in [
            "Dockerfile.dockerignore",
            ".dockerignore",
            "Dockerfile.j2",
            "Dockerfile.md",
            "Dockerfile.template",
            "Dockerfile.alpine.j2",
            "dockerfile.json.golden",
            "Dockerfile.m4",
            "Dockerfile.in",
            "DOCKERFILE.ORIG",
            "Dockerfile~",
            "Dockerfile.swp",
            "dockerfiles",
            "DOCKERFILES",
            "docker-compose.yml",
            "mydockerfile",
            "dockerfile_test.go",
            "DockerfileParser.java",
            "dockerfile-parser.php",
            "dockerfile-x.yaml",
            "DockerfileLexer.g4",
            "sdk-Dockerfile.approved.txt",
            "Dockerfile-alpine.template",
            "Dockerfile.dev.bak",
            "ünbekannt",
        ] {
            assert_eq!(read(name), Name::Other, "{name}");
        }
        for name in ["Dockerfile.py", "dockerfile.go", "Dockerfile.rs"] {
            assert_eq!(read(name), Name::Doubtful, "{name}");
        }
    }

    #[test]
    fn the_tables_are_sorted() {
        for table in [OTHER_ENDINGS, LANGUAGES, DOUBTFUL] {
            assert!(table.is_sorted());
        }
        assert!(DOUBTFUL.iter().all(|it| OTHER_ENDINGS.contains(it)));
    }

    /// pre-commit chooses files by its own pattern.
    #[test]
    fn the_hook_leaves_out_the_same_endings() {
        let hooks = include_str!("../../../.pre-commit-hooks.yaml").replace("\r\n", "\n");
        let list = format!("({})$", OTHER_ENDINGS.join("|"));
        let excludes: Vec<&str> =
            hooks.lines().filter(|it| it.trim_start().starts_with("exclude:")).collect();
        assert!(
            !excludes.is_empty() && excludes.iter().all(|it| it.ends_with(&list)),
            "write {list}"
        );
    }
}
