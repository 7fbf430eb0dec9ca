//! YAML text to values whose places can be reported. The only file that knows serde_yaml.
//!
//! serde_yaml does not keep places, but gives its own errors one. So places are found only when they are needed:
//! the text is read once more, up to the value in question, and reading fails there on purpose.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, IgnoredAny, MapAccess,
    SeqAccess, Visitor,
};

use super::Place;

/// A value of YAML. Numbers are kept as text: what they mean is for the reader to say.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Integer(String),
    Float(String),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) place: Place,
    pub(super) message: String,
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct Document<'t> {
    text: &'t str,
    root: Value,
}

/// A value and the way to it: indexes into lists and into the entries of maps.
#[derive(Debug, Clone)]
pub(super) struct Node<'d> {
    document: &'d Document<'d>,
    pub(super) value: &'d Value,
    way: Vec<usize>,
}

/// An entry of a map.
#[derive(Debug, Clone)]
pub(super) struct Entry<'d> {
    pub(super) key: &'d str,
    pub(super) value: Node<'d>,
}

/// Files are written by hand; what is larger was made to do harm or is something else.
const MAX_BYTES: usize = 1 << 20;

/// Aliases let a small file stand for an enormous value.
const MAX_VALUES: usize = 100_000;

/// The YAML reader takes a time that grows with the square of the depth.
const DEEPEST: usize = 100;

/// The first line in which more is open than may be: brackets, or lists that start on one line. Quotes and comments do not
/// count, so that it can only be too strict.
fn too_deep(text: &str) -> Option<u32> {
    let mut depth = 0_usize;
    for (line, number) in text.lines().zip(1..) {
        for byte in line.bytes() {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Some(number);
            }
        }
        let mark = |it: &&str| matches!(*it, "-" | "?" | ":");
        if line.split_ascii_whitespace().take_while(mark).count() > DEEPEST {
            return Some(number);
        }
    }
    None
}

impl<'t> Document<'t> {
    /// Reads a file. One without values is `Null`.
    pub(super) fn read(bytes: &'t [u8]) -> Result<Self, Problem> {
        let start = |message: &str| Problem { place: Place::START, message: message.to_owned() };
        if bytes.len() > MAX_BYTES {
            return Err(start("larger than the limit of 1 MiB"));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            Problem { place: Place::after(&before), message: "not UTF-8 text".to_owned() }
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let is_empty = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        if text.lines().all(is_empty) {
            return Ok(Self { text, root: Value::Null });
        }
        if let Some(line) = too_deep(text) {
            let place = Place { line, column: 1 };
            let message = format!("nested more than {DEEPEST} levels deep");
            return Err(Problem { place, message });
        }
        let count = Cell::new(0);
        let root = AnyValue(&count).deserialize(serde_yaml::Deserializer::from_str(text));
        root.map(|root| Self { text, root }).map_err(|error| problem(&error))
    }

    /// The whole file.
    pub(super) fn root(&self) -> Node<'_> {
        Node { document: self, value: &self.root, way: Vec::new() }
    }
}

/// A fault that serde_yaml found; it repeats the place in its text.
fn problem(error: &serde_yaml::Error) -> Problem {
    let place = error.location().map_or(Place::START, |it| Place {
        line: u32::try_from(it.line()).unwrap_or(u32::MAX),
        column: u32::try_from(it.column()).unwrap_or(u32::MAX),
    });
    let text = error.to_string();
    let end = text.find(" at line ").unwrap_or(text.len());
    let message = text[..end].to_owned();
    // The place already shows the way to the value.
    let message = match message.split_once(": ") {
        Some((way, rest)) if way.contains(['[', '.']) && !way.contains(' ') => rest.to_owned(),
        _ => message,
    };
    Problem { place, message: format!("cannot be read as YAML: {message}") }
}

impl<'d> Node<'d> {
    /// That something is wrong with this value.
    pub(super) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { place: self.place(false), message: message.into() }
    }

    /// That something else was expected here.
    pub(super) fn expected(&self, what: &str) -> Problem {
        let found = match self.value {
            Value::Null => "nothing".to_owned(),
            Value::Bool(value) => format!("`{value}`"),
            Value::Integer(text) | Value::Float(text) => format!("the number {text}"),
            Value::Text(text) => format!("the string `{text}`"),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a map".to_owned(),
        };
        self.problem(format!("expected {what}, found {found}"))
    }

    /// Where it is, or where its key does.
    fn place(&self, key: bool) -> Place {
        let seed = Seek { way: &self.way, key };
        match seed.deserialize(serde_yaml::Deserializer::from_str(self.document.text)) {
            Err(error) => problem(&error).place,
            Ok(()) => Place::START,
        }
    }

    /// Its items.
    pub(super) fn list(&self) -> Option<Vec<Node<'d>>> {
        let Value::List(items) = self.value else { return None };
        Some(items.iter().enumerate().map(|(index, value)| self.child(index, value)).collect())
    }

    /// Its entries. A key that comes twice is a fault.
    pub(super) fn map(&self) -> Result<Vec<Entry<'d>>, Problem> {
        let entries = match self.value {
            Value::Map(entries) => entries,
            Value::Null => return Ok(Vec::new()),
            _ => return Err(self.expected("a map of keys and values")),
        };
        let mut seen = HashSet::new();
        let mut list = Vec::new();
        for (index, (key, value)) in entries.iter().enumerate() {
            let entry = Entry { key, value: self.child(index, value) };
            if !seen.insert(key) {
                return Err(entry.key_problem(format!("duplicate key `{key}`")));
            }
            list.push(entry);
        }
        Ok(list)
    }

    fn child(&self, index: usize, value: &'d Value) -> Self {
        let way = self.way.iter().copied().chain([index]).collect();
        Self { document: self.document, value, way }
    }
}

