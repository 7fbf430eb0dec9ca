//! Commands that compile or bundle: what makes a toolchain and sources necessary, and later superfluous.

use crate::model::image::purpose::is_of_development;
use crate::model::packages::operands_of;
use crate::model::{ImageRef, Model, Run};
use crate::shell::Command;

/// What compiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the toolchain of its name")]
pub enum Toolchain {
    /// C and C++, with make, cmake and their like.
    C,
    Go,
    Rust,
    /// Maven, Gradle, sbt, Ant and javac.
    Java,
    Dotnet,
    Haskell,
    Swift,
    Zig,
    Elixir,
    /// JavaScript bundlers.
    Node,
}

/// A command that compiles or bundles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The command, by index in its script.
    pub command: usize,
    /// What compiles.
    pub toolchain: Toolchain,
}

impl Toolchain {
    /// The name people know it by, in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::C => "C toolchain",
            Self::Go => "Go toolchain",
            Self::Rust => "Rust toolchain",
            Self::Java => "JDK and build tool",
            Self::Dotnet => ".NET SDK",
            Self::Haskell => "Haskell toolchain",
            Self::Swift => "Swift toolchain",
            Self::Zig => "Zig toolchain",
            Self::Elixir => "Elixir toolchain",
            Self::Node => "bundler",
        }
    }

    /// The name people know it by as the image has it: that of a JDK brings no build tool.
    pub fn name_in(self, image: &ImageRef) -> &'static str {
        let is_jdk = ["amazoncorretto", "eclipse-temurin", "openjdk", "adoptopenjdk"];
        if self == Self::Java && is_jdk.contains(&image.name()) { "JDK" } else { self.name() }
    }

    /// Whether an image brings this toolchain. Names are those of Docker Hub's official images and Microsoft's.
    pub fn is_in(self, image: &ImageRef) -> bool {
        let name = image.name();
        let tag = image.tag.as_deref().unwrap_or("");
        match self {
            Self::C => matches!(name, "gcc" | "buildpack-deps"),
            Self::Go => name == "golang",
            Self::Rust => matches!(name, "rust" | "rust-musl-builder" | "muslrust"),
            Self::Java => {
                matches!(
                    name,
                    "maven"
                        | "gradle"
                        | "sbt"
                        | "scala-sbt"
                        | "amazoncorretto"
                        | "eclipse-temurin"
                        | "openjdk"
                        | "adoptopenjdk"
                ) && !tag.contains("jre")
                    && !tag.contains("headless")
            }
            Self::Dotnet => {
                name == "sdk"
                    || (name == "dotnet" && tag.contains("sdk"))
                    || name == "dotnetcore-sdk"
            }
            Self::Haskell => matches!(name, "haskell" | "stack-build"),
            Self::Swift => name == "swift" && !tag.contains("slim"),
            Self::Zig => name == "zig",
            Self::Elixir => name == "elixir",
            Self::Node => name == "node",
        }
    }

    /// Whether a package of a system's package manager brings this toolchain.
    pub fn is_package(self, name: &str) -> bool {
        match self {
            Self::C => {
                matches!(
                    name,
                    "build-essential"
                        | "build-base"
                        | "gcc"
                        | "g++"
                        | "gcc-c++"
                        | "clang"
                        | "base-devel"
                )
            }
            Self::Go => matches!(name, "golang" | "go" | "golang-go"),
            Self::Rust => matches!(name, "rust" | "cargo" | "rustc"),
            Self::Java => {
                matches!(name, "maven" | "gradle" | "sbt")
                    || (name.starts_with("openjdk-") && !name.contains("jre"))
            }
            Self::Dotnet => name.starts_with("dotnet-sdk"),
            Self::Haskell => matches!(name, "ghc" | "haskell-stack" | "cabal-install" | "cabal"),
            Self::Swift | Self::Zig | Self::Elixir => false,
            Self::Node => matches!(name, "nodejs" | "npm" | "node"),
        }
    }

    /// Whether a program of the entry point is part of this toolchain, so that the image needs it.
    pub fn has_program(self, name: &str) -> bool {
        match self {
            Self::C => matches!(
                name,
                "make" | "gcc" | "g++" | "cc" | "c++" | "clang" | "cmake" | "ninja" | "ctest"
            ),
            Self::Go => matches!(
                name,
                "go" | "go-wrapper"
                    | "air"
                    | "reflex"
                    | "realize"
                    | "CompileDaemon"
                    | "fresh"
                    | "dlv"
                    | "gin"
                    | "make"
                    | "modd"
                    | "bee"
                    | "task"
                    | "mage"
                    | "watcher"
                    | "gow"
                    | "nodemon"
                    | "revel"
                    | "buffalo"
                    | "ginkgo"
                    | "godoc"
            ),
            Self::Rust => matches!(
                name,
                "cargo" | "rustc" | "make" | "cargo-watch" | "systemfd" | "just" | "trunk"
            ),
            Self::Java => matches!(
                name,
                "mvn" | "mvnw" | "gradle" | "gradlew" | "sbt" | "ant" | "make" | "javac" | "jshell"
            ),
            Self::Dotnet | Self::Node => false,
            Self::Haskell => matches!(
                name,
                "stack" | "cabal" | "ghc" | "ghci" | "runhaskell" | "runghc" | "make" | "yesod"
            ),
            Self::Swift => matches!(name, "swift" | "vapor" | "make"),
            Self::Zig => matches!(name, "zig" | "make"),
            Self::Elixir => matches!(name, "mix" | "iex" | "elixir" | "make"),
        }
    }
}

