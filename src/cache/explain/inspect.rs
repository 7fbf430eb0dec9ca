//! The record of a build, as `docker buildx history inspect --format json` prints it: arguments and digests of base images. It has no
//! steps; those are in what `docker buildx history logs` prints.

use serde::Deserialize;

/// A record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Inspect {
    /// Its reference.
    #[serde(rename = "Ref")]
    reference: String,
    /// Build arguments.
    #[serde(deserialize_with = "or_default")]
    build_args: Vec<Argument>,
    /// What was fetched.
    #[serde(deserialize_with = "or_default")]
    materials: Vec<Material>,
    /// The commit that it was built from.
    #[serde(rename = "VCSRevision")]
    revision: String,
    /// How many steps there were.
    num_total_steps: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Argument {
    name: String,
    value: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Material {
    #[serde(rename = "URI")]
    uri: String,
    #[serde(rename = "Digests", deserialize_with = "or_default")]
    digests: Vec<String>,
}

/// What is `null` where there is nothing.
fn or_default<'de, D, T>(reader: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(reader)?.unwrap_or_default())
}

impl Inspect {
    /// Reads one; none if the object is something else.
    pub fn read(text: &[u8]) -> Option<Self> {
        let found: Self = serde_json::from_slice(text).ok()?;
        (!found.reference.is_empty() && found.num_total_steps > 0).then_some(found)
    }

    /// The commit that it was built from, if the record has it.
    pub fn revision(&self) -> Option<&str> {
        Some(self.revision.as_str()).filter(|it| !it.is_empty())
    }

    /// The arguments that have another value than in an older build.
    pub(super) fn changed_arguments(&self, old: &Self) -> Vec<String> {
        let value = |list: &[Argument], name: &str| {
            list.iter().find(|it| it.name == name).map(|it| it.value.clone())
        };
        let mut names: Vec<&String> =
            self.build_args.iter().chain(&old.build_args).map(|it| &it.name).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|it| value(&self.build_args, it) != value(&old.build_args, it));
        names.into_iter().cloned().collect()
    }

    /// The digest of an image that a stage is based on: `docker.io/library/node:22` is `pkg:docker/node@22?platform=…`.
    pub(super) fn digest_of(&self, image: &str) -> Option<&str> {
        let (name, tag) = match image.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, tag),
            _ => (image, "latest"),
        };
        let name = name.trim_start_matches("docker.io/").trim_start_matches("library/");
        let wanted = format!("pkg:docker/{name}@{tag}");
        let is_it = |it: &&Material| it.uri.split('?').next() == Some(&wanted);
        let found = self.materials.iter().find(is_it)?;
        found.digests.first().map(String::as_str)
    }
}
