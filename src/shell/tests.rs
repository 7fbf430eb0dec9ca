use super::*;

fn script(text: &str) -> Script<'_> {
    let span = Span::new(0, text.len());
    Script::parse(View::new(text, span, span.end, '\\'), Dialect::Bash)
}

/// Each command as `wrapper>name arg arg`, with `!` for a hidden one.
fn shown(text: &str) -> Vec<String> {
    script(text).commands.iter().map(show).collect()
}

fn show(command: &Command) -> String {
    let mut shown = String::new();
    for wrapper in &command.wrappers {
        shown.push_str(&wrapper.name);
        shown.push('>');
    }
    shown.push_str(if command.hidden { "!" } else { "" });
    shown.push_str(&command.name);
    for word in &command.args {
        shown.push(' ');
        shown.push_str(&word.text);
    }
    shown
}

#[test]
fn lists_are_taken_apart() {
    let text = "apt-get update && apt-get \\\n install -y 'a b' | tee x; cd /tmp & ls || exit 1";
    let script = script(text);
    let connectors: Vec<_> = script.commands.iter().map(|it| it.connector).collect();
    use Connector::{And, Background, First, Or, Pipe, Sequence};
    assert_eq!(connectors, [First, And, Pipe, Sequence, Background, Or]);
    assert_eq!(shown(text)[1], "apt-get install -y a b");
    assert!(script.commands[1].piped && !script.commands[2].piped);
    let slices: Vec<_> = script.commands.iter().map(|it| &text[it.span.range()]).collect();
    assert_eq!(slices[0], "apt-get update");
    assert_eq!(slices[2], "tee x");
    assert_eq!(slices[5], "exit 1");
    assert_eq!(&text[script.pipes[0].span.range()], "|");
}

#[test]
fn nested_constructs_are_walked() {
    let text = "if [ -e a ]; then b \"$(c `d`)\"; fi; for x in $(e); do f; done; (g; { h; }); i() { j; }; k <(l) > $(m)";
    assert_eq!(
        shown(text),
        ["[ -e a ]", "b $(c `d`)", "c `d`", "d", "e", "f", "g", "h", "j", "k <(l)", "l", "m"]
    );
    let script = script(text);
    let d = &script.commands[3];
    assert!(d.inside.conditional && d.inside.substitution && d.depth == 3);
    assert!(script.commands[6].inside.subshell);
    assert!(script.commands[8].inside.function);
}

#[test]
fn assignments_cover_what_is_between_name_and_value() {
    let text = "A+=1 B[i]=é C=\\\n2 cmd; D[$(e)]=3";
    let script = script(text);
    let place = |it: &Assignment| (it.name.clone(), text[it.span.range()].to_owned());
    let of = |at: usize| -> Vec<_> {
        let command: &Command = &script.commands[at];
        command.assignments.iter().map(place).collect()
    };
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    assert_eq!(of(0), [pair("A", "A+=1"), pair("B", "B[i]=é"), pair("C", "C=\\\n2")]);
    assert_eq!(&text[script.commands[0].span.range()], "A+=1 B[i]=é C=\\\n2 cmd");
    assert_eq!(of(1), [pair("D", "D[$(e)]=3")]);
    assert_eq!(&text[script.commands[1].span.range()], "D[$(e)]=3");
}

#[test]
fn assignments_and_redirects_are_kept() {
    let text = "A=1 B=\"x $(y)\" cmd 2>/dev/null >> \"l g\" 2>&1 <<E\n$(z)\nE\n";
    let script = script(text);
    let command = &script.commands[0];
    let names: Vec<_> = command.assignments.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["A", "B"]);
    let redirects: Vec<_> = command
        .redirects
        .iter()
        .map(|it| (it.fd, it.operator, it.target.text.as_str(), &text[it.target.span.range()]))
        .collect();
    assert_eq!(
        redirects,
        [
            (Some(2), ">", "/dev/null", "/dev/null"),
            (None, ">>", "l g", "\"l g\""),
            (Some(2), ">&", "1", "1"),
            (None, "<<", "E", "E")
        ]
    );
    assert_eq!(&text[command.span.range()], "A=1 B=\"x $(y)\" cmd 2>/dev/null >> \"l g\" 2>&1 <<E");
    assert_eq!(shown(text)[1..], ["y", "z"]);
}

#[test]
fn wrappers_are_seen_through() {
    assert_eq!(
        shown(
            "sudo -E apt-get update && exec time env A=1 /usr/bin/pip install x; \\apt-get y; time z"
        ),
        ["sudo>!apt-get update", "exec>time>env>!pip install x", "!apt-get y", "time>z",]
    );
}