impl Model<'_> {
    /// The commands that compile or bundle, in order; ONBUILD is left out.
    pub fn builds(&self) -> &[Build] {
        self.found.built.get_or_init(|| self.find_builds())
    }

    /// Whether a command compiles or bundles, by the indices of its RUN and of itself.
    pub fn is_build(&self, run: usize, command: usize) -> bool {
        self.builds().binary_search_by_key(&(run, command), |it| (it.run, it.command)).is_ok()
    }

    fn find_builds(&self) -> Vec<Build> {
        let mut found = Vec::new();
        for (run, it) in self.runs.iter().enumerate().filter(|(_, it)| !it.onbuild) {
            for (index, command) in it.script.commands.iter().enumerate() {
                if let Some(toolchain) = compiles(command) {
                    found.push(Build { run, command: index, toolchain });
                }
            }
        }
        found
    }

    /// Whether `wget` is GNU's in a RUN, and not BusyBox's: the file installs it, or the base is one of the images that are
    /// built on Debian, Ubuntu or Red Hat's systems.
    pub fn has_gnu_wget(&self, run: &Run<'_>) -> bool {
        const IMAGES: &[&str] = &[
            "almalinux",
            "amazonlinux",
            "buildpack-deps",
            "centos",
            "debian",
            "fedora",
            "gcc",
            "golang",
            "node",
            "openjdk",
            "oraclelinux",
            "perl",
            "php",
            "python",
            "rockylinux",
            "ruby",
            "rust",
            "ubuntu",
        ];
        let image = run.stage.and_then(|it| self.root_image(it));
        let is_other = |it: &ImageRef| it.tag.as_deref().is_some_and(|tag| tag.contains("alpine"));
        if image.is_some_and(|it| !is_other(it) && IMAGES.iter().any(|name| it.is_official(name))) {
            return true;
        }
        let own = self.run_at(run.id()).map_or(&[][..], |it| self.installs_of(it));
        self.beneath(run.id()).installs().chain(own).any(|it| {
            it.manager.system.as_ref().is_some_and(|it| it.is_gnu)
                || it.packages.iter().any(|package| package.name == "wget")
        })
    }

    /// Whether the file or a stage is a place to work in and no service: a dev container, a CI or build image.
    pub fn is_workbench(&self, stage: usize) -> bool {
        const WORDS: &[&str] = &[
            "build",
            "buildenv",
            "builder",
            "compile",
            "compiler",
            "jenkins",
            "sdk",
            "toolchain",
            "watch",
        ];
        let is_word = |text: &str| {
            let lower = text.to_ascii_lowercase();
            lower
                .split(|it: char| !it.is_ascii_alphanumeric())
                .any(|part| is_of_development(part) || WORDS.contains(&part))
        };
        let file = self.doc.source.name.rsplit(['/', '\\']).next().unwrap_or("");
        let mut folders = self.doc.source.name.rsplit(['/', '\\']).skip(1);
        let parent = folders.next().unwrap_or("");
        // A folder that is only called `build` is where many keep all their Dockerfiles.
        let told = matches!(parent, "dev" | "ci" | "test" | ".devcontainer")
            || (parent.contains('-') && is_word(parent));
        is_word(file)
            || told
            || self.stages.get(stage).and_then(|it| it.name.as_deref()).is_some_and(is_word)
    }
}

