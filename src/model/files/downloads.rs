//! Files that commands fetch and delete.

use crate::model::Model;
use crate::shell::{Command, Redirect, ShellWord};
use crate::source::Span;

/// A file fetched by curl or wget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The command, by index in its script.
    pub command: usize,
    /// The URL; variables in it are replaced where the whole word is one.
    pub url: String,
    /// Where the URL is.
    pub span: Span,
    /// The name of the file it is written to, as it is written or as the URL says; none for standard output.
    pub output: Option<String>,
}

/// A path deleted by `rm` or `find … -delete`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The command, by index in its script.
    pub command: usize,
    /// The path, absolute where the working directory is known; wildcards as they are written.
    pub path: String,
    /// Whether folders go with all they hold.
    pub recursive: bool,
    /// Whether only some of the files go: those that `find` picks by name, age or size.
    pub selective: bool,
    /// Where the path is.
    pub span: Span,
}

impl Deletion {
    /// Whether the deletion takes away everything in `folder` (an absolute path): the folder itself, one of its
    /// parents, or all its entries by a wildcard.
    pub fn clears(&self, folder: &str) -> bool {
        let path = self.path.trim_end_matches('/');
        let whole = path
            .trim_end_matches("/*")
            .trim_end_matches("/.*")
            .trim_end_matches('*')
            .trim_end_matches('/');
        !whole.is_empty()
            && (whole == folder
                || folder.strip_prefix(whole).is_some_and(|rest| rest.starts_with('/')))
    }
}

/// Finds what commands fetch.
pub(in crate::model) fn downloads(model: &Model<'_>) -> Vec<Download> {
    let mut found = Vec::new();
    for_each(model, |run, index, command, _| {
        let (to_flags, other_flags): (&[&str], &[&str]) = match command.name.as_str() {
            "curl" => (
                &["o", "output"],
                &["-H", "-d", "-u", "-x", "-A", "-e", "-b", "-c", "-X", "-m", "-T", "-F"],
            ),
            "wget" => (
                &["O", "output-document"],
                &["-P", "-o", "-a", "-U", "-t", "-T", "--header", "--user", "--password"],
            ),
            _ => return,
        };
        let to = option_value(command, to_flags);
        let remote_name = command.has_flag("O") || command.has_flag("remote-name");
        let mut after_flag = false;
        for word in &command.args {
            // Only a bare variable needs this look at what is before it: a URL is clear.
            let is_value =
                std::mem::replace(&mut after_flag, takes_value(&word.text, to_flags, other_flags));
            let url = if is_url(&word.text) {
                Some(word.text.clone())
            } else if word.text.starts_with('$') && !is_value {
                model.shell_text(model.runs[run].id(), word).filter(|text| is_url(text))
            } else {
                None
            };
            if let Some(url) = url {
                let output = output_of(command, to.as_deref(), remote_name, &url);
                found.push(Download { run, command: index, url, span: word.span, output });
            }
        }
    });
    found
}

/// Whether the next word is the value of this one.
fn takes_value(word: &str, to_flags: &[&str], other_flags: &[&str]) -> bool {
    let cluster = word.starts_with('-') && !word.starts_with("--");
    other_flags.contains(&word)
        || to_flags.iter().any(|name| {
            if name.len() == 1 {
                cluster && word.ends_with(name)
            } else {
                word.strip_prefix("--") == Some(name)
            }
        })
}

/// The file that a download of `url` is written to, given the value of the output option and whether curl is to take the
/// name from the URL.
fn output_of(command: &Command, to: Option<&str>, remote_name: bool, url: &str) -> Option<String> {
    let named_by_url = || url.rsplit('/').next()?.split(['?', '#']).next().map(str::to_owned);
    match to {
        Some("-" | "/dev/stdout") => None,
        Some(to) => Some(to.to_owned()),
        None if command.is("wget") || remote_name => named_by_url(),
        None => {
            let writes = |it: &&Redirect| {
                matches!(it.operator, ">" | ">>") && it.fd.is_none_or(|fd| fd == 1)
            };
            command.redirects.iter().find(writes).map(|it| it.target.text.clone())
        }
    }
}

