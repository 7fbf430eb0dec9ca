//! The view of shell text and what is found in it, for every shell.

use layerwise::shell::{
    CodeSet, Dialect, LintBudget, LintSettings, Script, ShellState, Variables, View, lint,
};
use layerwise::source::Span;

const DIALECTS: [Dialect; 7] = [
    Dialect::Sh,
    Dialect::Bash,
    Dialect::Ksh,
    Dialect::Zsh,
    Dialect::Cmd,
    Dialect::PowerShell,
    Dialect::Other,
];

/// The view is as long as the text, and all places in it are places of the text.
pub(crate) fn shell(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let number = super::number(bytes);
    let escape = if number.is_multiple_of(8) { '`' } else { '\\' };
    let end = u32::try_from(text.len()).unwrap();
    let mut joined = if number.is_multiple_of(5) { text.len() / 2 } else { text.len() };
    while !text.is_char_boundary(joined) {
        joined -= 1;
    }
    for dialect in [DIALECTS[number / 8 % DIALECTS.len()], Dialect::Bash] {
        let view = View::new(&text, Span::new(0, joined), end, escape);
        assert_eq!(view.text.len(), text.len());
        assert_eq!(view.whole(), Span::new(0, text.len()));
        let mut script = Script::parse(view, dialect);
        places(&script, &text);
        LintBudget::default().take(&mut script);
        let state = ShellState {
            dialect,
            errexit: number.is_multiple_of(2),
            pipefail: number.is_multiple_of(3),
        };
        let is_known = |name: &str| name.len().is_multiple_of(2);
        let codes = CodeSet::all();
        let settings = LintSettings {
            shell: state,
            variables: Variables(&is_known),
            codes: &codes,
            kept: None,
        };
        for finding in lint(&script, &settings) {
            assert_good(finding.span, &text, finding.code);
            for (span, _) in finding.fix.iter().flat_map(|it| &it.edits) {
                assert_good(*span, &text, finding.code);
            }
        }
    }
}

fn assert_good(span: Span, text: &str, what: &str) {
    let good = span.start <= span.end
        && text.is_char_boundary(span.start as usize)
        && text.is_char_boundary(span.end as usize);
    assert!(good, "{what}: {span:?} in {text:?}");
}

fn places(script: &Script<'_>, text: &str) {
    for command in &script.commands {
        assert_good(command.span, text, "command");
        assert_good(command.name_span, text, "name");
        command.words().for_each(|it| assert_good(it.span, text, "word"));
        command.redirects.iter().for_each(|it| assert_good(it.span, text, "redirection"));
        command.wrappers.iter().for_each(|it| assert_good(it.span, text, "wrapper"));
        let words = command.wrappers.iter().flat_map(|it| &it.args);
        words.for_each(|it| assert_good(it.span, text, "word of a wrapper"));
    }
    for pipe in &script.pipes {
        [pipe.span, pipe.left, pipe.right].iter().for_each(|it| assert_good(*it, text, "pipe"));
    }
    assert!(script.command_count() <= script.commands.len());
}
