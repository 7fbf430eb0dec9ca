//! The shell view and the shell reader hold on any text.

use std::borrow::Cow;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use layerwise::shell::{
    CodeSet, Dialect, LintSettings, Program, Script, ShellState, Variables, View, features, lint,
};
use layerwise::source::Span;
use proptest::prelude::*;

fn view(text: &str, escape: char) -> View<'_> {
    let span = Span::new(0, text.len());
    View::new(text, span, span.end, escape)
}

/// Every place that a script gives.
fn places(script: &Script<'_>) -> Vec<Span> {
    let mut places: Vec<_> = script.pipes.iter().map(|it| it.span).collect();
    for command in &script.commands {
        places.extend([command.span, command.name_span]);
        places.extend(command.args.iter().map(|it| it.span));
        places.extend(command.assignments.iter().map(|it| it.value.span));
        places.extend(command.redirects.iter().flat_map(|it| [it.span, it.target.span]));
        places.extend(command.wrappers.iter().map(|it| it.span));
    }
    places
}

fn assert_places(text: &str, places: &[Span]) {
    for place in places {
        assert!(text.get(place.range()).is_some(), "{place:?} in {text:?}");
    }
}

/// What shells and continuations are made of.
const PIECES: &[&str] = &[
    "apt-get install -y ",
    "sudo -u x ",
    "sh -c ",
    "eval ",
    "find . -exec ",
    "$(",
    ")",
    "`",
    "'",
    "\"",
    "${x:-",
    "}",
    "((",
    "))",
    " \\\n",
    "\\ \t\r\n",
    "\n",
    "# ñ comment\n",
    "\r\n",
    " && ",
    " | ",
    "; ",
    "if ",
    " then ",
    " fi",
    "case x in a) ",
    ";; esac",
    "<<EOF ",
    "EOF\n",
    "> x ",
    "2>&1 ",
    "A=b ",
    "{ ",
    "[[ ",
    " ]]",
    "é𝄞",
    "\\",
    "*",
    "<(",
    "f() ",
    "$x",
    "for i in ",
    " do ",
    " done",
    "time ",
    "export ",
    "x=(",
    "&",
    "return ",
];

fn shell_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

fn escape() -> impl Strategy<Value = char> {
    prop::sample::select(&['\\', '`'][..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_view_is_as_long_as_its_text(text in shell_text(), escape in escape()) {
        let view = view(&text, escape);
        prop_assert_eq!(view.text.len(), text.len());
        for (at, _) in text.char_indices() {
            prop_assert!(view.text.is_char_boundary(at));
        }
        if let Cow::Owned(owned) = &view.text {
            prop_assert_ne!(owned, &text);
        }
    }

    #[test]
    fn places_lie_in_the_text(text in shell_text(), escape in escape()) {
        assert_places(&text, &places(&Script::parse(view(&text, escape), Dialect::Bash)));
    }

    #[test]
    fn any_characters_are_read(text in "\\PC{0,60}") {
        assert_places(&text, &places(&Script::parse(view(&text, '\\'), Dialect::Bash)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn findings_lie_in_the_text(text in shell_text()) {
        let (variables, codes) = (Variables::NONE, CodeSet::all());
        let shell = ShellState::default();
        let settings = LintSettings { shell, variables, codes: &codes, kept: None };
        let script = Script::parse(view(&text, '\\'), Dialect::Sh);
        let places: Vec<_> = lint(&script, &settings).into_iter().map(|it| it.span).collect();
        assert_places(&text, &places);
    }
}

#[test]
fn characters_in_backticks_are_linted() {
    let (variables, codes) = (Variables::NONE, CodeSet::all());
    let settings =
        LintSettings { shell: ShellState::default(), variables, codes: &codes, kept: None };
    let text = "x=( \\\n`é𝄞`";
    let found = lint(&Script::parse(view(text, '\\'), Dialect::Sh), &settings);
    assert!(found.iter().any(|it| it.code == "SC3030"), "{found:?}");
}

/// Reads and lints on a thread with the stack of a pool's thread.
fn time_of(text: String) -> Duration {
    let work = move || {
        let start = Instant::now();
        let (variables, codes) = (Variables::NONE, CodeSet::all());
        let shell = ShellState::default();
        let settings = LintSettings { shell, variables, codes: &codes, kept: None };
        let script = Script::parse(view(&text, '\\'), Dialect::Bash);
        let _ = lint(&script, &settings);
        start.elapsed()
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    thread.expect("a thread starts").join().expect("nothing panics")
}

#[test]
fn hostile_text_is_read_in_bounded_time() {
    for (piece, times) in [
        ("$(", 100_000),
        ("(", 100_000),
        ("{ ", 100_000),
        ("`", 10_000),
        ("\"$(", 100_000),
        ("${x:-", 100_000),
        ("$((", 100_000),
        ("if ", 100_000),
        ("case x in a) ", 100_000),
        ("a | ", 100_000),
        ("a && ", 100_000),
        ("<<E ", 100_000),
        ("\\\n", 100_000),
        ("' \\\n # '", 10_000),
        ("sh -c '", 10_000),
        ("x=(", 10_000),
        ("a[", 1_000),
        ("[[ ( ", 10_000),
        ("word ", 1_000_000),
        ("a; ", 10_000),
    ] {
        let elapsed = time_of(piece.repeat(times));
        assert!(elapsed < Duration::from_secs(30), "{piece:?}: {elapsed:?}");
    }
}

#[test]
fn scripts_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + Clone>() {}
    shareable::<Script<'_>>();
}

/// The output of a script in a shell, where the shell is installed.
fn says(words: &[&str], script: &str) -> Option<String> {
    let folder = tempfile::tempdir().ok()?;
    let (name, options) = words.split_first()?;
    let output = Command::new(name)
        .args(options)
        .args(["-c", &script.replace('⏎', "\n")])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn the_shells_have_what_the_table_says() {
    let busybox = says(&["busybox", "sh"], "busybox").unwrap_or_default();
    let bash = says(&["bash"], "echo $BASH_VERSION").unwrap_or_default();
    let zsh = says(&["zsh"], "echo $ZSH_VERSION").unwrap_or_default();
    // Later ones may have learned more.
    let dash = says(&["dash"], "set -o pipefail").unwrap_or_default();
    for (program, words, is_the_one_tried) in [
        (Program::Dash, &["dash"][..], dash.contains("Illegal option")),
        (Program::Ash, &["busybox", "sh"], busybox.contains("v1.3")),
        (Program::BashAsSh, &["bash", "--posix"], bash.starts_with("5.2")),
        (Program::Bash, &["bash"], bash.starts_with("5.2")),
        (Program::Zsh, &["zsh"], zsh.starts_with("5.9")),
    ] {
        for feature in features().iter().filter(|_| is_the_one_tried) {
            let works = says(words, feature.script).as_deref() == Some("ok\n");
            assert_eq!(works, program.has(feature), "{program:?}: {}", feature.what);
        }
    }
}
