//! Archives of images, made byte by byte, so that they can be as right or as wrong as a test wants.

use std::io::Write;

use sha2::{Digest, Sha256};

/// A tar that grows.
#[derive(Clone, Default)]
pub(crate) struct Tar(pub(crate) Vec<u8>);

/// What is in a header.
#[derive(Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) path: &'a str,
    pub(crate) kind: u8,
    pub(crate) mode: u32,
    pub(crate) owner: u32,
    pub(crate) link: &'a str,
    pub(crate) content: &'a [u8],
    /// Where it is not that of the content.
    pub(crate) size: Option<u64>,
}

impl Default for Entry<'_> {
    fn default() -> Self {
        Self { path: "a", kind: b'0', mode: 0o644, owner: 0, link: "", content: b"", size: None }
    }
}

pub(crate) fn header(entry: &Entry<'_>) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, &entry.path.as_bytes()[..entry.path.len().min(100)]);
    put(100, format!("{:07o}", entry.mode).as_bytes());
    put(108, format!("{:07o}", entry.owner).as_bytes());
    put(116, b"0000000");
    put(124, format!("{:011o}", entry.size.unwrap_or(entry.content.len() as u64)).as_bytes());
    put(136, b"00000000000");
    put(148, b"        ");
    put(156, &[entry.kind]);
    put(157, &entry.link.as_bytes()[..entry.link.len().min(100)]);
    put(257, b"ustar\x0000");
    put(329, b"0000000");
    put(337, b"0000000");
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

impl Tar {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn add(mut self, entry: &Entry<'_>) -> Self {
        self.0.extend(header(entry));
        self.0.extend(entry.content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub(crate) fn file(self, path: &str, content: &[u8]) -> Self {
        self.add(&Entry { path, content, ..Entry::default() })
    }

    pub(crate) fn directory(self, path: &str) -> Self {
        self.add(&Entry { path, kind: b'5', mode: 0o755, ..Entry::default() })
    }

    pub(crate) fn link(self, path: &str, link: &str) -> Self {
        self.add(&Entry { path, kind: b'1', link, ..Entry::default() })
    }

    pub(crate) fn symlink(self, path: &str, link: &str) -> Self {
        self.add(&Entry { path, kind: b'2', link, mode: 0o777, ..Entry::default() })
    }

    /// A PAX header for the next entry.
    pub(crate) fn pax(self, records: &[(&str, &str)]) -> Self {
        let record = |(key, value): &(&str, &str)| {
            let rest = key.len() + value.len() + 3;
            let mut length = rest + rest.to_string().len();
            if length.to_string().len() != rest.to_string().len() {
                length = rest + length.to_string().len();
            }
            format!("{length} {key}={value}\n")
        };
        let text: String = records.iter().map(record).collect();
        self.add(&Entry {
            path: "PaxHeaders.0/x",
            kind: b'x',
            content: text.as_bytes(),
            ..Entry::default()
        })
    }

    /// With the entry of a line of text: `path size`, `path/`, `path -> symlink`, `path => hard link` or `path = text`; a size
    /// may be followed by `#number` for other content, `zeros`, `mode=600` or `owner=7`.
    pub(crate) fn line(self, line: &str) -> Self {
        if let Some((path, text)) = line.split_once(" = ") {
            return self.file(path, format!("{}\n", text.replace("\\n", "\n")).as_bytes());
        }
        if let Some((path, link)) = line.split_once(" -> ") {
            return self.symlink(path, link);
        }
        if let Some((path, link)) = line.split_once(" => ") {
            return self.link(path, link);
        }
        let mut words = line.split(' ');
        let path = words.next().unwrap();
        if path.ends_with('/') {
            return self.directory(path);
        }
        let size: usize = words.next().map_or(0, |it| it.parse().unwrap());
        let mut content = noise(size as u64, size);
        let mut entry = Entry { path, ..Entry::default() };
        for word in words {
            match word.split_once('=') {
                Some(("mode", mode)) => entry.mode = u32::from_str_radix(mode, 8).unwrap(),
                Some(("owner", owner)) => entry.owner = owner.parse().unwrap(),
                None if word == "zeros" => content = vec![0; size],
                _ => content = noise(word.strip_prefix('#').unwrap().parse().unwrap(), size),
            }
        }
        self.add(&Entry { content: &content, ..entry })
    }

    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    pub(crate) fn end(mut self) -> Vec<u8> {
        self.0.extend([0; 1024]);
        self.0
    }
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().map(|it| format!("{it:02x}")).collect();
    format!("sha256:{hex}")
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// Bytes that no codec makes shorter and no two places share.
pub(crate) fn noise(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..size).map(|_| next()).collect()
}

/// An image to be written in some format.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) name: String,
    /// The layers as tars.
    pub(crate) layers: Vec<Vec<u8>>,
    /// `created_by` of each step, which may be behind `@` and the time, and in front of `##` and a comment; those that start with `-` make no layer.
    pub(crate) steps: Vec<String>,
    pub(crate) architecture: String,
    pub(crate) comment: String,
    /// What containers start with, such as `Cmd`; null for nothing.
    pub(crate) settings: serde_json::Value,
}

impl Picture {
    pub(crate) fn new(layers: Vec<Vec<u8>>) -> Self {
        let steps = (0..layers.len()).map(|it| format!("RUN step {it}")).collect();
        let (name, architecture) = ("app:1".to_owned(), "amd64".to_owned());
        let (comment, settings) = (String::new(), serde_json::Value::Null);
        Self { name, layers, steps, architecture, comment, settings }
    }

    pub(crate) fn config(&self) -> Vec<u8> {
        let ids: Vec<String> = self.layers.iter().map(|it| digest(it)).collect();
        let history: Vec<_> = self
            .steps
            .iter()
            .map(|it| {
                let text = it.trim_start_matches('-');
                let (text, comment) = text.split_once(" ## ").unwrap_or((text, &self.comment));
                let dated = text.strip_prefix('@').and_then(|it| it.split_once(' '));
                let mut step = serde_json::json!({
                    "created_by": dated.map_or(text, |it| it.1),
                    "empty_layer": it.starts_with('-'),
                    "comment": comment,
                });
                if let Some((time, _)) = dated {
                    step["created"] = time.into();
                }
                step
            })
            .collect();
        let mut config = serde_json::json!({
            "architecture": self.architecture, "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": ids}, "history": history,
        });
        if !self.settings.is_null() {
            config["config"] = self.settings.clone();
        }
        serde_json::to_vec(&config).unwrap()
    }

    /// As skopeo and podman write it.
    pub(crate) fn docker_archive(&self) -> Vec<u8> {
        self.docker_archive_of(&self.layers)
    }

    /// The same with these blobs for layers.
    pub(crate) fn docker_archive_of(&self, blobs: &[Vec<u8>]) -> Vec<u8> {
        let names: Vec<String> = (0..blobs.len()).map(|it| format!("layer{it}.tar")).collect();
        let manifest = serde_json::json!([{"Config": "config.json", "RepoTags": [self.name], "Layers": names}]);
        let mut tar = Tar::new();
        for (name, blob) in names.iter().zip(blobs) {
            tar = tar.file(name, blob);
        }
        tar.file("config.json", &self.config())
            .file("manifest.json", manifest.to_string().as_bytes())
            .end()
    }

    /// The files of an OCI layout.
    pub(crate) fn oci(&self, pack: impl Fn(&[u8]) -> Vec<u8>) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let (manifest, bytes) = self.oci_manifest(pack, &mut files);
        let index = serde_json::json!({"schemaVersion": 2, "manifests": [{
            "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": manifest, "size": bytes,
            "annotations": {"org.opencontainers.image.ref.name": self.name},
            "platform": {"os": "linux", "architecture": self.architecture},
        }]});
        files.push(("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()));
        files.push(("index.json".to_owned(), index.to_string().into_bytes()));
        files
    }

    /// Adds the blobs of the image; the digest and the size of its manifest.
    pub(crate) fn oci_manifest(
        &self,
        pack: impl Fn(&[u8]) -> Vec<u8>,
        files: &mut Vec<(String, Vec<u8>)>,
    ) -> (String, usize) {
        let mut blob = |bytes: Vec<u8>| {
            let digest = digest(&bytes);
            let size = bytes.len();
            files.push((format!("blobs/{}", digest.replace(':', "/")), bytes));
            (digest, size)
        };
        let layers: Vec<_> = self
            .layers
            .iter()
            .map(|it| {
                let (digest, size) = blob(pack(it));
                let kind = "application/vnd.oci.image.layer.v1.tar+gzip";
                serde_json::json!({"mediaType": kind, "digest": digest, "size": size})
            })
            .collect();
        let (config, size) = blob(self.config());
        let kind = "application/vnd.oci.image.config.v1+json";
        let manifest = serde_json::json!({"schemaVersion": 2, "layers": layers,
            "config": {"mediaType": kind, "digest": config, "size": size}});
        blob(manifest.to_string().into_bytes())
    }
}

/// Files as an archive.
pub(crate) fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    files.iter().fold(Tar::new(), |tar, (name, bytes)| tar.file(name, bytes)).end()
}

/// Files in a folder.
pub(crate) fn unpack(files: &[(String, Vec<u8>)], folder: &std::path::Path) {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
