//! What RUNs change in folders that are volumes.

use super::path_table::PathTable;
use crate::model::{Change, Model};
use crate::source::Span;
use crate::syntax::Kind;

/// How many volumes of one path are looked at, the first ones first.
const MOST_OF_PATH: usize = 32;

impl Model<'_> {
    /// The changes that commands make in a folder which a VOLUME beneath them declares, in order, each with the place of
    /// the first such VOLUME.
    pub fn changes_of_volumes(&self) -> Vec<(Change, Span)> {
        let mut volumes: Vec<(usize, Span)> = Vec::new();
        let mut table = PathTable::default();
        for instruction in &self.doc.instructions {
            let Kind::Volume(words) = &instruction.kind else { continue };
            for word in words {
                let value = self.scopes.resolve(instruction.id, word).text;
                if value.len() > 1 {
                    table.push(&value, volumes.len());
                    volumes.push((instruction.id, word.span));
                }
            }
        }
        if volumes.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for change in self.changes() {
            let beneath = self.beneath(self.runs[change.run].id());
            let over = table.covering(&change.path).flat_map(|it| it.iter().take(MOST_OF_PATH));
            let first = over.copied().filter(|it| beneath.contains(volumes[*it].0)).min();
            found.extend(first.map(|it| (change, volumes[it].1)));
        }
        found
    }
}