/// Finds what commands delete.
pub(in crate::model) fn deletions(model: &Model<'_>) -> Vec<Deletion> {
    let mut found = Vec::new();
    for_each(model, |run, index, command, directory| {
        let id = model.runs[run].id();
        let mut add = |word: &ShellWord, recursive, selective| {
            let texts = if word.quoted { vec![word.text.clone()] } else { braces(&word.text) };
            found.extend(texts.into_iter().map(|text| {
                let word = ShellWord { text, ..word.clone() };
                let path = model
                    .shell_path(id, directory, &word)
                    .or_else(|| model.assigned_path(run, index, directory, &word));
                let path = path.unwrap_or(word.text);
                Deletion { run, command: index, path, recursive, selective, span: word.span }
            }));
        };
        match command.name.as_str() {
            "rm" | "rmdir" | "unlink" => {
                let recursive = ["r", "R", "recursive"].iter().any(|flag| command.has_flag(flag));
                // `find … -exec rm {}`, `find … | xargs rm`
                let finder =
                    command.wrappers.iter().find(|it| it.name == "find").map(|it| &it.args);
                let before = index.checked_sub(1).map(|it| &model.runs[run].script.commands[it]);
                let piped = before.filter(|it| it.is("find") && command.is_behind("xargs"));
                if let Some(words) = finder.or(piped.map(|it| &it.args)) {
                    roots(words).for_each(|word| add(word, true, picks(words)));
                }
                let operands = command.operands().filter(|it| it.text != "{}");
                operands.for_each(|word| add(word, recursive, false));
            }
            "find" if command.args.iter().any(|word| word.text == "-delete") => {
                roots(&command.args).for_each(|word| add(word, true, picks(&command.args)));
            }
            _ => {}
        }
    });
    found
}

/// The folders in which a `find` of those words starts.
fn roots(words: &[ShellWord]) -> impl Iterator<Item = &ShellWord> {
    words.iter().take_while(|word| !word.text.starts_with(['-', '(', '!']))
}

/// Whether a `find` of those words passes over some files.
fn picks(words: &[ShellWord]) -> bool {
    let tests = words.iter().filter(|word| word.text.starts_with(['-', '!']));
    let mut tests = tests.map(|word| word.text.as_str());
    tests.any(|it| {
        !matches!(it, "-type" | "-mindepth" | "-depth" | "-xdev" | "-delete" | "-print0" | "-print")
    })
}

/// The words that `a{b,c}d` stands for, as Bash expands it. A word that stands for many stays as it is, since their number
/// could be without bound.
fn braces(text: &str) -> Vec<String> {
    const MOST: usize = 32;
    let mut found = vec![text.to_owned()];
    // The words before this one have no braces left to expand.
    let mut done = 0;
    while let Some(word) = found.get(done) {
        match expand_first(word) {
            Some(words) if found.len() + words.len() > MOST + 1 => return vec![text.to_owned()],
            Some(words) => drop(found.splice(done..=done, words)),
            None => done += 1,
        }
    }
    found
}

/// The words that the first pair of braces with a comma makes of a word; none if there is no such pair.
fn expand_first(text: &str) -> Option<Vec<String>> {
    let open = text.match_indices('{').map(|(at, _)| at).find(|&at| !text[..at].ends_with('$'))?;
    let (mut depth, mut cuts, mut close) = (0, vec![open], None);
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b',' if depth == 1 => cuts.push(at),
            _ => {}
        }
        if depth == 0 {
            close = Some(at);
            break;
        }
    }
    let close = close.filter(|_| cuts.len() > 1)?;
    cuts.push(close);
    let parts = cuts.windows(2).map(|cut| &text[cut[0] + 1..cut[1]]);
    let rest = &text[close + 1..];
    Some(parts.map(|part| format!("{}{part}{rest}", &text[..open])).collect())
}

