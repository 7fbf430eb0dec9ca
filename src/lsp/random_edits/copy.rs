//! A document as a client has it, and edits of it by chance.

use serde_json::{Value, json};

use super::chance::Chance;

/// How long a text grows before another takes its place.
pub(super) const MOST_BYTES: usize = 6000;

/// What people type, and what nobody does.
const PIECES: &[&str] = &[
    "",
    "a",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\\\n",
    "é",
    "😀",
    "\u{FEFF}",
    "\"",
    "'",
    "$",
    "${V:-x}",
    "#",
    "# layerwise ignore=DL3004 why\n",
    "FROM debian:12 AS b\n",
    "FROM debian:12\r\nRUN cd /é && sudo x\r\n",
    "RUN sudo x\n",
    "RUN apt-get install y",
    "COPY --from=b / /\n",
    "ARG V=1\n",
    "ENV A=$V\n",
    "CMD x\n",
    "RUN <<E\necho $A 😀\nE\n",
    "&& ",
    "USER é\n",
    "# escape=`\n",
    "MAINTAINER m\n",
    "\t",
    "\0",
    "HEALTHCHECK NONE\n",
    "ONBUILD RUN cd /x\n",
    "\u{2028}",
    "\u{1F469}\u{200D}\u{1F4BB}",
];

/// A document as the client has it. Nothing here is shared with the server: positions are counted from the start each time.
pub(super) struct Copy {
    pub(super) uri: String,
    pub(super) text: String,
    pub(super) version: i32,
    /// Where the last edit ended.
    pub(super) last: usize,
}

impl Copy {
    /// Makes an edit by chance; gives it as the client sends it.
    pub(super) fn edit(
        &mut self,
        chance: &mut Chance,
        encoding: &str,
        examples: &[String],
    ) -> Value {
        if chance.below(60) == 0 || self.text.len() > MOST_BYTES {
            self.text.clone_from(chance.one(examples));
            if chance.below(3) == 0 {
                self.text = self.text.replace('\n', "\r\n");
            }
            self.last = 0;
            return json!({ "text": self.text });
        }
        let start = match chance.below(8) {
            0 => self.text.len(),
            1..=4 => (self.last + 3).saturating_sub(chance.below(12)),
            _ => chance.below(self.text.len() + 1),
        };
        let length = *chance.one(&[0, 0, 0, 0, 1, 1, 2, 7, 40, 400]);
        let start = self.between(start);
        let end = self.between(start + chance.below(length + 1)).max(start);
        let mut range = json!({
            "start": position(&self.text, start, encoding),
            "end": position(&self.text, end, encoding),
        });
        // A column behind the end of a line is its end, a line below the text is the end of that.
        let rest = &self.text[end..];
        if rest.is_empty() && chance.below(3) == 0 {
            range["end"] = json!({ "line": 99_999, "character": chance.below(9) });
        } else if rest.starts_with(['\r', '\n']) && chance.below(4) == 0 {
            range["end"]["character"] = json!(70_000);
        }
        let piece = *chance.one(PIECES);
        let removed = units(&self.text[start..end], encoding);
        self.text.replace_range(start..end, piece);
        self.last = start + piece.len();
        let mut change = json!({ "range": range, "text": piece });
        if chance.below(3) == 0 {
            change["rangeLength"] = json!(removed);
        }
        change
    }

    /// A place at or before a byte that the protocol can name: not inside a character, nor inside a line end.
    pub(super) fn between(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at)
            || self.text[..at].ends_with('\r') && self.text[at..].starts_with('\n')
        {
            at -= 1;
        }
        at
    }
}

pub(super) fn units(text: &str, encoding: &str) -> usize {
    match encoding {
        "utf-8" => text.len(),
        "utf-16" => text.encode_utf16().count(),
        _ => text.chars().count(),
    }
}

/// A byte as line and column.
pub(super) fn position(text: &str, offset: usize, encoding: &str) -> Value {
    let before = &text[..offset];
    let (mut line, mut start) = (0, 0);
    for (at, byte) in before.bytes().enumerate() {
        let ends = byte == b'\n' || byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n');
        if ends {
            (line, start) = (line + 1, at + 1);
        }
    }
    // Between the two characters of a line end is before both.
    let written = &before[start..];
    let written = match text[offset..].starts_with('\n') {
        true => written.strip_suffix('\r').unwrap_or(written),
        false => written,
    };
    json!({ "line": line, "character": units(written, encoding) })
}
