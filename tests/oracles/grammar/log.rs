//! Two logs of builds, a line of dashes between them.

use super::Choices;

const STEPS: &[&str] = &[
    "WORKDIR /app",
    "COPY package.json ./",
    "COPY --from=build /a /b",
    "RUN npm ci",
    "RUN --mount=type=bind,target=/a x $V",
    "ARG V=1",
    "ENV A=$V",
    "ADD https://a.io/x /x",
    "FROM a@sha256:aa AS build",
    "FROM build",
    "FROM scratch",
];

const STAGES: &[&str] = &["build ", "stage-1 ", "", "linux/amd64 build ", "1 "];

/// What is before a line.
const PREFIXES: &[&str] =
    &["", "2026-01-31T12:00:00.0Z ", "\u{1b}[0m", "\u{feff}", "12:00:00 ", "12:00:00 00O ", " "];

const ENDS: &[&str] = &[
    "CACHED",
    "DONE 0.1s",
    "DONE s",
    "ERROR: x",
    "CANCELED",
    "0.5 x",
    "sha256:aa",
    "exporting to image",
    "building with \"x\"",
];

const OTHERS: &[&str] = &[
    "---> Using cache",
    "--> Using cache 0123456789abcdef",
    " ---> 0123456789ab",
    "--> 0123456789ab",
    " ---> Running in 1",
    "Successfully built 0123456789ab",
    "[2/2] COMMIT x",
    "COMMIT",
    "Error: x",
    "The command x returned a non-zero code: 1",
    "{\"vertexes\":[{\"digest\":\"a\",\"name\":\"[1/2] RUN x\",\"cached\":true}]}",
    "{\"vertexes\":[{\"digest\":\"b\",\"name\":\"x\",\"started\":\"2026-01-31T1Z\",\"completed\":\"T:\"}]}",
    "{\"logs\":null}",
    "{",
    "#",
    "#1",
    "\u{1b}]0;",
    "Step 18446744073709551615/1 : RUN x",
    "\u{fffd}",
];

const COUNTS: &[&str] = &["1/2", "2/2", "3/4", "1/1", "0/0", "4/3", "18446744073709551615/2"];

pub(crate) fn log(choices: &mut Choices<'_>) -> String {
    let one = |choices: &mut Choices<'_>| choices.join(12, "\n", line);
    let (old, new) = (one(choices), one(choices));
    format!("{old}\n----\n{new}")
}

fn line(choices: &mut Choices<'_>) -> String {
    let prefix = choices.pick(PREFIXES);
    let mark = choices.below(5);
    let (count, step) = (choices.pick(COUNTS), choices.pick(STEPS));
    let rest = match choices.below(6) {
        0 | 1 => format!("#{mark} [{}{count}] {step}", choices.pick(STAGES)),
        2 => format!("#{mark} {}", choices.pick(ENDS)),
        3 => format!("Step {count} : {step}"),
        4 => format!("{}STEP {count}: {step}", choices.pick(&["", "[1/2] ", "[2/2] "])),
        _ => choices.pick(OTHERS).to_owned(),
    };
    format!("{prefix}{rest}")
}
