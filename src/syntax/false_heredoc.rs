//! Heredocs that a person wrote and the builder does not read: one error where each starts, and none for its lines.
//!
//! Only RUN, COPY and ADD take heredocs, and only where the marker is its own word. Without a heredoc the builder
//! takes each line of the text for an instruction.

use std::collections::HashMap;
use std::ops::Range;

use super::ast::{Dockerfile, Instruction, Keyword, Kind};
use super::cx::Cx;
use super::message::{code, error};
use crate::source::Span;

/// Replaces the errors of the lines of such heredocs by one at the marker. What is in them is not an instruction.
pub(super) fn settle(doc: &mut Dockerfile<'_>, cx: &mut Cx) {
    // The lines that may be the end of one: a single word that is not an instruction.
    let mut ends: HashMap<String, Vec<usize>> = HashMap::new();
    for it in doc.instructions.iter().filter(|it| it.keyword == Keyword::Unknown) {
        if it.body.value.is_empty() && it.flags.is_empty() {
            ends.entry(it.word.to_string()).or_default().push(it.id);
        }
    }
    if ends.is_empty() {
        return;
    }
    let mut next = 0;
    let (mut swallowed, mut found) = (Vec::<Span>::new(), Vec::new());
    for id in 0..doc.instructions.len() {
        if id < next {
            continue;
        }
        let instruction = &doc.instructions[id];
        let Some((marker, end)) = unread(instruction, &ends) else { continue };
        let message = match reason(instruction, &marker) {
            Reason::Keyword => {
                format!("`{}` does not support heredocs", instruction.keyword.name())
            }
            Reason::Blank => "a space after `<<-` hides the heredoc from the builder".to_owned(),
            Reason::NoBlank => {
                let seen = &instruction.body.value[marker.start..marker.end];
                format!("the builder sees no heredoc without a space before {}", code(seen))
            }
            Reason::Other => "the builder does not see this heredoc".to_owned(),
        };
        let help = match reason(instruction, &marker) {
            Reason::Keyword => "write the script with `COPY <<EOF /path`, and run that".to_owned(),
            Reason::Blank => format!("write `<<-{}`", marker.name),
            Reason::NoBlank => "put a space before `<<`".to_owned(),
            Reason::Other => "close the quotes and variables on its line".to_owned(),
        };
        let place = instruction.body.span_of(marker.start..marker.end);
        let lines = Span { start: instruction.span.start, end: doc.instructions[end].span.end };
        swallowed.push(lines);
        found.push(error(place, message, help));
        for it in &mut doc.instructions[id..=end] {
            it.kind = Kind::Invalid;
        }
        next = end + 1;
    }
    cx.errors.retain(|it| {
        let after = swallowed.partition_point(|lines| lines.end < it.span.end);
        swallowed.get(after).is_none_or(|lines| !lines.contains(it.span))
    });
    cx.errors.extend(found);
}

/// A marker as a shell reads it.
struct Marker<'t> {
    start: usize,
    end: usize,
    name: &'t str,
    /// Whether blanks are between `<<-` and the name.
    blank: bool,
}

/// The first marker of an instruction without heredocs whose end is on its own line further down, and the
/// instruction that this line was taken for.
fn unread<'i>(
    instruction: &'i Instruction<'_>,
    ends: &HashMap<String, Vec<usize>>,
) -> Option<(Marker<'i>, usize)> {
    let wrapped = match &instruction.kind {
        Kind::Onbuild(inner) => inner.heredocs.len(),
        _ => 0,
    };
    if instruction.heredocs.len() + wrapped > 0 || instruction.keyword == Keyword::Unknown {
        return None;
    }
    let text = &*instruction.body.value;
    let places = text.match_indices("<<").map(|(at, _)| at);
    places.filter_map(|at| marker(text, at)).find_map(|marker| {
        let lines = ends.get(marker.name)?;
        let end = *lines.get(lines.partition_point(|&it| it <= instruction.id))?;
        Some((marker, end))
    })
}

