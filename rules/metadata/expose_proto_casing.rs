//! ExposeProtoCasing: EXPOSE with a protocol in capital letters.

use crate::lint::prelude::*;
use crate::model::Case;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "ExposeProtoCasing",
        name: "expose-proto-casing",
        category: Category::Metadata,
        profile: Profile::Strict,
        summary: "protocol of `EXPOSE` with capital letters",
        why: "The configuration of an image uses lower-case protocols. Tools that compare the text find no \
              match for `80/TCP`.",
        bad: &[
            "FROM debian:12\nEXPOSE 80/TCP\n",
            "FROM debian:12\nENV PORT=80/Udp\nEXPOSE 53/udp $PORT\n",
        ],
        good: &["FROM debian:12\nEXPOSE 80/tcp 53/udp 443\n", "FROM debian:12\nEXPOSE $PORT/tcp\n"],
        references: &["https://docs.docker.com/reference/build-checks/expose-proto-casing/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        for port in cx.model.exposed_ports(instruction) {
            let Some(protocol) = port.protocol.filter(|it| Case::of(it) != Case::Lower) else {
                continue;
            };
            let lower = Case::Lower.apply(&protocol);
            if matches!(lower.as_str(), "tcp" | "udp" | "sctp") {
                let finding = findings
                    .report(port.span, format!("protocol `{protocol}` has capital letters"))
                    .help(format!("write `{lower}`"));
                // Where a variable holds the protocol, it is not written here.
                if let Some(before) = cx.doc().source.slice(port.span).strip_suffix(&protocol) {
                    let start = port.span.start + before.len() as u32;
                    let span = Span { start, end: port.span.end };
                    let edits = vec![Edit::replace(span, lower.as_str())];
                    let fix = Fix::safe(format!("write `{lower}`"), edits);
                    finding.fix(fix.effect(Effect::Instructions));
                }
            }
        }
    }
}
