//! Whether what a package manager fetched is needed again after a RUN: by an install that does not fetch for itself.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::cleanups::{refreshes, upgrades};
use crate::model::packages::says;
use crate::model::{Fetches, Manager, Model};
use crate::shell::{Command, Connector};
use crate::source::Span;

/// Who needs what was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nobody, as far as the file shows.
    Nobody,
    /// A program that nobody can look into may.
    Perhaps,
    /// This command fails or finds less without it.
    Command(Span),
}

/// How many stages that are built on one are looked at. No real file has as many.
const MOST_STAGES: usize = 64;

/// For each manager, who needs what it fetched from each RUN on, and whether somebody may.
pub(in crate::model) type Needs = HashMap<Manager, OnceLock<Vec<(Option<Need>, bool)>>>;

impl Model<'_> {
    /// Who needs the manager's index or cache after a RUN: the later RUNs of its stage and of the stages that are built on
    /// it, as far as none of them fetches it first.
    pub fn need_after(&self, run: usize, manager: Manager) -> Need {
        let Some(stage) = self.runs[run].stage else { return Need::Nobody };
        let from = |run: usize, stage: usize| self.need_from(run, stage, manager);
        let (need, perhaps) = from(run + 1, stage);
        match need.unwrap_or_else(|| self.need_of_children(stage, &from)) {
            Need::Nobody if perhaps => Need::Perhaps,
            need => need,
        }
    }

    /// Who needs it in the stages that are built on one.
    fn need_of_children(
        &self,
        stage: usize,
        from: &dyn Fn(usize, usize) -> (Option<Need>, bool),
    ) -> Need {
        let mut found = Need::Nobody;
        let mut open = vec![stage];
        let mut seen = 0;
        while let Some(stage) = open.pop() {
            for &child in self.scopes.lineage.children(stage) {
                seen += 1;
                if seen > MOST_STAGES {
                    return Need::Perhaps;
                }
                let first = self.runs.partition_point(|it| it.stage < Some(child));
                let (need, perhaps) = from(first, child);
                match need {
                    Some(Need::Command(span)) => return Need::Command(span),
                    Some(_) => {}
                    None => open.push(child),
                }
                if perhaps {
                    found = Need::Perhaps;
                }
            }
        }
        found
    }

    /// Who needs it in the RUNs of a stage from one on; nobody once it is fetched again, none where the stage's end is
    /// reached without. A program that nobody can look into may fetch it or need it: what needs it after that program
    /// counts all the same, but whether there is such a one is said too.
    fn need_from(&self, run: usize, stage: usize, manager: Manager) -> (Option<Need>, bool) {
        if self.runs.get(run).is_none_or(|it| it.stage != Some(stage)) {
            return (None, false);
        }
        let find = || {
            let mut found: Vec<(Option<Need>, bool)> = vec![(None, false); self.runs.len()];
            for run in (0..self.runs.len()).rev() {
                let mut here = self.need_in(run, manager);
                let next = self.runs.get(run + 1).filter(|it| it.stage == self.runs[run].stage);
                if here.0.is_none() && next.is_some() {
                    here = (found[run + 1].0, here.1 || found[run + 1].1);
                }
                found[run] = here;
            }
            found
        };
        let all = self.found.needs.get_or_init(|| {
            self.cached_managers().iter().map(|it| (*it, OnceLock::new())).collect()
        });
        match all.get(&manager) {
            Some(list) => list.get_or_init(find)[run],
            None => find()[run],
        }
    }

    /// Who needs it in one RUN, and whether a program may that nobody can look into.
    fn need_in(&self, run: usize, manager: Manager) -> (Option<Need>, bool) {
        let it = &self.runs[run];
        let mut perhaps = !it.script.complete;
        for (index, command) in it.script.commands.iter().enumerate() {
            let installs =
                self.install_of(run, index).is_some_and(|install| install.manager == manager);
            let is_sure = !it.onbuild
                && !command.inside.conditional
                && !command.inside.function
                && command.connector != Connector::Or;
            if refreshes(command) == Some(manager) {
                if is_sure {
                    return (Some(Need::Nobody), perhaps);
                }
                continue;
            }
            let is_needed = needs(command, manager, installs);
            if is_needed && !it.onbuild {
                return (Some(Need::Command(command.span)), perhaps);
            }
            perhaps |= is_needed || self.is_unknown(command);
        }
        (None, perhaps)
    }

    /// Whether nobody can look into the program that a command runs.
    fn is_unknown(&self, command: &Command) -> bool {
        let name = command.name.as_str();
        let written = self.doc.source.slice(command.name_span).trim_matches(['"', '\'']);
        let reads_file =
            matches!(name, "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "." | "source")
                && !command.has_flag("version");
        name.is_empty() && command.assignments.is_empty()
            || name.ends_with(".sh")
            || reads_file
            || written.contains('/')
                && !["/usr/", "/bin/", "/sbin/"].iter().any(|it| written.starts_with(it))
    }
}

