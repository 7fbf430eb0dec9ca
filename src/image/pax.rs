//! PAX records: what is in an extended header of a tar.
//!
//! A record is `LENGTH KEY=VALUE⏎`, and its length counts: a value may hold line breaks, as file names and the
//! capabilities that `setcap` writes do.
//! Source: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03>.

/// The records of a header, each as key and value; ends at the first that is malformed.
pub(super) fn records(bytes: &[u8]) -> impl Iterator<Item = Option<(&[u8], &[u8])>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let found = record(rest);
        rest = found.map_or(&[][..], |it| it.1);
        Some(found.map(|it| it.0))
    })
}

/// The first record, and what follows it.
#[allow(clippy::type_complexity, reason = "a name for it would say no more")]
fn record(bytes: &[u8]) -> Option<((&[u8], &[u8]), &[u8])> {
    let blank = bytes.iter().take(20).position(|byte| *byte == b' ')?;
    let length: usize = std::str::from_utf8(&bytes[..blank]).ok()?.parse().ok()?;
    let (record, rest) = bytes.split_at_checked(length)?;
    let record = record.strip_suffix(b"\n")?.get(blank + 1..)?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    Some(((&record[..equals], &record[equals + 1..]), rest))
}

#[cfg(test)]
mod tests {
    use super::records;

    fn all(text: &str) -> Vec<Option<(String, String)>> {
        let text_of = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
        records(text.as_bytes())
            .map(|it| it.map(|(key, value)| (text_of(key), text_of(value))))
            .collect()
    }

    #[test]
    fn records_are_read_by_their_length() {
        let pair = |key: &str, value: &str| Some((key.to_owned(), value.to_owned()));
        assert_eq!(all("12 path=a\nb\n"), [pair("path", "a\nb")]);
        assert_eq!(all("9 path=\n\n6 a=b\n"), [pair("path", "\n"), pair("a", "b")]);
        assert_eq!(all("8 k=a=b\n"), [pair("k", "a=b")]);
        assert_eq!(all("6 a=\0\n"), [pair("a", "\0")]);
        assert_eq!(all(""), []);
    }

    #[test]
    fn what_is_malformed_ends_the_records() {
        for text in [
            "6 a=b",
            "6 a=bc\n",
            "7 a=b\n",
            "5 a=b\n",
            "2 \n",
            "0 a=b\n",
            "-6 a=b\n",
            "5 abc\n",
            "99999999999999999999 a=b\n",
            "18446744073709551615 a=b\n",
            "\n",
            " a=b\n",
            "999 path=x\n",
        ] {
            assert_eq!(all(text), [None], "{text:?}");
        }
        assert_eq!(all("6 a=b\nx").len(), 2);
    }
}
