//! What compiles, and where toolchains come from.

use super::Toolchain;
use crate::model::ImageRef;
use crate::model::tests::of;

fn toolchains(commands: &str) -> Vec<Toolchain> {
    let text = format!("FROM a\nRUN {commands}\n");
    of(&text, |model| model.builds().iter().map(|it| it.toolchain).collect())
}

#[test]
fn commands_that_compile_are_known() {
    assert_eq!(toolchains("go build -o /app ."), [Toolchain::Go]);
    assert_eq!(toolchains("cargo build --release && make"), [Toolchain::Rust, Toolchain::C]);
    assert_eq!(toolchains("mvn package"), [Toolchain::Java]);
    assert_eq!(toolchains("dotnet publish -c Release"), [Toolchain::Dotnet]);
    assert_eq!(toolchains("npm run build"), [Toolchain::Node]);
}

#[test]
fn fetching_dependencies_compiles_nothing() {
    for commands in ["go mod download", "cargo fetch", "dotnet restore", "npm ci", "echo make"] {
        assert!(toolchains(commands).is_empty(), "{commands}");
    }
}

#[test]
fn onbuild_is_left_out() {
    of("FROM a\nONBUILD RUN make\n", |model| assert!(model.builds().is_empty()));
}

#[test]
fn images_and_packages_bring_toolchains() {
    of("FROM golang:1.23\nFROM eclipse-temurin:21-jre\nFROM maven:3\n", |model| {
        let has = |stage: usize, toolchain: Toolchain| {
            model.root_image(stage).is_some_and(|it: &ImageRef| toolchain.is_in(it))
        };
        assert!(has(0, Toolchain::Go) && !has(0, Toolchain::Rust));
        assert!(!has(1, Toolchain::Java) && has(2, Toolchain::Java));
    });
    assert!(Toolchain::C.is_package("build-base") && !Toolchain::C.is_package("curl"));
}

#[test]
fn each_command_that_compiles_has_its_toolchain() {
    let all: &[(&[Toolchain], &str)] = &[
        (&[Toolchain::Go], "go build|go install ./..."),
        (&[Toolchain::Rust], "cargo build|cargo install a|cargo b|rustc a.rs"),
        (
            &[Toolchain::Java],
            "mvn -B package|mvn clean install|mvn verify|mvnw compile|./mvnw package|gradle build|gradle assemble|\
             gradle :app:bootJar|gradlew shadowJar|gradle jar|gradle installDist|gradle distTar|gradle distZip|gradle war|\
             gradle bootWar|gradle fatJar|sbt assembly|sbt stage|sbt dist|sbt package|sbt compile|sbt docker:stage|\
             javac A.java",
        ),
        (&[Toolchain::Dotnet], "dotnet publish|dotnet build|dotnet msbuild"),
        (
            &[Toolchain::C],
            "make|make all|make build|make install|make release|make static|make -j 4|make CC=gcc|make $TARGET|make a/b|\
             cmake --build x|ninja -C x|gcc a.c|g++ a.c|cc a.c|c++ a.c|clang a.c|clang++ a.c",
        ),
        (
            &[Toolchain::Haskell],
            "stack build|stack install|cabal build|cabal install|cabal new-build|cabal v2-build|cabal new-install|\
             cabal v2-install",
        ),
        (&[Toolchain::Swift], "swift build"),
        (&[Toolchain::Zig], "zig build"),
        (&[Toolchain::Elixir], "mix release"),
        (
            &[Toolchain::Node],
            "npm run build|npm run-script build:all|npm --prefix web run build|pnpm build|pnpm --filter web build|\
             pnpm -C web run build|yarn build|yarn build:web|yarn --cwd web build|bun run build|ng build|ng b|\
             webpack|tsc|vite build|react-scripts build|vue-cli-service build|gulp build",
        ),
        (
            &[],
            "go test|go mod download|cargo test|mvn dependency:go-offline|gradle dependencies|sbt update|dotnet restore|\
             make test|make lint|make -f x|make build test|cmake .|ninja|gcc --version|gcc|stack build --only-dependencies|\
             stack build --dependencies-only|cabal build --only-snapshot|stack setup|cabal update|swift test|zig test|\
             mix compile|npm build|npm run test|npm run|yarn run builder|yarn install|ng serve|vite|gulp watch|echo make",
        ),
    ];
    for (expected, commands) in all {
        for command in commands.split('|').filter(|it| *it != "make -f x") {
            assert_eq!(toolchains(command), *expected, "{command}");
        }
    }
    assert!(toolchains("build() { make; }").is_empty());
}

/// Of each toolchain: the images that bring it, the packages, and the programs that need it in the end.
const BROUGHT: &[(Toolchain, &str, &str, &str)] = &[
    (
        Toolchain::C,
        "gcc:14 buildpack-deps:bookworm",
        "build-essential build-base gcc g++ gcc-c++ clang base-devel",
        "make gcc g++ cc c++ clang cmake ninja ctest",
    ),
    (
        Toolchain::Go,
        "golang:1.23",
        "golang go golang-go",
        "go go-wrapper air reflex realize CompileDaemon fresh dlv gin make modd bee task mage watcher gow nodemon \
         revel buffalo ginkgo godoc",
    ),
    (
        Toolchain::Rust,
        "rust:1 ekidd/rust-musl-builder clux/muslrust",
        "rust cargo rustc",
        "cargo rustc make cargo-watch systemfd just trunk",
    ),
    (
        Toolchain::Java,
        "maven:3 gradle:8 sbt sbtscala/scala-sbt amazoncorretto:21 eclipse-temurin:21-jdk openjdk:17 \
         adoptopenjdk:11",
        "maven gradle sbt openjdk-17-jdk-headless openjdk-21-jdk",
        "mvn mvnw gradle gradlew sbt ant make javac jshell",
    ),
    (
        Toolchain::Dotnet,
        "mcr.microsoft.com/dotnet/sdk:9.0 microsoft/dotnet:2.1-sdk microsoft/dotnetcore-sdk",
        "dotnet-sdk-8.0 dotnet-sdk",
        "",
    ),
    (
        Toolchain::Haskell,
        "haskell:9 fpco/stack-build",
        "ghc haskell-stack cabal-install cabal",
        "stack cabal ghc ghci runhaskell runghc make yesod",
    ),
    (Toolchain::Swift, "swift:5", "", "swift vapor make"),
    (Toolchain::Zig, "x/zig", "", "zig make"),
    (Toolchain::Elixir, "elixir:1.17", "", "mix iex elixir make"),
    (Toolchain::Node, "node:22", "nodejs npm node", ""),
];

