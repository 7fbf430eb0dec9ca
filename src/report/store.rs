//! Stores on a disk: a table for people, JSON for programs.

use serde::Serialize;

use super::columns::cell;
use super::json::write;
use super::style::{Style, plural};
use crate::escape;
use crate::lint::size;
use crate::store::{Image, Layer, Store};

/// The version of the format; it changes when a reader of the old one would break.
const VERSION: u32 = 1;

/// For people. `with_layers` lists the folders of all layers, not only the last of each image.
pub fn store_text(stores: &[Store], style: Style, with_layers: bool) -> String {
    stores.iter().map(|it| text(it, style, with_layers)).collect::<Vec<_>>().join("\n")
}

fn text(store: &Store, style: Style, with_layers: bool) -> String {
    let root = store.root.display().to_string();
    let head =
        format!("{}  {}, {}", escape::line(&root), store.kind.name(), escape::line(&store.driver));
    let shown: Vec<&Image> = store.images.iter().filter(|it| !it.is_step).collect();
    let steps = store.images.len() - shown.len();
    let mut text = format!("{}\n", style.bold(&head));
    let layers = store.layers.iter().filter(|it| it.images > 0).count();
    text += &format!(
        "{}, {}, {}",
        plural(shown.len(), "image"),
        plural(layers, "layer"),
        plural(store.containers, "container")
    );
    if steps > 0 {
        text += &format!("; {} of builds", plural(steps, "step"));
    }
    text += &format!(
        "\n{} on disk; the images add up to {} because they share layers\nremoving all images without a container would free {}\n\n",
        size(store.disk()),
        size(store.listed()),
        size(store.reclaimable())
    );
    let room = style.width.saturating_sub(14 + 36).max(16);
    let title = format!(
        "{:<room$}  {:<12}  {:>10}  {:>10}  {:>10}",
        "image", "id", "on disk", "shared", "unique"
    );
    text += &style.dim(&title);
    text.push('\n');
    text.extend(shown.iter().map(|it| row(store, it, room, style, with_layers)));
    text += &dangling(store);
    text += &unreferenced(store);
    text.extend(store.faults.iter().map(|it| format!("broken: {}\n", escape::line(it))));
    if !store.changed.is_empty() {
        text += &format!(
            "The store was in use and changed while it was read: {}\n",
            escape::line(&store.changed.join(", "))
        );
    }
    text
}

/// An image with its folder, or with those of all its layers.
fn row(store: &Store, image: &Image, room: usize, style: Style, with_layers: bool) -> String {
    let bytes = store.bytes(image, |it| it.disk);
    let name = match image.names.first() {
        Some(name) => escape::line(name).into_owned(),
        None => "(no name)".to_owned(),
    };
    let mut text = format!(
        "{}  {:<12}  {:>10}  {:>10}  {:>10}\n",
        cell(&name, room),
        escape::line(image.id.get(..12).unwrap_or(&image.id)),
        size(bytes.all),
        size(bytes.shared),
        size(bytes.all - bytes.shared)
    );
    let layers = image.layers.iter().rev().map(|it| &store.layers[*it]);
    for layer in layers.take(if with_layers { usize::MAX } else { 1 }) {
        let folder = layer.folder.strip_prefix(&store.root).unwrap_or(&layer.folder);
        let bytes = if with_layers { format!("{:>10}  ", size(layer.disk)) } else { String::new() };
        text += &style.dim(&format!("  {bytes}{}", escape::line(&folder.display().to_string())));
        text.push('\n');
    }
    text
}

/// The images that nothing needs, with the commands that remove them.
fn dangling(store: &Store) -> String {
    let dangling: Vec<&Image> = store.images.iter().filter(|it| it.is_dangling()).collect();
    if dangling.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n{} without a name and without images built on them. To remove them:\n",
        plural(dangling.len(), "image")
    );
    let commands = dangling.iter().map(|it| store.kind.removal(&it.id));
    text.extend(commands.map(|it| format!("  {}\n", escape::line(&it))));
    text
}

