// Tells programs that can serve from those that cannot.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { markdown } from "../src/page";
import { objection, run } from "../src/program";

const skip = process.platform === "win32" && "the programs are shell scripts";

test("what a program cannot do is said", { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "layerwise-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const program = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  const good = program("good", "#!/bin/sh\nexit 0\n");
  assert.equal(await objection(good, folder), undefined);
  const old = program("old", '#!/bin/sh\n[ "$1" = --version ] && echo layerwise 0.1.0 || exit 2\n');
  const reason = `${old} is layerwise 0.1.0, without a language server: it is older than 0.2.0 or was built without it.`;
  assert.equal(await objection(old, folder), reason);
  const other = program("other", "#!/bin/sh\nexit 3\n");
  assert.equal(await objection(other, folder), `${other} does not run as layerwise.`);
  const nodeless = program("nodeless", "#!/bin/sh\necho env: node: not found >&2\necho more >&2\nexit 127\n");
  assert.equal(await objection(nodeless, folder), `${nodeless} does not run as layerwise: env: node: not found`);
  const broken = program("broken", "\u007fELF nonsense");
  assert.match((await objection(broken, folder)) ?? "", /^\S+broken (cannot be started|does not run as layerwise)/);
  const gone = join(folder, "gone");
  assert.equal(await objection(gone, folder), `${gone} cannot be started: spawn ${gone} ENOENT`);
});

const layerwise = process.env.LAYERWISE;

test("the real program serves, and its pages become Markdown", { skip: !layerwise && "no LAYERWISE" }, async () => {
  const program = layerwise ?? "";
  assert.equal(await objection(program, "."), undefined);
  const { stdout } = await run(program, ["rules", "--format=json"], ".");
  const codes: string[] = JSON.parse(stdout).map((it: { code: string }) => it.code);
  assert.ok(codes.length > 100);
  const text = (await run(program, ["explain", "--color=never", ...codes.slice(0, 1)], ".")).stdout;
  assert.match(markdown(text), /^# LM001 [\s\S]+## Bad\n\n```dockerfile\nFROM [\s\S]+\n```\n\n## Good\n\n```dockerfile\nFROM/);
});
