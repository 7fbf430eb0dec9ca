//! As which user the program of an image runs.

use crate::model::{Base, Model};
use crate::syntax::Kind;

/// Programs that start another one as another user, and servers that give their rights up by themselves.
const DROPS: &[&str] = &[
    "apache2-foreground",
    "apachectl",
    "chpst",
    "chroot",
    "cron",
    "crond",
    "gosu",
    "haproxy",
    "httpd",
    "httpd-foreground",
    "nginx",
    "php-fpm",
    "runuser",
    "s6-setuidgid",
    "setpriv",
    "setuidgid",
    "sshd",
    "start-stop-daemon",
    "su",
    "su-exec",
    "sudo",
    "supervisord",
];

impl Model<'_> {
    /// Whether the folders above a destination may have another owner than root: something beneath the instruction changes
    /// owners, makes users with homes, or works as another user. A linked copy makes these folders again, as root's.
    pub fn may_reset_owner(&self, instruction: usize, destination: &str) -> bool {
        const SYSTEM: &[&str] = &["/bin/", "/etc/", "/lib/", "/sbin/", "/usr/"];
        const CHANGES: &[&str] = &["adduser", "chgrp", "chown", "install", "useradd"];
        if SYSTEM.iter().any(|it| destination.starts_with(it)) {
            return false;
        }
        self.beneath(instruction).iter().any(|id| {
            let it = &self.doc.instructions[id];
            let by_run = self.run_at(id).is_some_and(|run| {
                let mut commands = self.runs[run].script.commands.iter();
                commands.any(|it| CHANGES.contains(&it.name.as_str()))
            });
            by_run || it.flag("chown").is_some() || !self.states[id].is_root()
        })
    }

    /// Whether a stage forgot to leave root: it had another user before, and starts a program as root that is not a script and
    /// does not change the user itself.
    pub fn forgets_user(&self, stage: usize) -> bool {
        let Some(it) = self.stages.get(stage) else { return false };
        let drops = |name: &str| DROPS.binary_search(&name).is_ok();
        let mut had_another = false;
        let mut next = Some(it);
        while let Some(stage) = next {
            let instructions = self.doc.instructions[stage.instructions.clone()].iter();
            had_another |= instructions.into_iter().any(|it| match &it.kind {
                Kind::User(word) => {
                    let name = word.text.trim_matches(['"', '\'']).split(':').next();
                    !matches!(name, Some("root" | "0"))
                }
                _ => false,
            });
            next = match stage.base {
                Base::Stage(base) if base < stage.id => self.stages.get(base),
                _ => None,
            };
        }
        let entry = self.entry(stage);
        let installs = self.installs.iter().flat_map(|it| &it.packages);
        had_another
            && !entry.is_empty()
            && entry.iter().all(|it| {
                let wrappers = it.command.wrappers.iter().map(|it| it.name.as_str());
                !it.may_be_script() && !wrappers.chain([it.command.name.as_str()]).any(drops)
            })
            && !installs.into_iter().any(|it| drops(&it.name))
    }
}

#[cfg(test)]
mod tests {
    use super::DROPS;
    use crate::model::tests::of;

    fn forgets(text: &str) -> bool {
        of(text, |model| model.final_stage.is_some_and(|it| model.forgets_user(it)))
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(DROPS.is_sorted());
    }

    #[test]
    fn owners_of_folders_are_changed_in_many_ways() {
        let may = |before: &str, to: &str| {
            let text = format!("FROM a\n{before}\nCOPY --from=b /x {to}\n");
            of(&text, |model| model.may_reset_owner(2, to))
        };
        for before in ["RUN chown -R 1:1 /app", "RUN useradd -m app", "COPY --chown=1:1 a /app/"] {
            assert!(may(before, "/app/x") && !may(before, "/usr/local/bin/x"), "{before}");
        }
        assert!(!may("RUN make", "/app/x"));
    }

    #[test]
    fn going_back_to_root_without_return_is_forgotten() {
        assert!(forgets("FROM a\nUSER app\nUSER root\nRUN b\nCMD [\"serve\"]\n"));
        assert!(forgets("FROM a AS b\nUSER app\nFROM b\nUSER root\nCMD [\"serve\"]\n"));
    }

    #[test]
    fn root_on_purpose_is_not() {
        assert!(!forgets("FROM a\nUSER root\nCMD [\"serve\"]\n"));
        assert!(!forgets("FROM a\nUSER app\nUSER root\nENTRYPOINT [\"/entrypoint.sh\"]\n"));
        assert!(!forgets("FROM a\nUSER app\nUSER root\nCMD [\"gosu\", \"app\", \"serve\"]\n"));
        assert!(!forgets("FROM a\nUSER app\nUSER root\n"));
        let su = "FROM a\nUSER app\nUSER root\nRUN apk add su-exec\nCMD [\"serve\"]\n";
        assert!(!forgets(su));
    }
}
