//! What means the same in small files.

use super::*;
use crate::model::BuildOptions;
use crate::source::Source;
use crate::syntax::parse;

/// The text with all that means the same as the word at the first `^` put between brackets.
fn marked(text: &str) -> String {
    let at = text.find('^').map(|it| u32::try_from(it).unwrap_or(0));
    let source = Source::new("Dockerfile", text.replace('^', ""));
    let doc = parse(&source);
    let model = Model::build(&doc, &BuildOptions::default());
    let names = Names::find(&model);
    let Some(found) = at.and_then(|at| names.at(at)) else { return "nothing".to_owned() };
    let mut marked = source.text.clone();
    for it in names.same(&found.name).collect::<Vec<_>>().into_iter().rev() {
        marked.insert(it.span.end as usize, ']');
        marked.insert(it.span.start as usize, if it.defines { '{' } else { '[' });
    }
    marked
}

#[test]
fn stages_are_named_by_from_copy_and_mounts() {
    assert_eq!(
        marked(
            "FROM a AS ^Build\nFROM build AS b\nCOPY --from=BUILD /x /\nRUN --mount=from=build,target=/y z\nFROM build\n"
        ),
        "FROM a AS {Build]\nFROM [build] AS b\nCOPY --from=[BUILD] /x /\nRUN --mount=from=[build],target=/y z\nFROM [build]\n"
    );
    assert_eq!(
        marked("FROM a AS x\nFROM b AS x\nCOPY --from=0 / /\nCOPY --from=^x / /\n"),
        "FROM a AS {x]\nFROM b AS x\nCOPY --from=[0] / /\nCOPY --from=[x] / /\n"
    );
    assert_eq!(marked("FROM a AS x\nCOPY --from=^x / /\n"), "nothing");
}

#[test]
fn global_arguments_are_those_of_the_stages_that_take_them() {
    assert_eq!(
        marked(
            "ARG ^V=1\nFROM a:${V:-2} AS b\nARG V\nRUN x $V \"${V}\" '$V' \\$V\nFROM c\nENV V=2\nRUN y $V\n"
        ),
        "ARG {V]=1\nFROM a:${[V]:-2} AS b\nARG {V]\nRUN x $[V] \"${[V]}\" '$V' \\$V\nFROM c\nENV V=2\nRUN y $V\n"
    );
}

#[test]
fn variables_live_in_the_stages_that_are_built_on_theirs() {
    assert_eq!(
        marked(
            "FROM a AS b\nENV ^V=1\nFROM b\nCOPY <<E /x$V\n${V}\nE\nRUN sh -c 'x $V'\nCMD y $V\nFROM c\nLABEL a=$V\n"
        ),
        "FROM a AS b\nENV {V]=1\nFROM b\nCOPY <<E /x$[V]\n${[V]}\nE\nRUN sh -c 'x $[V]'\nCMD y $[V]\nFROM c\nLABEL a=$V\n"
    );
}

#[test]
fn what_a_script_sets_is_its_own() {
    assert_eq!(
        marked("FROM a\nENV ^V=1\nRUN V=2 && x $V\nRUN y $V\n"),
        "FROM a\nENV {V]=1\nRUN V=2 && x $V\nRUN y $[V]\n"
    );
}

#[test]
fn heredocs_are_named_by_their_marker_and_the_line_that_ends_them() {
    assert_eq!(
        marked("FROM a\nRUN <<-'^E' cat <<F\nE x\n\tE\nx\nF\n"),
        "FROM a\nRUN <<-'{E]' cat <<F\nE x\n\t[E]\nx\nF\n"
    );
    assert_eq!(
        marked("FROM a\nONBUILD COPY <<E <<E /x/\n1\nE\n2\n^E\n"),
        "FROM a\nONBUILD COPY <<E <<{E] /x/\n1\nE\n2\n[E]\n"
    );
    // Quotes inside a name, and a heredoc without its end.
    assert_eq!(marked("FROM a\nRUN <<E'O'^F\nx\nEOF\n"), "nothing");
    assert_eq!(marked("FROM a\nRUN <<^E\nx\n"), "FROM a\nRUN <<{E]\nx\n");
}
