//! Whether a file is a template: a text of which another program makes a Dockerfile.
//!
//! Only places count where Docker's grammar has no use for the marks: the start of an instruction and of what follows its
//! keyword, the image of a FROM, and instructions that BuildKit refuses. `{{.Names}}` in the arguments of a command, in a heredoc or in a value is text
//! like any other.

use super::ast::{Dockerfile, Instruction, Keyword, Kind};
use crate::source::Span;

/// What shows that a file is a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Where the mark itself is, or the name of the macro.
    pub span: Span,
}

/// What opens a tag in Go templates, Jinja, Handlebars, ERB, Template Toolkit and FreeMarker.
const TAGS: &[&str] = &["{{", "{%", "{#", "<%", "[%", "<#"];

/// Tags that are looked for inside an instruction; the others are too short to be sure.
const TAGS_INSIDE: &[&str] = &["{{", "{%", "<%"];

/// Macros of m4 that are at the start of a line. Source:
/// <https://www.gnu.org/software/m4/manual/m4.html#Macro-index>.
const MACROS: &[&str] = &[
    "changecom",
    "changequote",
    "define",
    "divert",
    "ifdef",
    "ifelse",
    "include",
    "m4_changequote",
    "m4_define",
    "m4_divert",
    "m4_ifdef",
    "m4_ifelse",
    "m4_include",
    "popdef",
    "pushdef",
    "sinclude",
    "undefine",
    "undivert",
];

/// The first mark of a template, if the file has one.
pub fn template_mark(doc: &Dockerfile<'_>) -> Option<Mark> {
    let by_tag = doc.instructions.iter().find_map(|it| mark_of(it, doc));
    by_tag.or_else(|| open_tag(doc)).or_else(|| placeholder(doc)).or_else(|| ellipsis(doc))
}

fn mark_of(instruction: &Instruction<'_>, doc: &Dockerfile<'_>) -> Option<Mark> {
    if let Kind::Onbuild(inner) = &instruction.kind {
        return mark_of(inner, doc);
    }
    match (instruction.keyword, &instruction.kind) {
        (Keyword::Unknown, _) => at_the_start(instruction),
        (Keyword::From, _) => inside(instruction).or_else(|| property(instruction, doc)),
        // What a shell gets may hold anything.
        (
            Keyword::Run
            | Keyword::Cmd
            | Keyword::Entrypoint
            | Keyword::Healthcheck
            | Keyword::Shell,
            _,
        ) => None,
        // No value of an argument begins like that.
        (Keyword::Arg, _) => inside(instruction).filter(|it| {
            let at = (it.span.start - instruction.body.span.start) as usize;
            let before = doc.source.slice(instruction.body.span).get(..at).unwrap_or("");
            before.is_empty() || before.ends_with('=')
        }),
        _ if is_refused(instruction, doc) => {
            inside(instruction).or_else(|| property(instruction, doc))
        }
        // No name, path or port begins like that.
        _ => inside(instruction).filter(|it| it.span.start == instruction.body.span.start),
    }
}

/// Whether BuildKit refuses an instruction.
fn is_refused(instruction: &Instruction<'_>, doc: &Dockerfile<'_>) -> bool {
    matches!(instruction.kind, Kind::Invalid) || doc.is_broken(instruction.span)
}

/// A tag or a macro where an instruction must be.
fn at_the_start(instruction: &Instruction<'_>) -> Option<Mark> {
    let word = &*instruction.word;
    let start = instruction.keyword_span.start;
    let mark = |text: &'static str| {
        let end = start + u32::try_from(text.len()).unwrap_or(0);
        Mark { span: Span { start, end } }
    };
    if let Some(tag) = TAGS.iter().find(|it| word.starts_with(**it)) {
        return Some(mark(tag));
    }
    // dockerfile-plus and others: `INCLUDE ./base.dockerfile`.
    let path = instruction.body.value.trim();
    if matches!(word, "INCLUDE" | "INCLUDE+") && path.contains(['.', '/']) && !path.contains(' ') {
        return Some(Mark { span: instruction.keyword_span });
    }
    let (name, _) = word.split_once('(')?;
    MACROS.binary_search(&name).ok().map(|at| mark(MACROS[at]))
}

/// A tag that an instruction opens and that is still open where the next line is not an instruction.
fn open_tag(doc: &Dockerfile<'_>) -> Option<Mark> {
    doc.instructions.windows(2).find_map(|pair| {
        let [before, after] = pair else { return None };
        let value = &*before.body.value;
        let at = value.rfind("{{").filter(|_| after.keyword == Keyword::Unknown)?;
        (!value[at..].contains("}}")).then(|| mark_in(before, at, "{{"))
    })
}

