// The task `layerwise: check`. It only prints: the server reports the same problems, with more detail.
import * as vscode from "vscode";
import { invocation } from "./find";
import type { Server } from "./server";

/** Offers the task for each workspace folder, and completes those that users define. */
export function tasks(server: Server): vscode.Disposable {
  return vscode.tasks.registerTaskProvider("layerwise", {
    provideTasks: () => {
      const program = server.program;
      const folders = vscode.workspace.workspaceFolders ?? [];
      return program === undefined ? [] : folders.map((folder) => check(program, folder));
    },
    resolveTask: ({ definition, scope }) => {
      const program = server.program;
      const isFolder = typeof scope === "object" && scope !== null;
      const folder = isFolder ? scope : vscode.workspace.workspaceFolders?.[0];
      const isKnown = definition.task === "check" && program !== undefined && folder !== undefined;
      // VS Code wants the very definition back.
      return isKnown ? check(program, folder, definition) : undefined;
    },
  });
}

/** Runs the task in all workspace folders. */
export async function checkAll(server: Server): Promise<void> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (server.program !== undefined) {
      await vscode.tasks.executeTask(check(server.program, folder));
    }
  }
}

function check(
  program: string,
  folder: vscode.WorkspaceFolder,
  definition: vscode.TaskDefinition = { type: "layerwise", task: "check" },
): vscode.Task {
  const given: unknown = definition.args;
  const more = Array.isArray(given) ? given.map(String) : [];
  const args = ["check", "--exit-zero", "--format=concise", "--color=never", ...more];
  const { command, shell } = invocation(program, process.platform);
  const cwd = folder.uri.fsPath;
  const execution = shell
    ? new vscode.ShellExecution(program, args, { cwd })
    : new vscode.ProcessExecution(command, args, { cwd });
  const task = new vscode.Task(definition, folder, "check", "layerwise", execution, []);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  return task;
}
