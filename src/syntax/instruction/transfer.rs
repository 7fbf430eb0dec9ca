//! COPY and ADD.

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, one_of};
use nom::combinator::{all_consuming, recognize};
use nom::multi::{many0, many1, separated_list1};
use nom::{IResult, Parser};

use super::{Arguments, literal_flag, remote};
use crate::syntax::ast::{Flag, Heredoc, Keyword, Kind, Transfer, TransferSource, Word};
use crate::syntax::cx::Cx;
use crate::syntax::digest::digest_fault;
use crate::syntax::heredoc;
use crate::syntax::message::code;
use crate::syntax::text::Mapped;
use crate::syntax::word;

/// Sources and a destination.
pub(super) fn parse<'s>(
    cx: &mut Cx,
    arguments: &Arguments<'_, 's>,
    flags: &[Flag<'s>],
) -> Option<Kind<'s>> {
    let name = arguments.keyword.name();
    if arguments.missing(cx, "its source and destination", &format!("{name} source destination")) {
        return None;
    }
    let (mut words, json) = arguments.list(cx)?;
    let destination = words.pop();
    let Some(destination) = destination.filter(|_| !words.is_empty()) else {
        let place = arguments.text.span(arguments.body.clone());
        let help = format!("write `{name} source destination`");
        cx.refuse(place, format!("`{name}` lacks its destination"), help);
        return None;
    };
    if heredoc::marker(&destination.text).is_some() {
        let help = "put the path last and the heredoc before it";
        cx.refuse(destination.span, format!("`{name}` cannot copy into a heredoc"), help);
    }
    let sources: Vec<_> = words.into_iter().map(|word| source(arguments, word)).collect();
    check_flags(cx, arguments.keyword, &sources, flags);
    for source in &sources {
        let heredoc = source.heredoc.and_then(|index| arguments.heredocs.get(index));
        if let Some(heredoc) = heredoc.filter(|heredoc| heredoc.expand) {
            check_body(cx, arguments.file, heredoc);
        }
    }
    Some(match arguments.keyword {
        Keyword::Copy => Kind::Copy(Transfer { sources, destination, json }),
        _ => Kind::Add(Transfer { sources, destination, json }),
    })
}

fn source<'s>(arguments: &Arguments<'_, 's>, word: Word<'s>) -> TransferSource<'s> {
    let name = heredoc::marker(&word.text).map(|marker| marker.name);
    let heredoc = name.and_then(|name| {
        let at = arguments.heredocs.partition_point(|it| it.marker_span.start < word.span.start);
        let here = arguments.heredocs.get(at).filter(|it| it.marker_span.start == word.span.start);
        here.filter(|it| it.name == name).map(|_| at)
    });
    TransferSource { word, heredoc }
}

fn check_body(cx: &mut Cx, file: &str, it: &Heredoc<'_>) {
    let body = Mapped::verbatim(file, it.body.range());
    if let Some(fault) = word::parse(&body, body.range(), heredoc::BODY).fault {
        cx.fault(fault.kind, body.str(fault.range.clone()), body.span(fault.range));
    }
}

fn check_flags(cx: &mut Cx, keyword: Keyword, sources: &[TransferSource<'_>], flags: &[Flag<'_>]) {
    if keyword == Keyword::Copy {
        check_from(cx, flags);
        for source in sources {
            if source.word.literal().is_some_and(|text| is_remote(&text)) {
                let shown = code(&source.word.text);
                let help = "use `ADD` to download files";
                cx.refuse(
                    source.word.span,
                    format!("`COPY` cannot download the URL {shown}"),
                    help,
                );
            }
        }
    } else {
        check_checksum(cx, sources, flags);
        for source in sources.iter().filter(|it| it.heredoc.is_none()) {
            remote::check(cx, source);
        }
    }
    let Some((value, mode)) = literal_flag(flags, "chmod") else { return };
    if !mode.is_empty() && !is_mode(&mode) {
        let help = "write an octal number up to `7777`, or a symbolic mode such as `u=rwX,go=rX`";
        cx.refuse(value.span, format!("{} is not a file mode", code(&mode)), help);
    }
}

fn check_from(cx: &mut Cx, flags: &[Flag<'_>]) {
    let from = flags.iter().find(|flag| flag.name == "from");
    let Some(value) = from.and_then(|flag| flag.value.as_ref()) else { return };
    // podman and buildah expand those in the name of an image: a rule reports it.
    if value.text.contains('$') && !value.text.ends_with('$') && !value.text.contains('/') {
        cx.refuse(
            value.span,
            "`COPY --from` does not expand variables",
            "add a stage for the image, `FROM $IMAGE AS name`, and copy from it",
        );
    }
}

fn check_checksum(cx: &mut Cx, sources: &[TransferSource<'_>], flags: &[Flag<'_>]) {
    let Some(flag) = flags.iter().find(|flag| flag.name == "checksum") else { return };
    if flag.value.as_ref().is_none_or(|value| value.text.is_empty()) {
        return;
    }
    let paths: Vec<_> =
        sources.iter().filter(|it| heredoc::marker(&it.word.text).is_none()).collect();
    let local = |word: &Word<'_>| {
        word.literal().is_some_and(|text| !is_remote(&text) && !text.contains(".git"))
    };
    match paths.as_slice() {
        [source] if local(&source.word) && !source.word.text.starts_with("github.com/") => cx
            .refuse(
                flag.span,
                "`--checksum` works only with downloads",
                "remove the flag, or add the URL of the file",
            ),
        [source] => check_digest(cx, &source.word, flags),
        _ => cx.refuse(
            flag.span,
            "`--checksum` needs exactly one source",
            "download each file with its own `ADD`",
        ),
    }
}

