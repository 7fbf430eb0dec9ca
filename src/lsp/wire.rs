//! Messages off the wire. What is too large or broken is passed over, so that it costs neither memory nor the session.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use lsp_server::Message;

/// The most bytes of one message.
pub(super) const MOST_BYTES: usize = 64 << 20;
/// The most bytes of a header line.
const MOST_HEADER: u64 = 4096;
/// How many messages wait to be handled.
const MOST_WAITING: usize = 256;

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A message, and the bytes that it took.
    Message(Message, usize),
    /// What is none, and why.
    Broken(String),
}

/// The bytes of messages that were read and not handled yet.
pub(super) type Budget = Arc<AtomicUsize>;

/// Reads messages in a thread until the input ends; the channel closes then.
pub(super) fn read_all(input: impl Read + Send + 'static) -> (Receiver<Incoming>, Budget) {
    let (sender, inbox) = bounded(MOST_WAITING);
    let budget = Budget::default();
    let used = Arc::clone(&budget);
    thread::spawn(move || {
        let mut input = BufReader::new(input);
        while let Ok(Some(incoming)) = read(&mut input) {
            if let Incoming::Message(_, size) = &incoming {
                while used.load(Ordering::Relaxed) > MOST_BYTES {
                    thread::sleep(Duration::from_millis(1));
                }
                used.fetch_add(*size, Ordering::Relaxed);
            }
            if sender.send(incoming).is_err() {
                return;
            }
        }
    });
    (inbox, budget)
}

/// Reads one message; none at the end of the input. An error says that nobody knows where the next one starts.
fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = header(input)? else { return Ok(None) };
    if length > MOST_BYTES {
        let skipped = io::copy(&mut input.take(length as u64), &mut io::sink())?;
        let most = MOST_BYTES >> 20;
        let text = format!("a message of {length} bytes exceeds the limit of {most} MB");
        return Ok((skipped == length as u64).then_some(Incoming::Broken(text)));
    }
    let mut bytes = Vec::new();
    input.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Ok(None);
    }
    Ok(Some(match serde_json::from_slice(&bytes) {
        Ok(message) => Incoming::Message(message, length),
        Err(error) => Incoming::Broken(format!("not a message: {error}")),
    }))
}

/// The length of the message that follows.
fn header(input: &mut impl BufRead) -> io::Result<Option<usize>> {
    let bad = |text: &str| Err(io::Error::new(io::ErrorKind::InvalidData, text));
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.take(MOST_HEADER).read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if !line.ends_with('\n') {
            return bad("a header without an end");
        }
        match (line.trim().split_once(':'), length) {
            (None, Some(length)) if line.trim().is_empty() => return Ok(Some(length)),
            (None, _) => return bad("no header"),
            (Some((name, value)), _) if name.trim().eq_ignore_ascii_case("content-length") => {
                let Ok(value) = value.trim().parse() else { return bad("no length") };
                length = Some(value);
            }
            (Some(_), _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<String> {
        let mut input = BufReader::new(bytes);
        let mut found = Vec::new();
        loop {
            match read(&mut input) {
                Ok(Some(Incoming::Message(Message::Request(it), _))) => found.push(it.method),
                Ok(Some(other)) => found.push(format!("{other:?}").chars().take(24).collect()),
                Ok(None) => return found,
                Err(error) => {
                    found.push(error.to_string());
                    return found;
                }
            }
        }
    }

    fn framed(text: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    }

    #[test]
    fn broken_messages_are_passed_over() {
        let request = framed(r#"{"jsonrpc":"2.0","id":1,"method":"a"}"#);
        let bytes = format!("{}{}{request}", framed("{"), framed("[1]"));
        assert_eq!(all(bytes.as_bytes()).last().map(String::as_str), Some("a"));
        assert_eq!(all(bytes.as_bytes()).len(), 3);
        let other = request.replacen("Content-Length", "content-type: x\r\ncontent-LENGTH", 1);
        assert_eq!(all(other.as_bytes()), ["a"]);
    }

    #[test]
    fn a_message_that_is_too_large_takes_no_memory() {
        let length = MOST_BYTES + 1;
        let request = framed(r#"{"jsonrpc":"2.0","id":1,"method":"a"}"#);
        let mut bytes = format!("Content-Length: {length}\r\n\r\n").into_bytes();
        bytes.resize(bytes.len() + length, b' ');
        bytes.extend(request.bytes());
        assert_eq!(all(&bytes), ["Broken(\"a message of 671", "a"]);
        assert_eq!(all(b"Content-Length: 99999999999999\r\n\r\nx"), [""; 0]);
    }

    #[test]
    fn what_has_no_length_ends_the_session() {
        assert_eq!(all(b"\r\n"), ["no header"]);
        assert_eq!(all(b"Content-Length: x\r\n\r\n"), ["no length"]);
        assert_eq!(all(&[b'x'; 9000]), ["a header without an end"]);
        assert_eq!(all(b"Content-Length: 9\r\n\r\n{}"), [""; 0]);
    }
}
