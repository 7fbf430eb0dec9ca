//! The library measures as the program does.

use super::*;

/// What made an error, the nearest first.
fn causes(error: &dyn std::error::Error) -> Vec<String> {
    let causes = std::iter::successors(error.source(), |it| it.source());
    causes.map(ToString::to_string).collect()
}

#[test]
fn the_library_measures_a_dockerfile_as_the_program_does() {
    use layerwise::build::{Patience, Request};
    use layerwise::measure::Times;
    use layerwise::measure::session::{Job, Made, Session, Silent, ignored};
    use layerwise::model::{BuildOptions, Model};
    use layerwise::source::Source;

    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("Dockerfile");
    let text = "FROM scratch\nCOPY a /a\nCOPY a /b\n";
    std::fs::write(&file, text).unwrap();
    std::fs::write(work.path().join("a"), noise(1, 5_000)).unwrap();
    let archive = work.path().join("x.tar");
    let layer = |name| Tar::new().file(name, &noise(1, 5_000)).end();
    let mut picture = Picture::new(vec![layer("a"), layer("b")]);
    picture.steps = vec!["COPY a /a # buildkit".to_owned(), "COPY a /b # buildkit".to_owned()];
    std::fs::write(&archive, picture.docker_archive()).unwrap();

    let source = Source::new("Dockerfile", text);
    let doc = layerwise::syntax::parse(&source);
    let options = BuildOptions::default();
    let model = Model::build(&doc, &options);
    let context = work.path().to_owned();
    let request = Request { file, context, ..Request::default() };
    let job = Job { model: &model, options: &options, request: &request };
    let patience = Patience { timeout: None, cancel: std::sync::Arc::default() };
    let session = Session::new(patience, 1 << 30, &Silent);
    let archive = archive.display().to_string();
    for made in [Made::Before(&archive), Made::Here(Times::All(0))] {
        for (pattern, items) in [("/none", vec![(8, 5_000, 1)]), ("/b", Vec::new())] {
            let ignored = ignored([pattern.to_owned()].iter()).unwrap();
            let measured = session.file(job, made, None, &*ignored).unwrap();
            let origins = measured.origins.iter().map(|it| it.map(|it| (it.first, it.last)));
            assert_eq!(origins.collect::<Vec<_>>(), [Some((1, 1)), Some((2, 2))], "{made:?}");
            let found =
                measured.waste.items.iter().map(|it| (it.class.number(), it.bytes, it.made_in));
            assert_eq!(found.collect::<Vec<_>>(), items, "{made:?} {pattern}");
        }
    }
    let error = session.single("./no.tar").map(drop).unwrap_err();
    assert_eq!(error.to_string(), "./no.tar: no such file");
    assert_eq!(causes(&error), ["no such file", "No such file or directory (os error 2)"]);
    let error = layerwise::store::Store::read(&work.path().join("no")).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "no such folder");
    assert_eq!(causes(&error), ["No such file or directory (os error 2)"]);
}
