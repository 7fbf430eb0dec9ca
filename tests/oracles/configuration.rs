//! Files of settings: those that are read can be written and read again, and mean the same.

use std::path::Path;

use layerwise::cli::Baseline;
use layerwise::config::{Config, Hadolint, with_origins, write};
use layerwise::lint::Selector;
use layerwise::session;
use layerwise::source::Source;

const SAMPLE: &str = "FROM debian:latest AS a\nRUN apt-get install curl\nLABEL a=b\nUSER root\n";

/// One text as each of the files.
pub(crate) fn configuration(bytes: &[u8]) {
    let selector = |word: &str| word.parse::<Selector>().map_err(|it| it.to_string());
    let read = |bytes: &[u8]| Config::read(Path::new("layerwise.yaml"), bytes, &selector);
    match read(bytes) {
        Ok(config) => {
            let text = write(&config);
            let again = read(text.as_bytes()).unwrap_or_else(|it| panic!("{it}\n{text}"));
            // How often and in what order severities were given is of no interest.
            assert_eq!(write(&again), text);
            let layers = [("layerwise.yaml".to_owned(), config.layer.clone())];
            with_origins(&layers);
            for layer in config.per_path.into_iter().map(|it| it.layer).chain([config.layer]) {
                session::check(Source::new("Dockerfile", SAMPLE), &layer.settings());
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    match Hadolint::read(Path::new(".hadolint.yaml"), bytes, &selector) {
        Ok(found) => {
            session::check(Source::new("Dockerfile", SAMPLE), &found.layer.settings());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    match Baseline::parse(Path::new("baseline.json"), bytes) {
        Ok(baseline) => {
            let mut checked =
                session::check(Source::new("Dockerfile", SAMPLE), &super::check::all_rules());
            let all = checked.findings.len();
            baseline.filter("Dockerfile", &mut checked);
            assert!(checked.findings.len() <= all);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