/// The checksum of a downloaded file is a digest; that of a repository is a commit.
fn check_digest(cx: &mut Cx, source: &Word<'_>, flags: &[Flag<'_>]) {
    let is_file = source.literal().is_some_and(|it| {
        (it.starts_with("http://") || it.starts_with("https://")) && !remote::is_repository(&it)
    });
    let Some((value, digest)) = literal_flag(flags, "checksum").filter(|_| is_file) else { return };
    if let Some(fault) = digest_fault(&digest) {
        let (message, help) = fault.tell("the checksum");
        cx.refuse(value.span, message, help);
    }
}

/// Whether a source is a URL without doubt.
fn is_remote(text: &str) -> bool {
    let scheme: IResult<&str, &str> =
        alt((tag("http://"), tag("https://"), tag("git://"), tag("ssh://"), tag("git@")))
            .parse(text);
    scheme.is_ok_and(|(rest, scheme)| scheme != "git@" || rest.contains(':'))
}

fn is_mode(text: &str) -> bool {
    match u32::from_str_radix(text, 8) {
        Ok(mode) => mode <= 0o7777,
        Err(_) => symbolic(text).is_ok(),
    }
}

fn symbolic(text: &str) -> IResult<&str, &str> {
    let who = many0(one_of("ugoa"));
    let action = (one_of("+-="), many0(one_of("rwxXstugo")));
    recognize(all_consuming(separated_list1(char(','), (who, many1(action))))).parse(text)
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::{Kind, parse};

    fn messages(line: &str) -> Vec<String> {
        let source = Source::new("", format!("FROM x\n{line}\n"));
        parse(&source).errors.into_iter().map(|error| error.message).collect()
    }

    #[test]
    fn a_destination_is_needed() {
        assert_eq!(messages("COPY a"), ["`COPY` lacks its destination"]);
        assert_eq!(messages("ADD"), ["`ADD` lacks its source and destination"]);
        assert_eq!(messages("COPY [\"a\"]"), ["`COPY` lacks its destination"]);
    }

    #[test]
    fn heredocs_are_sources() {
        let source = Source::new("", "FROM x\nCOPY a <<B c/\nbody\nB\n");
        let doc = parse(&source);
        assert_eq!(doc.errors, []);
        let Kind::Copy(copy) = &doc.instructions[1].kind else { panic!("no COPY") };
        assert_eq!(copy.sources[0].heredoc, None);
        assert_eq!(copy.sources[1].heredoc, Some(0));
        assert_eq!(source.slice(doc.instructions[1].heredocs[0].body), "body\n");
    }

    #[test]
    fn modes_are_octal_or_symbolic() {
        for good in ["755", "0755", "u+x", "u=rwX,go=rX", "+x", "$MODE", "a=u"] {
            assert_eq!(messages(&format!("COPY --chmod={good} a b")), [""; 0], "{good}");
        }
        for bad in ["888", "77777", "x", "rwx"] {
            assert_eq!(messages(&format!("COPY --chmod={bad} a b")).len(), 1, "{bad}");
        }
    }

    #[test]
    fn what_copy_cannot_do_is_refused() {
        assert_eq!(messages("COPY https://x/y z").len(), 1);
        assert_eq!(messages("ADD https://x/y z"), [""; 0]);
        assert_eq!(messages("COPY --from=$x a b"), ["`COPY --from` does not expand variables"]);
        assert_eq!(messages("ADD --checksum=sha256:1 a b").len(), 1);
    }

    #[test]
    fn the_checksum_of_a_file_is_a_digest() {
        let digits = "0123456789abcdef".repeat(4);
        let add = |sum: &str, url: &str| messages(&format!("ADD --checksum={sum} {url} b"));
        assert_eq!(add(&format!("sha256:{digits}"), "https://x/y"), [""; 0]);
        assert_eq!(add(&digits, "https://x/y"), ["the checksum lacks its algorithm"]);
        assert_eq!(add("sha256:1", "http://x/y"), ["the checksum does not have 64 digits"]);
        let unknown = "the checksum has an algorithm that builders do not know";
        assert_eq!(add("md5:0123", "https://x/y"), [unknown]);
        let upper = format!("sha256:{}", digits.to_uppercase());
        let letters = "the checksum has characters that are not hexadecimal digits";
        assert_eq!(add(&upper, "https://x/y"), [letters]);
        // Of a repository it is a commit, and of a variable nothing is known.
        assert_eq!(add(&digits[..40], "https://x/y.git"), [""; 0]);
        assert_eq!(add("$SUM", "https://x/y"), [""; 0]);
        assert_eq!(add("1", "$URL"), [""; 0]);
    }
}