/// Calls `visit(run index, command index, command, directory)` for each command.
pub(in crate::model) fn for_each(
    model: &Model<'_>,
    mut visit: impl FnMut(usize, usize, &Command, Option<&str>),
) {
    for (run_index, run) in model.runs.iter().enumerate() {
        for (index, command) in run.script.commands.iter().enumerate() {
            visit(run_index, index, command, model.directory_at(run_index, index));
        }
    }
}

/// The flags of curl and wget that have no value and are put before others, as in `wget -qO-`.
const SWITCHES: &str = "fgiknqsvLSRJ";

/// The value of the first of those options: `-o v`, `-ov`, `--output v`, `--output=v`, or a cluster that ends with the letter or
/// with the letter and its value.
fn option_value(command: &Command, names: &[&str]) -> Option<String> {
    let mut words = command.args.iter().peekable();
    while let Some(word) = words.next() {
        for name in names {
            if let Some(long) = word.text.strip_prefix("--").filter(|_| name.len() > 1) {
                match long.strip_prefix(name) {
                    Some("") => return words.peek().map(|next| next.text.clone()),
                    Some(rest) if rest.starts_with('=') => return Some(rest[1..].to_owned()),
                    _ => {}
                }
            } else if name.len() == 1 && word.text.starts_with('-') && !word.text.starts_with("--")
            {
                match word.text[1..].split_once(name) {
                    Some((_, "")) => return words.peek().map(|next| next.text.clone()),
                    Some((flags, rest)) if flags.chars().all(|it| SWITCHES.contains(it)) => {
                        return Some(rest.to_owned());
                    }
                    _ => {}
                }
            }
        }
    }
    None
}

