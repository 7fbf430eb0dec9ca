// The settings of the extension, and what of them the server understands.
import * as vscode from "vscode";

/** The setting `layerwise.path`. */
export function path(): string {
  return settings().get("path", "");
}

/** What the server takes as `initializationOptions` and as changed settings. */
export function forServer(): { unsafeFixes: boolean } {
  return { unsafeFixes: settings().get("unsafeFixes", false) };
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("layerwise");
}
