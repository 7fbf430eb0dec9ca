//! BuildKit's own client. It keeps no images: what is built comes on its standard output.

use std::ffi::OsString;
use std::path::Path;

use crate::build::Request;
use crate::build::builder::{Builder, Output, Probe, Syntax};
use crate::build::progress::buildkit;

pub(super) const BUILDER: Builder = Builder {
    name: "buildctl",
    about: "BuildKit's own client; BUILDKIT_HOST is the daemon's address",
    program: "buildctl",
    environment: &[],
    probes: &[Probe::Succeeds(&["--version"]), Probe::Succeeds(&["debug", "workers"])],
    words: &[
        "build",
        "--progress",
        "plain",
        "--frontend",
        "dockerfile.v0",
        "--output",
        "type=docker",
    ],
    output: Output::Stream,
    syntax: Syntax::Own(options),
    takes_timestamp: false,
    steps: &[buildkit],
    store: None,
};

/// What is asked for, as options of the frontend for Dockerfiles.
fn options(request: &Request) -> Vec<OsString> {
    let mut words: Vec<OsString> = Vec::new();
    let folder =
        request.file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for (name, folder) in [("context", request.context.as_path()), ("dockerfile", folder)] {
        words.extend(["--local".into(), format!("{name}={}", folder.display()).into()]);
    }
    let mut option = |name: &str, value: &str| {
        words.extend(["--opt".into(), format!("{name}={value}").into()]);
    };
    if let Some(name) = request.file.file_name() {
        option("filename", &name.to_string_lossy());
    }
    for (name, value) in &request.build_args {
        option(&format!("build-arg:{name}"), value);
    }
    for (name, value) in [
        ("target", &request.target),
        ("platform", &request.platform),
        ("force-network-mode", &request.network),
    ] {
        if let Some(value) = value {
            option(name, value);
        }
    }
    words
}
