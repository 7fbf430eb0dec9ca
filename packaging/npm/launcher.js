#!/usr/bin/env node
// Starts the program that the package of this platform holds.
"use strict";
const { spawnSync } = require("node:child_process");
const { constants } = require("node:os");

const name = `@layerwise/${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "layerwise.exe" : "layerwise";
let path;
try {
  path = require.resolve(`${name}/bin/${program}`);
} catch {
  console.error(
    `layerwise: the package ${name} is not installed. Either layerwise is not built for this platform, or optional ` +
      "dependencies are switched off: install without `--omit=optional`.",
  );
  process.exit(2);
}
const { error, signal, status } = spawnSync(path, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`layerwise: ${path}: ${error.message}`);
  process.exit(2);
}
process.exit(signal ? 128 + constants.signals[signal] : status);
