// Finds the program: the setting, the extension's own copy, the workspace, the PATH, in this order.
import * as nodePath from "node:path";

/** What the search depends on. */
export interface Surroundings {
  platform: NodeJS.Platform;
  arch: string;
  env: Record<string, string | undefined>;
  home: string;
  /** The folder of the extension. */
  extension: string;
  /** The workspace folders. */
  folders: string[];
  /** Whether the user trusts the workspace: nothing in it is started otherwise. */
  trusted: boolean;
  /** The setting `layerwise.path`. */
  setting: string;
  /** Whether a path is a file that can be started. */
  isProgram(path: string): boolean;
}

export type Origin = "setting" | "extension" | "workspace" | "PATH";

export type Found =
  | { kind: "found"; path: string; origin: Origin }
  /** The setting names something that is not a program. */
  | { kind: "wrong"; path: string }
  | { kind: "missing" };

/** Where virtual environments and packages keep programs, inside a workspace folder. */
function folders(at: Surroundings): string[][] {
  const programs = isWindows(at) ? "Scripts" : "bin";
  // The package of the platform holds the program; what lies in `.bin` is a script that starts it with Node.
  const own = ["node_modules", "@layerwise", `${at.platform}-${at.arch}`, "bin"];
  return [[".venv", programs], ["venv", programs], own, ["node_modules", ".bin"]];
}

/** Finds the program. */
export function find(at: Surroundings): Found {
  const path = pathOf(at);
  if (at.setting.trim() !== "") {
    const wanted = expand(at.setting.trim(), at);
    const isName = !/[\\/]/.test(wanted);
    const found = isName ? first(onPath(at, [wanted, ...names(at, wanted)]), at) : program(absolute(wanted, at), at);
    return found ? { kind: "found", path: found, origin: "setting" } : { kind: "wrong", path: wanted };
  }
  const own = first(names(at).map((name) => path.join(at.extension, "bin", name)), at);
  if (own) {
    return { kind: "found", path: own, origin: "extension" };
  }
  if (at.trusted) {
    const places = at.folders.flatMap((folder) => folders(at).map((it) => path.join(folder, ...it)));
    const local = first(places.flatMap((place) => names(at).map((name) => path.join(place, name))), at);
    if (local) {
      return { kind: "found", path: local, origin: "workspace" };
    }
  }
  const global = first(onPath(at, names(at)), at);
  return global ? { kind: "found", path: global, origin: "PATH" } : { kind: "missing" };
}

/** How a program is started: scripts of npm need a shell on Windows. */
export function invocation(program: string, platform: NodeJS.Platform): { command: string; shell: boolean } {
  const isScript = platform === "win32" && /\.(cmd|bat)$/i.test(program);
  return isScript ? { command: `"${program}"`, shell: true } : { command: program, shell: false };
}

function isWindows(at: Surroundings): boolean {
  return at.platform === "win32";
}

function pathOf(at: Surroundings): nodePath.PlatformPath {
  return isWindows(at) ? nodePath.win32 : nodePath.posix;
}

/** The names that the program may have on this system. */
function names(at: Surroundings, name = "layerwise"): string[] {
  return isWindows(at) ? [`${name}.exe`, `${name}.cmd`] : [name];
}

function program(path: string, at: Surroundings): string | undefined {
  return first([path, ...(isWindows(at) ? names(at, path) : [])], at);
}

function first(paths: string[], at: Surroundings): string | undefined {
  return paths.find((it) => at.isProgram(it));
}

/** The places of names on the PATH. Relative folders on it would mean the workspace, and so would those inside it. */
function onPath(at: Surroundings, wanted: string[]): string[] {
  const path = pathOf(at);
  const key = Object.keys(at.env).find((it) => (isWindows(at) ? it.toUpperCase() : it) === "PATH");
  const list = (key === undefined ? "" : at.env[key] ?? "").split(path.delimiter);
  const isInside = (place: string) =>
    at.folders.some((folder) => {
      const relative = path.relative(folder, place);
      return !relative.startsWith("..") && !path.isAbsolute(relative);
    });
  const places = list.filter((it) => path.isAbsolute(it) && (at.trusted || !isInside(it)));
  return places.flatMap((place) => wanted.map((name) => path.join(place, name)));
}

function absolute(wanted: string, at: Surroundings): string {
  const path = pathOf(at);
  return path.isAbsolute(wanted) ? path.normalize(wanted) : path.join(at.folders[0] ?? at.home, wanted);
}

/** Replaces `~` and the variables that VS Code's own settings know. */
function expand(text: string, at: Surroundings): string {
  return text
    .replace(/^~(?=$|[\\/])/, at.home)
    .replace(/\$\{userHome\}/g, at.home)
    .replace(/\$\{workspaceFolder\}/g, at.folders[0] ?? "")
    .replace(/\$\{env:([^}]+)\}/g, (_, name: string) => at.env[name] ?? "");
}
