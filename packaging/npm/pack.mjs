// Makes the npm packages of one platform: `layerwise`, whose launcher starts the program, and the package that holds it.
// Usage: node packaging/npm/pack.mjs VERSION BINARY PLATFORM FOLDER, where PLATFORM is such as linux-x64.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execFileSync } from "node:child_process";

const [version, binary, platform, folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: pack.mjs VERSION BINARY PLATFORM FOLDER");
  process.exit(2);
}
const [os, cpu] = platform.split("-");
const root = new URL("../../", import.meta.url).pathname;
// Every platform a release is built for; npm installs the one that fits.
const platforms = JSON.parse(readFileSync(join(root, "packaging/npm/platforms.json"), "utf8"));
if (!platforms.includes(platform)) {
  console.error(`unknown platform ${platform}: packaging/npm/platforms.json lists ${platforms.join(", ")}`);
  process.exit(2);
}
const common = {
  version,
  description: "A Dockerfile linter and layer-optimization advisor",
  license: "MIT OR Apache-2.0",
  keywords: ["dockerfile", "docker", "lint", "linter", "container"],
};
const nameOf = (it) => `@layerwise/${it}`;

function pack(name, manifest, files) {
  const place = join(folder, basename(name) === name ? name : platform);
  mkdirSync(join(place, "bin"), { recursive: true });
  writeFileSync(join(place, "package.json"), `${JSON.stringify({ name, ...common, ...manifest }, null, 2)}\n`);
  for (const file of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(join(root, file), join(place, file));
  for (const [from, to] of files) {
    copyFileSync(from, join(place, to));
    if (to.startsWith("bin/")) chmodSync(join(place, to), 0o755);
  }
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder, place], { stdio: "inherit" });
}

const program = os === "win32" ? "bin/layerwise.exe" : "bin/layerwise";
pack(nameOf(platform), { os: [os], cpu: [cpu], files: ["bin", "THIRD-PARTY-NOTICES"] }, [
  [binary, program],
  [join(root, "THIRD-PARTY-NOTICES"), "THIRD-PARTY-NOTICES"],
]);
pack(
  "layerwise",
  {
    bin: { layerwise: "bin/layerwise.js" },
    files: ["bin"],
    engines: { node: ">=16" },
    optionalDependencies: Object.fromEntries(platforms.map((it) => [nameOf(it), version])),
  },
  [
    [join(root, "packaging/npm/launcher.js"), "bin/layerwise.js"],
    [join(root, "README.md"), "README.md"],
  ],
);
