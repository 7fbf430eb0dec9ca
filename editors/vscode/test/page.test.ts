// Pages of rules as Markdown, and codes at a place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { codeAt, markdown } from "../src/page";

test("a page becomes Markdown", () => {
  const text = `DL3014 apt-without-yes
hadolint, packages, warning, in every profile

\`apt-get install\` without \`-y\`.

Bad:
    FROM debian:12

    RUN apt-get install curl

Good:
    FROM debian:12
    RUN if true; then \\
            apt-get install -y curl; fi

Options:
\`some-option\`: what it is.

Fix:
    \`--fix\` fixes it

Suppress it:
    for one instruction, in a comment above it:
        # layerwise ignore=DL3014 the reason
    for a run:
        layerwise check --ignore DL3014

Read more:
    https://docs.docker.com/a/#b
`;
  const expected = `# DL3014 apt-without-yes

hadolint, packages, warning, in every profile

\`apt-get install\` without \`-y\`.

## Bad

\`\`\`dockerfile
FROM debian:12
RUN apt-get install curl
\`\`\`

## Good

\`\`\`dockerfile
FROM debian:12
RUN if true; then \\
        apt-get install -y curl; fi
\`\`\`

## Options

\`some-option\`: what it is.

## Fix

\`--fix\` fixes it

## Suppress it

- for one instruction, in a comment above it: \`# layerwise ignore=DL3014 the reason\`
- for a run: \`layerwise check --ignore DL3014\`

## Read more

- <https://docs.docker.com/a/#b>
`;
  assert.equal(markdown(text), expected);
  assert.equal(markdown(text.replaceAll("\n", "\r\n")), expected);
});

test("codes are found where the cursor touches them", () => {
  const line = "# layerwise ignore=DL3008,MaintainerDeprecated why";
  const places = [["DL3008", 19], ["DL3008", 25], ["MaintainerDeprecated", 26], [undefined, 3], [undefined, 48]] as const;
  for (const [code, column] of places) {
    assert.equal(codeAt(line, column), code, String(column));
  }
});
