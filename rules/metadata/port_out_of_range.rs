//! DL3011: a port above 65535.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3011",
        name: "port-out-of-range",
        category: Category::Metadata,
        severity: Severity::Error,
        summary: "port above 65535",
        why: "Ports have 16 bits. Builders reject a larger number, or the container can never listen on it.",
        bad: &[
            "FROM debian:12\nEXPOSE 80000\n",
            "FROM debian:12\nEXPOSE 80 65536/tcp\n",
            "FROM debian:12\nEXPOSE 40000-80000/tcp\n",
        ],
        good: &[
            "FROM debian:12\nEXPOSE 65535\n",
            "FROM debian:12\nARG PORT\nEXPOSE $PORT ${PORT}/udp\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#expose"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        for place in cx.model.ports_out_of_range(instruction) {
            findings.report(place, "this port is above 65535").help("ports go from 0 to 65535");
        }
    }
}
