//! As which user the program of an image runs.

use super::{Base, Model};
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
    /// Whether a stage forgot to leave root: it had another user before, and starts a program as root that is no script and
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
