//! The steps of a log by stage, in order, and where each run of missed steps begins.

use crate::cache::builder::Builder;
use crate::cache::log::{Build, Form, LogStep, Outcome};

/// The steps of a stage.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    /// The stage as people call it.
    pub(super) label: String,
    /// The names by which others refer to it, in lower case.
    pub(super) names: Vec<String>,
    /// The image that it is based on, if the log says it and it is not a stage.
    pub(super) image: Option<String>,
    /// What identifies that image.
    pub(super) digest: Option<String>,
    /// The stage that it is based on, by its name, if the log says it.
    pub(super) parent: Option<String>,
    /// Its steps without FROM, by index, in order.
    pub(super) steps: Vec<usize>,
}

/// Whether a step only says what the next ones are based on.
pub(super) fn is_base(step: &LogStep) -> bool {
    step.keyword() == "FROM"
}

/// The stages of a build, in the order in which they appear.
pub(super) fn chains(build: &Build) -> Vec<Chain> {
    let mut chains: Vec<(String, Chain)> = Vec::new();
    let mut froms = 0_usize;
    for (at, step) in build.steps.iter().enumerate() {
        let base = is_base(step);
        froms += usize::from(base);
        let key = match build.form {
            // It counts through the whole file; what precedes the first FROM belongs to no stage.
            Form::Classic if froms == 0 => continue,
            Form::Classic => froms.to_string(),
            _ => step.place.stage.clone(),
        };
        let index = chains.iter().position(|it| it.0 == key).unwrap_or_else(|| {
            let chain = empty(&key, build.form, chains.len());
            chains.push((key, chain));
            chains.len() - 1
        });
        let chain = &mut chains[index].1;
        if base {
            read_base(chain, step, build.form);
        } else {
            chain.steps.push(at);
        }
    }
    let mut chains: Vec<Chain> = chains.into_iter().map(|it| it.1).collect();
    let names: Vec<Vec<String>> = chains.iter().map(|it| it.names.clone()).collect();
    for (at, chain) in chains.iter_mut().enumerate() {
        chain.steps.sort_by_key(|it| build.steps[*it].place.index);
        let base = chain.image.clone().unwrap_or_default().to_lowercase();
        if names[..at].iter().any(|it| it.contains(&base))
            && build.form.builder() != Builder::Buildkit
        {
            (chain.parent, chain.image) = (Some(base), None);
        }
    }
    if build.form.builder() == Builder::Buildkit {
        share_base(&mut chains, build);
    }
    chains.retain(|it| !it.steps.is_empty());
    chains
}

/// BuildKit shows an image once, in the name of one of the stages that are based on it.
fn share_base(chains: &mut [Chain], build: &Build) {
    let mut images = chains.iter().filter(|it| it.image.is_some());
    let Some(first) = images.next().cloned() else { return };
    if images.any(|it| it.image != first.image) {
        return;
    }
    for chain in chains.iter_mut().filter(|it| it.image.is_none()) {
        let is_counted = chain.steps.first().is_some_and(|it| build.steps[*it].place.index > 1);
        if is_counted {
            (chain.image, chain.digest) = (first.image.clone(), first.digest.clone());
        }
    }
}

fn empty(key: &str, form: Form, number: usize) -> Chain {
    let (label, names) = match form {
        Form::Classic | Form::Buildah => (number.to_string(), vec![number.to_string()]),
        _ => {
            let name = key.rsplit(' ').next().unwrap_or(key).to_lowercase();
            let number = name.strip_prefix("stage-").map(str::to_owned);
            (key.to_owned(), [Some(name), number].into_iter().flatten().collect())
        }
    };
    Chain { label, names, image: None, digest: None, parent: None, steps: Vec::new() }
}

/// `FROM --platform=x image@digest AS name`.
fn read_base(chain: &mut Chain, step: &LogStep, form: Form) {
    let mut words = step.text.split(' ').skip(1).filter(|it| !it.starts_with("--"));
    let image = words.next().unwrap_or_default();
    let (name, digest) = image.split_once('@').map_or((image, None), |it| (it.0, Some(it.1)));
    chain.image = Some(name.to_owned()).filter(|it| !it.is_empty() && it != "scratch");
    // A digest that the Dockerfile says is the image, whoever reads it; else the classic builder shows an ID.
    chain.digest = digest.map(str::to_owned);
    if form == Form::Classic && digest.is_none() {
        chain.digest.clone_from(&step.id);
    }
    if let (Some(word), Some(alias)) = (words.next(), words.next())
        && word.eq_ignore_ascii_case("as")
    {
        chain.names.push(alias.to_lowercase());
        alias.clone_into(&mut chain.label);
    }
}

impl Chain {
    /// Where runs of missed steps begin, by their index in the chain, each with how many follow.
    pub(super) fn first_misses(&self, build: &Build) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut is_open = false;
        for (at, step) in self.steps.iter().map(|it| &build.steps[*it]).enumerate() {
            match step.outcome {
                _ if !step.is_missed() => is_open = step.outcome == Outcome::Unknown && is_open,
                // What precedes a linked step does not count for it.
                _ if is_open && !is_linked(step, build.form) => {
                    found.last_mut().into_iter().for_each(|it| it.1 += 1);
                }
                _ => {
                    found.push((at, 0));
                    is_open = true;
                }
            }
        }
        found
    }

    /// Whether it is not known that a step missed that is reported so: BuildKit's plain log has one entry for copying the files
    /// of a linked COPY and for putting them on what precedes it, which it does again if that ran again.
    pub(super) fn may_only_be_put_on(&self, at: usize, build: &Build) -> bool {
        let missed = |at: &usize| build.steps[*at].is_missed();
        build.form == Form::Plain
            && is_linked(&build.steps[self.steps[at]], build.form)
            && self.steps[..at].iter().any(missed)
    }

    /// The first step that has a layer of its own with BuildKit, and the first of all with the others.
    pub(super) fn first_layer(&self, build: &Build) -> usize {
        let is_first = |it: &usize| build.steps[*it].is_missed();
        self.steps.iter().position(is_first).unwrap_or_default()
    }

    /// Whether a step of it ran.
    pub(super) fn ran(&self, build: &Build) -> bool {
        self.steps.iter().any(|it| build.steps[*it].is_missed())
    }
}

fn is_linked(step: &LogStep, form: Form) -> bool {
    let mut flags = step.text.split(' ').skip(1).take_while(|it| it.starts_with("--"));
    let sets = |it: &str| it == "--link" || it == "--link=true";
    form.builder().traits().links
        && flags.clone().any(sets)
        && !flags.any(|it| it.starts_with("--chmod="))
}
