// The commands.
import * as vscode from "vscode";
import { run } from "./program";
import { showRule } from "./rule";
import type { Server } from "./server";
import { checkAll } from "./task";

/** Registers all commands that `package.json` lists. */
export function commands(server: Server): vscode.Disposable {
  const list: Record<string, (argument: unknown) => unknown> = {
    "layerwise.fixAll": fixAll,
    "layerwise.showRule": (code) => showRule(server, code),
    "layerwise.checkWorkspace": () => checkAll(server),
    "layerwise.createConfiguration": () => createConfiguration(server),
    "layerwise.restart": () => server.start(),
    "layerwise.showOutput": () => server.output.show(true),
    "layerwise.selectProgram": selectProgram,
  };
  const registered = Object.entries(list).map(([name, does]) => vscode.commands.registerCommand(name, does));
  return vscode.Disposable.from(...registered);
}

/** Applies all safe fixes to the file in the active editor. */
async function fixAll(): Promise<void> {
  if (vscode.window.activeTextEditor?.document.languageId !== "dockerfile") {
    void vscode.window.showInformationMessage("layerwise: open a Dockerfile first.");
    return;
  }
  const wanted = { kind: "source.fixAll.layerwise", apply: "first" };
  await vscode.commands.executeCommand("editor.action.sourceAction", wanted);
}

/** Writes a `layerwise.yaml` and opens it; one that is there is only opened. */
async function createConfiguration(server: Server): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
  const program = server.program;
  if (folder === undefined || program === undefined) {
    return;
  }
  const file = vscode.Uri.joinPath(folder.uri, "layerwise.yaml");
  const isThere = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const { code, stderr } = await run(program, ["init", "config", folder.uri.fsPath], folder.uri.fsPath);
    if (code !== 0) {
      void vscode.window.showErrorMessage(`layerwise: ${stderr.trim()}`);
      return;
    }
  }
  await vscode.window.showTextDocument(file);
}

/** Lets the user choose the program; the setting then starts it. */
async function selectProgram(): Promise<void> {
  const title = "Select the program layerwise";
  const chosen = await vscode.window.showOpenDialog({ title, openLabel: "Select", canSelectMany: false });
  const path = chosen?.[0]?.fsPath;
  if (path !== undefined) {
    const settings = vscode.workspace.getConfiguration("layerwise");
    await settings.update("path", path, vscode.ConfigurationTarget.Global);
  }
}
