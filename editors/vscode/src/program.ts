// Runs the program for anything but the server: whether it is one, and what it prints.
import { execFile } from "node:child_process";
import { invocation } from "./find";

/** What a run printed, and its exit code. */
export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs it to its end; rejects if it cannot be started or takes longer than ten seconds. */
export function run(program: string, args: string[], cwd: string): Promise<Output> {
  const { command, shell } = invocation(program, process.platform);
  return new Promise((resolve, reject) => {
    const options = { cwd, shell, timeout: 10_000, windowsHide: true, maxBuffer: 1 << 24 };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") {
        reject(error.killed ? new Error(`${program} did not answer within ten seconds`) : error);
      } else {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      }
    }).stdin?.end();
  });
}

/** Why a program cannot serve an editor; nothing if it can. */
export async function objection(program: string, cwd: string): Promise<string | undefined> {
  try {
    if ((await run(program, ["lsp", "--help"], cwd)).code === 0) {
      return undefined;
    }
    const { stdout, stderr } = await run(program, ["--version"], cwd);
    const version = /^layerwise (\S+)/.exec(stdout)?.[1];
    if (version !== undefined) {
      return `${program} is layerwise ${version}, without a language server: it is older than 0.2.0 or was built without it.`;
    }
    const said = stderr.trim().split("\n", 1)[0];
    return `${program} does not run as layerwise${said ? `: ${said}` : "."}`;
  } catch (error) {
    return `${program} cannot be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}
