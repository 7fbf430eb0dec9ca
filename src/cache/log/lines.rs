//! The lines of a log, whatever is in it: bounded, without the times that CI services put before them and without colours.

use std::borrow::Cow;
use std::io::{self, BufRead};

/// More bytes of a line are not kept. Lines of rawjson name many steps.
const MOST_BYTES: usize = 1 << 20;

/// A line.
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// Whether it is longer than what is read.
    pub(super) is_cut: bool,
}

/// Gives all lines of a log, one after another.
pub(super) fn each_line(
    mut reader: impl BufRead,
    mut each: impl FnMut(Line<'_>),
) -> io::Result<()> {
    let (mut bytes, mut is_cut) = (Vec::new(), false);
    let mut give = |bytes: &mut Vec<u8>, is_cut: &mut bool| {
        each(Line { text: &String::from_utf8_lossy(bytes), is_cut: *is_cut });
        bytes.clear();
        *is_cut = false;
    };
    loop {
        let (used, ends) = {
            let part = match reader.fill_buf() {
                Ok(part) => part,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if part.is_empty() {
                if !bytes.is_empty() {
                    give(&mut bytes, &mut is_cut);
                }
                return Ok(());
            }
            let end = part.iter().position(|it| *it == b'\n');
            let line = &part[..end.unwrap_or(part.len())];
            let room = MOST_BYTES.saturating_sub(bytes.len());
            is_cut |= line.len() > room;
            bytes.extend_from_slice(&line[..line.len().min(room)]);
            (end.map_or(part.len(), |it| it + 1), end.is_some())
        };
        reader.consume(used);
        if ends {
            give(&mut bytes, &mut is_cut);
        }
    }
}

/// A line without escape sequences of terminals, and without a time and what precedes it:
/// `2026-01-31T12:00:00.0000000Z #7 CACHED`, `[12:00:00] Step 1/2 : FROM a`, `job<tab>step<tab>2026-01-31T…Z …`.
pub(super) fn without_prefix(line: &str) -> Cow<'_, str> {
    let plain = without_escapes(line);
    match plain {
        Cow::Borrowed(text) => Cow::Borrowed(after_time(text)),
        Cow::Owned(text) => Cow::Owned(after_time(&text).to_owned()),
    }
}

fn after_time(line: &str) -> &str {
    /// What precedes a time is shorter.
    const MOST: usize = 160;

    // A file may begin with a byte order mark.
    let line = line.trim_start_matches('\u{feff}').trim();
    if line.starts_with('#') || line.starts_with('{') {
        return line;
    }
    let start = &line.as_bytes()[..line.len().min(MOST)];
    let is_time = |it: &[u8]| {
        let digits = [0, 1, 3, 4, 6, 7].iter().all(|at| it[*at].is_ascii_digit());
        digits && it[2] == b':' && it[5] == b':'
    };
    let Some(time) = start.windows(8).position(is_time) else { return line };
    let rest = &line[time..];
    let rest = rest.find(char::is_whitespace).map_or("", |at| &rest[at..]).trim_start();
    // GitLab adds the stream: `00O `, or `00O+` for the rest of a long line.
    let is_stream = rest.len() > 4
        && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit)
        && matches!(rest.as_bytes()[2], b'O' | b'E')
        && matches!(rest.as_bytes()[3], b' ' | b'+');
    if is_stream { rest[4..].trim_start() } else { rest }
}

/// Colours, moves of the cursor and comments of CI services.
fn without_escapes(line: &str) -> Cow<'_, str> {
    if !line.contains('\x1b') {
        return Cow::Borrowed(line);
    }
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(character) = rest.next() {
        if character != '\x1b' {
            plain.push(character);
            continue;
        }
        match rest.next() {
            // CSI: parameters, then one letter.
            Some('[') => {
                rest.by_ref().find(|it| ('@'..='~').contains(it));
            }
            // OSC and APC end with BEL or ESC \.
            Some(']' | '_' | 'P' | '^') => {
                while let Some(it) = rest.next() {
                    if it == '\x07' {
                        break;
                    }
                    if it == '\x1b' {
                        rest.next();
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    Cow::Owned(plain)
}