/// The folders that nothing names.
fn unreferenced(store: &Store) -> String {
    if store.unreferenced.is_empty() {
        return String::new();
    }
    let bytes = store.unreferenced.iter().map(|it| it.1).sum();
    let has_buildkit = store.root.join("buildkit").is_dir();
    let mut text = format!(
        "\n{} with {} belong to no image or container{}\n",
        plural(store.unreferenced.len(), "folder"),
        size(bytes),
        if has_buildkit { ": BuildKit's cache or leftovers" } else { "" }
    );
    text.extend(store.unreferenced.iter().take(10).map(|(path, bytes)| {
        format!("  {:>10}  {}\n", size(*bytes), escape::line(&path.display().to_string()))
    }));
    text
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    stores: Vec<StoreObject<'a>>,
}

#[derive(Serialize)]
struct StoreObject<'a> {
    root: String,
    kind: &'a str,
    driver: &'a str,
    disk_bytes: u64,
    listed_bytes: u64,
    reclaimable_bytes: u64,
    containers: usize,
    images: Vec<ImageObject<'a>>,
    layers: Vec<LayerObject<'a>>,
    unreferenced: Vec<FolderObject>,
    faults: &'a [String],
    changed: &'a [String],
}

#[derive(Serialize)]
struct ImageObject<'a> {
    id: &'a str,
    names: &'a [String],
    layers: &'a [usize],
    upper_dir: Option<String>,
    lower_dirs: Vec<String>,
    disk: BytesObject,
    recorded: BytesObject,
    containers: usize,
    step: bool,
    removal: Option<String>,
}

#[derive(Serialize)]
struct BytesObject {
    all: u64,
    shared: u64,
    unique: u64,
}

#[derive(Serialize)]
struct LayerObject<'a> {
    id: &'a str,
    folder: String,
    disk_bytes: u64,
    recorded_bytes: u64,
    images: usize,
    used: bool,
}

#[derive(Serialize)]
struct FolderObject {
    folder: String,
    disk_bytes: u64,
}

