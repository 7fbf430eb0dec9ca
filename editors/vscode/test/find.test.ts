// Where the program is looked for, in which order, and what is never started.
import assert from "node:assert/strict";
import { test } from "node:test";
import { find, invocation, type Surroundings } from "../src/find";

function search(programs: string[], more: Partial<Surroundings> = {}) {
  return find({
    platform: "linux",
    arch: "x64",
    env: { PATH: "/usr/bin:/opt/bin" },
    home: "/home/me",
    extension: "/ext",
    folders: ["/repo/a", "/repo/b"],
    trusted: true,
    setting: "",
    isProgram: (path) => programs.includes(path),
    ...more,
  });
}

test("the nearest of several wins", () => {
  const order = [
    ["/ext/bin/layerwise", "extension"],
    ["/repo/a/.venv/bin/layerwise", "workspace"],
    ["/repo/a/venv/bin/layerwise", "workspace"],
    ["/repo/a/node_modules/@layerwise/linux-x64/bin/layerwise", "workspace"],
    ["/repo/a/node_modules/.bin/layerwise", "workspace"],
    ["/repo/b/.venv/bin/layerwise", "workspace"],
    ["/usr/bin/layerwise", "PATH"],
    ["/opt/bin/layerwise", "PATH"],
  ] as const;
  const places = order.map((it) => it[0]);
  for (const [index, [path, origin]] of order.entries()) {
    assert.deepEqual(search(places.slice(index)), { kind: "found", path, origin });
  }
  assert.deepEqual(search([]), { kind: "missing" });
});

test("the setting wins, and nothing takes its place", () => {
  const there = ["/x/layerwise", "/usr/bin/layerwise", "/usr/bin/lw", "/home/me/lw", "/repo/a/bin/lw", "/env/lw"];
  const cases = [
    ["/x/layerwise", "/x/layerwise"],
    ["  /x/../x/layerwise ", "/x/layerwise"],
    ["~/lw", "/home/me/lw"],
    ["${userHome}/lw", "/home/me/lw"],
    ["${workspaceFolder}/bin/lw", "/repo/a/bin/lw"],
    ["bin/lw", "/repo/a/bin/lw"],
    ["${env:LW}/lw", "/env/lw"],
    ["lw", "/usr/bin/lw"],
  ] as const;
  const env = { PATH: "/usr/bin", LW: "/env" };
  for (const [setting, path] of cases) {
    assert.deepEqual(search(there, { setting, env }), { kind: "found", path, origin: "setting" }, setting);
  }
  assert.deepEqual(search(there, { setting: "/no/layerwise" }), { kind: "wrong", path: "/no/layerwise" });
  assert.deepEqual(search(there, { setting: "other" }), { kind: "wrong", path: "other" });
});

test("nothing of a workspace is started that is not trusted", () => {
  const inside = ["/repo/a/.venv/bin/layerwise", "/repo/a/bin/layerwise", "/repo/a/node_modules/.bin/layerwise"];
  const env = { PATH: "/repo/a/bin:/repo/a/node_modules/.bin:/usr/bin" };
  assert.deepEqual(search(inside, { trusted: false, env }), { kind: "missing" });
  const found = { kind: "found", path: "/usr/bin/layerwise", origin: "PATH" };
  assert.deepEqual(search([...inside, "/usr/bin/layerwise"], { trusted: false, env }), found);
  // A folder beside the workspace whose name only begins alike is none of it.
  const beside = { kind: "found", path: "/repo/ab/layerwise", origin: "PATH" };
  assert.deepEqual(search(["/repo/ab/layerwise"], { trusted: false, env: { PATH: "/repo/ab" } }), beside);
});

test("relative and empty parts of the PATH mean no folder", () => {
  const env = { PATH: ":.:bin:/usr/bin" };
  assert.deepEqual(search(["layerwise", "bin/layerwise"], { env }), { kind: "missing" });
  assert.deepEqual(search(["/usr/bin/layerwise"], { env: {} }), { kind: "missing" });
});

test("Windows has its own names, folders and PATH", () => {
  const windows = { platform: "win32" as const, extension: "C:\\ext", folders: ["C:\\w"], home: "C:\\me" };
  const env = { Path: "C:\\bin;D:\\npm" };
  const cases = [
    ["C:\\ext\\bin\\layerwise.exe", "extension"],
    ["C:\\w\\.venv\\Scripts\\layerwise.exe", "workspace"],
    ["C:\\w\\node_modules\\@layerwise\\win32-x64\\bin\\layerwise.exe", "workspace"],
    ["C:\\w\\node_modules\\.bin\\layerwise.cmd", "workspace"],
    ["D:\\npm\\layerwise.cmd", "PATH"],
  ] as const;
  for (const [path, origin] of cases) {
    assert.deepEqual(search([path], { ...windows, env }), { kind: "found", path, origin });
  }
  const found = { kind: "found", path: "C:\\x\\layerwise.exe", origin: "setting" };
  assert.deepEqual(search(["C:\\x\\layerwise.exe"], { ...windows, env, setting: "C:\\x\\layerwise" }), found);
});

test("only scripts on Windows need a shell", () => {
  assert.deepEqual(invocation("C:\\a b\\layerwise.cmd", "win32"), { command: '"C:\\a b\\layerwise.cmd"', shell: true });
  assert.deepEqual(invocation("C:\\a b\\layerwise.exe", "win32"), { command: "C:\\a b\\layerwise.exe", shell: false });
  assert.deepEqual(invocation("/a b/layerwise", "linux"), { command: "/a b/layerwise", shell: false });
});
