//! A rule's page: what it finds, why, an example of each kind, how to suppress it. From the same values come
//! the page in the terminal and the one in `docs/`.

use super::{Style, columns, fixability};
use crate::lint::{Applicability, Category, Family, Meta, Once, Profile};

/// How to keep a rule quiet, in five reaches.
const REACHES: [(&str, &str); 5] = [
    ("for one instruction, in a comment above it", "# layerwise ignore=CODE the reason"),
    ("for a stage, in a comment above its `FROM`", "# layerwise stage-ignore=CODE"),
    ("for a file, in a comment anywhere", "# layerwise file-ignore=CODE"),
    ("for a project, in layerwise.yaml", "ignore: [CODE]"),
    ("for a run", "layerwise check --ignore CODE"),
];

/// The page for a terminal, with what is known of the fixes.
pub fn terminal(meta: &Meta, fix: Option<&str>, style: Style) -> String {
    let mut page = format!("{} {}\n{}\n\n", style.bold(meta.code), meta.name, facts(meta));
    // The codes of ShellCheck have no more to say than their summary.
    let summary = sentence(meta.summary);
    if !meta.why.starts_with(&summary) {
        page += &wrap(&summary, style.width);
        page += "\n";
    }
    page += &wrap(meta.why, style.width);
    for (title, examples) in [("Bad", meta.bad), ("Good", meta.good)] {
        if let Some(example) = examples.first() {
            page += &format!("\n{}:\n{}", style.bold(title), indented(&visible(example)));
        }
    }
    if let Some(fix) = fix {
        page += &format!("\n{}:\n{}", style.bold("Fix"), indented(&wrap(fix, style.width - 4)));
    }
    if !meta.options.is_empty() {
        page += &format!("\n{}:\n", style.bold("Options"));
        for (key, what) in meta.options {
            page += &wrap(&format!("`{key}`: {what}."), style.width);
        }
    }
    page += &suppression(meta.code, style);
    if !meta.references.is_empty() {
        page += &format!("\n{}:\n", style.bold("Read more"));
        page += &meta.references.iter().map(|it| format!("    {it}\n")).collect::<String>();
    }
    page
}

/// The page for `docs/rules/`, with the fixes if they are known.
pub fn markdown(meta: &Meta, fixes: Option<&[Applicability]>) -> String {
    let mut page = format!("# {} {}\n\n{}\n\n", meta.code, meta.name, sentence(meta.summary));
    page += &format!("- **Rule of:** {}, category `{}`\n", family(meta), meta.category.name());
    page += &format!("- **Severity:** {}\n- **Profile:** {}\n", severity(meta), profile(meta));
    if let Some(fix) = fixability::sentence(fixes) {
        page += &format!("- **Fix:** {fix}\n");
    }
    page += &format!("- **Since:** {}\n\n", meta.since);
    page += &format!("## Why\n\n{}\n", meta.why);
    for (title, examples) in [("Bad", meta.bad), ("Good", meta.good)] {
        if let Some(example) = examples.first() {
            page += &format!("\n## {title}\n\n```dockerfile\n{}```\n", ended(&visible(example)));
        }
    }
    if !meta.options.is_empty() {
        page += "\n## Options\n\nIn `layerwise.yaml`:\n\n";
        page += &meta
            .options
            .iter()
            .map(|(key, what)| format!("- `{key}`: {what}\n"))
            .collect::<String>();
    }
    page += "\n## How to suppress it\n\n";
    for (reach, text) in REACHES {
        page += &format!("- {reach}: `{}`\n", text.replace("CODE", meta.code));
    }
    if !meta.absorbs.is_empty() {
        let codes: Vec<String> = meta.absorbs.iter().map(|it| format!("`{it}`")).collect();
        page += &format!(
            "\nIf {} would report the same instruction, only this rule is printed and names it.\n",
            codes.join(" or ")
        );
        page += "A comment or a setting that ignores one of these codes suppresses all of them there.\n";
    }
    if !meta.outweighs.is_empty() {
        let codes: Vec<String> = meta.outweighs.iter().map(|it| format!("`{it}`")).collect();
        page += &format!(
            "\nIf {} would report the same instruction, only this rule is printed, because it makes the other \
             advice unnecessary.\n",
            codes.join(" or ")
        );
    }
    if let Some(once) = meta.once {
        let reach = match once {
            Once::File => "file",
            Once::Stage => "stage",
        };
        page += &format!(
            "\nIn the default profile, all findings of one {reach} are reported as one, at the first place.\n"
        );
    }
    if !meta.references.is_empty() {
        page += "\n## Read more\n\n";
        page += &meta.references.iter().map(|it| format!("- <{it}>\n")).collect::<String>();
    }
    page
}

