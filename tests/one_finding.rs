//! One problem is one finding: where rules of several families see the same fault, one of them reports.

use layerwise::lint::{Family, Options, Profile, Selection, Selector};
use layerwise::model::{BuildOptions, Model};
use layerwise::rules;
use layerwise::source::Source;
use layerwise::syntax;

/// What is found: line, code, and the codes that are named next to it.
fn lint(text: &str, select: &[Selector]) -> Vec<(u32, &'static str, Vec<&'static str>)> {
    lint_in(Profile::Default, text, select)
}

fn lint_in(
    profile: Profile,
    text: &str,
    select: &[Selector],
) -> Vec<(u32, &'static str, Vec<&'static str>)> {
    let selection = Selection { select: select.to_vec(), ..Selection::default() };
    let options = Options { profile, selection, ..Options::default() };
    let source = Source::new("Dockerfile", text);
    let doc = syntax::parse(&source);
    let model = Model::build(&doc, &BuildOptions::default());
    let findings = layerwise::lint::lint(&model, rules::all(), &options);
    findings.into_iter().map(|it| (source.line(it.span.start), it.meta.code, it.also)).collect()
}

fn both() -> Vec<Selector> {
    vec![Selector::Family(Family::Hadolint), Selector::Family(Family::Buildkit)]
}

#[test]
fn the_hadolint_code_speaks() {
    let one = |text, line, code, other| {
        assert_eq!(lint(text, &both()), [(line, code, vec![other])], "{text}");
    };
    one("FROM a:1\nMAINTAINER me\n", 2, "DL4000", "MaintainerDeprecated");
    one("FROM a:1\nCMD serve\n", 2, "DL3025", "JSONArgsRecommended");
    one("FROM a:1\nWORKDIR x\n", 2, "DL3000", "WorkdirRelativePath");
    one("FROM a:1 AS b\nFROM a:1 AS b\n", 2, "DL3024", "DuplicateStageName");
}

#[test]
fn the_later_of_two_commands_speaks_for_both() {
    let text = "FROM a:1\nCMD [\"a\"]\nRUN true\nCMD [\"b\"]\nCMD [\"c\"]\n";
    let other = "MultipleInstructionsDisallowed";
    let expected = [(4, "DL4003", vec![other]), (5, "DL4003", vec![other])];
    assert_eq!(lint(text, &both()), expected);
    let text = "FROM a:1\nENTRYPOINT [\"a\"]\nENTRYPOINT [\"b\"]\n";
    assert_eq!(lint(text, &both()), [(3, "DL4004", vec![other])]);
}

#[test]
fn the_one_that_speaks_offers_the_fix_of_another() {
    let found = |profile, text: &str| -> Vec<(&str, Option<String>)> {
        let codes = ["LW203", "DL3059"].map(|it| it.parse().unwrap());
        let selection = Selection { select: codes.to_vec(), ..Selection::default() };
        let options = Options { profile, selection, ..Options::default() };
        let source = Source::new("Dockerfile", text);
        let doc = syntax::parse(&source);
        let model = Model::build(&doc, &BuildOptions::default());
        let findings = layerwise::lint::lint(&model, rules::all(), &options);
        findings.into_iter().map(|it| (it.meta.code, it.fix.map(|it| it.title))).collect()
    };
    // The index is not joined with its install by LW203 itself: something else is between.
    let text = "FROM debian:12\nRUN a\nRUN apt-get update\nRUN b\nRUN apt-get install -y c\n";
    let join = || Some("combine it with the `RUN` above".to_owned());
    let expected = [("LW203", join()), ("DL3059", join()), ("DL3059", join())];
    assert_eq!(found(Profile::Strict, text), expected);
    assert_eq!(found(Profile::Default, text)[0], ("LW203", None));
}

#[test]
fn one_family_alone_keeps_all_it_finds() {
    let text = "FROM a:1\nCMD [\"a\"]\nCMD b\n";
    let expected =
        [(2, "MultipleInstructionsDisallowed", Vec::new()), (3, "JSONArgsRecommended", Vec::new())];
    assert_eq!(lint(text, &[Selector::Family(Family::Buildkit)]), expected);
}

#[test]
fn a_finding_without_gain_is_for_strict_only() {
    let default = |text| lint(text, &both()).into_iter().map(|it| it.1).collect::<Vec<_>>();
    assert_eq!(default("FROM a:1\nRUN yes | install\n"), Vec::<&str>::new());
    assert_eq!(default("FROM a:1\nRUN fetch | install\n"), Vec::<&str>::new());
    assert_eq!(default("FROM a:1\nRUN curl https://a.io/x | sh\n"), ["DL4006"]);
}

#[test]
fn a_cache_is_spoken_of_once_and_only_strict_names_the_narrower_codes() {
    let text = "FROM python:3.12\nRUN pip install flask==3.0.0\n";
    let select = [Selector::Code("LW104".to_owned()), Selector::Code("DL3042".to_owned())];
    assert_eq!(lint(text, &select), [(2, "LW104", vec!["DL3042"])]);
    // In the default profile the narrower rule is off, so that nothing is named next to the finding.
    assert_eq!(lint(text, &[]), [(2, "LW104", Vec::new())]);
}

