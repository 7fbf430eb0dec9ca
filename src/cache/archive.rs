//! What is in an archive that ADD unpacks: its members without their times.

use std::io::{BufReader, Cursor, Read};

use super::key::{Key, Mixer};
use super::tree::{Entry, Kind, Objects};
use crate::image::{Codec, Forward, Members};

/// Archives that unpack to more are taken for what they are written as.
const MOST_BYTES: u64 = 256 << 20;

/// A digest of the members in their order; none where the file is not an archive, or not one that can be read here.
pub(super) fn members(objects: &dyn Objects, entry: &Entry) -> Option<Key> {
    if entry.kind != Kind::File {
        return None;
    }
    let bytes = objects.content(entry.id).ok()?;
    let mut plain = Vec::new();
    match Codec::of(&bytes) {
        Codec::Plain => plain.extend_from_slice(&bytes),
        Codec::Gzip => {
            let reader = flate2::read::MultiGzDecoder::new(BufReader::new(Cursor::new(&*bytes)));
            let read = reader.take(MOST_BYTES).read_to_end(&mut plain).ok()?;
            (read as u64 != MOST_BYTES).then_some(())?;
        }
        _ => return None,
    }
    if plain.get(257..262)? != b"ustar" {
        return None;
    }
    let mut members = Members::new(Forward(Cursor::new(&plain)));
    let mut mixer = Mixer::new("archive");
    while let Some(member) = members.next_member().ok()? {
        mixer.bytes(&member.path);
        mixer.text(&format!("{:?} {:o} {} {}", member.kind, member.mode, member.uid, member.gid));
        mixer.bytes(member.link.as_deref().unwrap_or_default());
        let start = usize::try_from(member.content).ok()?;
        let end = start.checked_add(usize::try_from(member.size).ok()?)?;
        mixer.bytes(plain.get(start..end).unwrap_or_default());
    }
    Some(mixer.done())
}
