//! What a file has besides its bytes: owner, group, mode, and extended attributes with access lists among them.

use std::fs::{File, Metadata};
use std::io;

/// Makes one file like another in all but its bytes. Returns whether that went well in everything.
pub(super) fn make_alike(from: &File, to: &File) -> io::Result<bool> {
    let wanted = from.metadata()?;
    Ok(copy_owner(&wanted, to)
        && copy_extended(from, to)
        && to.set_permissions(wanted.permissions()).is_ok()
        && is_alike(&wanted, &to.metadata()?))
}

/// Gives a file the owner and the mode of another one, as far as the system lets us.
pub(super) fn adopt(from: &Metadata, to: &File) {
    copy_owner(from, to);
    let _ = to.set_permissions(from.permissions());
}

#[cfg(unix)]
fn copy_owner(wanted: &Metadata, to: &File) -> bool {
    use std::os::unix::fs::{MetadataExt, fchown};
    let Ok(now) = to.metadata() else { return false };
    let (owner, group) = (wanted.uid(), wanted.gid());
    (now.uid(), now.gid()) == (owner, group) || fchown(to, Some(owner), Some(group)).is_ok()
}

#[cfg(unix)]
fn is_alike(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.uid(), a.gid(), a.mode()) == (b.uid(), b.gid(), b.mode())
}

#[cfg(not(unix))]
fn copy_owner(_: &Metadata, _: &File) -> bool {
    true
}

#[cfg(not(unix))]
fn is_alike(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// The most bytes that the names of all attributes, or the value of one, have on Linux.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
const MOST_BYTES: usize = 64 << 10;

/// Copies the extended attributes, and takes those away that only the second file has from its folder.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn copy_extended(from: &File, to: &File) -> bool {
    use rustix::fs::{XattrFlags, fgetxattr, fremovexattr, fsetxattr};
    let (Some(wanted), Some(own)) = (extended_names(from), extended_names(to)) else {
        return false;
    };
    if wanted.is_empty() && own.is_empty() {
        return true;
    }
    let mut room = vec![0; MOST_BYTES];
    let mut value = |file: &File, name: &[u8]| {
        let size = fgetxattr(file, name, &mut room[..]).ok()?;
        room.get(..size).map(<[u8]>::to_vec)
    };
    for name in own.iter().filter(|it| !wanted.contains(it)) {
        if fremovexattr(to, name.as_slice()).is_err() {
            return false;
        }
    }
    wanted.iter().all(|name| {
        let Some(wanted) = value(from, name) else { return false };
        value(to, name).as_ref() == Some(&wanted)
            || fsetxattr(to, name.as_slice(), &wanted, XattrFlags::empty()).is_ok()
    })
}

/// The names of the extended attributes of a file; none if they cannot be read.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn extended_names(file: &File) -> Option<Vec<Vec<u8>>> {
    let mut room = vec![0; MOST_BYTES];
    let size = match rustix::fs::flistxattr(file, &mut room[..]) {
        Ok(size) => size,
        Err(rustix::io::Errno::NOTSUP) => 0,
        Err(_) => return None,
    };
    let names = room.get(..size)?.split(|it| *it == 0).filter(|it| !it.is_empty());
    Some(names.map(<[u8]>::to_vec).collect())
}

/// The extended attributes of a file with their values, in order of their names, as far as they can be read.
#[cfg(all(
    feature = "cache",
    any(target_os = "linux", target_os = "android", target_vendor = "apple")
))]
pub(in crate::cli) fn extended(file: &File) -> Vec<(String, Vec<u8>)> {
    let mut names = extended_names(file).unwrap_or_default();
    names.sort_unstable();
    let mut room = if names.is_empty() { Vec::new() } else { vec![0; MOST_BYTES] };
    let mut value = |name: &Vec<u8>| {
        let size = rustix::fs::fgetxattr(file, name.as_slice(), &mut room[..]).ok()?;
        let value = room.get(..size)?.to_vec();
        Some((String::from_utf8_lossy(name).into_owned(), value))
    };
    names.iter().filter_map(&mut value).collect()
}

/// None are known here.
#[cfg(all(
    feature = "cache",
    not(any(target_os = "linux", target_os = "android", target_vendor = "apple"))
))]
pub(in crate::cli) fn extended(_: &File) -> Vec<(String, Vec<u8>)> {
    Vec::new()
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn copy_extended(_: &File, _: &File) -> bool {
    true
}
