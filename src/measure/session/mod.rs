//! From the name of an image, or a Dockerfile, to what was measured: it finds or builds the image, reads its layers and
//! assigns them to the instructions. Whoever calls it says what is wanted and shows what comes out.

mod source;
mod stream;
mod verify;

use std::path::Path;
use std::sync::{Arc, Mutex};

use ignore::gitignore::GitignoreBuilder;

use super::{Base, Measured, Partial, Times, Written, base, builtin, lines, squeeze};
use crate::build::{Builder, Failure, Patience, Request, Step};
use crate::error::Error;
use crate::image::{Image, Limits};
use crate::lint::Mask;
use crate::model::{BuildOptions, Model};
use source::Kept;
pub use verify::Change;

/// What holds for all images of a session.
pub struct Session<'p> {
    /// How long engines may take, and what stops both them and reading.
    pub patience: Patience,
    /// The platform of the images that are read; none for that of this machine.
    pub platform: Option<String>,
    /// The most bytes that an unpacked image may have.
    pub max_unpacked: u64,
    /// The connection of podman through which its store is read.
    pub connection: Option<String>,
    /// Why images are read again, if they are.
    pub again: Again,
    progress: &'p dyn Progress,
    kept: Mutex<Vec<Kept>>,
}

/// Why images are read a second time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Again {
    /// They are not.
    #[default]
    Never,
    /// To weigh them when a changed file is verified.
    ToVerify,
    /// To predict what they would weigh, and to verify.
    ToPredict,
}

/// Shows people what takes long.
pub trait Progress: Sync {
    /// Something starts. What it says is shown until it is dropped.
    fn start(&self) -> Box<dyn Task + '_>;
}

/// What is going on.
pub trait Task: Sync {
    /// Says it.
    fn say(&self, text: &str);
}

/// Shows nothing.
pub struct Silent;

impl Progress for Silent {
    fn start(&self) -> Box<dyn Task + '_> {
        Box::new(Self)
    }
}

impl Task for Silent {
    fn say(&self, _: &str) {}
}

/// A Dockerfile, and how it is built.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// What is known of it.
    pub model: &'a Model<'a>,
    /// With what it was read.
    pub options: &'a BuildOptions,
    /// What an engine is asked for.
    pub request: &'a Request,
}

