//! `layerwise cache --fix`: puts the Dockerfile on the disk in the order that would have saved most.

use std::path::Path;

use super::args::CacheArgs;
use super::place::Place;
use crate::cache::Order;
use crate::cli::output::remark;
use crate::cli::{Outcome, SUCCESS, write};
use crate::context::{Way, follow_from};
use crate::error::Error;
use crate::fix::apply;
use crate::lint::Applicability;

/// Changes the file as the chosen order says, if it is the one that was replayed.
pub(super) fn run(args: &CacheArgs, place: &Place, orders: &[Order]) -> Outcome {
    let Some(root) = place.repository.root.as_deref() else {
        return Err(Error::Usage("`--fix`: a bare repository has no files to change".to_owned()));
    };
    let Some(order) = super::chosen(args, orders)? else {
        remark("No change would have saved time; nothing was changed.");
        return Ok(SUCCESS);
    };
    if order.fix.applicability != Applicability::Safe && !args.unsafe_fixes {
        return Err(Error::Usage(format!(
            "`{}` may alter what the image does: look at it with `--diff`, then add `--unsafe-fixes`",
            order.fix.title
        )));
    }
    let before = order.source.text.as_str();
    let path = root.join(&order.source.name);
    let shown = shown(&path);
    check(&path, root, before)
        .map_err(|reason| Error::Io { path: shown.clone(), reason: reason.to_owned() })?;
    let after = apply(before, order.fix.edits.iter());
    write::rewrite(&path, before.as_bytes(), after.as_bytes())?;
    remark(&format!("Changed {}: {}.", shown.display(), order.fix.title));
    Ok(SUCCESS)
}

/// Why a file is not changed.
fn check(path: &Path, root: &Path, replayed: &str) -> Result<(), &'static str> {
    if path.is_symlink() && follow_from(path, Some(root), path) == Way::Outside {
        return Err("a link out of the project, not followed");
    }
    let now = std::fs::read(path).unwrap_or_default();
    if now != replayed.as_bytes() {
        return Err("differs from the commit that was replayed: commit or stash the change first");
    }
    Ok(())
}

/// A path as seen from the current folder, where it is below that.
fn shown(path: &Path) -> std::path::PathBuf {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).unwrap_or_default();
    // The file itself may be a link.
    let folder = path.parent().and_then(|it| std::fs::canonicalize(it).ok());
    let full = folder.zip(path.file_name()).map_or_else(|| path.to_owned(), |it| it.0.join(it.1));
    full.strip_prefix(&here).map_or(full.clone(), Path::to_path_buf)
}
