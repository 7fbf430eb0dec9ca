//! What builders write: the output of builds, and the history of an image next to the Dockerfile it may come from.

use layerwise::build::step;
use layerwise::image::{Choice, Limits, from_stream};
use layerwise::measure::{Measured, Written, find_lines, show_step};
use layerwise::model::{BuildOptions, Model};
use layerwise::source::Source;
use layerwise::syntax::parse;

use super::archives::{Picture, Tar};
use super::image::{assert_sums, report};

/// A Dockerfile, a line of dashes, and the steps of a history, each a line; those that start with `-` make no layer.
pub(crate) fn history(bytes: &[u8]) {
    let (dockerfile, steps) = super::halves(bytes);
    for line in dockerfile.lines().chain(steps.lines()) {
        let _ = step(line);
    }
    let mut picture = Picture::new(Vec::new());
    picture.steps = steps.lines().take(40).map(|it| it.replace('\u{2}', "\n")).collect();
    if super::number(bytes).is_multiple_of(2) {
        picture.comment = "buildkit.dockerfile.v0".to_owned();
    }
    for (at, _) in picture.steps.iter().enumerate().filter(|it| !it.1.starts_with('-')) {
        let name = ["a", "b/c", "etc/passwd"][at % 3];
        picture.layers.push(Tar::new().file(name, &[b'x'; 700]).end());
    }
    let archive = picture.docker_archive();
    let limits = Limits::new(8 << 20);
    let image = from_stream(&*archive, &Choice::default(), &limits).unwrap().remove(0);
    image.history.iter().for_each(|it| drop(show_step(it)));
    let source = Source::new("Dockerfile", dockerfile);
    let doc = parse(&source);
    let model = Model::build(&doc, &BuildOptions::default());
    let lines = find_lines(&model, &image, None).ok();
    for origin in lines.iter().flat_map(|it| &it.origins).flatten() {
        assert!(origin.first <= origin.last && origin.last < doc.instructions.len());
    }
    let lines = lines.map(|it| (it, Written::of(&doc)));
    let measured = Measured::new("x".to_owned(), image, None, lines, &|_| false);
    assert_sums(&measured);
    measured.findings();
    report(&[measured]);
}
