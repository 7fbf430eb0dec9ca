//! One object with all images. The structures here are the contract.

use serde::{Deserialize, Serialize};

use super::ImageReport;
use super::difference::DifferenceObject;
use super::rows::codes;
use super::verified::VerifiedObject;
use crate::image::Digest;
use crate::measure::{Class, Earlier, Measured, Weight, WhatIf, show_step};
use crate::report::json::{FindingObject, findings, write as to_text};

/// The version of the format; it changes when a reader of the old one would break.
const VERSION: u32 = 1;

/// More paths of an item are only counted.
const PATHS: usize = 1000;

#[derive(Serialize)]
struct ReportObject<'a> {
    version: u32,
    images: Vec<ImageObject<'a>>,
    sharing: SharingObject<'a>,
    diff: Option<DifferenceObject<'a>>,
    verified: Option<VerifiedObject<'a>>,
    findings: Vec<FindingObject<'a>>,
    gates: Vec<GateObject<'a>>,
}

#[derive(Serialize)]
struct ImageObject<'a> {
    name: &'a str,
    id: Option<Digest>,
    platform: &'a str,
    dockerfile: Option<DockerfileObject<'a>>,
    size: SizesObject,
    layers: Vec<LayerObject<'a>>,
    unmeasured: Vec<UnmeasuredObject<'a>>,
    base: BaseObject,
    waste: WasteObject<'a>,
    efficiency: f64,
    what_if: Option<WhatIfObject>,
}

/// The Dockerfile that lines are of.
#[derive(Serialize)]
struct DockerfileObject<'a> {
    file: &'a str,
    digest: &'a str,
}

/// What the image would weigh; gzip at level 6.
#[derive(Serialize)]
struct WhatIfObject {
    codec: &'static str,
    now: WeightObject,
    /// By the index of the item in `waste.items`.
    alone: Vec<AloneObject>,
    together: WeightObject,
    program_alone: Option<WeightObject>,
}

#[derive(Serialize)]
struct AloneObject {
    item: usize,
    /// The rules that report it.
    codes: Vec<&'static str>,
    #[serde(flatten)]
    weight: WeightObject,
}

#[derive(Serialize)]
pub(super) struct WeightObject {
    files: u64,
    tar: u64,
    compressed: u64,
}

/// All in bytes.
#[derive(Serialize)]
struct SizesObject {
    files: u64,
    tar: u64,
    /// Null where the layers are not compressed.
    compressed: Option<u64>,
}

#[derive(Serialize)]
struct LayerObject<'a> {
    index: usize,
    /// The digests are null where they depend on a base that is not known.
    diff_id: Option<Digest>,
    chain_id: Option<Digest>,
    digest: Option<Digest>,
    base: bool,
    created_by: String,
    size: SizesObject,
    entries: usize,
    instruction: Option<InstructionObject<'a>>,
}

#[derive(Serialize)]
struct InstructionObject<'a> {
    file: &'a str,
    line: u32,
    end_line: u32,
    keyword: &'a str,
    confidence: &'a str,
}

#[derive(Serialize)]
struct UnmeasuredObject<'a> {
    instruction: InstructionObject<'a>,
    reason: &'a str,
}

#[derive(Serialize)]
struct BaseObject {
    layers: usize,
    evidence: &'static str,
}

#[derive(Serialize)]
struct WasteObject<'a> {
    bytes: u64,
    inherited_bytes: u64,
    items: Vec<ItemObject<'a>>,
}

#[derive(Serialize)]
struct ItemObject<'a> {
    class: String,
    title: &'a str,
    bytes: u64,
    /// Whether the bytes are in `waste.bytes` or `waste.inherited_bytes`.
    counted: bool,
    made_in: usize,
    fix_in: usize,
    change: Option<&'a str>,
    paths: Vec<PathObject<'a>>,
    more_paths: usize,
}

#[derive(Serialize)]
struct PathObject<'a> {
    path: &'a str,
    bytes: u64,
}

#[derive(Serialize)]
struct SharingObject<'a> {
    shared_bytes: u64,
    total_bytes: u64,
    images: Vec<SharedObject<'a>>,
    twins: Vec<TwinObject<'a>>,
}

#[derive(Serialize)]
struct TwinObject<'a> {
    class: String,
    images: [&'a str; 2],
    layers: [usize; 2],
    bytes: u64,
    differ: &'a str,
}

#[derive(Serialize)]
struct SharedObject<'a> {
    name: &'a str,
    shared: u64,
    unique: u64,
}

#[derive(Serialize)]
struct GateObject<'a> {
    name: &'a str,
    passed: bool,
    measured: bool,
    message: &'a str,
}

pub(super) fn write(report: &ImageReport<'_>) -> String {
    let sharing = crate::measure::sharing(report.images);
    let shared = report.images.iter().zip(&sharing.images);
    let object = ReportObject {
        version: VERSION,
        images: report.images.iter().map(|it| image(report, it)).collect(),
        sharing: SharingObject {
            shared_bytes: sharing.shared_bytes,
            total_bytes: sharing.total_bytes,
            images: shared
                .map(|(image, (shared, unique))| SharedObject {
                    name: &image.name,
                    shared: *shared,
                    unique: *unique,
                })
                .collect(),
            twins: sharing
                .twins
                .iter()
                .map(|it| TwinObject {
                    class: Class::Unshared.code(),
                    images: [it.first.0, it.second.0].map(|at| report.images[at].name.as_str()),
                    layers: [it.first.1, it.second.1],
                    bytes: it.bytes,
                    differ: it.differ,
                })
                .collect(),
        },
        diff: report.difference.map(DifferenceObject::of),
        verified: report.verified.map(VerifiedObject::of),
        findings: report.checked.map(findings).unwrap_or_default(),
        gates: report
            .gates
            .iter()
            .map(|it| GateObject {
                name: it.name,
                passed: it.passed,
                measured: it.measured,
                message: &it.text,
            })
            .collect(),
    };
    to_text(&object) + "\n"
}

