//! Output that differs from build to build and is written into the image.

use crate::model::Model;
use crate::model::files::paths::variables_in;
use crate::shell::{Command, Redirect};
use crate::source::Span;

impl Model<'_> {
    /// The commands that write the time, random bytes or the state of a repository to a file, in order, each with what
    /// it writes. ONBUILD is left out.
    pub fn varying_outputs(&self) -> Vec<(Span, &'static str)> {
        let mut found = Vec::new();
        for run in self.runs.iter().filter(|it| !it.onbuild) {
            let commands = &run.script.commands;
            for (index, command) in commands.iter().enumerate() {
                let writes = command
                    .redirects
                    .iter()
                    .any(|it| to_file(it) && !run.is_scratch(&it.target.text));
                if !writes {
                    continue;
                }
                let inner = |what: fn(&Command) -> Option<&'static str>| {
                    let near = commands.iter().enumerate();
                    let mut near = near.filter(|(at, it)| {
                        *at != index && it.inside.substitution && command.span.contains(it.span)
                    });
                    near.find_map(|(_, it)| what(it))
                };
                let random = command
                    .args
                    .iter()
                    .any(|it| variables_in(&it.text).any(|name| name == "RANDOM"));
                let what = varies(command)
                    .or_else(|| inner(varies))
                    .or(random.then_some("a random value"));
                if let Some(what) = what {
                    found.push((command.span, what));
                }
            }
        }
        found
    }
}

/// Whether a redirection writes standard output to a file.
fn to_file(redirect: &Redirect) -> bool {
    let target = &redirect.target.text;
    matches!(redirect.operator, ">" | ">>" | ">|")
        && redirect.fd.is_none_or(|it| it == 1)
        && !target.starts_with("/dev/")
        && !target.starts_with('&')
}

/// What of a command's output differs from run to run.
fn varies(command: &Command) -> Option<&'static str> {
    let has = |text: &str| command.args.iter().any(|it| it.text == text);
    let given = command.args.iter().any(|it| {
        it.text.contains('@')
            || it.text.contains("SOURCE_DATE_EPOCH")
            || it.text.starts_with("-r")
            || it.text.starts_with("--reference")
    });
    match command.name.as_str() {
        "date" if !given => Some("the time"),
        "uuidgen" | "mktemp" | "mcookie" | "pwgen" => Some("a random value"),
        "openssl" if has("rand") => Some("a random value"),
        "git" if has("rev-parse") || has("log") || has("describe") => {
            Some("the state of a repository")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn what_differs_is_told_where_it_is_written() {
        let told = |run: &str| {
            of(&format!("FROM a\nRUN {run}\n"), |model| {
                model.varying_outputs().first().map(|it| it.1)
            })
        };
        assert_eq!(told("date > /x"), Some("the time"));
        assert_eq!(told("echo a$(date)b > /x"), Some("the time"));
        assert_eq!(told("echo $RANDOM > /x"), Some("a random value"));
        assert_eq!(told("git rev-parse HEAD > /x"), Some("the state of a repository"));
        for run in ["date", "date > /dev/null", "date -d @1 > /x", "echo a > /x", "make $(date)"] {
            assert_eq!(told(run), None, "{run}");
        }
    }
}