/// All that the default profile says of a file: line and code.
fn all(text: &str) -> Vec<(u32, &'static str)> {
    lint(text, &[]).into_iter().map(|it| (it.0, it.1)).collect()
}

#[test]
fn one_mistake_of_syntax_has_no_followers() {
    let one = |text, line| assert_eq!(all(text), [(line, "LW000")], "{text}");
    one("FROM golang:1.23 build\nFROM alpine:3.20\nCOPY --from=build /a /b\n", 1);
    one("FROM alpine:3.20\nRUN <<EOF\na\nCMD [\"b\"]\n", 2);
    one("FROM alpine:3.20\nRUN cat <<EOF > /x\na\nCOPY --from=y a b\n", 2);
    one("ARG SRC\nFROM alpine:3.20\nCOPY --from=$SRC /a /b\n", 3);
    one("FROM alpine:3.20\nCMD <<EOF\necho hi\nuser nobody\nEOF\n", 2);
    one("FROM alpine:3.20\nRUN cat <<- EOF\n\techo hi\n\tEOF\nRUN make\n", 2);
    one("FROM alpine:3.20\nRUN cat<<EOF\nhi\nEOF\n", 2);
    one("FROM alpine:\n", 1);
    one("FROM Alpine\n", 1);
    one("FROM alpine:3.20 AS Build\nFROM Build\n", 2);
    one("FROM alpine:3.20\nCOPY --from=1 /a /b\n", 2);
    one("FROM alpine:3.20\nCOPY --from=later /a /b\nFROM alpine:3.20 AS later\n", 2);
    assert_eq!(all("FROM UPPER/case:3\n"), []);
}

#[test]
fn a_variable_of_from_is_told_once() {
    let text = "FROM a:1 AS b\nARG X=1\nFROM debian:$X\n";
    let found = lint(text, &[Selector::Family(Family::Buildkit)]);
    assert_eq!(found, [(3, "UndefinedArgInFrom", vec!["InvalidDefaultArgInFrom"])]);
}

#[test]
fn a_step_that_only_prints_is_dropped_with_its_variables() {
    let select = ["LW108", "LW312"].map(|it| Selector::Code(it.to_owned()));
    let head = "ARG NAME=a\nFROM debian:12\nRUN make\n";
    let strict = |run: &str| lint_in(Profile::Strict, &format!("{head}{run}\n"), &select);
    assert_eq!(strict("RUN echo ${NAME}"), [(4, "LW108", vec![])]);
    assert_eq!(strict("RUN echo $NAME && pwd"), [(4, "LW108", vec![])]);
    assert_eq!(lint(&format!("{head}RUN echo $NAME > /x\n"), &select), [(4, "LW312", vec![])]);
    assert_eq!(lint(&format!("{head}RUN make $NAME\n"), &select), [(4, "LW312", vec![])]);
}

#[test]
fn what_defeats_several_mounts_is_reported_once() {
    let selection = Selection { select: vec!["LW205".parse().unwrap()], ..Selection::default() };
    let options = Options { profile: Profile::Audit, selection, ..Options::default() };
    let found = |text: &str| -> Vec<(u32, String, usize)> {
        let source = Source::new("Dockerfile", text);
        let doc = syntax::parse(&source);
        let model = Model::build(&doc, &BuildOptions::default());
        let mut findings = layerwise::lint::lint(&model, rules::all(), &options);
        layerwise::lint::fold(&mut findings);
        let of = findings.into_iter().map(|it| {
            let others = it.labels.iter().filter(|it| it.message == "here too").count();
            (source.line(it.span.start), it.message, others)
        });
        of.collect()
    };
    let apt = "--mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt";
    let install = "apt-get update && apt-get install -y curl";
    let lists = "`/var/lib/apt/lists/*` empties the cache mount of this `RUN` (and 1 more)";
    let clean = "`apt-get clean` empties the cache mount of this `RUN` (and 1 more)";
    let variable = "this variable keeps a cache mount empty (and 1 more)";
    let settings = "the image's apt settings empty this mount after each install (and 1 more)";
    let pip = "RUN --mount=type=cache,target=/root/.cache/pip pip install a\n";
    for (text, line, message) in [
        (
            format!(
                "FROM a\nRUN {apt} {install} && rm -rf /var/lib/apt/lists/* /var/cache/apt/*\n"
            ),
            2,
            lists,
        ),
        (
            format!(
                "FROM a\nRUN {apt} {install} && apt-get clean && rm -rf /var/lib/apt/lists/*\n"
            ),
            2,
            clean,
        ),
        (format!("FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\n{pip}{pip}"), 2, variable),
        (
            format!(
                "FROM debian:12\nRUN {} {install}\n",
                apt.replace("/var/lib/apt", "/var/cache/apt/archives")
            ),
            2,
            settings,
        ),
    ] {
        let list = found(&text);
        let short: Vec<_> = list.iter().map(|it| (it.0, it.1.as_str(), it.2)).collect();
        assert_eq!(short, [(line, message, 1)], "{text}");
    }
    // Those of other RUNs are their own faults.
    let one = format!("RUN {apt} {install} && rm -rf /var/lib/apt/lists/*\n");
    assert_eq!(found(&format!("FROM a\n{one}{one}")).len(), 2);
}
