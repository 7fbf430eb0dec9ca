// The manifest and the code agree, and the problem matcher reads what `layerwise check` prints.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const sources = readdirSync("src").map((it) => readFileSync(`src/${it}`, "utf8")).join("\n");
const contributes = manifest.contributes;

test("commands are those that are registered", () => {
  const listed: string[] = contributes.commands.map((it: { command: string }) => it.command).sort();
  const registered = [...sources.matchAll(/^ {4}"(layerwise\.\w+)":/gm)].map((it) => it[1]).sort();
  assert.ok(listed.length > 4);
  assert.deepEqual(listed, registered);
  // What is named anywhere exists.
  const named = [...`${sources}${JSON.stringify(contributes.walkthroughs)}`.matchAll(/command:? ?"?(layerwise\.\w+)/g)];
  for (const [, name] of named) {
    assert.ok(name !== undefined && listed.includes(name), name);
  }
});

test("settings are those that are read", () => {
  const listed = Object.keys(contributes.configuration.properties).sort();
  const read = [...sources.matchAll(/\.get\("([\w.]+)"/g)].map((it) => `layerwise.${it[1]}`).sort();
  assert.deepEqual(listed, read);
});

test("what the walkthrough shows is there", () => {
  const steps: { media: { markdown?: string; svg?: string } }[] = contributes.walkthroughs[0].steps;
  for (const { media } of steps) {
    const path = media.markdown ?? media.svg ?? "";
    assert.ok(existsSync(path), path);
  }
});

test("the problem matcher reads each line of a report", () => {
  const [matcher] = contributes.problemMatchers;
  const expression = new RegExp(matcher.pattern.regexp);
  const fields = (line: string) => expression.exec(line)?.slice(1);
  assert.deepEqual(fields("Dockerfile:1:6: warning DL3006 image `ubuntu` has no tag"), [
    "Dockerfile", "1", "6", "warning", "DL3006", "image `ubuntu` has no tag",
  ]);
  assert.deepEqual(fields("a: b/Dockerfile:12:3: style MaintainerDeprecated [*] `x`: 1:2: error E1 y"), [
    "a: b/Dockerfile", "12", "3", "style", "MaintainerDeprecated", "`x`: 1:2: error E1 y",
  ]);
  for (const line of ["Found 6 findings (6 warnings) in 1 of 1 file.", "error: `x` cannot be read", ""]) {
    assert.equal(fields(line), undefined);
  }
  const { file, line, column, severity, code, message } = matcher.pattern;
  assert.deepEqual([file, line, column, severity, code, message], [1, 2, 3, 4, 5, 6]);
});

test("the version is that of the program", () => {
  const cargo = readFileSync("../../Cargo.toml", "utf8");
  const changelog = readFileSync("../../CHANGELOG.md", "utf8");
  const version = /^version = "(.+)"/m.exec(cargo)?.[1];
  const next = /^## (\S+) \(unreleased\)/m.exec(changelog)?.[1];
  assert.ok([version, next].includes(manifest.version), manifest.version);
});
