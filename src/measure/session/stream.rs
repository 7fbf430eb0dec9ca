//! Streams that can be given up: a thread waits for it, so that a signal ends the wait at once.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Bytes that are read at once.
const PIECE: usize = 1 << 18;

/// Pieces that may wait.
const WAITING: usize = 4;

/// How long nobody looks whether to give up.
const PATIENCE: Duration = Duration::from_millis(50);

/// Reads standard input, or whatever `start` was given.
pub(super) struct Waiting {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
    cancel: Arc<AtomicBool>,
}

impl Waiting {
    /// Reads until `cancel` is set. The thread that waits then goes down with the program.
    pub(super) fn start(mut input: impl Read + Send + 'static, cancel: Arc<AtomicBool>) -> Self {
        let (sender, pieces) = sync_channel(WAITING);
        std::thread::spawn(move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = match input.read(&mut piece) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read,
                };
                let is_last = !matches!(read, Ok(1..));
                let sent = sender.send(read.map(|size| {
                    piece.truncate(size);
                    piece
                }));
                if is_last || sent.is_err() {
                    return;
                }
            }
        });
        Self { pieces, piece: io::Cursor::default(), cancel }
    }
}

impl Read for Waiting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            if self.cancel.load(Ordering::Relaxed) {
                return Err(io::Error::other("interrupted"));
            }
            match self.pieces.recv_timeout(PATIENCE) {
                Ok(piece) => self.piece = io::Cursor::new(piece?),
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
            if self.piece.get_ref().is_empty() {
                return Ok(0);
            }
        }
    }
}

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file or a folder, or nothing.
    Plain,
    /// A pipe or a terminal: it is read like standard input.
    Stream,
    /// A disk or a socket.
    Other,
}

impl Kind {
    /// Looks at it.
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Self {
        use std::os::unix::fs::FileTypeExt;
        match path.metadata().map(|it| it.file_type()) {
            Ok(kind) if kind.is_fifo() || kind.is_char_device() => Self::Stream,
            Ok(kind) if !kind.is_file() && !kind.is_dir() => Self::Other,
            _ => Self::Plain,
        }
    }

    /// Looks at it.
    #[cfg(not(unix))]
    pub(super) fn of(_: &Path) -> Self {
        Self::Plain
    }
}

/// A file that is opened when it is read: to open a pipe waits for its writer.
pub(super) struct Late {
    path: PathBuf,
    file: Option<File>,
}

impl Late {
    /// Opens nothing yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }
}

impl Read for Late {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file = match self.file.take() {
            Some(file) => file,
            None => File::open(&self.path)?,
        };
        self.file.insert(file).read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_read() {
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|it| it.to_le_bytes()[1]).collect();
        let mut read = Vec::new();
        let mut waiting = Waiting::start(io::Cursor::new(bytes.clone()), Arc::default());
        waiting.read_to_end(&mut read).unwrap();
        assert!(read == bytes);
        assert_eq!(waiting.read(&mut [0; 4]).unwrap(), 0);
    }

    #[test]
    fn the_wait_ends_where_it_is_given_up() {
        struct Never;
        impl Read for Never {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                std::thread::sleep(Duration::from_secs(1000));
                Ok(0)
            }
        }
        let cancel: Arc<AtomicBool> = Arc::default();
        let mut waiting = Waiting::start(Never, Arc::clone(&cancel));
        cancel.store(true, Ordering::Relaxed);
        assert_eq!(waiting.read(&mut [0; 4]).unwrap_err().to_string(), "interrupted");
    }
}
