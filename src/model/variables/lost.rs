//! Variables of the shell that a later RUN counts on: each RUN has its own shell.

use std::collections::HashMap;

use crate::model::{Base, Model};
use crate::source::{Span, work};

impl Model<'_> {
    /// Where an earlier RUN of the same stage, or of those it is built on, gives a variable of the shell its value.
    /// The name may be written as an expansion: `$NAME`, `${NAME}`.
    pub fn lost_assignment(&self, run: usize, name: &str) -> Option<Span> {
        let name = name.trim_start_matches(['$', '{']);
        let end = name.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        let name = &name[..end.unwrap_or(name.len())];
        let set = self.found.assigned.get_or_init(|| self.find_assignments());
        let places = set.get(name)?;
        let mut stage = self.runs.get(run)?.stage;
        while let Some(id) = stage {
            work::count(1);
            // The last one before the RUN.
            let before = places.partition_point(|it| it.0 < run);
            let of_stage = |it: &(usize, Span)| self.runs[it.0].stage <= Some(id);
            let own = places[..before].partition_point(of_stage).checked_sub(1);
            let own = own.map(|at| places[at]).filter(|it| self.runs[it.0].stage == Some(id));
            if let Some((_, span)) = own {
                return Some(span);
            }
            stage = match self.stages[id].base {
                Base::Stage(base) => Some(base),
                _ => None,
            };
        }
        None
    }

    /// The assignments of all scripts by name: the RUN and the place.
    fn find_assignments(&self) -> HashMap<String, Vec<(usize, Span)>> {
        let mut found: HashMap<String, Vec<(usize, Span)>> = HashMap::new();
        for (index, run) in self.runs.iter().enumerate() {
            for command in run.script.commands.iter().filter(|it| !it.inside.nested_script) {
                if command.name.is_empty() && command.name_span.is_empty() {
                    for it in &command.assignments {
                        found.entry(it.name.clone()).or_default().push((index, command.span));
                    }
                }
                if command.is("export") {
                    let pairs = command.args.iter().filter_map(|word| word.text.split_once('='));
                    for (name, _) in pairs {
                        found.entry(name.to_owned()).or_default().push((index, command.span));
                    }
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn a_value_of_another_run_of_the_stage_is_lost() {
        let lost = |lines: &str| {
            let text = format!("FROM a AS one\n{lines}\n");
            of(&text, |model| {
                let found = model.lost_assignment(model.runs.len() - 1, "${deps}")?;
                Some(text[found.range()].to_owned())
            })
        };
        assert_eq!(lost("RUN deps='a b' && x\nRUN y $deps").as_deref(), Some("deps='a b'"));
        assert_eq!(lost("RUN export deps=1\nFROM one\nRUN y").as_deref(), Some("export deps=1"));
        assert_eq!(lost("RUN deps=1\nFROM b\nRUN y"), None);
        assert_eq!(lost("RUN deps=1 x\nRUN y"), None);
        assert_eq!(lost("RUN y && deps=1"), None);
    }
}
