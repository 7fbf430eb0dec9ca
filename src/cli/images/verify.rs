//! `--verify`: builds the Dockerfile with its fixes too, and compares the two images.

use std::path::Path;

use super::args::MeasureArgs;
use super::build::built;
use super::source::Reader;
use crate::build::Engine;
use crate::config::Settings;
use crate::context::Contexts;
use crate::error::Error;
use crate::lint::{Applicability, meant};
use crate::measure::{Measured, Verified, Weight, Written, find_lines, prove};
use crate::model::Model;
use crate::session::{self, Checked, Place};
use crate::source::Source;
use crate::syntax;

/// What it takes to build again.
pub(super) struct Verify<'a> {
    pub(super) args: &'a MeasureArgs,
    pub(super) engine: Engine,
    pub(super) file: &'a Path,
    pub(super) settings: &'a Settings,
    pub(super) reader: &'a Reader,
}

impl Verify<'_> {
    /// Builds the fixed file, or another one, and compares.
    pub(super) fn run(
        &self,
        model: &mut Model<'_>,
        measured: &Measured,
        checked: &Checked,
        changed: Option<&Path>,
    ) -> Result<Verified, Error> {
        let (text, fixes) = match changed {
            Some(path) => {
                let bytes = std::fs::read(path).map_err(|error| Error::io(path, &error))?;
                (bytes, Vec::new())
            }
            None => {
                let source = checked.source.clone();
                let fixed = session::fix(
                    source,
                    self.settings,
                    Place::of(self.file),
                    &Contexts::default(),
                    true,
                );
                let fixes = fixed.applied.iter().map(|(code, n)| (*code, *n)).collect();
                (fixed.source.bytes().to_vec(), fixes)
            }
        };
        model.measured = measured.findings();
        let predicted = self.predicted(model, measured, checked, &fixes)?;
        let proof = self.proof(&text, measured);
        Ok(Verified { fixes, predicted, proof })
    }

    /// What was measured of the findings whose fixes were applied.
    fn predicted(
        &self,
        model: &Model<'_>,
        measured: &Measured,
        checked: &Checked,
        fixes: &[(&'static str, usize)],
    ) -> Result<Option<Weight>, Error> {
        let is_fixed = |code: &str| fixes.iter().any(|it| it.0 == code);
        let mut items: Vec<usize> = checked
            .findings
            .iter()
            .filter(|it| {
                it.fix.as_ref().is_some_and(|fix| fix.applicability <= Applicability::Unsafe)
            })
            .filter(|it| is_fixed(it.meta.code))
            .flat_map(|it| meant(model, it).map(|(waste, _)| waste.item).collect::<Vec<_>>())
            .collect();
        // Packages have no bytes that could be left out.
        items.retain(|it| !measured.waste.items[*it].places.is_empty());
        items.sort_unstable();
        items.dedup();
        if items.is_empty() {
            return Ok(None);
        }
        let fail = |reason| Error::Image { name: measured.name.clone(), reason };
        let found = self.reader.predict(measured, &items).map_err(fail)?;
        Ok(found.map(|it| it.1))
    }

    fn proof(&self, text: &[u8], measured: &Measured) -> Result<crate::measure::Proof, String> {
        let folder = tempfile::Builder::new().prefix("layerwise-").tempdir();
        let folder = folder.map_err(|error| format!("no temporary folder: {error}"))?;
        let file = folder.path().join("Dockerfile");
        std::fs::write(&file, text).map_err(|error| error.to_string())?;
        // A Dockerfile may have its own ignore file.
        let mut ignore = self.file.as_os_str().to_owned();
        ignore.push(".dockerignore");
        if Path::new(&ignore).is_file() {
            let copy = folder.path().join("Dockerfile.dockerignore");
            std::fs::copy(&ignore, copy).map_err(|error| error.to_string())?;
        }
        let source = Source::from_bytes("the changed file".to_owned(), text.to_vec());
        let doc = syntax::parse(&source);
        let model = Model::build(&doc, &self.settings.build);
        let image = built(self.args, self.engine, &file, self.settings, &model, self.reader);
        let image = image.map_err(|error| error.reason())?;
        let lines = find_lines(&model, &image, None).ok().map(|it| (it, Written::of(&doc)));
        let after = Measured::new("the changed file".to_owned(), image, None, lines, &|_| false);
        let weight = self.reader.predict(&after, &[])?;
        let weight = weight.map(|it| it.0).unwrap_or_default();
        Ok(prove(measured, &after, weight))
    }
}
