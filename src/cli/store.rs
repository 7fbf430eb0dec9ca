//! `layerwise store`: what is in the stores of engines on this disk. It reads only.

use std::path::PathBuf;

use super::args::{StoreArgs, TextOrJson};
use super::output::{Output, complain, style};
use super::{FAILURE, Outcome, SUCCESS};
use crate::error::Error;
use crate::report::{store_json, store_text};
use crate::store::{Store, usual};

/// Runs it.
pub(super) fn run(args: &StoreArgs) -> Outcome {
    let (mut stores, mut code) = (Vec::new(), SUCCESS);
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let roots = if args.root.is_empty() { usual(home.as_deref()) } else { args.root.clone() };
    if roots.is_empty() {
        return Err(Error::Usage(
            "no store of Docker, podman or buildah in the usual places; pass one with `--root`"
                .to_owned(),
        ));
    }
    for root in roots {
        match Store::read(&root) {
            Ok(store) => stores.push(store),
            Err(reason) => {
                complain(&Error::Io { path: root, reason: reason.to_string() });
                code = FAILURE;
            }
        }
    }
    if stores.is_empty() {
        return Ok(code);
    }
    let text = match args.format {
        TextOrJson::Text => store_text(&stores, style(args.color.color, true), args.layers),
        TextOrJson::Json => store_json(&stores),
    };
    let mut output = Output::stdout();
    let _ = output.write(&text);
    output.finish()?;
    Ok(code)
}
