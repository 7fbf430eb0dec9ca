//! Archives of images: whatever the bytes are, reading ends in a result, and what is read can be measured and reported.

use layerwise::escape::is_live;
use layerwise::image::{Choice, Image, Limits, from_stream};
use layerwise::measure::{Measured, compare, sharing};
use layerwise::report::{ImageFormat, ImageReport, RowOrder, Style, earlier};

use super::archives::{Picture, gzip, zstd};

const MOST: u64 = 8 << 20;

fn read(bytes: &[u8]) -> Result<Vec<Image>, String> {
    let choice = Choice { name: None, platform: Some("all".to_owned()) };
    from_stream(bytes, &choice, &Limits::new(MOST)).map_err(|it| it.to_string())
}

/// The bytes as an archive, and as the layers of one that is right: otherwise no changed layer would pass its digest.
pub(crate) fn image(bytes: &[u8]) {
    if let Ok(images) = read(bytes) {
        measure(images);
    }
    let mut tar = bytes.to_vec();
    correct(&mut tar);
    let middle = tar.len() / 2 / 512 * 512;
    let layers = match super::number(bytes) % 3 {
        0 => vec![tar],
        1 => vec![tar[..middle].to_vec(), tar[middle..].to_vec()],
        _ => vec![tar.clone(), tar],
    };
    let picture = Picture::new(layers);
    let blobs: Vec<_> = match super::number(bytes) % 4 {
        0 => picture.layers.iter().map(|it| gzip(it)).collect(),
        1 => picture.layers.iter().map(|it| zstd(it)).collect(),
        _ => picture.layers.clone(),
    };
    if let Ok(images) = read(&picture.docker_archive_of(&blobs)) {
        measure(images);
    }
}

/// Writes the checksums of headers that a mutation has made wrong.
fn correct(tar: &mut [u8]) {
    for block in tar.chunks_exact_mut(512).filter(|it| it[257..262] == *b"ustar") {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
}

/// Measures images and reports them in all formats.
pub(super) fn measure(images: Vec<Image>) {
    let measured: Vec<Measured> = images
        .into_iter()
        .map(|it| Measured::new("x".to_owned(), it, None, None, &|_| false))
        .collect();
    measured.iter().for_each(assert_sums);
    sharing(&measured);
    report(&measured);
    if let [first, .., last] = &*measured {
        compare(first, last);
    }
    if let [only] = &*measured {
        let difference = compare(only, only);
        assert!(difference.paths.is_empty(), "an image differs from itself");
    }
}

/// Sums that hold of every image.
pub(super) fn assert_sums(measured: &Measured) {
    let all: u64 = measured.image.layers.iter().map(layerwise::image::Layer::file_bytes).sum();
    assert!(measured.waste.own + measured.waste.inherited <= all);
    assert!((0.0..=1.0).contains(&measured.efficiency()));
    assert!(measured.own_bytes <= all);
}

/// Reports in all formats, each read back.
pub(super) fn report(images: &[Measured]) {
    let report = ImageReport {
        images,
        difference: None,
        checked: None,
        verified: None,
        gates: &[],
        order: RowOrder::Size,
        style: Style::default(),
    };
    for format in [ImageFormat::Text, ImageFormat::Json, ImageFormat::Markdown] {
        let text = report.write(format);
        assert!(text.chars().all(|it| !is_live(it) || it == '\n'), "{text:?}");
        if format == ImageFormat::Json {
            serde_json::from_str::<serde_json::Value>(&text).unwrap();
            earlier(&text).unwrap();
        }
    }
    report.page();
}
