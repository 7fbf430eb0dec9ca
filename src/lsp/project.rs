//! What the server has to know of the files of a project; who starts it says how they are found.

use std::path::Path;
use std::sync::Arc;

use crate::config::Settings;
use crate::error::Error;
use crate::report::{Measurement, Replayed};
use crate::session::{Checked, Input};

/// Configuration, baselines and the list of Dockerfiles. What was read may be kept until [`Project::forget`].
pub trait Project: Send + Sync {
    /// The settings of a file; none where the configuration leaves it out. `searched` is the workspace folder that it is
    /// in.
    fn settings(
        &self,
        path: &Path,
        searched: Option<&Path>,
    ) -> Result<Option<Arc<Settings>>, Error>;

    /// Drops the findings that a baseline knows.
    fn drop_known(
        &self,
        name: &str,
        settings: &Settings,
        checked: &mut Checked,
    ) -> Result<(), Error>;

    /// The Dockerfiles below a folder.
    fn files(&self, folder: &Path) -> Result<Vec<Input>, Error>;

    /// What a replay of the history of a Dockerfile said, if its result is next to the file.
    fn replayed(&self, _: &Path) -> Option<Arc<Replayed>> {
        None
    }

    /// What a measurement of the image of a Dockerfile said, if its result is next to the file.
    fn measured(&self, _: &Path) -> Option<Arc<Measurement>> {
        None
    }

    /// Forgets what was read: files have changed.
    fn forget(&self);
}