/// Whether a word of `make` is not a kind of target itself: a variable, a number of jobs, or a usual target.
fn builds_all(word: &str) -> bool {
    word.contains(['=', '$', '/'])
        || word.bytes().all(|it| it.is_ascii_digit())
        || matches!(word, "all" | "build" | "install" | "release" | "static")
}

/// Whether a task of Gradle builds the project, in whatever part of it.
fn builds_by_gradle(task: &str) -> bool {
    matches!(
        task.rsplit(':').next().unwrap_or(task),
        "build"
            | "assemble"
            | "bootJar"
            | "shadowJar"
            | "jar"
            | "installDist"
            | "distTar"
            | "distZip"
            | "war"
            | "bootWar"
            | "fatJar"
    )
}

/// Whether stack or cabal builds only what the project depends on.
pub(in crate::model) fn only_dependencies(command: &Command) -> bool {
    ["dependencies-only", "only-dependencies", "only-snapshot"]
        .iter()
        .any(|it| command.has_flag(it))
}

/// What a command compiles with, if it compiles.
pub(in crate::model) fn compiles(command: &Command) -> Option<Toolchain> {
    crate::source::work::count(1);
    if command.inside.function {
        return None;
    }
    let verbs: Vec<&str> = operands_of(command).iter().map(|word| word.text.as_str()).collect();
    let has = |names: &[&str]| verbs.iter().any(|verb| names.contains(verb));
    let first = verbs.first().copied().unwrap_or("");
    let toolchain = match command.name.as_str() {
        "go" if matches!(first, "build" | "install") => Toolchain::Go,
        "cargo" if matches!(first, "build" | "install" | "b") => Toolchain::Rust,
        "rustc" => Toolchain::Rust,
        "mvn" | "mvnw" if has(&["package", "install", "verify", "compile"]) => Toolchain::Java,
        "gradle" | "gradlew" if verbs.iter().any(|it| builds_by_gradle(it)) => Toolchain::Java,
        "sbt" if has(&["assembly", "stage", "dist", "package", "compile", "docker:stage"]) => {
            Toolchain::Java
        }
        "javac" => Toolchain::Java,
        "dotnet" if matches!(first, "publish" | "build" | "msbuild") => Toolchain::Dotnet,
        "make" if verbs.iter().all(|it| builds_all(it)) => Toolchain::C,
        "cmake" if command.has_flag("build") => Toolchain::C,
        "ninja" | "gcc" | "g++" | "cc" | "c++" | "clang" | "clang++"
            if !command.args.is_empty() && !command.has_flag("version") =>
        {
            Toolchain::C
        }
        "stack" | "cabal" if only_dependencies(command) => return None,
        "stack" if matches!(first, "build" | "install") => Toolchain::Haskell,
        "cabal"
            if matches!(
                first,
                "build" | "install" | "new-build" | "v2-build" | "new-install" | "v2-install"
            ) =>
        {
            Toolchain::Haskell
        }
        "swift" if first == "build" => Toolchain::Swift,
        "zig" if first == "build" => Toolchain::Zig,
        "mix" if first == "release" => Toolchain::Elixir,
        name if bundles(name, &verbs) => Toolchain::Node,
        _ => return None,
    };
    Some(toolchain)
}

/// Whether a program bundles JavaScript, with its operands.
fn bundles(program: &str, operands: &[&str]) -> bool {
    let script = |text: &str| text == "build" || text.starts_with("build:");
    let first = operands.first().copied().unwrap_or("");
    match program {
        "npm" | "pnpm" | "yarn" | "bun" => {
            let runs = matches!(first, "run" | "run-script");
            script(first) && program != "npm"
                || runs && operands.get(1).is_some_and(|it| script(it))
        }
        "ng" => matches!(first, "build" | "b"),
        "webpack" | "tsc" => true,
        "vite" | "react-scripts" | "vue-cli-service" | "gulp" => first == "build",
        _ => false,
    }
}

#[cfg(test)]
mod tests;
