//! Fixing comes to an end, and doing it again changes nothing: on any mixture of what the fixtures hold.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::sync::LazyLock;

use layerwise::config::Settings;
use layerwise::context::Contexts;
use layerwise::fix::Fixed;
use layerwise::lint::{Options, Profile, Selection, Selector};
use layerwise::session::{self, Place};
use layerwise::source::Source;
use layerwise::syntax::{Keyword, parse};
use proptest::prelude::*;

/// The instructions of all fixtures of rules, those that start a stage apart.
static PIECES: LazyLock<(Vec<String>, Vec<String>)> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let folders = std::fs::read_dir(root).unwrap().map(|it| it.unwrap().path());
    let files = folders.filter(|it| it.is_dir()).flat_map(|it| std::fs::read_dir(it).unwrap());
    let mut paths: Vec<_> = files.map(|it| it.unwrap().path()).collect();
    paths.retain(|it| it.extension().is_some_and(|it| it == "Dockerfile"));
    paths.sort();
    let (mut starts, mut others) = (Vec::new(), Vec::new());
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let source = Source::new("Dockerfile", text);
        for it in &parse(&source).instructions {
            let text = source.slice(it.span).trim_end().to_owned();
            let list = if it.keyword == Keyword::From { &mut starts } else { &mut others };
            // Long ones say nothing more, and cost time.
            if text.len() < 1000 && !list.contains(&text) {
                list.push(text);
            }
        }
    }
    (starts, others)
});

fn settings(profile: Profile, all: bool) -> Settings {
    let select = if all { vec![Selector::All] } else { Vec::new() };
    let selection = Selection { select, ..Selection::default() };
    Settings { lint: Options { profile, selection, ..Options::default() }, ..Settings::default() }
}

fn fix(text: &str, settings: &Settings, unsafe_too: bool) -> Fixed {
    let source = Source::new("Dockerfile", text);
    session::fix(source, settings, Place::default(), &Contexts::default(), unsafe_too)
}

fn errors(text: &str) -> usize {
    parse(&Source::new("Dockerfile", text)).errors.len()
}

/// What is asked of a run.
#[derive(Debug, Clone, Copy)]
struct Way {
    profile: Profile,
    all: bool,
    unsafe_too: bool,
}

fn ways() -> Vec<Way> {
    let profiles = [
        (Profile::Default, false),
        (Profile::Strict, false),
        (Profile::Audit, false),
        (Profile::Audit, true),
    ];
    let both = |(profile, all)| [false, true].map(|unsafe_too| Way { profile, all, unsafe_too });
    profiles.into_iter().flat_map(both).collect()
}

fn is_done(text: &str, way: Way) -> Result<(), TestCaseError> {
    let settings = settings(way.profile, way.all);
    let fixed = fix(text, &settings, way.unsafe_too);
    let after = &fixed.source.text;
    let endless = fixed.rejected.iter().find(|it| it.reason.contains("never end"));
    prop_assert!(endless.is_none(), "{endless:?} in {text:?}");
    prop_assert!(errors(after) <= errors(text), "{text:?} became {after:?}");
    if after != text || !fixed.applied.is_empty() {
        let again = fix(after, &settings, way.unsafe_too);
        prop_assert_eq!(&again.source.text, after, "{:?} {:?} of {:?}", way, again.applied, text);
        prop_assert!(again.applied.is_empty());
    }
    Ok(())
}

/// A file of one to three stages.
fn dockerfile() -> impl Strategy<Value = String> {
    let one = |list: &'static Vec<String>| prop::sample::select(list.as_slice());
    let stage = (one(&PIECES.0), prop::collection::vec(one(&PIECES.1), 0..7));
    prop::collection::vec(stage, 1..4).prop_map(|stages| {
        let lines = stages.into_iter().flat_map(|(from, rest)| std::iter::once(from).chain(rest));
        lines.map(|it| it + "\n").collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mixtures_of_fixtures(text in dockerfile(), way in prop::sample::select(ways())) {
        is_done(&text, way)?;
    }
}

#[test]
fn lists_of_the_same_steps() {
    let steps = [
        "RUN apt-get update\nRUN apt-get install curl\nRUN rm -rf /var/lib/apt/lists/*\n",
        "RUN apk update\nRUN apk add curl\nRUN rm -rf /var/cache/apk/*\n",
        "RUN yum install -y curl\nRUN yum clean all\n",
        "RUN pip install flask\nENV A=b\nRUN rm -rf /root/.cache\n",
    ];
    for (index, step) in steps.into_iter().enumerate() {
        for way in ways() {
            let count = if index == 0 && way.unsafe_too { 9 } else { 3 };
            let text = format!("FROM debian:12\n{}CMD [\"a\"]\n", step.repeat(count));
            is_done(&text, way).unwrap();
        }
    }
}

#[test]
fn what_the_builder_refuses() {
    for text in [
        "FROM debian:12\nADD a b /x\nCMD [\"a\"]\n",
        "FROM debian:12\nADD a b c /x/y\nADD d /z\nCMD a\n",
        "FROM debian:12\nADD [\"a\", \"b\", \"/x\"]\n",
        "from debian:12\nadd a* b x\ncopy a b x\n",
        "FROM a AS B=x\nCMD a\n",
        "FROM a AS B=x\nFROM B=x AS C:1\nCOPY --from=C:1 a /b\n",
        "from a as 1X\nFROM 1X\nCMD [\"a\"]\n",
        "FROM a AS Scratch\nFROM scratch AS B\nCOPY --from=Scratch a b\n",
        "FROM a B=X\nCOPY a\nADD\nRUN\nMAINTAINER\n",
    ] {
        for way in ways() {
            is_done(text, way).unwrap();
        }
    }
}
