//! A Dockerfile in a folder with other files: its context, its ignore file, and what scripts and manifests say.

use std::path::{Component, Path};

use layerwise::context::Contexts;
use layerwise::report::Format;
use layerwise::session::{self, Place};
use layerwise::source::Source;

/// A Dockerfile, a line of dashes, and files, each behind a line `==== NAME`.
pub(crate) fn project(bytes: &[u8]) {
    let (dockerfile, files) = super::halves(bytes);
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    let folder = folder.unwrap();
    for file in files.split("==== ").skip(1).take(12) {
        let (name, content) = file.split_once('\n').unwrap_or((file, ""));
        let path = Path::new(name);
        let is_plain = |it: Component<'_>| matches!(it, Component::Normal(name) if name.len() < 60);
        if name.contains('\0') || path.components().count() > 4 || !path.components().all(is_plain)
        {
            continue;
        }
        let path = folder.path().join(path);
        // What cannot be made, such as a file in a file, is left out.
        if path.parent().is_some_and(|it| std::fs::create_dir_all(it).is_ok()) {
            let _ = std::fs::write(path, content);
        }
    }
    let path = folder.path().join("Dockerfile");
    let place = Place { path: Some(&path), searched: Some(folder.path()) };
    let source = Source::new("Dockerfile", dockerfile);
    let contexts = Contexts::default();
    let checked = session::check_at(source, &super::check::all_rules(), place, &contexts);
    super::check::places(&checked);
    for format in Format::all() {
        super::check::report(&checked, *format);
    }
    let root = folder.path().to_string_lossy();
    for finding in &checked.findings {
        let texts = [Some(&finding.message), finding.help.as_ref()].into_iter().flatten();
        for text in texts {
            assert!(!text.contains(&*root), "{}: {text}", finding.meta.code);
        }
    }
    contexts.remarks();
}
