//! Whether a changed Dockerfile builds the same image: it is built too, and the two images are compared.

use std::path::Path;

use super::{Job, Session};
use crate::build::Builder;
use crate::error::Error;
use crate::lint::{Applicability, Finding, meant};
use crate::measure::{Measured, Proof, Verified, Weight, Written, find_lines, prove};
use crate::model::Model;
use crate::source::Source;
use crate::syntax;

/// A Dockerfile that was changed.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The whole of it.
    pub text: Vec<u8>,
    /// The codes of the fixes that changed it, with how many of each; none where somebody else did.
    pub fixes: Vec<(&'static str, usize)>,
}

impl Session<'_> {
    /// Builds a changed file, and compares its image with what was measured before. The model of `job` knows what was
    /// measured; `findings` is what was reported of it.
    ///
    /// # Errors
    /// The image cannot be read again. Why a file does not build is in what is returned.
    pub fn verify(
        &self,
        job: Job<'_>,
        builder: &'static Builder,
        change: Change,
        measured: &Measured,
        findings: &[Finding],
    ) -> Result<Verified, Error> {
        let predicted = self.predicted(job.model, measured, findings, &change.fixes)?;
        let proof = self.proof(job, builder, &change.text, measured);
        Ok(Verified { fixes: change.fixes, predicted, proof })
    }

    /// What was measured of the findings whose fixes were applied.
    fn predicted(
        &self,
        model: &Model<'_>,
        measured: &Measured,
        findings: &[Finding],
        fixes: &[(&'static str, usize)],
    ) -> Result<Option<Weight>, Error> {
        let is_fixed = |code: &str| fixes.iter().any(|it| it.0 == code);
        let mut items: Vec<usize> = findings
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
        let found = self
            .predict(measured, &items)
            .map_err(|it| Error::image_of(measured.name.clone(), it))?;
        Ok(found.map(|it| it.1))
    }

    fn proof(
        &self,
        job: Job<'_>,
        builder: &'static Builder,
        text: &[u8],
        measured: &Measured,
    ) -> Result<Proof, String> {
        let folder = tempfile::Builder::new().prefix("layerwise-").tempdir();
        let folder = folder.map_err(|error| format!("no temporary folder: {error}"))?;
        let file = folder.path().join("Dockerfile");
        std::fs::write(&file, text).map_err(|error| error.to_string())?;
        // A Dockerfile may have its own ignore file.
        let mut ignore = job.request.file.as_os_str().to_owned();
        ignore.push(".dockerignore");
        if Path::new(&ignore).is_file() {
            let copy = folder.path().join("Dockerfile.dockerignore");
            std::fs::copy(&ignore, copy).map_err(|error| error.to_string())?;
        }
        let source = Source::from_bytes("the changed file".to_owned(), text.to_vec());
        let doc = syntax::parse(&source);
        let model = Model::build(&doc, job.options);
        let image = self.built(Job { model: &model, ..job }, builder, &file);
        let image = image.map_err(|error| error.reason())?;
        let lines = find_lines(&model, &image, None).ok().map(|it| (it, Written::of(&doc)));
        let after = Measured::new("the changed file".to_owned(), image, None, lines, &|_| false);
        let weight = self.predict(&after, &[]).map_err(|it| it.to_string())?;
        let weight = weight.map(|it| it.0).unwrap_or_default();
        Ok(prove(measured, &after, weight))
    }
}