/// `docs/rules.md`: all rules by category, each with the safest of its fixes.
pub fn markdown_index(rules: &[(&Meta, &str)]) -> String {
    let mut page =
        "# Rules\n\nThis page is generated from the rules; `layerwise rules` prints the same list.\n"
            .to_owned();
    for category in Category::ALL {
        let mut rows: Vec<_> = rules.iter().filter(|(meta, _)| meta.category == category).collect();
        rows.sort_by_key(|(meta, _)| meta.code);
        if rows.is_empty() {
            continue;
        }
        page += &format!(
            "\n## {}\n\n| code | name | severity | profile | fix | finds |\n|---|---|---|---|---|---|\n",
            category.name()
        );
        page += &rows.into_iter().map(|(meta, fix)| row(meta, Some(fix))).collect::<String>();
    }
    page += "\nShellCheck's codes have [their own page](rules/shellcheck.md).\n";
    page
}

/// `docs/rules/shellcheck.md`: all codes of ShellCheck.
pub fn markdown_shellcheck(metas: &[Meta]) -> String {
    let mut page = "# ShellCheck's codes\n\nLayerwise checks the shell code in RUN instructions for these codes. You can \
                    select and suppress them like\nall others. See `https://www.shellcheck.net/wiki/CODE` for details \
                    about each.\n\n| code | name | severity | profile | finds |\n|---|---|---|---|---|\n"
        .to_owned();
    page += &metas.iter().map(|meta| row(meta, None)).collect::<String>();
    page
}

/// A row of a table of rules, with the column of fixes if there is one.
fn row(meta: &Meta, fix: Option<&str>) -> String {
    let code = match meta.family {
        Family::Shellcheck => meta.code.to_owned(),
        _ => format!("[{code}](rules/{code}.md)", code = meta.code),
    };
    format!(
        "| {code} | {} | {} | {} | {}{} |\n",
        meta.name,
        severity(meta),
        meta.profile.name(),
        fix.map(|it| format!("{it} | ")).unwrap_or_default(),
        meta.summary.replace('|', "\\|"),
    )
}

/// The severity, and that of the default profile where it is another.
pub(super) fn severity(meta: &Meta) -> String {
    match meta.default_severity {
        Some(other) if other != meta.severity => {
            format!("{} ({} by default)", meta.severity.name(), other.name())
        }
        _ => meta.severity.name().to_owned(),
    }
}

/// Family, category, severity and profile in a line.
fn facts(meta: &Meta) -> String {
    let (family, category) = (meta.family.name(), meta.category.name());
    format!("{family}, {category}, {}, {}", severity(meta), profile(meta))
}

/// Where a rule is on.
fn profile(meta: &Meta) -> String {
    let profile = match meta.profile {
        Profile::Default => "in every profile",
        Profile::Strict => "only with `--profile strict` or `audit`",
        Profile::Audit => "only with `--profile audit`",
        Profile::Named => "only if selected by its code",
    };
    let by = if meta.reads_layers { "; reported by `layerwise measure`" } else { "" };
    format!("{profile}{by}")
}

/// Whose catalogue a rule belongs to, as its owners write the name.
fn family(meta: &Meta) -> &'static str {
    match meta.family {
        Family::Layerwise => "layerwise",
        Family::Hadolint => "hadolint",
        Family::Buildkit => "BuildKit's checks",
        Family::Shellcheck => "ShellCheck",
    }
}

fn suppression(code: &str, style: Style) -> String {
    let mut text = format!("\n{}:\n", style.bold("Suppress it"));
    for (reach, example) in REACHES {
        text += &format!("    {reach}:\n        {}\n", example.replace("CODE", code));
    }
    text
}

/// A summary as a sentence.
pub(super) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    let period = if text.ends_with('.') { "" } else { "." };
    first.into_iter().flatten().chain(characters).collect::<String>() + period
}

/// An example with control characters that can be seen.
fn visible(example: &str) -> String {
    let shown = |it: char| match u32::from(it) {
        0x0A | 0x09 => it,
        code @ 0..=0x1F => char::from_u32(0x2400 + code).unwrap_or(it),
        _ => it,
    };
    example.chars().map(shown).collect()
}

/// With a line end.
fn ended(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// Breaks text into lines at blanks.
pub(super) fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = columns::width(word);
        if column > 0 && column + 1 + length > width {
            wrapped.push('\n');
            column = 0;
        }
        if column > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped += word;
        column += length;
    }
    wrapped + "\n"
}

#[cfg(test)]
mod tests {
    use super::{sentence, visible};

    #[test]
    fn control_characters_of_examples_are_seen() {
        assert_eq!(visible("a\tb\n\u{1b}\r\u{7f}é"), "a\tb\n␛␍\u{7f}é");
    }

    #[test]
    fn a_summary_becomes_a_sentence() {
        assert_eq!(sentence("an example"), "An example.");
        assert_eq!(sentence("`COPY` twice."), "`COPY` twice.");
        assert_eq!(sentence(""), ".");
    }
}