pub(super) fn weight(it: Weight) -> WeightObject {
    WeightObject { files: it.files, tar: it.tar, compressed: it.gzip }
}

fn image<'a>(report: &ImageReport<'_>, it: &'a Measured) -> ImageObject<'a> {
    ImageObject {
        name: &it.name,
        id: it.image.id,
        platform: &it.image.platform,
        dockerfile: it
            .written
            .as_ref()
            .map(|it| DockerfileObject { file: &it.file, digest: &it.digest }),
        size: SizesObject {
            files: it.file_bytes(),
            tar: it.tar_bytes(),
            compressed: it.compressed_bytes(),
        },
        layers: layers(it),
        unmeasured: it
            .unmeasured
            .iter()
            .filter_map(|(at, reason)| {
                Some(UnmeasuredObject { instruction: instruction(it, *at, *at, "exact")?, reason })
            })
            .collect(),
        base: BaseObject { layers: it.base.layers, evidence: it.base.evidence.text() },
        waste: WasteObject {
            bytes: it.waste.own,
            inherited_bytes: it.waste.inherited,
            items: items(it),
        },
        efficiency: it.efficiency(),
        what_if: it.what_if.as_ref().map(|what_if| what_if_object(report, it, what_if)),
    }
}

/// The instruction, or the run of instructions, by index.
fn instruction<'a>(
    it: &'a Measured,
    first: usize,
    last: usize,
    confidence: &'static str,
) -> Option<InstructionObject<'a>> {
    let written = it.written.as_ref()?;
    let (first, last) = (&written.instructions[first], &written.instructions[last]);
    Some(InstructionObject {
        file: &written.file,
        line: first.line,
        end_line: last.end_line,
        keyword: first.keyword,
        confidence,
    })
}

fn layers(it: &Measured) -> Vec<LayerObject<'_>> {
    let layers = it.image.layers.iter().enumerate().map(|(index, layer)| LayerObject {
        index,
        diff_id: Some(layer.content.diff_id).filter(|_| !it.uncertain.contains(&index)),
        chain_id: Some(layer.chain_id)
            .filter(|_| it.unmeasured.is_empty() && it.uncertain.iter().all(|at| *at > index)),
        digest: Some(layer.content.digest).filter(|_| !it.uncertain.contains(&index)),
        base: index < it.base.layers,
        created_by: layer.step.map(|step| show_step(&it.image.history[step])).unwrap_or_default(),
        size: SizesObject {
            files: layer.file_bytes(),
            tar: layer.content.tar,
            compressed: layer.compressed(),
        },
        entries: layer.content.entries.len(),
        instruction: it.origins[index].and_then(|origin| {
            instruction(it, origin.first, origin.last, origin.confidence.name())
        }),
    });
    layers.collect()
}

fn items(it: &Measured) -> Vec<ItemObject<'_>> {
    let items = it.waste.items.iter().map(|item| ItemObject {
        class: item.class.code(),
        title: item.class.title(),
        bytes: item.bytes,
        counted: item.class.counts(),
        made_in: item.made_in,
        fix_in: item.fix_in,
        change: item.change,
        paths: item
            .paths
            .iter()
            .take(PATHS)
            .map(|(path, bytes)| PathObject { path, bytes: *bytes })
            .collect(),
        more_paths: item.paths.len().saturating_sub(PATHS),
    });
    items.collect()
}

fn what_if_object(report: &ImageReport<'_>, it: &Measured, what_if: &WhatIf) -> WhatIfObject {
    WhatIfObject {
        codec: "gzip -6",
        now: weight(what_if.now),
        alone: what_if
            .alone
            .iter()
            .map(|(item, without)| AloneObject {
                item: *item,
                codes: codes(report, it, &it.waste.items[*item]),
                weight: weight(*without),
            })
            .collect(),
        together: weight(what_if.together),
        program_alone: what_if.program_alone.map(weight),
    }
}

/// Reads what an earlier run wrote with `--format json`: the images by name.
///
/// # Errors
///
/// A text that is none of ours, in words.
pub fn earlier(text: &str) -> Result<Vec<(String, Earlier)>, String> {
    #[derive(Deserialize)]
    struct Report {
        version: u32,
        images: Vec<Image>,
    }
    #[derive(Deserialize)]
    struct Image {
        name: String,
        size: Files,
        layers: Vec<Layer>,
    }
    #[derive(Deserialize)]
    struct Files {
        files: u64,
    }
    #[derive(Deserialize)]
    struct Layer {
        created_by: String,
        size: Files,
    }
    let report: Report = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if report.version != VERSION {
        return Err(format!("its version is {}, and {VERSION} is read", report.version));
    }
    let earlier = |image: Image| {
        let layers = image.layers.into_iter().map(|it| (it.created_by, it.size.files)).collect();
        (image.name, Earlier { files: image.size.files, layers })
    };
    Ok(report.images.into_iter().map(earlier).collect())
}
