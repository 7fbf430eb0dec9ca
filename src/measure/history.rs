//! What an image's history says of its steps, for people and for the search of their lines.

use super::dialects::{read, squeeze};
use crate::image::{Image, Step};
use crate::secrets::announces_secret;

/// The command of a RUN without the build arguments and the shell before it, as far as they can be reported.
pub(super) fn command(text: &str) -> &str {
    let text = match text.strip_prefix('|') {
        // `|2 A=1 B=two words /bin/sh -c …`: values may have blanks, so the shell is looked for.
        Some(rest) => {
            let shells = [
                " /bin/sh ",
                " /bin/bash ",
                " /bin/ash ",
                " /usr/bin/",
                " sh -",
                " bash -",
                " powershell ",
            ];
            let at = shells.iter().filter_map(|it| rest.find(it)).min();
            at.map_or(text, |at| &rest[at + 1..])
        }
        None => text,
    };
    for shell in ["/bin/sh -c ", "/bin/bash -c ", "/bin/ash -c "] {
        if let Some(rest) = text.strip_prefix(shell) {
            return rest;
        }
    }
    text
}

/// The text of a step for people: without the values of build arguments, and without what looks like a secret.
pub fn show(step: &Step) -> String {
    let made = read(step);
    let text = match made.keyword.as_str() {
        "RUN" => {
            let shown = command(&made.text);
            if shown.starts_with('|') { "…" } else { shown }
        }
        "ARG" => made.text.split(['=', ' ']).next().unwrap_or(""),
        _ => &made.text,
    };
    let text = arguments(&made.text).iter().fold(text.to_owned(), |text, it| text.replace(it, "…"));
    let line = match (made.keyword.is_empty(), step.comment.is_empty()) {
        (true, true) => "(no record)".to_owned(),
        (true, false) => format!("({})", squeeze(&step.comment)),
        _ => format!("{} {}", made.keyword, redact(&text)),
    };
    line.trim_end().to_owned()
}

/// The values of the build arguments that are before a command; short ones are words like any other.
fn arguments(text: &str) -> Vec<String> {
    let Some(rest) = text.strip_prefix('|') else { return Vec::new() };
    let before = &rest[..rest.len() - command(text).len().min(rest.len())];
    let values = before.split(' ').skip(1).filter_map(|it| it.split_once('=').map(|it| it.1));
    values.filter(|it| it.len() >= 6).map(str::to_owned).collect()
}

/// The first step and the number of steps that a builder put into one layer, where the step that the layer is recorded for
/// makes no files: buildah without layers, and squashed images.
pub fn in_one_layer(image: &Image, layer: usize) -> Option<(usize, usize)> {
    let makes_files = |step: &usize| {
        matches!(read(&image.history[*step]).keyword.as_str(), "RUN" | "COPY" | "ADD" | "WORKDIR")
    };
    let last = image.layers[layer].step?;
    let below = image.layers[..layer].iter().rev().find_map(|it| it.step);
    let steps: Vec<usize> = (below.map_or(0, |it| it + 1)..=last).filter(makes_files).collect();
    let first = *steps.first().filter(|_| !makes_files(&last))?;
    Some((first, steps.len()))
}

/// How the tokens of well-known services start.
/// Source: <https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns>.
const TOKENS: &[&str] = &[
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "npm_",
    "xoxb-",
    "xoxp-",
    "sk-",
    "AKIA",
    "hf_",
    "pypi-",
];

/// A text without what looks like a secret: values of names such as `API_TOKEN`, credentials in URLs, tokens of
/// well-known services.
fn redact(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    // Whether the last word said that a secret follows, and whether it goes on over blanks until the next name.
    let (mut follows, mut goes_on) = (false, false);
    for word in text.split(' ') {
        let plain = word.trim_matches(['"', '\'', ';', ',']);
        let (name, value) = match plain.split_once('=').or_else(|| plain.split_once(": ")) {
            Some((name, value)) => (name, Some(value)),
            None => (plain, None),
        };
        let is_name = !name.is_empty()
            && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-.".contains(&it));
        let lower = name.trim_end_matches(':').to_ascii_lowercase();
        let is_secret = announces_secret(name);
        if value.is_some() && is_name {
            goes_on = is_secret;
            follows = false;
            words.push(if is_secret { format!("{name}=…") } else { hidden(word) });
        } else if goes_on && value.is_none() && !word.starts_with(['&', '|', ';', '-', '>', '<']) {
            // `TOKEN=two words`, whose quotes the builder took.
        } else if follows && !word.starts_with('-') {
            follows = is_secret;
            words.push("…".to_owned());
        } else {
            goes_on = false;
            follows =
                is_secret && (plain.starts_with('-') || plain.ends_with(':') || lower == "bearer");
            words.push(hidden(word));
        }
    }
    words.join(" ")
}

/// A word without the credentials of a URL and without a token.
fn hidden(word: &str) -> String {
    if let Some(at) = TOKENS.iter().filter_map(|it| word.find(it)).min()
        && word.len() - at >= 16
    {
        return format!("{}…", &word[..at]);
    }
    let Some((scheme, rest)) = word.split_once("://") else { return word.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://…{}", &rest[at..]),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(created_by: &str) -> Step {
        Step { created_by: created_by.to_owned(), ..Step::default() }
    }

    #[test]
    fn commands_are_found_after_build_arguments() {
        assert_eq!(command("|2 A=1 B=two words /bin/sh -c make all"), "make all");
    }

    #[test]
    fn values_of_arguments_are_not_shown() {
        let shown = [
            ("RUN |1 TOKEN=hunter22 /bin/sh -c curl -H hunter22 # buildkit", "RUN curl -H …"),
            ("|1 TOKEN=hunter22 /bin/rm /big", "RUN …"),
            ("ARG TOKEN=hunter22", "ARG TOKEN"),
            ("/bin/sh -c #(nop)  ENV API_TOKEN=hunter22 A=1", "ENV API_TOKEN=… A=1"),
            ("ENV API_TOKEN=two words B=1", "ENV API_TOKEN=… B=1"),
            ("/bin/sh -c export DB_PASSWORD=hunter22 && make", "RUN export DB_PASSWORD=… && make"),
            (
                "/bin/sh -c curl -H \"Authorization: Bearer abc.def\" x",
                "RUN curl -H \"Authorization: … … x",
            ),
            (
                "/bin/sh -c git clone https://me:hunter22@example.com/a",
                "RUN git clone https://…@example.com/a",
            ),
            ("/bin/sh -c login --password hunter22 --user me", "RUN login --password … --user me"),
            ("/bin/sh -c echo ghp_0123456789abcdef > t", "RUN echo … > t"),
            ("/bin/sh -c make A=1 test", "RUN make A=1 test"),
            // What is in front of a `=` is not always a name.
            ("/bin/sh -c a b/TOKEN=c d", "RUN a b/TOKEN=c d"),
            ("/bin/sh -c login --password hunter22 c/d=e", "RUN login --password … c/d=e"),
            ("", "(no record)"),
        ];
        for (text, expected) in shown {
            assert_eq!(show(&step(text)), expected);
        }
    }
}
