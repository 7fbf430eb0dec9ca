//! How the command lines of the package managers read.
//!
//! From the managers' own manual pages and documentation, and checked against their images.

use super::Manager;

/// How a version is written in a package word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VersionStyle {
    /// `name=1.2`, also with `~` `<` `>`.
    Equals,
    /// `name-1.2`: the first dash before a digit.
    Dash,
    /// `name@1.2`, a leading `@` is a scope.
    At,
    /// `name==1.2`, and the other operators of PEP 440.
    Pep440,
    /// `name:1.2`.
    Colon,
}

impl VersionStyle {
    /// Splits a word into name and version.
    pub(super) fn split(self, word: &str) -> (&str, Option<&str>) {
        let at = match self {
            Self::Equals => word.find(['=', '~', '<', '>']),
            Self::Pep440 => word.find(['=', '~', '<', '>', '!']),
            Self::Colon => word.find(':'),
            Self::At => word.get(1..).and_then(|rest| rest.find('@')).map(|at| at + 1),
            Self::Dash => word
                .match_indices('-')
                .map(|(at, _)| at)
                .find(|at| word[at + 1..].starts_with(|next: char| next.is_ascii_digit())),
        };
        match at {
            Some(at) if at > 0 => {
                (&word[..at], Some(word[at..].trim_start_matches(['=', '@', '-', ':'])))
            }
            _ => (word, None),
        }
    }
}

/// How the command line of an install reads.
#[derive(Clone, Copy)]
pub(super) struct Grammar {
    pub(super) manager: Manager,
    /// The command's names.
    pub(super) names: &'static [&'static str],
    /// Operands before the verb, such as `pip` in `uv pip install`.
    pub(super) prefix: &'static [&'static str],
    /// The verbs that install; none where the first word is a package already.
    pub(super) verbs: &'static [&'static str],
    /// Whether the command without a verb installs.
    pub(super) bare: bool,
    /// Options whose value is the next word.
    pub(super) value_flags: &'static [&'static str],
    pub(super) version: VersionStyle,
}

const PIP_FLAGS: &[&str] = &[
    "--abi",
    "--build",
    "--cache-dir",
    "--cert",
    "--client-cert",
    "--config-setting",
    "--config-settings",
    "--constraint",
    "--default-timeout",
    "--editable",
    "--exists-action",
    "--extra-index-url",
    "--find-links",
    "--global-option",
    "--group",
    "--implementation",
    "--index-url",
    "--install-option",
    "--keyring-provider",
    "--log",
    "--no-binary",
    "--only-binary",
    "--platform",
    "--prefix",
    "--progress-bar",
    "--proxy",
    "--python",
    "--python-version",
    "--report",
    "--requirement",
    "--retries",
    "--root",
    "--root-user-action",
    "--src",
    "--target",
    "--timeout",
    "--trusted-host",
    "--upgrade-strategy",
    "--use-deprecated",
    "--use-feature",
    "-C",
    "-b",
    "-c",
    "-e",
    "-f",
    "-i",
    "-r",
    "-t",
];

const DNF_FLAGS: &[&str] = &[
    "-c",
    "--config",
    "--enablerepo",
    "--disablerepo",
    "--repo",
    "--installroot",
    "--releasever",
    "--setopt",
    "-x",
    "--exclude",
];

/// Options of the go command whose value is the next word (`go help build`).
pub(super) const GO_FLAGS: &[&str] = &[
    "-o",
    "-ldflags",
    "-tags",
    "-gcflags",
    "-asmflags",
    "-mod",
    "-modfile",
    "-p",
    "-buildmode",
    "-C",
    "-exec",
];

const fn grammar(
    manager: Manager,
    names: &'static [&'static str],
    verbs: &'static [&'static str],
    value_flags: &'static [&'static str],
    version: VersionStyle,
) -> Grammar {
    Grammar { manager, names, prefix: &[], verbs, bare: false, value_flags, version }
}

const fn after(prefix: &'static [&'static str], grammar: Grammar) -> Grammar {
    Grammar { prefix, ..grammar }
}

const fn bare(grammar: Grammar) -> Grammar {
    Grammar { bare: true, ..grammar }
}

use VersionStyle::{At, Colon, Dash, Equals, Pep440};

