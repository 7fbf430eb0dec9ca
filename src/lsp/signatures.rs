//! The form of an instruction or flag that is being written, and which part of it is next.

use std::ops::Range;

use super::completion::Argument;
use super::reference::{self, MOUNT_TYPES};
use crate::syntax::Keyword;

/// All forms of what is written.
pub(super) struct Help {
    pub(super) forms: Vec<Form>,
    /// The one that fits.
    pub(super) active: usize,
    /// The part of that one that is being written.
    pub(super) part: Option<usize>,
    /// What it does, as Markdown.
    pub(super) text: String,
    /// Whether it is a command that has begun.
    pub(super) is_in_command: bool,
}

/// One form.
pub(super) struct Form {
    pub(super) label: String,
    pub(super) parts: Vec<Part>,
}

/// A part of a form: its place, and what it means if the text of the whole does not say it.
pub(super) type Part = (Range<usize>, Option<&'static str>);

/// The forms of what is being written there.
pub(super) fn help(it: &Argument) -> Option<Help> {
    let is_flag = !it.has_operands && it.word.starts_with("--");
    match it.word.split_once('=').filter(|_| is_flag) {
        Some(("--mount", value)) if it.keyword == Keyword::Run => Some(mount(value)),
        Some((flag, _)) => value(it.keyword, flag),
        None => instruction(it, is_flag),
    }
}

/// A flag and its value.
fn value(keyword: Keyword, flag: &str) -> Option<Help> {
    let name = flag.trim_start_matches('-');
    let text = reference::flag(keyword, name)?.to_owned();
    let label = format!("{flag}={}", reference::flag_value(name));
    let parts = vec![(flag.len() + 1..label.len(), None)];
    Some(Help {
        forms: vec![Form { label, parts }],
        active: 0,
        part: Some(0),
        text,
        is_in_command: false,
    })
}

/// `--mount` with the keys of its type.
fn mount(value: &str) -> Help {
    let fields: Vec<&str> = value.split(',').collect();
    let (now, before) = fields.split_last().unwrap_or((&"", &[]));
    let key_of = |field: &str| -> String {
        reference::plain_key(field.split('=').next().unwrap_or_default()).to_owned()
    };
    let mut types = fields.iter().filter_map(|it| it.strip_prefix("type="));
    let kind = types.next_back();
    let known = MOUNT_TYPES.iter().find(|it| it.0 == kind.unwrap_or("bind"));
    let is_choosing = now.starts_with("type=") || known.is_none();
    let names: Vec<&str> = MOUNT_TYPES.iter().map(|it| it.0).collect();
    let chosen = if is_choosing { names.join("|") } else { kind.unwrap_or("bind").to_owned() };

    let mut label = format!("--mount=type={chosen}");
    let mut parts: Vec<Part> = vec![("--mount=".len()..label.len(), None)];
    let mut keys = vec!["type"];
    for (key, text) in known.map_or(&[][..], |it| reference::mount_keys(it.0)) {
        let start = label.len() + 1;
        label += &format!(",{key}{}", if reference::is_plain(key) { "" } else { "=…" });
        parts.push((start..label.len(), Some(text)));
        keys.push(key);
    }
    let typed = key_of(now);
    let is_given = |key: &str| before.iter().any(|it| key_of(it) == key);
    let next = || keys.iter().position(|it| it.starts_with(&typed) && !is_given(it));
    let part = match now.contains('=') {
        true => keys.iter().position(|it| *it == typed),
        false => next(),
    };
    let text = known.map_or("Mounts something while the command runs.", |it| it.1).to_owned();
    let forms = vec![Form { label, parts }];
    Help { forms, active: 0, part, text, is_in_command: false }
}

/// The forms of an instruction.
fn instruction(it: &Argument, is_flag: bool) -> Option<Help> {
    let entry = reference::instruction(it.keyword)?;
    let form = |label: &&str| Form { label: (*label).to_owned(), parts: parts(label) };
    let forms: Vec<Form> = entry.forms.iter().map(form).collect();
    let words = it.before.iter().chain([&it.word]);
    let operands: Vec<&str> =
        words.skip_while(|word| word.starts_with("--")).map(String::as_str).collect();
    let first = operands.first().copied().unwrap_or_default();
    let active = forms.iter().position(|it| fits(&it.label, first)).unwrap_or(0);
    let chosen = &forms[active];
    let is_option = |part: &Part| is_option(&chosen.label[part.0.clone()]);
    let part = if is_flag {
        chosen.parts.iter().position(is_option)
    } else {
        let index = match chosen.label.contains('[') && first.starts_with('[') {
            true => operands.concat().matches(',').count(),
            false => operands.len().saturating_sub(1),
        };
        let own = chosen.parts.iter().enumerate().filter(|it| !is_option(it.1)).map(|it| it.0);
        let own: Vec<usize> = own.collect();
        own.get(index).or(own.last()).copied()
    };
    let is_command = part.is_some_and(|it| &chosen.label[chosen.parts[it].0.clone()] == "command");
    let first = if it.keyword == Keyword::Healthcheck { 2 } else { 1 };
    let is_in_command = is_command && operands.len() > first;
    Some(Help { forms, active, part, text: entry.text.to_owned(), is_in_command })
}

/// Whether a form is the one of an instruction with that first word behind the flags.
fn fits(form: &str, first: &str) -> bool {
    let is_json = form.contains("[\"");
    if first.is_empty() {
        return true;
    }
    match form.split_once(' ') {
        Some((_, "NONE")) => first.eq_ignore_ascii_case("NONE"),
        Some((_, "<<EOF")) => first.starts_with("<<"),
        _ if first.starts_with('[') => is_json,
        // The last form of RUN.
        _ if first.starts_with("<<") => form.starts_with("COPY") || form.starts_with("ADD"),
        _ if form.starts_with("HEALTHCHECK") => !first.eq_ignore_ascii_case("NONE"),
        _ => !is_json,
    }
}

/// Whether a part of a form stands for flags.
fn is_option(part: &str) -> bool {
    part == "[OPTIONS]" || part.starts_with("[--")
}

/// The parts of a form behind its keyword: its words, the strings of a JSON array one by one.
fn parts(form: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut depth, mut start) = (0_usize, None);
    let ends = form.char_indices().chain([(form.len(), ' ')]);
    for (at, letter) in ends.skip_while(|it| it.1 != ' ') {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter != ' ' || depth > 0 {
            start.get_or_insert(at);
        } else if let Some(first) = start.take() {
            let word = &form[first..at];
            match parts.last_mut() {
                // It goes on like the one before.
                Some(last) if word == "…" => last.0.end = at,
                _ if word.starts_with("[\"") => {
                    let quotes: Vec<usize> =
                        word.match_indices('"').map(|it| first + it.0).collect();
                    parts.extend(quotes.chunks_exact(2).map(|it| (it[0]..it[1] + 1, None)));
                }
                _ => parts.push((first..at, None)),
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::completion::argument_at;
    use crate::lsp::position::narrow;
    use crate::source::Source;
    use crate::syntax::parse;

    /// The form at the `^` of an instruction, with the part that is being written between brackets.
    fn shown(text: &str) -> String {
        let text = format!("FROM a\n{text}");
        let offset = narrow(text.find('^').unwrap_or(0));
        let source = Source::new("Dockerfile", text.replace('^', ""));
        let Some(help) = argument_at(&parse(&source), offset).and_then(|it| help(&it)) else {
            return "none".to_owned();
        };
        let form = &help.forms[help.active];
        let Some(part) = help.part else { return form.label.clone() };
        let Range { start, end } = form.parts[part].0.clone();
        format!("{}>{}<{}", &form.label[..start], &form.label[start..end], &form.label[end..])
    }

    #[test]
    fn the_part_is_the_one_that_comes_next() {
        for (text, form) in [
            ("COPY ^", "COPY [OPTIONS] >source…< destination"),
            ("COPY --link a $B^", "COPY [OPTIONS] source… >destination<"),
            ("COPY a b c^", "COPY [OPTIONS] source… >destination<"),
            ("COPY --li^", "COPY >[OPTIONS]< source… destination"),
            ("ENV A=1 B=^", "ENV >NAME=value …<"),
            ("FROM ^", "FROM [--platform=platform] >image[:tag|@digest]< [AS name]"),
            ("FROM --p^", "FROM >[--platform=platform]< image[:tag|@digest] [AS name]"),
            ("FROM a AS b^", "FROM [--platform=platform] image[:tag|@digest] >[AS name]<"),
            ("HEALTHCHECK ^", "HEALTHCHECK [OPTIONS] >CMD< command"),
            ("HEALTHCHECK --interval=1s CMD x^", "HEALTHCHECK [OPTIONS] CMD >command<"),
            ("HEALTHCHECK NONE^", "HEALTHCHECK >NONE<"),
            ("CMD ^", "CMD [>\"program\"<, \"argument\"]"),
            ("CMD [\"a\", \"b^", "CMD [\"program\", >\"argument\"<]"),
            ("CMD [\"a\",\"b\",\"c\"^]", "CMD [\"program\", >\"argument\"<]"),
            ("CMD a b^", "CMD >command<"),
            ("RUN --network=none a && b^", "RUN [OPTIONS] >command<"),
            ("RUN <<E^", "RUN ><<EOF<"),
            ("COPY <<E /x^", "COPY [OPTIONS] source… >destination<"),
            ("ONBUILD USER ^", "USER >user[:group]<"),
            ("VOLUME /a /b^", "VOLUME >/path …<"),
            ("RUN a \\\n  b^", "RUN [OPTIONS] >command<"),
        ] {
            assert_eq!(shown(text), form, "{text}");
        }
        for nothing in ["COPY^", "RUN <<E\nx^\nE", "# x ^", "NOTHING ^"] {
            assert_eq!(shown(nothing), "none", "{nothing}");
        }
    }

    #[test]
    fn flags_have_values_and_mounts_have_keys() {
        let cache = "target=…,sharing=…,id=…,from=…,source=…,mode=…,uid=…,gid=…,ro";
        for (text, form) in [
            ("COPY --chown=^", "--chown=>user[:group]<".to_owned()),
            ("COPY --from=x --chmod=7^", "--chmod=>mode<".to_owned()),
            ("HEALTHCHECK --retries=^", "--retries=>number<".to_owned()),
            ("RUN --mount=^", ">type=bind<,target=…,source=…,from=…,rw".to_owned()),
            ("RUN --mount=type=^", ">type=bind|cache|secret|ssh|tmpfs<".to_owned()),
            (
                "RUN --mount=type=tmpfs^",
                ">type=bind|cache|secret|ssh|tmpfs<,target=…,size=…".to_owned(),
            ),
            ("RUN --mount=type=tmpfs,^", "type=tmpfs,>target=…<,size=…".to_owned()),
            ("RUN --mount=type=tmpfs,dst=/x,^", "type=tmpfs,target=…,>size=…<".to_owned()),
            ("RUN --mount=dst=/x^", "type=bind,>target=…<,source=…,from=…,rw".to_owned()),
            ("RUN --mount=type=cache,sh^", {
                format!("type=cache,{}", cache.replace("sharing=…", ">sharing=…<"))
            }),
            ("RUN --mount=type=cache,odd=^", format!("type=cache,{cache}")),
        ] {
            let prefix = if text.contains("--mount") { "--mount=" } else { "" };
            let form = format!("{prefix}{form}");
            assert_eq!(shown(text), form, "{text}");
        }
        assert_eq!(shown("COPY --odd=^"), "none");
    }
}
