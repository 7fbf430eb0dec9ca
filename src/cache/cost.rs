//! What running a step again may take where nobody measured it: a table, and always marked as estimated.

use crate::model::Model;
use crate::syntax::Kind;

/// Seconds of a command of a package manager or compiler, by its program. `docs/cache.md` lists them: medians of timed builds
/// differ by a factor of ten between projects, and the order of the lines by cost rarely does.
const COMMANDS: &[(&str, f64)] = &[
    ("apk", 5.0),
    ("apt", 20.0),
    ("apt-get", 20.0),
    ("bazel", 90.0),
    ("bun", 10.0),
    ("bundle", 40.0),
    ("cargo", 90.0),
    ("cmake", 60.0),
    ("composer", 20.0),
    ("conda", 60.0),
    ("dnf", 25.0),
    ("dotnet", 40.0),
    ("gem", 20.0),
    ("go", 30.0),
    ("gradle", 60.0),
    ("gradlew", 60.0),
    ("make", 60.0),
    ("mamba", 40.0),
    ("microdnf", 15.0),
    ("mix", 40.0),
    ("mvn", 60.0),
    ("mvnw", 60.0),
    ("ninja", 60.0),
    ("npm", 30.0),
    ("pip", 25.0),
    ("pip3", 25.0),
    ("pipenv", 30.0),
    ("pnpm", 20.0),
    ("poetry", 30.0),
    ("uv", 8.0),
    ("yarn", 30.0),
    ("yum", 25.0),
];

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
            let script = model.run_at(at).map(|it| &model.runs[it].script);
            let commands = script.map_or(&[][..], |it| &it.commands);
            let of = |name: &str| {
                let name = name.rsplit('/').next().unwrap_or(name);
                COMMANDS.binary_search_by_key(&name, |it| it.0).ok().map(|it| COMMANDS[it].1)
            };
            let longest = commands.iter().filter_map(|it| of(&it.name)).fold(0.0, f64::max);
            if longest > 0.0 { longest } else { RUN }
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::COMMANDS.is_sorted_by_key(|it| it.0));
    }
}