/// All grammars; the first that fits a command counts.
pub(super) const GRAMMARS: &[Grammar] = &[
    grammar(
        Manager::Apt,
        &["apt-get", "apt", "aptitude"],
        &["install", "reinstall", "build-dep"],
        &[
            "-t",
            "--target-release",
            "--default-release",
            "-o",
            "--option",
            "-c",
            "--config-file",
            "-a",
        ],
        Equals,
    ),
    grammar(
        Manager::Apk,
        &["apk"],
        &["add"],
        &[
            "-t",
            "--virtual",
            "-X",
            "--repository",
            "-p",
            "--root",
            "--arch",
            "--cache-dir",
            "--keys-dir",
            "--wait",
        ],
        Equals,
    ),
    grammar(
        Manager::Dnf,
        &["yum", "dnf", "microdnf", "tdnf", "dnf5"],
        &["install", "groupinstall", "localinstall", "reinstall", "builddep"],
        DNF_FLAGS,
        Dash,
    ),
    after(
        &["group"],
        grammar(Manager::Dnf, &["yum", "dnf", "dnf5"], &["install"], DNF_FLAGS, Dash),
    ),
    after(
        &["module"],
        grammar(Manager::Dnf, &["yum", "dnf", "dnf5"], &["install"], DNF_FLAGS, Colon),
    ),
    grammar(
        Manager::Zypper,
        &["zypper"],
        &["install", "in", "source-install", "si"],
        &["-r", "--repo", "-t", "--type", "-R", "--root", "--from"],
        Equals,
    ),
    grammar(Manager::Pip, &["pip"], &["install"], PIP_FLAGS, Pep440),
    // `python -m pip install`
    after(&["pip"], grammar(Manager::Pip, &["python"], &["install"], PIP_FLAGS, Pep440)),
    after(&["pip"], grammar(Manager::Uv, &["uv"], &["install", "sync"], PIP_FLAGS, Pep440)),
    grammar(
        Manager::Uv,
        &["uv"],
        &["sync", "add"],
        &["--extra", "--group", "--package", "-p", "--python"],
        Pep440,
    ),
    grammar(Manager::Pipx, &["pipx"], &["install"], PIP_FLAGS, Pep440),
    grammar(
        Manager::Pipenv,
        &["pipenv"],
        &["install", "sync"],
        &["-r", "--python", "-i", "--index"],
        Pep440,
    ),
    grammar(
        Manager::Poetry,
        &["poetry"],
        &["install", "add", "sync"],
        &["-E", "--extras", "--with", "--without", "--only", "-G", "--group"],
        Pep440,
    ),
    grammar(
        Manager::Pdm,
        &["pdm"],
        &["install", "sync", "add"],
        &["-G", "--group", "-p", "--project"],
        Pep440,
    ),
    grammar(
        Manager::Conda,
        &["conda", "mamba", "micromamba"],
        &["install", "create", "update"],
        &["-c", "--channel", "-n", "--name", "-p", "--prefix", "-f", "--file"],
        Equals,
    ),
    after(
        &["env"],
        grammar(
            Manager::Conda,
            &["conda", "mamba", "micromamba"],
            &["create", "update"],
            &["-f", "--file", "-n", "--name", "-p", "--prefix"],
            Equals,
        ),
    ),
    grammar(
        Manager::Npm,
        &["npm"],
        &["install", "i", "add", "ci", "install-clean", "clean-install"],
        &[
            "--prefix",
            "--registry",
            "--loglevel",
            "--cache",
            "--omit",
            "--include",
            "--workspace",
            "-w",
            "-C",
            "--fetch-retries",
            "--network-timeout",
            "--tag",
            "--userconfig",
            "--globalconfig",
            "--python",
        ],
        At,
    ),
    bare(grammar(
        Manager::Yarn,
        &["yarn", "yarnpkg"],
        &["install", "add"],
        &[
            "--cwd",
            "--registry",
            "--network-timeout",
            "--cache-folder",
            "--modules-folder",
            "--mutex",
        ],
        At,
    )),
    after(
        &["global"],
        grammar(Manager::Yarn, &["yarn", "yarnpkg"], &["add"], &["--prefix", "--registry"], At),
    ),
    grammar(
        Manager::Pnpm,
        &["pnpm"],
        &["install", "i", "add", "fetch"],
        &["--filter", "-F", "--dir", "-C", "--registry", "--store-dir"],
        At,
    ),
    grammar(Manager::Bun, &["bun"], &["install", "i", "add"], &["--cwd", "--registry"], At),
    grammar(
        Manager::Gem,
        &["gem"],
        &["install", "i"],
        &[
            "-v",
            "--version",
            "-i",
            "--install-dir",
            "-n",
            "--bindir",
            "-P",
            "--trust-policy",
            "--source",
            "-s",
            "--platform",
            "--build-root",
            "-g",
            "--file",
            "-p",
            "--http-proxy",
        ],
        Colon,
    ),
    bare(grammar(
        Manager::Bundler,
        &["bundle", "bundler"],
        &["install"],
        &["--jobs", "-j", "--without", "--with", "--path", "--retry", "--gemfile", "--binstubs"],
        Colon,
    )),
    grammar(
        Manager::Composer,
        &["composer"],
        &["install", "require", "update", "create-project"],
        &["-d", "--working-dir"],
        Colon,
    ),
    grammar(Manager::Go, &["go"], &["install", "get", "build"], GO_FLAGS, At),
    after(&["mod"], grammar(Manager::Go, &["go"], &["download", "vendor"], &[], At)),
    grammar(
        Manager::Cargo,
        &["cargo"],
        &["install", "build", "fetch", "chef", "b"],
        &[
            "--target",
            "--features",
            "-F",
            "--bin",
            "--profile",
            "--manifest-path",
            "--package",
            "-p",
            "--version",
            "--git",
            "--path",
            "--root",
            "--target-dir",
            "-j",
            "--jobs",
            "--recipe-path",
        ],
        At,
    ),
    grammar(
        Manager::Maven,
        &["mvn", "mvnw"],
        &[
            "package",
            "install",
            "verify",
            "compile",
            "deploy",
            "dependency:go-offline",
            "dependency:resolve",
            "clean",
        ],
        &["-f", "--file", "-s", "--settings", "-pl", "--projects", "-P", "-T"],
        Colon,
    ),
    grammar(
        Manager::Gradle,
        &["gradle", "gradlew"],
        &[
            "build",
            "assemble",
            "bootJar",
            "shadowJar",
            "jar",
            "dependencies",
            "installDist",
            "clean",
        ],
        &["-p", "--project-dir", "-b", "--build-file", "-c", "-x", "--exclude-task", "-g"],
        Colon,
    ),
    grammar(
        Manager::Dotnet,
        &["dotnet"],
        &["restore", "build", "publish"],
        &[
            "-c",
            "--configuration",
            "-o",
            "--output",
            "-r",
            "--runtime",
            "-f",
            "--framework",
            "-v",
            "--source",
            "-s",
        ],
        At,
    ),
    after(
        &["tool"],
        grammar(Manager::Dotnet, &["dotnet"], &["install"], &["--version", "--tool-path"], At),
    ),
    grammar(
        Manager::Mix,
        &["mix"],
        &["deps.get", "deps.compile", "compile", "release"],
        &["--only"],
        Colon,
    ),
    grammar(
        Manager::Sbt,
        &["sbt"],
        &["update", "compile", "package", "assembly", "stage"],
        &[],
        Colon,
    ),
    after(&["tool"], grammar(Manager::Uv, &["uv"], &["install"], PIP_FLAGS, Pep440)),
    after(&["global"], grammar(Manager::Composer, &["composer"], &["require"], &[], Colon)),
    after(&["do"], grammar(Manager::Mix, &["mix"], &["deps.get", "deps.get,"], &["--only"], Colon)),
    grammar(
        Manager::Cabal,
        &["cabal"],
        &["build", "install", "new-build", "v2-build", "v2-install"],
        &["-j", "--installdir", "--install-method", "-w", "--with-compiler"],
        Dash,
    ),
    grammar(Manager::Stack, &["stack"], &["build", "install"], &["--resolver", "-j"], Dash),
    grammar(Manager::Swift, &["swift"], &["build"], &["-c", "--configuration", "--product"], At),
    after(&["package"], grammar(Manager::Swift, &["swift"], &["resolve"], &[], At)),
    after(&["pub"], grammar(Manager::Dart, &["dart", "flutter"], &["get"], &[], At)),
    grammar(Manager::Deno, &["deno"], &["install"], &[], At),
    bare(grammar(
        Manager::Cpanm,
        &["cpanm"],
        &[],
        &["-M", "--mirror", "-l", "--local-lib", "-L", "--local-lib-contained"],
        At,
    )),
    grammar(Manager::Cpanm, &["carton"], &["install"], &[], At),
    grammar(Manager::Pecl, &["pecl", "pear"], &["install"], &["-D", "--configureoptions"], Dash),
    bare(grammar(Manager::Pecl, &["docker-php-ext-install"], &[], &["-j"], Dash)),
    grammar(Manager::Playwright, &["playwright"], &["install", "install-deps"], &[], At),
    after(
        &["playwright"],
        grammar(
            Manager::Playwright,
            &["npx", "pnpx", "bunx"],
            &["install", "install-deps"],
            &[],
            At,
        ),
    ),
    grammar(
        Manager::R,
        &["R", "Rscript"],
        &["renv::restore()", "renv::restore(prompt = FALSE)", "renv::restore(prompt=FALSE)"],
        &[],
        At,
    ),
];