/// Whether a command uses what the manager fetched before, without fetching it itself.
fn needs(command: &Command, manager: Manager, installs: bool) -> bool {
    let verb = command.verb().map_or("", |it| it.text.as_str());
    let upgrades = || upgrades(command) == Some(manager);
    match manager.cache.fetches {
        Fetches::Never => {
            let (programs, verbs) = manager.commands.reads_index;
            installs
                || upgrades() && !manager.commands.changes.contains(&verb)
                || programs.contains(&command.name.as_str())
                || manager.programs.contains(&command.name.as_str()) && verbs.contains(&verb)
        }
        Fetches::WhenMissing => (installs || upgrades()) && !manager.is_avoided_by(command),
        // They fetch what they lack, unless they must not.
        Fetches::Always => installs && says(command, manager.cache.offline),
    }
}

#[cfg(test)]
mod tests {
    use super::Need;
    use crate::model::Manager;
    use crate::model::tests::of;

    fn need(rest: &str) -> Need {
        let text = format!("FROM a AS one\nRUN apt-get update && apt-get install -y a\n{rest}");
        of(&text, |model| model.need_after(0, Manager::APT))
    }

    #[test]
    fn an_index_is_needed_where_an_install_comes_before_an_update() {
        for rest in [
            "",
            "RUN make install\n",
            "RUN apt-get update && apt-get install -y b\n",
            "RUN apt-get install -U -y b\n",
            "RUN apt-get update\nRUN apt-get install -y b\n",
            "RUN apt-get purge -y a\n",
            "FROM b\nRUN apt-get install -y b\n",
            "RUN apt-get update\nFROM one\nRUN apt-get install -y b\n",
        ] {
            assert_eq!(need(rest), Need::Nobody, "{rest}");
        }
        for rest in [
            "RUN apt-get install -y b\n",
            "ENV A=b\nRUN apt-get install -y g && echo a > /l && apt-get update && apt-get install -y b\n",
            "RUN if x; then apt-get update; fi && apt-get install -y b\n",
            "RUN apt-get upgrade -y\n",
            "RUN apt-cache policy x\n",
            "FROM one\nRUN apt-get install -y b\n",
            "FROM one AS two\nENV A=b\nFROM two\nRUN apt-get install -y b\n",
            "RUN curl -sL https://e.org/setup | bash\nRUN apt-get install -y b\n",
            "RUN if x; then apt-get install -y b; fi\n",
        ] {
            assert!(matches!(need(rest), Need::Command(_)), "{rest}");
        }
        for rest in [
            "RUN ./setup.sh\n",
            "RUN $INSTALL\n",
            "RUN sh /x\n",
            "ONBUILD RUN apt-get install -y b\n",
        ] {
            assert_eq!(need(rest), Need::Perhaps, "{rest}");
        }
    }

    #[test]
    fn other_managers_fetch_for_themselves() {
        let need = |rest: &str| {
            let text = format!("FROM a\nRUN apk add -U a && npm ci\n{rest}\n");
            of(&text, |model| {
                (model.need_after(0, Manager::APK), model.need_after(0, Manager::NPM))
            })
        };
        assert_eq!(need("RUN apk add --no-cache b && npm ci"), (Need::Nobody, Need::Nobody));
        let (apk, npm) = need("RUN npm ci --offline && apk add b");
        assert!(matches!(apk, Need::Command(_)) && matches!(npm, Need::Command(_)));
    }
}