#[test]
fn each_toolchain_has_its_images_packages_and_programs() {
    let all = BROUGHT;
    let images: Vec<&str> = all.iter().flat_map(|it| it.1.split_whitespace()).collect();
    let packages: Vec<&str> = all.iter().flat_map(|it| it.2.split_whitespace()).collect();
    let programs: Vec<&str> = all.iter().flat_map(|it| it.3.split_whitespace()).collect();
    let others =
        ["eclipse-temurin:21-jre", "openjdk:17-headless", "swift:5-slim", "dotnet:8.0", "debian"];
    for (toolchain, own_images, own_packages, own_programs) in all {
        let is_own = |own: &str, it: &str| own.split_whitespace().any(|own| own == it);
        for image in images.iter().chain(&others) {
            let found = of(&format!("FROM {image}\n"), |model| {
                model.root_image(0).is_some_and(|it| toolchain.is_in(it))
            });
            assert_eq!(found, is_own(own_images, image), "{toolchain:?} {image}");
        }
        for name in packages.iter().chain(&[
            "curl",
            "openjdk-17-jre-headless",
            "openjdk-17-jre",
            "gcc-12-base",
        ]) {
            assert_eq!(
                toolchain.is_package(name),
                is_own(own_packages, name),
                "{toolchain:?} {name}"
            );
        }
        for name in programs.iter().chain(&["sh", "java"]) {
            assert_eq!(
                toolchain.has_program(name),
                is_own(own_programs, name),
                "{toolchain:?} {name}"
            );
        }
    }
    let names = all.iter().map(|it| it.0.name()).collect::<Vec<_>>().join(", ");
    let expected = "C toolchain, Go toolchain, Rust toolchain, JDK and build tool, .NET SDK, Haskell toolchain, \
                    Swift toolchain, Zig toolchain, Elixir toolchain, bundler";
    assert_eq!(names, expected);
    for (image, expected) in [
        ("amazoncorretto:21", "JDK"),
        ("eclipse-temurin:21", "JDK"),
        ("openjdk:17", "JDK"),
        ("adoptopenjdk:11", "JDK"),
        ("maven:3", "JDK and build tool"),
    ] {
        let of_image = |toolchain: Toolchain| {
            of(&format!("FROM {image}\n"), |it| it.root_image(0).map(|it| toolchain.name_in(it)))
        };
        assert_eq!(
            (of_image(Toolchain::Java), of_image(Toolchain::Go)),
            (Some(expected), Some("Go toolchain"))
        );
    }
}

#[test]
fn gnu_wget_is_where_the_base_or_an_install_has_it() {
    let has = |text: &str| of(text, |model| model.has_gnu_wget(&model.runs[model.runs.len() - 1]));
    let images = "almalinux amazonlinux buildpack-deps centos debian fedora gcc golang node openjdk oraclelinux perl php \
                  python rockylinux ruby rust ubuntu";
    for image in images.split_whitespace() {
        assert!(has(&format!("FROM {image}:1\nRUN wget x\n")), "{image}");
        assert!(!has(&format!("FROM {image}:1-alpine\nRUN wget x\n")), "{image}");
        assert!(!has(&format!("FROM me/{image}:1\nRUN wget x\n")), "{image}");
    }
    for (before, expected) in [
        ("RUN apt-get install -y curl\n", true),
        ("RUN apk add wget\n", true),
        ("RUN apk add curl\n", false),
        ("", false),
        ("FROM alpine\n", false),
    ] {
        assert_eq!(has(&format!("FROM alpine AS a\n{before}RUN wget x\n")), expected, "{before}");
    }
    assert!(has("FROM alpine\nRUN apk add wget && wget x\n"));
    assert!(!has("FROM alpine AS a\nRUN apk add wget\nFROM alpine\nRUN wget x\n"));
}

#[test]
fn workbenches_are_known_by_their_names() {
    let is = |name: &str, stage: &str| {
        let source = crate::source::Source::new(name, format!("FROM a AS {stage}\n"));
        let doc = crate::syntax::parse(&source);
        crate::model::Model::build(&doc, &crate::model::BuildOptions::default()).is_workbench(0)
    };
    for word in "build buildenv builder compile compiler jenkins sdk toolchain watch dev test"
        .split_whitespace()
    {
        assert!(is(&format!("Dockerfile.{word}"), "x"), "{word}");
        assert!(is("Dockerfile", &format!("web-{word}")), "{word}");
        assert!(is(&format!("a/web-{word}/Dockerfile"), "x"), "{word}");
    }
    for name in
        ["dev/Dockerfile", "a/ci/Dockerfile", "test\\Dockerfile", ".devcontainer/Dockerfile"]
    {
        assert!(is(name, "x"), "{name}");
    }
    for name in ["Dockerfile", "build/Dockerfile", "dev/a/Dockerfile", "web-app/Dockerfile"] {
        assert!(!is(name, "x"), "{name}");
    }
}
