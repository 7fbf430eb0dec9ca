// Uses the packaged extension in code-server, which is VS Code in a browser. Not part of `npm test`: code-server is large.
//
//     CODE_SERVER=…/node_modules/code-server/out/node/entry.js PLAYWRIGHT=…/node_modules/playwright-core
//     CHROMIUM=/usr/bin/chromium LAYERWISE=…/layerwise node test/in-code-server.mjs out/layerwise.vsix
//
// `node` has to be of the version that this code-server wants. Pictures of each step go to out/pictures/.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { CODE_SERVER, PLAYWRIGHT, CHROMIUM, LAYERWISE } = process.env;
const vsix = process.argv[2];
assert.ok(CODE_SERVER && PLAYWRIGHT && CHROMIUM && LAYERWISE && vsix, "see the head of this file");
const { chromium } = createRequire(import.meta.url)(realpathSync(PLAYWRIGHT));

const BEFORE = `FROM debian:12
MAINTAINER me@example.com
RUN apt-get update && apt-get install curl && rm -rf /var/lib/apt/lists/*
CMD ["curl"]
`;
const AFTER = BEFORE.replace("install curl", "install -y curl");
const AFTER_ALL = AFTER.replace("MAINTAINER me@example.com", 'LABEL org.opencontainers.image.authors="me@example.com"');
const PORT = 8393;

const root = mkdtempSync(join(tmpdir(), "layerwise-vscode-"));
const write = (path, text) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
};
write("work/Dockerfile", BEFORE);
write("work/api/Dockerfile", 'FROM debian:12\nMAINTAINER you@example.com\nCMD ["/api"]\n');
write("data/Machine/settings.json", JSON.stringify({ "layerwise.path": realpathSync(LAYERWISE) }));
write("data/User/settings.json", JSON.stringify({
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
}));
write("config.yaml", "auth: none\n");
const flags = ["--config", join(root, "config.yaml"), "--user-data-dir", join(root, "data"), "--extensions-dir", join(root, "ext")];
execFileSync(process.execPath, [CODE_SERVER, ...flags, "--install-extension", realpathSync(vsix)], { stdio: "inherit" });
const more = ["--auth", "none", "--bind-addr", `127.0.0.1:${PORT}`, "--disable-telemetry", "--disable-update-check"];
const server = spawn(process.execPath, [CODE_SERVER, ...flags, ...more], { stdio: ["ignore", "pipe", "inherit"] });
let browser;
try {
  await new Promise((listening, failed) => {
    server.stdout.on("data", (text) => String(text).includes("HTTP server listening") && listening());
    server.once("exit", () => failed(new Error("code-server has ended")));
  });
  const quiet = ["quic", "background-networking", "component-update", "sync", "gpu"].map((it) => `--disable-${it}`);
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--no-first-run", ...quiet] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  mkdirSync("out/pictures", { recursive: true });
  const done = async (name) => {
    await page.screenshot({ path: `out/pictures/${name}.png` });
    console.log(name);
  };
  const pick = async (key, text) => {
    await page.keyboard.press(key);
    await page.locator(".quick-input-widget input").first().waitFor();
    await page.keyboard.type(text);
    await page.waitForTimeout(2000);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(1000);
  };
  const saved = async (text) => {
    await page.keyboard.press("Control+s");
    const end = Date.now() + 15_000;
    const read = () => readFileSync(join(root, "work/Dockerfile"), "utf8");
    while (read() !== text && Date.now() < end) {
      await page.waitForTimeout(300);
    }
    assert.equal(read(), text);
  };

  await page.goto(`http://127.0.0.1:${PORT}/?folder=${join(root, "work")}`);
  await page.locator(".monaco-workbench").waitFor();
  await page.waitForTimeout(3000);
  await page.keyboard.press("Control+Shift+m");
  for (const text of ["`apt-get install` waits for an answer", "`MAINTAINER` is deprecated"]) {
    await page.locator(".markers-panel").getByText(text).first().waitFor();
  }
  assert.equal(await page.locator(".markers-panel").getByText("`MAINTAINER` is deprecated").count(), 2);
  await done("1 problems of the workspace, before a file is open");

  await pick("Control+p", "Dockerfile");
  await page.locator(".codelens-decoration", { hasText: "final image" }).first().waitFor();
  await page.locator("[id='status.languageStatus']").first().click();
  await page.getByText(/^layerwise \d+\.\d+\.\d+/).first().waitFor();
  await done("2 language status");
  await page.keyboard.press("Escape");

  await page.locator(".view-line").first().click();
  await pick("Control+g", "3:31");
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Control+i");
  await page.locator(".monaco-hover").getByText("waits for an answer").first().waitFor();
  await done("3 hover");
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+.");
  await page.locator(".action-widget").getByText("Add `-y` (DL3014)").first().waitFor();
  await page.waitForTimeout(500);
  await done("4 quick fixes");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(2000);
  await saved(AFTER);
  await done("5 fixed");

  await pick("F1", "layerwise: Fix All");
  await page.waitForTimeout(2000);
  await saved(AFTER_ALL);
  await done("6 all fixed");

  await pick("F1", "layerwise: Check Workspace");
  await page.waitForTimeout(5000);
  await done("7 task");
  console.log("passed");
} finally {
  await browser?.close();
  server.kill();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