/// `<<`, `-`, blanks, and a name that may be quoted.
fn marker(text: &str, at: usize) -> Option<Marker<'_>> {
    let rest = &text[at + 2..];
    if text[..at].ends_with('<') || rest.starts_with('<') {
        return None;
    }
    let (rest, dash) = rest.strip_prefix('-').map_or((rest, false), |rest| (rest, true));
    let quoted = rest.trim_start_matches([' ', '\t']);
    let name = quoted.trim_start_matches(['\'', '"', '\\']);
    let length = name.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    let length = length.unwrap_or(name.len());
    let closing = &name[length..];
    let behind = closing.len() - closing.trim_start_matches(['\'', '"']).len();
    let range = Range { start: at, end: text.len() - closing.len() + behind };
    (length > 0).then_some(Marker {
        start: range.start,
        end: range.end,
        name: &name[..length],
        blank: dash && quoted.len() < rest.len(),
    })
}

/// Why the builder does not read it.
enum Reason {
    Keyword,
    Blank,
    NoBlank,
    Other,
}

fn reason(instruction: &Instruction<'_>, marker: &Marker<'_>) -> Reason {
    let taken = matches!(
        instruction.keyword,
        Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Onbuild
    );
    let before =
        instruction.body.value[..marker.start].trim_end_matches(|it: char| it.is_ascii_digit());
    if !taken {
        Reason::Keyword
    } else if marker.blank {
        Reason::Blank
    } else if !before.is_empty() && !before.ends_with(char::is_whitespace) {
        Reason::NoBlank
    } else {
        Reason::Other
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::parse;

    /// Each error as the words it points at and its message.
    fn errors(lines: &str) -> Vec<(String, String)> {
        let source = Source::new("", format!("FROM x\n{lines}"));
        let errors = parse(&source).errors.into_iter();
        errors.map(|it| (source.slice(it.span).to_owned(), it.message)).collect()
    }

    fn one(place: &str, message: &str) -> Vec<(String, String)> {
        vec![(place.to_owned(), message.to_owned())]
    }

    #[test]
    fn instructions_without_heredocs_are_named() {
        let cmd = one("<<EOF", "`CMD` does not support heredocs");
        assert_eq!(errors("CMD <<EOF\necho hi\nuser x\nEOF\n"), cmd);
        let entry = one("<<-'END'", "`ENTRYPOINT` does not support heredocs");
        assert_eq!(errors("ENTRYPOINT sh <<-'END'\n\tfoo\n\tEND\nCMD [\"a\"]\n"), entry);
        let env = one("<<X", "`ENV` does not support heredocs");
        assert_eq!(errors("ENV A=<<X\nfoo bar\nX\n"), env);
    }

    #[test]
    fn markers_that_the_builder_overlooks_have_a_reason() {
        let blank = one("<<- EOF", "a space after `<<-` hides the heredoc from the builder");
        assert_eq!(errors("RUN cat <<- EOF\n\techo hi\n\tEOF\nRUN b\n"), blank);
        assert_eq!(errors("ONBUILD RUN cat <<- EOF\n\techo hi\n\tEOF\n"), blank);
        let glued = one("<<EOF", "the builder sees no heredoc without a space before `<<EOF`");
        assert_eq!(errors("RUN cat<<EOF\nhi\nEOF\n"), glued);
        let other = one("<<EOF", "the builder does not see this heredoc");
        assert_eq!(errors("RUN cat <<EOF && echo don't\nhi\nEOF\n"), other);
    }

    #[test]
    fn without_the_end_nothing_says_that_it_is_one() {
        assert_eq!(errors("RUN echo $((1<<X))\n"), []);
        assert_eq!(errors("CMD <<EOF\n"), []);
        assert_eq!(errors("RUN cat <<<EOF\nEOF\n"), one("EOF", "unknown instruction `EOF`"));
        assert_eq!(
            errors("RUN cat <<EOF\nhi\nEOF\nFOO\n"),
            one("FOO", "unknown instruction `FOO`")
        );
    }
}
