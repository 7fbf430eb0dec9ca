//! What the catalogue says of every rule, in one table.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use layerwise::lint::Meta;
use layerwise::rules;

use crate::common::findings::compare;
use crate::one_rule::metas;

fn line(meta: &Meta) -> String {
    let mut text = format!(
        "{} {} {} {} {} {} since {}",
        meta.code,
        meta.name,
        meta.family.name(),
        meta.category.name(),
        meta.severity.name(),
        meta.profile.name(),
        meta.since
    );
    if let Some(severity) = meta.default_severity {
        write!(text, ", {} by default", severity.name()).unwrap();
    }
    if let Some(once) = meta.once {
        write!(text, ", once per {}", format!("{once:?}").to_lowercase()).unwrap();
    }
    for (is_so, what) in [
        (meta.shipped_only, "shipped only"),
        (meta.released_only, "released only"),
        (meta.manner, "manner"),
        (meta.reads_context, "reads the context"),
        (meta.reads_layers, "reads layers"),
    ] {
        if is_so {
            write!(text, ", {what}").unwrap();
        }
    }
    for (codes, what) in [(meta.absorbs, "absorbs"), (meta.outweighs, "outweighs")] {
        if !codes.is_empty() {
            write!(text, ", {what} {}", codes.join(" ")).unwrap();
        }
    }
    for (class, part) in meta.measured_by {
        write!(text, ", measured by {class} in `{part}`").unwrap();
    }
    for (key, _) in meta.options {
        write!(text, ", option `{key}`").unwrap();
    }
    text + "\n"
}

#[test]
fn the_catalogue_is_as_expected() {
    let lines = |metas: &mut dyn Iterator<Item = &'static Meta>| {
        let mut lines: Vec<String> = metas.map(line).collect();
        lines.sort();
        lines.concat()
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/catalogue");
    let files = BTreeMap::from([
        (root.join("rules.expected"), lines(&mut metas())),
        (root.join("shellcheck.expected"), lines(&mut rules::shellcheck_metas().iter())),
    ]);
    compare(&root, &files, "--test rules");
}