#[test]
fn nested_scripts_have_exact_places() {
    let text = "sudo bash -lc 'apt-get update && pip install x' && eval \"npm ci $X\"; su - u -c \"a \\\"b\\\"\"";
    let script = script(text);
    let shown: Vec<_> = script.commands.iter().map(show).collect();
    assert_eq!(
        shown,
        [
            "sudo>!bash -lc apt-get update && pip install x",
            "sudo>bash>!apt-get update",
            "sudo>bash>!pip install x",
            "eval npm ci $X",
            "eval>!npm ci $X",
            "su - u -c a \"b\"",
            "su>!a b",
        ]
    );
    assert_eq!(&text[script.commands[2].span.range()], "pip install x");
    assert_eq!(&text[script.commands[4].args[1].span.range()], "$X");
    assert_eq!(&text[script.commands[6].span.range()], "\"a \\\"b\\\"\"");
    assert!(script.commands[1].inside.nested_script);
}

#[test]
fn an_exec_form_is_one_command() {
    let words = [("sh", 1..5), ("-c", 7..11), ("a && b", 13..21)]
        .map(|(text, range)| (Cow::Borrowed(text), Span::new(range.start, range.end)));
    let script = Script::from_words(&words);
    let shown: Vec<_> = script.commands.iter().map(show).collect();
    assert_eq!(shown, ["sh -c a && b", "sh>!a", "sh>!b"]);
    assert_eq!(script.commands[2].span, Span::new(19, 20));
}

#[test]
fn pipefail_holds_where_it_was_set() {
    let fails = |text| script(text).pipes.iter().map(|it| it.pipefail).collect::<Vec<_>>();
    assert_eq!(
        fails("a | b; set -eo pipefail; c | d; set +o pipefail; e | f"),
        [false, true, false]
    );
    assert_eq!(fails("(set -o pipefail; a | b) && c | d"), [true, false]);
}

#[test]
fn other_shells_are_left_alone() {
    let text = "Get-Item | x";
    let view = View::new(text, Span::new(0, 12), 12, '\\');
    assert!(Script::parse(view, Dialect::PowerShell).commands.is_empty());
}

#[test]
fn double_parentheses_without_arithmetic_are_subshells() {
    assert_eq!(shown("((find a | xargs rm || true)) && b"), ["find a", "xargs>!rm", "true", "b"]);
    assert_eq!(shown("a $((1 + 2)) && (( x > 1 ))"), ["a $((1 + 2))"]);
}

#[test]
fn commands_are_counted_as_hadolint_does() {
    let count = |text| script(text).command_count();
    assert_eq!(count("a && b"), 2);
    assert_eq!(count("a $(b) > $(c)"), 3);
    assert_eq!(count("sh -c 'a && b'"), 1);
    assert_eq!(count("A=$(b)"), 1);
    assert_eq!(count("A=1 && $X y && [[ -e z ]]"), 0);
    assert_eq!(count("find -exec a \\; -exec b +"), 1);
}

/// Findings as `code text`.
fn found(text: &str, shell: &[&str], variables: &[&str], codes: &CodeSet) -> Vec<String> {
    let shell = ShellState::from_shell_words(shell);
    let has_variable = |name: &str| variables.contains(&name);
    let settings = LintSettings { shell, variables: Variables(&has_variable), codes, kept: None };
    lint(&script(text), &settings)
        .iter()
        .map(|it| format!("{} {}", it.code, &text[it.span.range()]))
        .collect()
}

#[test]
fn shellcheck_speaks_of_the_shell_in_force() {
    let all = CodeSet::all();
    let text = "[[ -e a ]] && echo $1";
    assert_eq!(found(text, &["/bin/sh"], &[], &all), ["SC3010 [[ -e a ]]", "SC2086 $1"]);
    assert_eq!(found(text, &["/bin/bash"], &[], &all), ["SC2086 $1"]);
    assert!(found(text, &["pwsh"], &[], &all).is_empty());
    assert!(found(text, &["zsh"], &[], &all).is_empty());
}

#[test]
fn only_chosen_codes_are_looked_for() {
    let codes = CodeSet::only(|code| code == "SC2086" || code == "SC2161");
    let text = "cd x; echo $1; [ 1 ]; ln -s y";
    assert_eq!(found(text, &["sh"], &[], &codes), ["SC2086 $1", "SC2161 1"]);
}

#[test]
fn arg_and_env_have_plain_values() {
    let all = CodeSet::all();
    assert!(found("echo $version", &["sh"], &["version"], &all).is_empty());
    assert!(found("version=$(x) && echo $version", &["sh"], &["version"], &all).len() == 1);
    assert!(found("f=a-$v.tgz && curl $f", &["sh"], &["v"], &all).is_empty());
    let unknown = found("f=a-$v.tgz && curl $f", &["sh"], &[], &all);
    assert!(unknown.contains(&"SC2086 $f".to_owned()));
    assert!(found("export v=$v", &["sh"], &["v"], &all).is_empty());
    assert!(found("curl $http_proxy", &["sh"], &[], &all).is_empty());
}

