//! ExposeInvalidFormat: EXPOSE with an address or a host port.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "ExposeInvalidFormat",
        name: "expose-invalid-format",
        category: Category::Metadata,
        summary: "`EXPOSE` with an address or a host port",
        why: "EXPOSE only records ports of the container. Builders ignore everything before the last `:` and \
              plan to make it an error. `docker run --publish` sets the ports of the host.",
        bad: &[
            "FROM debian:12\nEXPOSE 8080:80\n",
            "FROM debian:12\nEXPOSE 127.0.0.1:80:80/tcp\n",
            "FROM debian:12\nEXPOSE 443 [::1]:8080:80\n",
        ],
        good: &[
            "FROM debian:12\nEXPOSE 80 443/tcp 8000-8010\n",
            "FROM debian:12\nEXPOSE ${PORT:-80}\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/expose-invalid-format/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        for port in cx.model.exposed_ports(instruction) {
            let Some(host) = &port.host else { continue };
            findings
                .report(port.span, format!("`{}:` has no effect in `EXPOSE`", shorten(host, 40)))
                .help(format!("write `{}` only", port.port));
        }
    }
}