/// A tag in what follows the keyword.
fn inside(instruction: &Instruction<'_>) -> Option<Mark> {
    let value = &*instruction.body.value;
    let found = TAGS_INSIDE.iter().filter_map(|tag| value.find(*tag).map(|at| (at, *tag))).min();
    found.map(|(at, text)| mark_in(instruction, at, text))
}

/// A property that Maven or Ant replaces, such as `${project.version}`, in an instruction that BuildKit refuses: no
/// variable of a build has a dot in its name.
/// Source: <https://maven.apache.org/plugins/maven-resources-plugin/examples/filter.html>.
fn property(instruction: &Instruction<'_>, doc: &Dockerfile<'_>) -> Option<Mark> {
    if !is_refused(instruction, doc) {
        return None;
    }
    let value = &*instruction.body.value;
    let names = |text: &str| {
        // Not to the next `}`, which may be far away.
        let end = text.find(|it| it != '.' && !is_of_a_name(it)).unwrap_or(text.len());
        let name = if text[end..].starts_with('}') { &text[..end] } else { "" };
        let is_word = |it: &str| !it.is_empty() && it.chars().all(is_of_a_name);
        name.contains('.') && name.split('.').all(is_word)
    };
    let at = value.match_indices("${").find(|(at, _)| names(&value[at + 2..]))?.0;
    Some(mark_in(instruction, at, "${"))
}

/// Dots in place of an instruction: a snippet of a longer file.
fn ellipsis(doc: &Dockerfile<'_>) -> Option<Mark> {
    let found =
        doc.instructions.iter().find(|it| matches!(doc.source.slice(it.span).trim(), "..." | "…"));
    found.map(|it| Mark { span: it.span })
}

/// A word between marks in place of an image's name, which another program replaces.
fn placeholder(doc: &Dockerfile<'_>) -> Option<Mark> {
    let found = doc.instructions.iter().find_map(|it| match &it.kind {
        Kind::From(from) if in_marks(&from.image.text) => Some(from.image.span),
        _ => None,
    });
    found.map(|span| Mark { span })
}

/// Whether a text in place of an image's name looks like a word that another program replaces: `REPLACE-ME`, `BASE_IMAGE`,
/// `__IMAGE__`, `CHANGEME`. The rest of the file is as people wrote it.
pub fn is_placeholder(text: &str) -> bool {
    let in_capitals =
        |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || "-_".contains(it);
    let of_capitals = text.contains(['-', '_']) && text.chars().all(in_capitals);
    let between = text.strip_prefix("__").and_then(|it| it.strip_suffix("__"));
    let of_words = between.is_some_and(|it| it.chars().all(is_of_a_name));
    let is_one = of_capitals || of_words || matches!(text, "BASEIMAGE" | "CHANGEME" | "REPLACEME");
    is_one && text.contains(|it: char| it.is_ascii_alphabetic())
}