impl Entry<'_> {
    /// That something is wrong with the key.
    pub(super) fn key_problem(&self, message: impl Into<String>) -> Problem {
        Problem { place: self.value.place(true), message: message.into() }
    }
}

/// Reads any value, but not too many.
#[derive(Clone, Copy)]
struct AnyValue<'c>(&'c Cell<usize>);

impl<'de> DeserializeSeed<'de> for AnyValue<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.set(self.0.get() + 1);
        if self.0.get() > MAX_VALUES {
            return Err(D::Error::custom("too many values"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value without a tag")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Integer(value.to_string()))
    }
    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Integer(value.to_string()))
    }
    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Integer(value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value.to_string()))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Key(key)) = entries.next_key()? {
            list.push((key, entries.next_value_seed(self)?));
        }
        Ok(Value::Map(list))
    }
}

/// A key as it is written.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Key)
    }
}

/// Fails at the value at the end of the way, or at its key.
#[derive(Clone, Copy)]
struct Seek<'w> {
    way: &'w [usize],
    key: bool,
}

/// The text of the failure that says the place was found.
const FOUND: &str = "here";

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    // A value that is visited in any other way than as a list or a map is an end of the way: not expecting it
    // makes the failure.
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(FOUND)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Some((&index, rest)) = self.way.split_first() else {
            return Err(A::Error::custom(FOUND));
        };
        for _ in 0..index {
            items.next_element::<IgnoredAny>()?;
        }
        items.next_element_seed(Seek { way: rest, ..self })?;
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Some((&index, rest)) = self.way.split_first() else {
            return Err(A::Error::custom(FOUND));
        };
        for _ in 0..index {
            entries.next_entry::<IgnoredAny, IgnoredAny>()?;
        }
        if self.key && rest.is_empty() {
            entries.next_key_seed(Seek { way: &[], key: false })?;
        } else {
            entries.next_key::<IgnoredAny>()?;
        }
        entries.next_value_seed(Seek { way: rest, ..self })?;
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom(FOUND))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> (u32, u32, String) {
        let problem = Document::read(bytes).map(|_| ()).unwrap_err();
        (problem.place.line, problem.place.column, problem.message)
    }

    #[test]
    fn places_of_values_and_keys() {
        let text = "# c\na: 1\n\"b\":\n  - x\n  - {k: [y,  zü], m: {}}\n  -  &q w\nd: *q\n";
        let document = Document::read(text.as_bytes()).unwrap();
        let root = document.root().map().unwrap();
        let place = |node: &Node<'_>| {
            let place = node.problem("").place;
            (place.line, place.column)
        };
        assert_eq!(place(&root[0].value), (2, 4));
        let items = root[1].value.list().unwrap();
        assert_eq!(place(&items[0]), (4, 5));
        let inner = items[1].map().unwrap();
        assert_eq!(place(&inner[0].value.list().unwrap()[1]), (5, 14));
        assert_eq!(place(&inner[1].value), (5, 22));
        assert_eq!(inner[1].key_problem("").place, Place { line: 5, column: 19 });
        assert_eq!(root[1].key_problem("").place, Place { line: 3, column: 1 });
        assert_eq!(place(&items[2]), (6, 6));
    }

    #[test]
    fn no_values_are_no_fault() {
        for text in ["", "\n", "# only a remark\n", "\u{feff}", "---\n", "{}"] {
            let document = Document::read(text.as_bytes()).unwrap();
            assert!(document.root().map().unwrap().is_empty(), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_has_a_place() {
        assert_eq!(fault(b"a: 1\nb: [1,\n").0, 3);
        let (line, column, message) = fault(b"a: 1\nb: \xff");
        assert_eq!((line, column, message.as_str()), (2, 4, "not UTF-8 text"));
        assert!(fault("a: 1\n---\nb: 1\n".as_bytes()).2.contains("more than one document"));
        let tag = fault(b"a: 1\nb: !!x 1\nc: !y 2\n");
        assert!(tag.2.contains("a value without a tag"), "{tag:?}");
        assert_eq!((tag.0, tag.1), (3, 4));
    }

    #[test]
    fn bombs_are_refused() {
        assert!(fault(&vec![b'#'; 10 << 20]).2.contains("1 MiB"));
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            let list = vec![format!("*a{}", level - 1); 10].join(", ");
            text += &format!("a{level}: &a{level} [{list}]\n");
        }
        let message = fault(text.as_bytes()).2;
        assert!(message.contains("repetition limit") || message.contains("too many"), "{message}");
        let wide = format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(10_000), "*a, ".repeat(10_000));
        assert!(fault(wide.as_bytes()).2.contains("too many values"));
        assert!(fault("[".repeat(100_000).as_bytes()).0 >= 1);
    }
}