fn is_url(text: &str) -> bool {
    ["http://", "https://", "ftp://"].iter().any(|scheme| text.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::braces;
    use crate::model::tests::of;

    /// What one RUN fetches: the address, and the file that it is written to.
    #[test]
    fn downloads_are_known_with_their_files() {
        for (run, expected) in [
            ("curl https://a.io/x", "https://a.io/x to -"),
            ("curl -o a https://a.io/x", "https://a.io/x to a"),
            ("curl -oa https://a.io/x", "https://a.io/x to a"),
            ("curl --output a https://a.io/x", "https://a.io/x to a"),
            ("curl --output=a https://a.io/x", "https://a.io/x to a"),
            ("curl -fsSLo a https://a.io/x", "https://a.io/x to a"),
            ("curl -O https://a.io/b/x?c=d", "https://a.io/b/x?c=d to x"),
            ("curl --remote-name https://a.io/x#y", "https://a.io/x#y to x"),
            ("curl -o - https://a.io/x", "https://a.io/x to -"),
            ("curl -o /dev/stdout https://a.io/x", "https://a.io/x to -"),
            ("curl https://a.io/x > a", "https://a.io/x to a"),
            ("curl https://a.io/x >> a", "https://a.io/x to a"),
            ("curl https://a.io/x 2> a", "https://a.io/x to -"),
            ("curl -H $U https://a.io/x", "https://a.io/x to -"),
            ("curl $U", "https://a.io/u to -"),
            ("curl -o $U https://a.io/x", "https://a.io/x to $U"),
            (
                "curl -x $U -d $U -u $U -A $U -e $U -b $U -c $U -X $U -m $U -T $U -F $U $U",
                "https://a.io/u to -",
            ),
            ("curl -fo $U $U", "https://a.io/u to $U"),
            ("curl --output $U $U", "https://a.io/u to $U"),
            ("wget https://a.io/x", "https://a.io/x to x"),
            ("wget -O a https://a.io/x", "https://a.io/x to a"),
            ("wget -qOa https://a.io/x", "https://a.io/x to a"),
            ("wget -qO- https://a.io/x", "https://a.io/x to -"),
            ("wget --output-document=a https://a.io/x", "https://a.io/x to a"),
            (
                "wget -P $U -o $U -a $U -U $U -t $U -T $U --header $U --user $U --password $U $U",
                "https://a.io/u to u",
            ),
            ("curl -Hfoo https://a.io/x", "https://a.io/x to -"),
            ("wget -nvO- https://a.io/x", "https://a.io/x to -"),
            ("wget a.io/x", ""),
            ("curl http://a.io/x ftp://b.io/y", "http://a.io/x to -, ftp://b.io/y to -"),
            ("aria2c https://a.io/x", ""),
        ] {
            let head = "FROM a\nWORKDIR /w\nENV U=https://a.io/u\n";
            let found = of(&format!("{head}RUN {run}\n"), |model| {
                let show = |it: &super::Download| {
                    format!("{} to {}", it.url, it.output.as_deref().unwrap_or("-"))
                };
                model.downloads.iter().map(show).collect::<Vec<_>>().join(", ")
            });
            assert_eq!(found, expected, "{run}");
        }
    }

    /// What one RUN deletes: the path, whether with all below, and whether only a choice.
    #[test]
    fn deletions_are_known_with_their_extent() {
        for (run, expected) in [
            ("rm a", "/w/a"),
            ("rm -r a /b", "/w/a -r, /b -r"),
            ("rm -R a", "/w/a -r"),
            ("rm --recursive a", "/w/a -r"),
            ("rm -rf /a/{b,c}", "/a/b -r, /a/c -r"),
            ("rm -rf \"/a/{b,c}\"", "/a/{b,c} -r"),
            ("rmdir a", "/w/a"),
            ("unlink a", "/w/a"),
            ("find /a -delete", "/a -r"),
            ("find /a /b -name x -delete", "/a -r some, /b -r some"),
            ("find /a -type f -mindepth 1 -depth -xdev -print -delete", "/a -r"),
            ("find /a ! -name x -delete", "/a -r some"),
            ("find /a ( -name x ) -delete", ""),
            ("find /a -name x", ""),
            ("find /a -exec rm {} +", "/a -r"),
            ("find /a -mtime 1 -exec rm -f {} +", "/a -r some"),
            ("find /a -print0 | xargs -0 rm", "/a -r"),
            ("find /a | xargs rm b", "/a -r, /w/b"),
            ("ls | xargs rm -r b", "/w/b -r"),
            ("D=/d && rm -r $D/x", "/d/x -r"),
            ("cd /c && rm x", "/c/x"),
            ("cp a b", ""),
        ] {
            let found = of(&format!("FROM a\nWORKDIR /w\nRUN {run}\n"), |model| {
                let show = |it: &super::Deletion| {
                    let flags = [(it.recursive, " -r"), (it.selective, " some")];
                    let flags: String = flags.iter().filter(|it| it.0).map(|it| it.1).collect();
                    format!("{}{flags}", it.path)
                };
                model.deletions.iter().map(show).collect::<Vec<_>>().join(", ")
            });
            assert_eq!(found, expected, "{run}");
        }
    }

    #[test]
    fn a_deletion_clears_folders() {
        let clears = |path: &str, folder: &str| {
            let path = path.to_owned();
            let span = crate::source::Span::new(0, 0);
            super::Deletion { run: 0, command: 0, path, recursive: true, selective: false, span }
                .clears(folder)
        };
        for path in ["/a/b", "/a/b/", "/a/b/*", "/a/b/.*", "/a", "/a/*", "/a/b*"] {
            assert!(clears(path, "/a/b"), "{path}");
        }
        for path in ["/", "/*", "/a/b/c", "/a/c", "/a/bc", "/aa", "*"] {
            assert!(!clears(path, "/a/b"), "{path}");
        }
    }

    #[test]
    fn braces_are_expanded() {
        assert_eq!(braces("/var/lib/{apt,dpkg}/x"), ["/var/lib/apt/x", "/var/lib/dpkg/x"]);
        assert_eq!(braces("/a/{b,{c,d}}"), ["/a/b", "/a/c", "/a/d"]);
        for text in ["/a/b", "${A}/b,c", "/a/{b}", "/a/{b,c"] {
            assert_eq!(braces(text), [text]);
        }
        // 32 words are expanded, 64 are not.
        assert_eq!(braces(&"{a,b}".repeat(5)).len(), 32);
        assert_eq!(braces(&"{a,b}".repeat(6)).len(), 1);
        assert_eq!(braces(&"{a,b,c,d,e,f,g,h,i,j}".repeat(40)).len(), 1);
    }
}
