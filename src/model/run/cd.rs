//! A `cd` at the start of a RUN, which WORKDIR can take over.

use crate::model::{Model, Run, System, join};
use crate::source::Span;
use crate::syntax::{Form, Kind};

/// What replaces the `cd` at the start of a RUN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkdirForCd {
    /// The directory for WORKDIR before the RUN, absolute.
    pub directory: String,
    /// The `cd` with what joins it to the next command.
    pub cd: Span,
    /// The directory for WORKDIR after the RUN; none where a WORKDIR follows.
    pub back: Option<String>,
}

/// Official images whose directory is `/`, besides those that are a whole system, sorted.
const AT_ROOT: &[&str] =
    &["buildpack-deps", "gcc", "nginx", "node", "perl", "python", "ruby", "rust"];

impl Model<'_> {
    /// What replaces the only `cd` of a RUN, where it is at its start and both the directory that it names and the
    /// one in force are known.
    pub fn workdir_for_cd(&self, run: &Run<'_>) -> Option<WorkdirForCd> {
        let Form::Shell(text) = run.form else { return None };
        let script = &run.script;
        let plain = run.instruction.heredocs.is_empty()
            && script.complete
            && script.dialect.is_bourne()
            && !run.onbuild;
        let first = script.commands.first()?;
        let only = script.commands.iter().filter(|it| it.is("cd")).count() == 1;
        let [word] = first.args.as_slice() else { return None };
        let bare = first.redirects.is_empty() && first.assignments.is_empty();
        let leads = first.is("cd") && first.depth == 0 && first.span.start == text.span.start;
        if !plain || !only || !leads || !bare || !first.wrappers.is_empty() {
            return None;
        }
        let state = &self.states[run.id()];
        let now = match &state.workdir {
            Some(workdir) => workdir.to_string(),
            None => self.default_directory(run)?,
        };
        let directory = self.directory_of(run, &word.text, &now)?;
        let whole = script.view.whole();
        let rest = script.view.slice(Span { start: first.span.end, end: whole.end });
        let blank = |it: char| it.is_whitespace() || it == '\\';
        let joined = rest.trim_start_matches(blank);
        let after = joined.strip_prefix("&&").or_else(|| joined.strip_prefix(';'))?;
        let command = after.trim_start_matches(blank);
        #[allow(clippy::cast_possible_truncation, reason = "a text is a part of the file")]
        let cd = Span { start: first.span.start, end: whole.end - command.len() as u32 };
        let commented = self.doc.comments.iter().any(|it| cd.contains(it.span));
        let empty = command.is_empty() || command.starts_with(['#', '&', ';']);
        let next = self.doc.instructions.get(run.id() + 1).map(|it| &it.kind);
        let follows = matches!(next, Some(Kind::Workdir(to)) if to.text.starts_with('/'));
        (!commented && !empty).then_some(WorkdirForCd {
            directory,
            cd,
            back: (!follows).then_some(now),
        })
    }

    /// The absolute directory that a word of `cd` names, as WORKDIR can write it.
    fn directory_of(&self, run: &Run<'_>, word: &str, now: &str) -> Option<String> {
        let usual = |it: char| it.is_ascii_alphanumeric() || "/._-+@${}".contains(it);
        if word.is_empty() || !word.chars().all(usual) || word.starts_with('-') {
            return None;
        }
        if !word.contains('$') {
            return join(Some(now), word);
        }
        // Each variable must be one that the builder knows too.
        let mut parts = word.split('$');
        let head = parts.next()?;
        let known = |part: &str| {
            let braced = part.strip_prefix('{').and_then(|it| it.split_once('}'));
            let end = part.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
            let name = braced.map_or(&part[..end.unwrap_or(part.len())], |it| it.0);
            let found = self.scopes.look_up(run.id(), name).and_then(|it| it.value.as_deref());
            found.is_some_and(|value| !head.is_empty() || value.starts_with('/'))
        };
        let absolute = head.is_empty() || head.starts_with('/');
        (absolute && parts.all(known)).then(|| word.to_owned())
    }

    /// The directory that the image of a RUN's stage starts in.
    fn default_directory(&self, run: &Run<'_>) -> Option<String> {
        let stage = run.stage?;
        if self.states[run.id()].has_workdir {
            return None;
        }
        let image = self.root_image(stage)?;
        let name = image.name();
        let whole_system = matches!(
            name,
            "almalinux"
                | "alpine"
                | "amazonlinux"
                | "archlinux"
                | "busybox"
                | "centos"
                | "debian"
                | "fedora"
                | "oraclelinux"
                | "rockylinux"
                | "ubuntu"
        );
        let known = image.is_official(name)
            && (whole_system || AT_ROOT.binary_search(&name).is_ok())
            && self.system(stage).is_some_and(|it| it != System::Windows);
        known.then(|| "/".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::AT_ROOT;
    use crate::model::tests::of;

    /// The directories before and after, and the `cd` that goes.
    fn taken(lines: &str) -> Option<(String, String, Option<String>)> {
        let text = format!("{lines}\n");
        of(&text, |model| {
            let found = model.workdir_for_cd(&model.runs[0])?;
            Some((found.directory, text[found.cd.range()].to_owned(), found.back))
        })
    }

    #[test]
    fn a_cd_at_the_start_becomes_workdir() {
        for (lines, directory, cd, back) in [
            ("FROM debian:12\nRUN cd /a && make", "/a", "cd /a && ", Some("/")),
            ("FROM debian:12\nRUN cd a/b; make", "/a/b", "cd a/b; ", Some("/")),
            ("FROM acme/x\nWORKDIR /w\nRUN cd a \\\n && make", "/w/a", "cd a \\\n && ", Some("/w")),
            ("FROM node:22\nRUN cd /a && make\nWORKDIR /b", "/a", "cd /a && ", None),
            ("FROM debian:12\nENV A=/x\nRUN cd $A/b && { c; }", "$A/b", "cd $A/b && ", Some("/")),
        ] {
            let expected = (directory.to_owned(), cd.to_owned(), back.map(str::to_owned));
            assert_eq!(taken(lines), Some(expected), "{lines}");
        }
        assert!(AT_ROOT.is_sorted());
    }

    #[test]
    fn others_stay() {
        for lines in [
            "FROM acme/x\nRUN cd /a && make",
            "FROM golang:1.23\nRUN cd /a && make",
            "FROM debian:12\nRUN cd /a && make && cd b && make",
            "FROM debian:12\nRUN make && cd /a && make",
            "FROM debian:12\nRUN cd $(mktemp -d) && make",
            "FROM debian:12\nRUN cd $HOME && make",
            "FROM debian:12\nRUN cd ~ && make",
            "FROM debian:12\nRUN cd - && make",
            "FROM debian:12\nRUN cd /a || make",
            "FROM debian:12\nRUN cd /a",
            "FROM debian:12\nRUN (cd /a && make)",
            "FROM debian:12\nRUN cd /a \\\n# why\n && make",
            "FROM debian:12\nARG D\nWORKDIR $D\nRUN cd /a && make",
        ] {
            assert_eq!(taken(lines), None, "{lines}");
        }
    }
}
