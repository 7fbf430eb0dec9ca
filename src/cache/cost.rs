//! What running a step again may take where nobody measured it: a table, and always marked as estimated.

use std::collections::BTreeSet;

use crate::model::{Install, Manager, Model, runs_scripts};
use crate::syntax::Kind;

/// Seconds of a command that builds, by its program; those of package managers are in their descriptions. `docs/cache.md`
/// says how they are used: medians of timed builds differ by a factor of ten between projects, and the order of the lines by
/// cost rarely does.
const BUILDERS: &[(&str, f64)] =
    &[("bazel", 90.0), ("cmake", 60.0), ("make", 60.0), ("ninja", 60.0)];

/// Seconds of any other RUN, of COPY and ADD, and of WORKDIR.
const RUN: f64 = 2.0;
const COPY: f64 = 0.5;
const WORKDIR: f64 = 0.1;

/// Seconds that an instruction may take.
pub(super) fn seconds(model: &Model<'_>, at: usize) -> f64 {
    match &model.doc.instructions[at].kind {
        Kind::Copy(_) | Kind::Add(_) => COPY,
        Kind::Workdir(_) => WORKDIR,
        Kind::Run(_) => {
            let of = |name: &str| {
                let name = name.rsplit('/').next().unwrap_or(name);
                let of_manager = Manager::of_program(name).map_or(&[][..], |it| it.about().seconds);
                let found = BUILDERS.iter().chain(of_manager).find(|it| it.0 == name);
                found.map(|it| it.1)
            };
            let work = model.run_at(at).map_or_else(BTreeSet::new, |it| work(model, it));
            let sum: f64 = work.into_iter().filter_map(|it| of(it.0)).sum();
            if sum > 0.0 { sum } else { RUN }
        }
        _ => 0.0,
    }
}

/// The programs that a RUN calls, and whether they run what the project says, as builds are. A program that is called
/// several times for the same mostly installs once, and refreshes or cleans up. One that only upgrades itself does little.
fn work<'m>(model: &'m Model<'_>, run: usize) -> BTreeSet<(&'m str, bool)> {
    let commands = model.runs[run].script.commands.iter().enumerate();
    let work = commands.filter_map(|(at, it)| {
        let install = model.install_of(run, at);
        let builds = install.is_none() && (model.is_build(run, at) || runs_scripts(it));
        let is_small = install.is_some_and(Install::only_upgrades_itself);
        (!is_small).then_some((it.name.as_str(), builds))
    });
    work.collect()
}

#[cfg(test)]
mod tests {
    use crate::model::{Manager, Model};

    #[test]
    fn each_program_counts_once_for_what_it_installs_and_once_for_what_it_builds() {
        let seconds = |text: &str| {
            let source = crate::source::Source::new("Dockerfile", format!("FROM a\n{text}\n"));
            let doc = crate::syntax::parse(&source);
            super::seconds(&Model::build(&doc, &crate::model::BuildOptions::default()), 1)
        };
        assert_eq!(seconds("RUN apt-get update && apt-get install -y x && npm ci && true"), 50.0);
        assert_eq!(seconds("RUN make && npm ci && npm cache clean"), 90.0);
        assert_eq!(seconds("RUN mup get x"), 7.0);
        assert_eq!(seconds("RUN npm ci && npm run build && npm run lint"), 60.0);
        assert_eq!(seconds("RUN pip install --upgrade pip setuptools"), 2.0);
        assert_eq!(seconds("RUN pip install -U pip && pip install -r x.txt"), 25.0);
        assert_eq!(seconds("RUN npm install -g pnpm"), 30.0);
        assert_eq!(seconds("RUN true"), 2.0);
        assert_eq!(seconds("COPY a b"), 0.5);
    }

    #[test]
    fn seconds_are_those_of_own_programs() {
        for manager in Manager::ALL {
            assert!(
                manager.seconds.iter().all(|it| manager.programs.contains(&it.0)),
                "{manager:?}"
            );
        }
    }
}