/// Whether a text is a word between marks that no image's name has: `[image]`, `@IMAGE@`, `<image>`, with or without a tag.
fn in_marks(text: &str) -> bool {
    let marks = [('[', ']'), ('@', '@'), ('<', '>')];
    let mut found = marks.iter().filter_map(|(open, close)| {
        let (word, after) = text.strip_prefix(*open)?.split_once(*close)?;
        (after.is_empty() || after.starts_with(':')).then_some(word)
    });
    found.any(|word| {
        !word.is_empty() && word.chars().all(|it| is_of_a_name(it) || matches!(it, '.' | '/' | ':'))
    })
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn mark_in(instruction: &Instruction<'_>, at: usize, text: &'static str) -> Mark {
    let offset = |at: usize| instruction.body.offset(u32::try_from(at).unwrap_or(u32::MAX));
    Mark { span: Span { start: offset(at), end: offset(at + text.len()) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::syntax::parse;

    /// The mark and its line.
    fn mark(text: &str) -> Option<(String, u32)> {
        let source = Source::new("Dockerfile", text);
        let found = template_mark(&parse(&source))?;
        Some((source.slice(found.span).to_owned(), source.line(found.span.start)))
    }

    #[test]
    fn the_macros_are_sorted() {
        assert!(MACROS.is_sorted());
    }

    #[test]
    fn arguments_without_a_value_yet_are_marks() {
        for text in [
            "ARG BASE={{ global.hail_base_image }}\nFROM ${BASE}\n",
            "FROM a\nARG VERSION=<%= version %>\n",
            "FROM a\nARG {{ name }}=1\n",
        ] {
            assert!(mark(text).is_some(), "{text}");
        }
        for text in [
            "FROM a\nARG FORMAT=\"{{.Names}}\"\nRUN docker ps --format \"$FORMAT\"\n",
            "FROM a\nARG FORMAT='id: {{.ID}}'\n",
        ] {
            assert_eq!(mark(text), None, "{text}");
        }
    }

    #[test]
    fn includes_are_marks() {
        for text in [
            "FROM a\nINCLUDE ./docker/base-before\nRUN b\n",
            "INCLUDE+ Dockerfile.common\nFROM a\n",
        ] {
            assert!(mark(text).is_some_and(|it| it.0.starts_with("INCLUDE")), "{text}");
        }
        assert_eq!(mark("FROM a\nINCLUDE the files\n"), None);
    }

    #[test]
    fn marks_where_an_instruction_must_stand() {
        for (text, tag, line) in [
            ("FROM a\n{{ if .X }}\nRUN b\n{{ end }}\n", "{{", 2),
            ("{%- set v = 1 %}\nFROM a\n", "{%", 1),
            ("FROM a\n  {# why #}\nRUN b\n", "{#", 2),
            ("<% packages.each do |it| %>\nFROM a\n", "<%", 1),
            ("FROM a\n[% IF x %]\n", "[%", 2),
            ("<#if x>\nFROM a\n", "<#", 1),
            ("# about\nchangequote(<<,>>)\nFROM a\n", "changequote", 2),
            ("include(envs.m4)\nFROM OS_NAME:OS_VERSION\n", "include", 1),
            ("FROM a\nifdef(`X',`RUN b')\n", "ifdef", 2),
            (
                "FROM a\nRUN b \\\n{% for p in all %}\n    {{ p }} \\\n{% endfor %}\n    c\n",
                "{{",
                4,
            ),
            ("RUN v={{A[\"v\"]}} \\\n && {{Insert(\"x\", [\n  \"a\": 1\n])}}\n", "{{", 2),
            ("FROM {{ image }}:{{ tag }}\n", "{{", 1),
            ("FROM {{image}}\n", "{{", 1),
            ("FROM a:<%= version %>\n", "<%", 1),
            ("FROM a\nENV {{ name }}\n", "{{", 2),
            ("FROM a\nEXPOSE {{ port }}\n", "{{", 2),
            ("FROM a\nONBUILD COPY {{ x }} /y\n", "{{", 2),
            ("FROM a\nLABEL a={{ x }} b\n", "{{", 2),
            ("FROM a\nLABEL {% if x %}a=b{% endif %}\n", "{%", 2),
            ("FROM ${docker.base.image}\n", "${", 1),
            ("FROM a\nCOPY ${pkg.name}.deb /tmp/\n", "${", 2),
            ("FROM a:${java.version}-jre\n", "${", 1),
            ("FROM [server-modules] AS a\n", "[server-modules]", 1),
            ("ARG V\nFROM @BASE_IMAGE@:@TAG@\n", "@BASE_IMAGE@:@TAG@", 2),
            ("FROM <registry/image>:1\n", "<registry/image>:1", 1),
        ] {
            assert_eq!(mark(text), Some((tag.to_owned(), line)), "{text}");
        }
    }

    #[test]
    fn what_looks_alike_and_is_text() {
        for text in [
            "FROM a\nRUN docker inspect -f '{{.Id}}' x\n",
            "FROM a\nRUN docker ps --format \\\n  {{.Names}}\n",
            "FROM a\nHEALTHCHECK CMD test \"$(x -f '{{ .State }}')\" = up\n",
            "FROM a\nCMD [\"x\", \"--format\", \"{{ json . }}\"]\n",
            "FROM a\nCOPY <<EOF /x\n{% if y %}\n{{ z }}\n{% endif %}\nEOF\n",
            "FROM a\nRUN cat <<'EOF' > /x.j2\n{{ z }}\nEOF\n",
            "FROM a\nENV FORMAT={{.Names}}\n",
            "FROM a\nLABEL x=\"{{ y }}\"\n",
            "# {{ x }}\nFROM a\n",
            "FROM a@sha256:0123\nUSER b@c\n",
            // What is around a placeholder can be checked all the same.
            "FROM buildpack-deps:%%SUITE%%-scm\n",
            "FROM a\nRUN echo '\\\n{{ x }}\\n\\\n' > b\n",
            "FROM a\nRUN(apt-get update)\n",
            "FROM a\nprint(\"x\")\n",
            "FROM a\nincluded (x)\n",
            "ARG V=1\nFROM a:${V}\n",
            "FROM a AS THE_BASE\nFROM THE_BASE\n",
            "ARG BASE_IMAGE\nFROM BASE_IMAGE\n",
            "FROM UBUNTU\n",
            "FROM REPLACE-ME\n",
            "FROM __image__\n",
            "FROM [\"a\"]\n",
            "FROM []\n",
            "FROM <a\n",
            "FROM @sha256:0123\n",
            "FROM a@b@\n",
            "FROM --_\n",
            "FROM Build-Me\n",
            "FROM a\nRUN mvn -Dx=${project.version} package\n",
            "FROM a\nCOPY ${a.}.deb /tmp/\n",
            "FROM a\nRUN echo \\\n...\n",
            "# ...\nFROM a\n",
            "",
        ] {
            assert_eq!(mark(text), None, "{text}");
        }
    }
}
