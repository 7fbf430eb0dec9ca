//! `layerwise init`: files that a project lacks.

use std::path::Path;

use super::args::{DockerignoreArgs, InitCommand, InitConfigArgs};
use super::discover::{Discovered, Everything, Reach, discover};
use super::output::{Output, remark};
use super::write::replace;
use super::{Outcome, SUCCESS};
use crate::config;
use crate::context::{ContextUse, SecretKind, Tree, pattern_of};
use crate::error::Error;
use crate::lint::size;
use crate::model::{BuildOptions, Model};
use crate::syntax;

/// Runs it.
pub(super) fn run(command: &InitCommand) -> Outcome {
    match command {
        InitCommand::Dockerignore(args) => dockerignore(args),
        InitCommand::Config(args) => settings(args),
    }
}

/// Writes a layerwise.yaml in which every key is in a comment.
fn settings(args: &InitConfigArgs) -> Outcome {
    if args.stdout {
        let mut output = Output::stdout();
        let _ = output.write(config::SAMPLE);
        output.finish()?;
        return Ok(SUCCESS);
    }
    let folder = &args.folder;
    if !folder.is_dir() {
        return Err(Error::Usage(format!("{}: no such folder", folder.display())));
    }
    let mut known = config::NAMES.iter().map(|name| folder.join(name));
    if let Some(path) = known.find(|it| it.symlink_metadata().is_ok()) {
        let text = format!("{} already exists; `--stdout` prints the text instead", path.display());
        return Err(Error::Usage(text));
    }
    let path = folder.join(config::NAMES[0]);
    replace(&path, config::SAMPLE.as_bytes())?;
    remark(&format!("Wrote {}, with every setting commented out.", path.display()));
    Ok(SUCCESS)
}

/// Writes a .dockerignore of what is in the folder and no build needs.
fn dockerignore(args: &DockerignoreArgs) -> Outcome {
    let folder = &args.context;
    if !folder.is_dir() {
        return Err(Error::Usage(format!("{}: no such folder", folder.display())));
    }
    let path = folder.join(".dockerignore");
    if !args.stdout && path.symlink_metadata().is_ok() {
        let text = format!("{} already exists; `--stdout` prints the text instead", path.display());
        return Err(Error::Usage(text));
    }
    let tree = Tree::read(folder, None);
    let haul = tree.haul("");
    if !haul.complete {
        remark("note: the folder is too large or partly unreadable; some of it was not checked");
    }
    let (text, bytes) = proposal(&tree, &use_of(folder));
    if args.stdout {
        let mut output = Output::stdout();
        let _ = output.write(&text);
        output.finish()?;
    } else {
        replace(&path, text.as_bytes())?;
        remark(&format!(
            "Wrote {}, which excludes {} from the build.",
            path.display(),
            size(bytes)
        ));
    }
    Ok(SUCCESS)
}

/// What the Dockerfiles in the folder and below ask of it. One that cannot be read says nothing.
fn use_of(folder: &Path) -> ContextUse {
    let mut all = ContextUse::default();
    let found = discover(&[folder.to_owned()], "-", Reach::default(), &mut Everything);
    for input in found.map_or(Vec::new(), |Discovered { inputs, .. }| inputs) {
        let Ok(source) = input.read() else { continue };
        let doc = syntax::parse(&source);
        let ContextUse { copied, commands } =
            Model::build(&doc, &BuildOptions::default()).context_use();
        all.copied.extend(copied);
        all.commands.extend(commands);
    }
    all
}

/// The text of the file, and the bytes that it leaves out.
fn proposal(tree: &Tree, used: &ContextUse) -> (String, u64) {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    let mut bytes = 0;
    let mut add =
        |what: &'static str, pattern: String| match groups.iter_mut().find(|it| it.0 == what) {
            Some((_, patterns)) if patterns.contains(&pattern) => {}
            Some((_, patterns)) => patterns.push(pattern),
            None => groups.push((what, vec![pattern])),
        };
    let haul = tree.haul("");
    for heap in haul.heaps.iter().filter(|it| used.needs_not(it)) {
        bytes += heap.bytes;
        add(heap.kind.what, heap.kind.pattern());
    }
    for secret in &haul.secrets {
        if !used.copied.contains(&secret.path) {
            let what = match secret.kind {
                SecretKind::PrivateKey | SecretKind::KeyStore => "keys",
                SecretKind::Environment | SecretKind::Credentials => "passwords and tokens",
            };
            bytes += tree.sum(&secret.path).map_or(0, |it| it.bytes);
            add(what, pattern_of(&secret.path));
        }
    }
    let mut text = "# Files that the build never needs.\n# Patterns match paths relative to this folder; `**/` matches any folder below.\n".to_owned();
    for (what, patterns) in &groups {
        text += &format!("\n# {what}\n{}\n", patterns.join("\n"));
    }
    // They are read for the build all the same.
    if !used.copied.iter().any(|it| it.contains("Dockerfile")) {
        text += "\n# the build's own files\n.dockerignore\n**/Dockerfile*\n**/*.Dockerfile\n";
    }
    (text, bytes)
}
