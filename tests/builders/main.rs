//! Real builders: buildah, Docker's classic builder and BuildKit build, and what is measured is what they say themselves.
//! Where they are not installed, or may not run, the tests are skipped and say so; CI installs them.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

#[path = "../common/mod.rs"]
mod common;

mod ends;
mod fixes;
mod layers;
mod stores;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::archives::noise;
use common::engines::Engines;
use common::folder;
use serde_json::Value;

use ends::{
    a_build_leaves_no_image_that_was_not_there, a_failed_build_names_the_line,
    an_interrupted_build_leaves_nothing_behind,
};
use fixes::{
    a_stage_of_its_own_leaves_no_less_than_the_program,
    changed_files_are_verified_by_building_them, predictions_hold_when_the_image_is_rebuilt,
};
use layers::{
    every_builder_s_layers_are_given_their_lines, images_in_one_layer_are_given_a_range_of_lines,
    layers_made_without_an_engine_have_the_digests_of_an_engine,
    sizes_are_those_that_the_engines_report, the_nine_ways_to_waste_are_seen_in_real_images,
};
use stores::{stores_are_read_as_their_engines_see_them, what_images_share_is_what_docker_says};

/// What is to hold, one after another: the engines are started once, and stopped at the end whatever happens.
#[test]
fn real_builders() {
    let engines = Engines::start();
    for (name, check) in CHECKS {
        eprintln!("{name}");
        check(&engines);
    }
}

/// A check and its name.
type Check = (&'static str, fn(&Engines));

const CHECKS: &[Check] = &[
    (
        "a_stage_of_its_own_leaves_no_less_than_the_program",
        a_stage_of_its_own_leaves_no_less_than_the_program,
    ),
    ("changed_files_are_verified_by_building_them", changed_files_are_verified_by_building_them),
    ("predictions_hold_when_the_image_is_rebuilt", predictions_hold_when_the_image_is_rebuilt),
    ("stores_are_read_as_their_engines_see_them", stores_are_read_as_their_engines_see_them),
    ("what_images_share_is_what_docker_says", what_images_share_is_what_docker_says),
    ("every_builder_s_layers_are_given_their_lines", every_builder_s_layers_are_given_their_lines),
    ("sizes_are_those_that_the_engines_report", sizes_are_those_that_the_engines_report),
    (
        "images_in_one_layer_are_given_a_range_of_lines",
        images_in_one_layer_are_given_a_range_of_lines,
    ),
    (
        "the_nine_ways_to_waste_are_seen_in_real_images",
        the_nine_ways_to_waste_are_seen_in_real_images,
    ),
    (
        "layers_made_without_an_engine_have_the_digests_of_an_engine",
        layers_made_without_an_engine_have_the_digests_of_an_engine,
    ),
    ("a_failed_build_names_the_line", a_failed_build_names_the_line),
    ("an_interrupted_build_leaves_nothing_behind", an_interrupted_build_leaves_nothing_behind),
    ("a_build_leaves_no_image_that_was_not_there", a_build_leaves_no_image_that_was_not_there),
];
