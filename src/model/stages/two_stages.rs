//! How a file of one stage that builds its program is written with two.

use crate::model::files::paths::{covers, path_in};
use crate::model::files::writes::value_of;
use crate::model::{Build, Entry, ImageRef, Model, Toolchain};
use crate::source::Span;
use crate::syntax::Kind;

/// The second stage of a file that has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondStage {
    /// Just behind the image of the first FROM: the stage gets a name there.
    pub named_at: u32,
    /// The first instruction of the second stage, by index.
    pub first: usize,
    /// What the second stage is built on.
    pub image: String,
    /// The working directory of the program, if it is not the root.
    pub workdir: Option<String>,
    /// The program, or the folder that holds it.
    pub artefact: String,
}

/// Variables that only a build looks at.
const FOR_BUILDS: &[&str] = &["CARGO_", "CGO_ENABLED", "DOTNET_", "GO", "MAVEN_", "NUGET_", "RUST"];

impl Model<'_> {
    /// The second stage for a build whose result the entry point runs; none where more than that result may be needed:
    /// installed packages, settings above the build, files that are copied later.
    pub fn second_stage(&self, build: &Build, entry: &Entry<'_>) -> Option<SecondStage> {
        let [stage] = self.stages.as_slice() else { return None };
        let built = self.runs[build.run].id();
        let instructions = &self.doc.instructions[stage.instructions.clone()];
        let (before, after) = (
            instructions.iter().filter(|it| it.id < built),
            instructions.iter().filter(|it| it.id > built),
        );
        let only_builds = before.skip(1).all(|it| match &it.kind {
            Kind::Env(env) => env
                .pairs
                .iter()
                .all(|pair| FOR_BUILDS.iter().any(|it| pair.key.text.starts_with(it))),
            Kind::Run(_)
            | Kind::Copy(_)
            | Kind::Add(_)
            | Kind::Workdir(_)
            | Kind::Arg(_)
            | Kind::Maintainer(_) => true,
            _ => false,
        });
        let only_settings = after.clone().all(|it| {
            matches!(
                it.kind,
                Kind::Cmd(_)
                    | Kind::Entrypoint(_)
                    | Kind::Expose(_)
                    | Kind::Env(_)
                    | Kind::Label(_)
                    | Kind::Stopsignal(_)
                    | Kind::Volume(_)
            )
        });
        let system = |it: &crate::model::Install| it.manager.is_system();
        if !only_builds
            || !only_settings
            || self.installs.iter().any(system)
            || stage.from.alias.is_some()
        {
            return None;
        }
        let first = after.map(|it| it.id).next()?;
        let directory = self.states[first].workdir.as_deref()?.to_owned();
        let artefact = self.artefact(build, entry, &directory)?;
        let image = self.runtime(build, stage.image()?)?;
        let workdir = Some(directory).filter(|it| it != "/");
        Some(SecondStage { named_at: stage.from.image.span.end, first, image, workdir, artefact })
    }

    /// What the build makes and the entry point runs, as an absolute path.
    fn artefact(&self, build: &Build, entry: &Entry<'_>, directory: &str) -> Option<String> {
        let command = &self.runs[build.run].script.commands[build.command];
        let at = self.directory_at(build.run, build.command)?;
        let output = value_of(command, &["-o", "--output"]).filter(|it| it.is_static);
        let output = output.map(|it| path_in(Some(at), &it.text));
        let inside = |text: &str| text.contains('/') && !text.contains('$');
        match build.toolchain {
            Toolchain::Go => {
                let program = path_in(Some(directory), &entry.program);
                (inside(&entry.program) && output.as_deref() == Some(program.as_str()))
                    .then_some(program)
            }
            Toolchain::Rust => {
                let program = path_in(Some(directory), &entry.program);
                let fits = program.contains("/target/")
                    && program.contains("/release/")
                    && covers(at, &program);
                fits.then_some(program)
            }
            Toolchain::Java => {
                let mut words =
                    entry.command.args.iter().skip_while(|it| it.text != "-jar").skip(1);
                let jar = words.next().filter(|it| {
                    it.is_static && it.text.ends_with(".jar") && !it.text.contains('*')
                })?;
                let path = path_in(Some(directory), &jar.text);
                (path.contains("/target/") || path.contains("/build/libs/")).then_some(path)
            }
            Toolchain::Dotnet => {
                let folder = output?;
                let dll = path_in(Some(directory), &entry.command.verb()?.text);
                covers(&folder, &dll).then_some(folder)
            }
            _ => None,
        }
    }

    /// An image that has what the program needs to run. Where it is linked with the C library, the system has to be the
    /// one on which it was built.
    fn runtime(&self, build: &Build, image: &ImageRef) -> Option<String> {
        let tag = image.tag.as_deref().unwrap_or("");
        let system = || {
            let names = ["bookworm", "bullseye", "trixie"];
            let debian =
                names.iter().find(|it| tag.contains(*it)).map(|it| format!("debian:{it}-slim"));
            let alpine =
                tag.split_once("alpine").map(|(_, rest)| rest).filter(|it| it.starts_with('3'));
            debian.or_else(|| alpine.map(|it| format!("alpine:{it}")))
        };
        match build.toolchain {
            Toolchain::Go | Toolchain::Rust if self.static_build().is_some() => {
                Some("gcr.io/distroless/static-debian12".to_owned())
            }
            Toolchain::Go | Toolchain::Rust => system(),
            Toolchain::Java => {
                let start = ["temurin-", "jdk", "openjdk-", "corretto-"]
                    .iter()
                    .find_map(|it| Some(tag.find(it)? + it.len()));
                let start = start.or_else(|| {
                    matches!(image.name(), "openjdk" | "eclipse-temurin").then_some(0)
                })?;
                let rest = tag[start..].trim_start_matches('-');
                let version: String = rest.chars().take_while(char::is_ascii_digit).collect();
                (!version.is_empty()).then(|| format!("eclipse-temurin:{version}-jre"))
            }
            Toolchain::Dotnet => {
                let microsoft = image.registry.as_deref() == Some("mcr.microsoft.com")
                    && image.repository == "dotnet/sdk";
                (microsoft && !tag.is_empty())
                    .then(|| format!("mcr.microsoft.com/dotnet/aspnet:{tag}"))
            }
            _ => None,
        }
    }
}

impl SecondStage {
    /// The edits that make two stages of one, each a place and the text that is put in there; `at` is where the second
    /// one starts.
    pub fn edits(&self, source: &crate::source::Source, at: Span) -> Vec<(Span, String)> {
        let line_end = source.line_end();
        let workdir =
            self.workdir.iter().map(|it| format!("WORKDIR {it}{line_end}")).collect::<String>();
        let before = source.text[..at.start as usize].trim_end_matches([' ', '\t']);
        let blank =
            if before.ends_with("\n\n") || before.ends_with("\n\r\n") { "" } else { line_end };
        let text = format!(
            "{blank}FROM {}{line_end}{workdir}COPY --from=build {} {}{line_end}",
            self.image, self.artefact, self.artefact,
        );
        vec![(Span::at(self.named_at), " AS build".to_owned()), (at, text)]
    }
}
