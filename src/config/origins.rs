//! The settings that hold for one file, each with the source that it comes from.

use super::file::Config;
use super::layer::Layer;
use super::write::write;
use crate::escape;

/// A key of the file that is written.
struct Block {
    key: String,
    /// The lines below the key, or the line of a single value, each with its source.
    lines: Vec<(String, String)>,
}

/// Settings as the text of a `layerwise.yaml`, each line with a comment that says where it comes from. What counts less
/// comes first.
pub fn with_origins(parts: &[(String, Layer)]) -> String {
    let mut blocks: Vec<Block> = Vec::new();
    for (source, layer) in parts {
        if layer.select.is_some() {
            blocks.retain(|it| it.key != "select" && it.key != "extend-select");
        }
        for block in blocks_of(source, layer) {
            match blocks.iter_mut().find(|it| it.key == block.key) {
                None => blocks.push(block),
                Some(known) if block.lines[0].0.starts_with(' ') => known.lay(block.lines),
                Some(known) => known.lines = block.lines,
            }
        }
    }
    let lines: Vec<(String, String)> = blocks.into_iter().flat_map(Block::lines).collect();
    let width = lines.iter().filter(|it| !it.1.is_empty()).map(|it| it.0.chars().count()).max();
    let width = width.unwrap_or(0).min(48);
    let text = lines.into_iter().map(|(line, source)| match source.as_str() {
        "" => format!("{line}\n"),
        source => format!("{line:width$}  # {}\n", escape::line(source)),
    });
    text.collect()
}

/// What one source says, key by key.
fn blocks_of(source: &str, layer: &Layer) -> Vec<Block> {
    let text = write(&Config { layer: layer.clone(), ..Config::default() });
    let mut blocks: Vec<Block> = Vec::new();
    for line in text.lines() {
        match blocks.last_mut() {
            Some(block) if line.starts_with(' ') => {
                block.lines.push((line.to_owned(), source.to_owned()));
            }
            _ => {
                let (key, value) = line.split_once(':').unwrap_or((line, ""));
                let own = (!value.is_empty()).then(|| (line.to_owned(), source.to_owned()));
                blocks.push(Block { key: key.to_owned(), lines: own.into_iter().collect() });
            }
        }
    }
    blocks.retain(|it| !it.lines.is_empty());
    blocks
}

impl Block {
    /// Adds the items of a list, or the entries of a map, of which each key counts once.
    fn lay(&mut self, lines: Vec<(String, String)>) {
        for (line, source) in lines {
            if let Some((key, _)) = line.split_once(": ").filter(|_| !line.starts_with("  - ")) {
                let key = format!("{key}: ");
                self.lines.retain(|(known, _)| !known.starts_with(&key));
            }
            self.lines.push((line, source));
        }
    }

    fn lines(self) -> Vec<(String, String)> {
        let is_single = self.lines.first().is_none_or(|it| !it.0.starts_with(' '));
        let head = (!is_single).then(|| (format!("{}:", self.key), String::new()));
        head.into_iter().chain(self.lines).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FailOn;
    use crate::lint::{Profile, Selector, Severity};

    fn code(text: &str) -> Selector {
        Selector::Code(text.to_owned())
    }

    #[test]
    fn what_counts_more_is_shown_and_lists_add_up() {
        let parts = [
            (
                "default".to_owned(),
                Layer {
                    profile: Some(Profile::Default),
                    fail_on: Some(FailOn::DEFAULT),
                    ..Layer::default()
                },
            ),
            (
                "a.yaml".to_owned(),
                Layer {
                    profile: Some(Profile::Strict),
                    select: Some(vec![code("DL3006")]),
                    extend_select: vec![code("LW101")],
                    ignore: vec![code("DL3008")],
                    severity: vec![(code("DL3007"), Severity::Error)],
                    ..Layer::default()
                },
            ),
            (
                "b.yaml".to_owned(),
                Layer {
                    select: Some(vec![code("DL3007")]),
                    ignore: vec![code("DL3009")],
                    severity: vec![(code("DL3007"), Severity::Info)],
                    ..Layer::default()
                },
            ),
        ];
        assert_eq!(
            with_origins(&parts),
            "profile: strict  # a.yaml\n\
             fail-on: info    # default\n\
             ignore:\n  - DL3008       # a.yaml\n  - DL3009       # b.yaml\n\
             severity:\n  DL3007: info   # b.yaml\n\
             select:\n  - DL3007       # b.yaml\n"
        );
    }

    #[test]
    fn an_empty_selection_takes_the_place_of_another() {
        let layer = |select: Vec<Selector>| Layer { select: Some(select), ..Layer::default() };
        let parts =
            [("a".to_owned(), layer(vec![code("DL3006")])), ("b".to_owned(), layer(Vec::new()))];
        assert_eq!(with_origins(&parts), "select: []  # b\n");
    }
}