/// For programs.
pub fn store_json(stores: &[Store]) -> String {
    let stores = stores.iter().map(|store| {
        let folder = |at: &usize| store.layers[*at].folder.display().to_string();
        let bytes = |image: &Image, of: fn(&Layer) -> u64| {
            let bytes = store.bytes(image, of);
            BytesObject { all: bytes.all, shared: bytes.shared, unique: bytes.all - bytes.shared }
        };
        let image = |it| {
            let image: &Image = it;
            ImageObject {
                id: &image.id,
                names: &image.names,
                layers: &image.layers,
                upper_dir: image.layers.last().map(folder),
                lower_dirs: image.layers.iter().rev().skip(1).map(folder).collect(),
                disk: bytes(image, |it| it.disk),
                recorded: bytes(image, |it| it.recorded),
                containers: image.containers,
                step: image.is_step,
                removal: image.is_dangling().then(|| store.kind.removal(&image.id)),
            }
        };
        StoreObject {
            root: store.root.display().to_string(),
            kind: store.kind.name(),
            driver: &store.driver,
            disk_bytes: store.disk(),
            listed_bytes: store.listed(),
            reclaimable_bytes: store.reclaimable(),
            containers: store.containers,
            images: store.images.iter().map(image).collect(),
            layers: store
                .layers
                .iter()
                .map(|it| LayerObject {
                    id: &it.id,
                    folder: it.folder.display().to_string(),
                    disk_bytes: it.disk,
                    recorded_bytes: it.recorded,
                    images: it.images,
                    used: it.is_used,
                })
                .collect(),
            unreferenced: store
                .unreferenced
                .iter()
                .map(|(path, bytes)| FolderObject {
                    folder: path.display().to_string(),
                    disk_bytes: *bytes,
                })
                .collect(),
            faults: &store.faults,
            changed: &store.changed,
        }
    });
    write(&Report { version: VERSION, stores: stores.collect() }) + "\n"
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::store_text;
    use crate::report::Style;
    use crate::store::{Image, Kind, Layer, Store};

    fn layer(name: &str, disk: u64, images: usize, is_used: bool) -> Layer {
        let folder = PathBuf::from(format!("/store/overlay2/{name}/diff"));
        Layer { id: name.to_owned(), folder, recorded: disk, disk, images, is_used }
    }

    /// Two images on one base, of which a container uses one; a step of a build, and an image that nothing uses.
    fn store() -> Store {
        let image = |id: &str, name: Option<&str>, layers: &[usize]| Image {
            id: id.repeat(32),
            names: name.map(str::to_owned).into_iter().collect(),
            layers: layers.to_vec(),
            ..Image::default()
        };
        let mut images =
            vec![image("a1", Some("one:1"), &[0, 1]), image("b2", Some("two\u{1b}:1"), &[0, 2])];
        images[0].containers = 1;
        images.push(image("c3", None, &[0]));
        images[2].is_step = true;
        images.push(image("d4", None, &[0, 3]));
        Store {
            root: PathBuf::from("/store"),
            kind: Kind::Docker,
            driver: "overlay2".to_owned(),
            images,
            layers: vec![
                layer("base", 5_000_000, 3, true),
                layer("own", 100_000, 1, true),
                layer("two", 20_000, 1, false),
                layer("four", 3_000, 1, false),
                layer("container", 7_000, 0, true),
            ],
            unreferenced: (1..=11).map(|it| (format!("/store/x{it}").into(), it)).collect(),
            containers: 1,
            faults: vec!["a layer is missing".to_owned()],
            changed: vec!["images.json".to_owned(), "layers.json".to_owned()],
        }
    }

    #[test]
    fn a_store_is_shown_whole() {
        let style = Style { color: false, width: 80 };
        let expected = [
            "/store  docker, overlay2",
            "3 images, 4 layers, 1 container; 1 step of builds",
            "5.1 MB on disk; the images add up to 15.1 MB because they share layers",
            "removing all images without a container would free 23.0 kB",
            "",
            "image                           id               on disk      shared      unique",
            "one:1                           a1a1a1a1a1a1      5.1 MB      5.0 MB    100.0 kB",
            "  overlay2/own/diff",
            "two\\u{1b}:1                     b2b2b2b2b2b2      5.0 MB      5.0 MB     20.0 kB",
            "  overlay2/two/diff",
            "(no name)                       d4d4d4d4d4d4      5.0 MB      5.0 MB      3.0 kB",
            "  overlay2/four/diff",
            "",
            "1 image without a name and without images built on them. To remove them:",
            "  docker image rm d4d4d4d4d4d4",
            "",
            "11 folders with 66 bytes belong to no image or container",
            "      1 byte  /store/x1",
            "     2 bytes  /store/x2",
            "     3 bytes  /store/x3",
            "     4 bytes  /store/x4",
            "     5 bytes  /store/x5",
            "     6 bytes  /store/x6",
            "     7 bytes  /store/x7",
            "     8 bytes  /store/x8",
            "     9 bytes  /store/x9",
            "    10 bytes  /store/x10",
            "broken: a layer is missing",
            "The store was in use and changed while it was read: images.json, layers.json",
        ];
        assert_eq!(store_text(&[store()], style, false).lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn layers_are_listed_from_the_top() {
        let style = Style { color: false, width: 60 };
        let mut store = store();
        store.images.truncate(1);
        store.layers.truncate(2);
        (store.unreferenced, store.faults, store.changed) = (vec![], vec![], vec![]);
        let one = [
            "/store  docker, overlay2",
            "1 image, 2 layers, 1 container",
            "5.1 MB on disk; the images add up to 5.1 MB because they share layers",
            "removing all images without a container would free 0 bytes",
            "",
            "image             id               on disk      shared      unique",
            "one:1             a1a1a1a1a1a1      5.1 MB      5.0 MB    100.0 kB",
            "    100.0 kB  overlay2/own/diff",
            "      5.0 MB  overlay2/base/diff",
        ];
        let expected = [&one[..], &[""], &one[..]].concat();
        let text = store_text(&[store.clone(), store], style, true);
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }
}
