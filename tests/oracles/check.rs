//! The check of a file with all rules, and its report in every format.

use layerwise::config::Settings;
use layerwise::escape::is_live;
use layerwise::lint::{Options, Profile, Selection, Selector, fold};
use layerwise::report::{Format, Outcome, Style, Summary};
use layerwise::session::{self, Checked};
use layerwise::source::{Source, Span};

/// The settings under which every rule reports all it has.
pub(super) fn all_rules() -> Settings {
    let selection = Selection { select: vec![Selector::All], ..Selection::default() };
    Settings {
        lint: Options { profile: Profile::Audit, selection, ..Options::default() },
        ..Settings::default()
    }
}

/// Places are in the file, findings are in order, texts can be shown, and every format can be read back.
pub(crate) fn check(bytes: &[u8]) {
    let number = super::number(bytes);
    // Most of the time all rules; the default profile decides more by itself.
    let settings = if number.is_multiple_of(4) { Settings::default() } else { all_rules() };
    let mut checked = session::check(Source::from_bytes("Dockerfile", bytes.to_vec()), &settings);
    places(&checked);
    fold(&mut checked.findings);
    places(&checked);
    match number % 8 {
        1 => Format::all().iter().for_each(|it| report(&checked, *it)),
        other => {
            report(&checked, Format::Full);
            {
                let all = Format::all();
                report(&checked, all[(number / 8 + other) % all.len()]);
            }
        }
    }
}

pub(super) fn places(checked: &Checked) {
    let text = &checked.source.text;
    let assert_good = |span: Span, of: &str| {
        let good = span.start <= span.end
            && text.is_char_boundary(span.start as usize)
            && text.is_char_boundary(span.end as usize);
        assert!(good, "{of}: {span:?} in {text:?}");
    };
    for finding in &checked.findings {
        let code = finding.meta.code;
        assert_good(finding.span, code);
        finding.labels.iter().for_each(|it| assert_good(it.span, code));
        finding.fix.iter().flat_map(|it| &it.edits).for_each(|it| assert_good(it.span, code));
        assert!(!finding.message.is_empty(), "{code} says nothing");
    }
    let starts: Vec<u32> = checked.findings.iter().map(|it| it.span.start).collect();
    assert!(starts.is_sorted(), "{starts:?}");
}

pub(super) fn report(checked: &Checked, format: Format) {
    let outcome = Outcome { name: "Dockerfile", path: "Dockerfile", result: Ok(checked) };
    let report = format.report(Style::default());
    let summary = Summary::of(outcome);
    let text = report.start() + &report.file(outcome) + &report.end(&summary);
    // Code Climate's issues are ended by a NUL byte.
    let harmless = |it: char| !is_live(it) || it == '\n' || it == '\0';
    assert!(text.chars().all(harmless), "{format:?}: {text:?}");
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    match format {
        Format::Json | Format::Gitlab | Format::Sonarqube | Format::Rdjson => drop(json(&text)),
        Format::Jsonl => text.lines().for_each(|it| drop(json(it))),
        Format::Codeclimate => {
            text.split('\0').filter(|it| !it.trim().is_empty()).for_each(|it| drop(json(it)));
        }
        Format::Sarif => drop(serde_json::from_str::<serde_sarif::sarif::Sarif>(&text).unwrap()),
        Format::Junit | Format::Checkstyle => drop(roxmltree::Document::parse(&text).unwrap()),
        Format::Full | Format::Concise | Format::Github | Format::Gnu | Format::Markdown => {}
    }
}
