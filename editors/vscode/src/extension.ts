// Starts the extension: the server, what shows its state, and the commands.
import * as vscode from "vscode";
import { commands } from "./commands";
import { notice } from "./notice";
import { pages } from "./rule";
import { Server } from "./server";
import { status } from "./status";
import { tasks } from "./task";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const own = new Server(context.extensionPath);
  server = own;
  context.subscriptions.push(
    own,
    status(own),
    notice(own),
    commands(own),
    pages(own),
    tasks(own),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("layerwise.path")) {
        void own.start();
      } else if (event.affectsConfiguration("layerwise.unsafeFixes")) {
        void own.configure();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (own.condition.state !== "running") {
        void own.start();
      }
    }),
  );
  await own.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
