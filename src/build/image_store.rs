//! Stores of images that an engine keeps: what they list, and how an image comes out of them.

use std::io::Read;
use std::process::Command;

use super::Patience;
use super::failure::Failure;
use super::process::Run;

/// The word that the name of an image takes the place of.
pub(super) const NAME: &str = "NAME";

/// A store of images, as the program that keeps it is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct ImageStore {
    /// The program.
    pub program: &'static str,
    /// The option that names the connection to another machine, if it has one.
    pub(super) connection: Option<&'static str>,
    /// What is written before the name of an image to say that it is in this store.
    pub schemes: &'static [&'static str],
    /// Prints the whole ID of every image, one a line.
    pub(super) list: &'static [&'static str],
    /// Succeeds only if there is such an image.
    pub(super) inspect: &'static [&'static str],
    /// Writes an image as a docker-archive to standard output.
    pub(super) save: &'static [&'static str],
    /// Removes an image that a build has left, where that does not remove the cache of the next build.
    pub(super) remove: Option<&'static [&'static str]>,
    /// Where it usually is on the disk.
    pub folders: &'static [Folder],
}

/// A folder that a store is usually in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// From the root.
    System(&'static str),
    /// From the home of a user.
    Home(&'static str),
}

/// Names in a sentence: `a, b and c`.
pub fn listed(names: impl Iterator<Item = &'static str>, and: &str) -> String {
    let names: Vec<&str> = names.collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} {and} {last}", rest.join(", ")),
        None => String::new(),
    }
}

impl ImageStore {
    fn command(&self, words: &[&str], name: &str, connection: Option<&str>) -> Command {
        let mut command = Command::new(self.program);
        if let Some((option, connection)) = self.connection.zip(connection) {
            command.args([option, connection]);
        }
        command.args(words.iter().map(|it| if *it == NAME { name } else { it }));
        command
    }

    /// The IDs of its images, without `sha256:`.
    pub(super) fn ids(&self, connection: Option<&str>, patience: &Patience) -> Option<Vec<String>> {
        let text = Run::new(self.command(self.list, "", connection), patience).output().ok()?;
        Some(text.lines().map(|it| it.trim().trim_start_matches("sha256:").to_owned()).collect())
    }

    /// Reads an image as an archive.
    ///
    /// # Errors
    /// There is none of that name, or it cannot be read.
    pub fn save<T, E: std::error::Error + Send + Sync + 'static>(
        &self,
        name: &str,
        connection: Option<&str>,
        patience: &Patience,
        read: impl FnOnce(&mut (dyn Read + Send)) -> Result<T, E>,
    ) -> Result<T, Failure> {
        Run::new(self.command(self.save, name, connection), patience).stream(read)
    }

    /// Whether it has an image of that name.
    pub fn has(&self, name: &str, patience: &Patience) -> bool {
        let command = self.command(self.inspect, name, None);
        Run::new(command, &patience.of_probe()).output().is_ok()
    }

    /// Removes an image, where that leaves the cache.
    pub(super) fn remove(&self, id: &str, connection: Option<&str>, patience: &Patience) {
        if let Some(words) = self.remove {
            let _ = Run::new(self.command(words, id, connection), patience).output();
        }
    }
}
