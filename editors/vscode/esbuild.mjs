// Bundles the extension into dist/extension.js, or with --tests each test into out/tests/.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
};

/** The names, versions and licences of the packages that a bundle is made of. */
function notices(inputs) {
  const found = Object.keys(inputs).map((it) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(it)?.[1]);
  const packages = [...new Set(found.filter((it) => it !== undefined))].sort();
  return packages.map((name) => {
    const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
    const file = readdirSync(`node_modules/${name}`).find((it) => /^licen[cs]e/i.test(it));
    if (file === undefined) {
      throw new Error(`${name} has no file with its licence`);
    }
    const text = readFileSync(`node_modules/${name}/${file}`, "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
}

if (process.argv.includes("--tests")) {
  rmSync("out/tests", { recursive: true, force: true });
  const tests = readdirSync("test").filter((it) => it.endsWith(".test.ts"));
  await build({ ...common, entryPoints: tests.map((it) => `test/${it}`), outdir: "out/tests", sourcemap: "inline" });
} else {
  rmSync("dist", { recursive: true, force: true });
  const production = process.argv.includes("--production");
  const { metafile } = await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    minify: production,
    sourcemap: !production,
    metafile: true,
  });
  writeFileSync("dist/THIRD-PARTY-NOTICES", notices(metafile.inputs).join(`\n${"-".repeat(80)}\n\n`));
  for (const file of ["docs/layerwise.schema.json", "LICENSE-APACHE", "LICENSE-MIT"]) {
    copyFileSync(`../../${file}`, `dist/${basename(file)}`);
  }
}