#[test]
fn continuations_in_quotes_are_no_backslashes() {
    let text = "deps=' \\\n gcc \\\n make' && apt-get install $deps";
    assert_eq!(found(text, &["sh"], &[], &CodeSet::all()), ["SC2086 $deps"]);
}

#[test]
fn missing_checks_are_made_here() {
    let checks = |text| found(text, &["sh"], &[], &CodeSet::all());
    assert_eq!(checks("ln -s x"), ["SC2226 ln"]);
    assert_eq!(checks("mkdir -p -m 700 a/b"), ["SC2174 -m"]);
    assert_eq!(checks("find -name x -exec rm {} +"), ["SC2185 find"]);
    assert_eq!(checks("yes | rm -r x"), ["SC2216 rm"]);
    assert_eq!(checks("yes | rm -i x"), [""; 0]);
    assert_eq!(checks("rm -rf /var"), ["SC2114 /var"]);
    assert_eq!(checks("rm -rf /${X}"), ["SC2115 /${X}", "SC2086 ${X}"]);
    assert_eq!(checks("> /var/log/x && echo $(< y)")[0], "SC2188 > /var/log/x");
    assert_eq!(checks("set A=1"), ["SC2121 A=1"]);
    assert_eq!(checks("a; /usr/include/"), ["SC2287 /usr/include/"]);
    assert_eq!(checks("((find . || true))"), ["SC1105 (("]);
}

#[test]
fn an_expansion_without_a_name_is_no_variable() {
    let codes = CodeSet::only(|code| code == "SC2086" || code == "SC2154");
    for text in ["echo ${ && echo $((", "${", "echo \"${\" $", "a ${ b"] {
        assert_eq!(found(text, &["sh"], &[], &codes), [""; 0], "{text}");
    }
    assert_eq!(found("a ${x} $#", &["sh"], &[], &codes), ["SC2086 ${x}", "SC2154 ${x}"]);
}

#[test]
fn comments_in_a_script_turn_codes_off() {
    let found = |text| found(text, &["sh"], &[], &CodeSet::all());
    let text = "# shellcheck disable=SC2086\na $1\nb $2";
    assert_eq!(found(text), [""; 0]);
    let text = "a $1\n# shellcheck disable=SC2046,SC2086\nb $2\nc $3";
    assert_eq!(found(text), ["SC2086 $1", "SC2086 $3"]);
    let text = "a\n# shellcheck disable=SC2000-SC2999\nif x; then\n  b $2\nfi\nrm -rf /var";
    assert_eq!(found(text), ["SC2114 /var"]);
    let text = "a\n  #  shellcheck  disable=all\nb $2; ln -s x";
    assert_eq!(found(text), ["SC2226 ln"], "it holds for one command");
    assert_eq!(found("a\n# shellcheck disable=SC2046\nb $2"), ["SC2086 $2"]);
}

/// The text after the fixes of a code.
fn repaired(text: &str, code: &'static str) -> String {
    let codes = CodeSet::only(|it| it == code);
    let settings = LintSettings {
        shell: ShellState::default(),
        variables: Variables::NONE,
        codes: &codes,
        kept: None,
    };
    let found = lint(&script(text), &settings);
    let mut edits: Vec<_> =
        found.into_iter().filter_map(|it| it.fix).flat_map(|it| it.edits).collect();
    edits.sort();
    let mut text = text.to_owned();
    for (span, new) in edits.into_iter().rev() {
        text.replace_range(span.range(), &new);
    }
    text
}

#[test]
fn backticks_and_unchecked_directories_are_fixed() {
    assert_eq!(repaired("a `b c` \"x`d`\"", "SC2006"), "a $(b c) \"x$(d)\"");
    for text in ["a `b \\`c\\``", "a `(b)`", "a `b \"\\$c\"`"] {
        assert_eq!(repaired(text, "SC2006"), text);
    }
    assert_eq!(repaired("cd /a; b", "SC2164"), "cd /a || exit 1; b");
    assert_eq!(repaired("(cd /a; b)", "SC2164"), "(cd /a || exit 1; b)");
    assert_eq!(repaired("cd /a && b", "SC2164"), "cd /a && b");
}

#[test]
fn broken_words_that_the_parser_reads_leave_a_text_incomplete() {
    let broken = [
        "a -?-on(c |6 a",
        "a ?x(c) d",
        "a [x](c d",
        "a ?x(c && d",
        "a x=?y(c",
        "x=?y(c a",
        "a >?x(c",
        "a ?x(c) && d",
    ];
    for text in broken {
        assert!(!script(text).complete, "{text}");
    }
    for text in [
        "a *(b) c",
        "export x=(a b) && c",
        "x=(a b); c",
        "a \"(b\" 'c(' d\\(e",
        "a $(b (c)) d",
        "a <(b)",
    ] {
        assert!(script(text).complete, "{text}");
    }
}
