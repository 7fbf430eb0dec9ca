//! What a RUN depends on in its mounts, besides what they show: their options, in any order.

use super::facts::Facts;
use super::key::Key;
use super::origins::Origins;
use super::plan::Fact;
use crate::model::join;
use crate::syntax::{Instruction, Mount, MountOption, MountType};

impl Facts<'_> {
    /// Mounts, each a fact of its own.
    pub(super) fn mounts(
        &self,
        instruction: &Instruction<'_>,
        mounts: &[Mount<'_>],
        facts: &mut Vec<Fact>,
    ) {
        let (at, line) = (instruction.id, self.line(instruction.id));
        for (number, mount) in mounts.iter().enumerate() {
            let is_shown = matches!(mount.kind, MountType::Bind | MountType::Cache);
            let options = match self.traits.mounted_content && is_shown {
                true => self.meaning(at, mount),
                false => self.written_options(at, mount),
            };
            let key = Key::of(&[&format!("{:?} {}", mount.kind, options.join(","))]);
            let values = mount.options.iter().filter_map(|it| Some(&*it.value.as_ref()?.text));
            let texts: Vec<&str> = mount.options.iter().map(|it| &*it.key).chain(values).collect();
            let origins = Origins::of(self.model).text(at, &texts).done();
            facts.push(Fact { line, about: format!("mount {}", number + 1), key, origins });
        }
    }

    fn written_options(&self, at: usize, mount: &Mount<'_>) -> Vec<String> {
        let option = |it: &MountOption<'_>| {
            let value = it.value.as_ref().map(|word| self.text(at, word));
            format!("{}={}", it.key, value.unwrap_or_default())
        };
        let mut options: Vec<String> = mount.options.iter().map(option).collect();
        options.sort_unstable();
        options
    }

    /// What the options of a bind or cache mount mean. What it shows counts by its content, wherever that lies, and a cache is
    /// either the one of its target or another one, whatever that is called and however it is shared.
    fn meaning(&self, at: usize, mount: &Mount<'_>) -> Vec<String> {
        let value = |key: &str| mount.option(key).map(|it| self.text(at, it)).unwrap_or_default();
        let workdir = self.model.states[at].workdir.as_deref();
        let target = value("target");
        let target = join(workdir, &target).unwrap_or(target);
        let mut meaning = vec![format!("target={target}")];
        for key in ["uid", "gid", "mode", "size"] {
            meaning.push(format!("{key}={}", value(key)));
        }
        let last = mount.options.iter().rfind(|it| ["readonly", "readwrite"].contains(&&*it.key));
        let is_readonly = last.map_or(mount.kind == MountType::Bind, |it| {
            let is_true =
                !matches!(value(&it.key).as_str(), "0" | "f" | "F" | "false" | "FALSE" | "False");
            is_true == (it.key == "readonly")
        });
        meaning.push(format!("readonly={is_readonly}"));
        // A stage counts by what is in it, whatever its name.
        let from = Some(value("from")).filter(|it| !self.is_stage(at, it));
        meaning.push(format!("from={}", from.unwrap_or_default()));
        if mount.kind == MountType::Cache {
            let is_shared = ["", "shared"].contains(&value("sharing").as_str());
            let own = match value("id") {
                _ if !is_shared => "none",
                id if id.is_empty() || id == target => "path",
                id if target.strip_prefix('/') == Some(&id) => "name",
                _ => "none",
            };
            meaning.push(format!("own={own}"));
        }
        meaning
    }
}