/// Where the image of a Dockerfile comes from.
#[derive(Debug, Clone, Copy)]
pub enum Made<'a> {
    /// It was built before, and has this name.
    Before(&'a str),
    /// This engine builds it.
    By(&'static Builder),
    /// The layers that need no engine are made here, with these times.
    Here(Times),
}

impl<'p> Session<'p> {
    /// A session for images of this machine's platform, which are read once.
    pub fn new(patience: Patience, max_unpacked: u64, progress: &'p dyn Progress) -> Self {
        Self {
            patience,
            platform: None,
            max_unpacked,
            connection: None,
            again: Again::Never,
            progress,
            kept: Mutex::default(),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            cancel: Arc::clone(&self.patience.cancel),
            databases: super::databases().collect(),
            ..Limits::new(self.max_unpacked)
        }
    }

    /// The first engine that builds and answers.
    pub fn builder(&self) -> Option<&'static Builder> {
        Builder::all().find(|it| it.answers(&self.patience))
    }

    /// Measures an image without a Dockerfile.
    ///
    /// # Errors
    /// It is not built on the base, or cannot be read again.
    pub fn image(
        &self,
        name: String,
        image: Image,
        base: Option<&Image>,
        ignored: &dyn Fn(&str) -> bool,
    ) -> Result<Measured, Error> {
        let base = base.map(|it| given_base(&name, &image, it)).transpose()?;
        self.weighed(Measured::new(name, image, base, None, ignored))
    }

    /// Measures the image of a Dockerfile, line by line.
    ///
    /// # Errors
    /// It cannot be built or read, or is of another Dockerfile or base.
    pub fn file(
        &self,
        job: Job<'_>,
        made: Made<'_>,
        base: Option<Image>,
        ignored: &dyn Fn(&str) -> bool,
    ) -> Result<Measured, Error> {
        let name = job.request.file.display().to_string();
        let written = Written::of(job.model.doc);
        let (own_name, image) = match made {
            Made::Before(text) => (text.to_owned(), self.single(text)?),
            Made::By(builder) => (name.clone(), self.built(job, builder, &job.request.file)?),
            Made::Here(times) => return self.made_here(job, times, base, ignored),
        };
        let base = base.map(|it| given_base(&own_name, &image, &it)).transpose()?;
        let lines = lines::find(job.model, &image, base).map_err(|foreign| {
            let reason = format!(
                "this image was not built from {name}: its history contains {} of the {} instructions",
                foreign.matched, foreign.of
            );
            Error::image(own_name.clone(), reason)
        })?;
        self.weighed(Measured::new(own_name, image, base, Some((lines, written)), ignored))
    }

    fn made_here(
        &self,
        job: Job<'_>,
        times: Times,
        base: Option<Image>,
        ignored: &dyn Fn(&str) -> bool,
    ) -> Result<Measured, Error> {
        let Job { model, request, .. } = job;
        let name = request.file.display().to_string();
        let made = self.watch(&name, |limits| {
            builtin::build(model, &request.context, &request.file, base, times, limits)
        });
        let made = made.map_err(|reason| Error::image(name.clone(), reason))?;
        let Partial { image, lines, unmeasured, uncertain } = made;
        let has_image = model.final_stage.is_some_and(|it| model.root_image(it).is_some());
        let base_is_unknown = has_image && lines.base.layers == 0;
        let base = Some(lines.base);
        let written = Written::of(model.doc);
        let measured = Measured::new(name, image, base, Some((lines, written)), ignored);
        Ok(Measured { unmeasured, uncertain, base_is_unknown, ..measured })
    }

    /// Builds an image from a file and reads it.
    fn built(&self, job: Job<'_>, builder: &'static Builder, file: &Path) -> Result<Image, Error> {
        let name = file.display().to_string();
        let request = Request { file: file.to_owned(), ..job.request.clone() };
        let mask = Mask::new(job.model, &request.build_args);
        let shown = self.progress.start();
        shown.say(&format!("{} builds {name}", builder.name));
        let built = builder.build(&request, &self.patience, &|line| {
            if let Some(Step::Starts { text, .. }) = builder.step(line) {
                shown.say(&mask.hide(&text));
            }
        });
        drop(shown);
        // The failure itself is not kept: what the engine printed may hold what the mask hides.
        let built = built.map_err(|it| {
            Error::image(name.clone(), mask.hide(&at_line(job.model, &it)).into_owned())
        })?;
        self.archive(&name, &built).map_err(|it| Error::image_of(name.clone(), it))
    }
}

/// Whether a path is not waste.
pub type Ignored = Box<dyn Fn(&str) -> bool>;

/// The paths that are not waste: those that one of these patterns matches, as in .gitignore.
///
/// # Errors
/// One is not a pattern.
pub fn ignored<'g>(globs: impl Iterator<Item = &'g String>) -> Result<Ignored, Error> {
    let mut builder = GitignoreBuilder::new("/");
    for glob in globs {
        builder
            .add_line(None, glob)
            .map_err(|error| Error::Usage(format!("`--ignore-path {glob}`: {error}")))?;
    }
    let globs = builder.build().map_err(|error| Error::Usage(error.to_string()))?;
    Ok(Box::new(move |path| globs.matched_path_or_any_parents(Path::new(path), false).is_ignore()))
}

fn given_base(name: &str, image: &Image, below: &Image) -> Result<Base, Error> {
    let digests: Vec<_> = below.layers.iter().map(|it| it.content.diff_id).collect();
    base::given(image, &digests).ok_or_else(|| {
        Error::image(name, "is not built on the image of `--base`: their lowest layers differ")
    })
}

/// A failure with the line of the instruction at which it came.
fn at_line(model: &Model<'_>, failure: &Failure) -> String {
    let instruction = failure.step.as_ref().and_then(|step| {
        let step = squeeze(step);
        model.doc.instructions.iter().find(|it| {
            let keyword = step.split(' ').next().unwrap_or("");
            keyword.eq_ignore_ascii_case(it.keyword.name())
                && step.ends_with(&squeeze(&it.body.value))
        })
    });
    match instruction {
        Some(it) => format!(
            "line {}: the build failed at {}: {failure}",
            model.doc.source.line(it.span.start),
            it.keyword.name()
        ),
        None => format!("the build failed: {failure}"),
    }
}
