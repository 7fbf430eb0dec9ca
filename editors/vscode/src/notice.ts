// Tells the user once what to do if the server cannot run.
import * as vscode from "vscode";
import type { Condition, Server } from "./server";

const WALKTHROUGH = "layerwise.layerwise#start";

/** Shows a message the first time that a Dockerfile is open and the server cannot run, and again after each new reason. */
export function notice(server: Server): vscode.Disposable {
  let said = "";
  const look = (condition: Condition) => {
    const isNeeded = vscode.workspace.textDocuments.some((it) => it.languageId === "dockerfile");
    if (condition.state === "running") {
      said = "";
    } else if ((condition.state === "missing" || condition.state === "failed") && isNeeded && said !== condition.reason) {
      said = condition.reason;
      void say(condition);
    }
  };
  return vscode.Disposable.from(
    server.onDidChange(look),
    vscode.workspace.onDidOpenTextDocument(() => look(server.condition)),
  );
}

async function say(condition: Condition & { state: "missing" | "failed" }): Promise<void> {
  const install = "How to Install";
  const select = "Select Program…";
  const output = "Show Output";
  const more = condition.state === "missing" ? " Until then, Dockerfiles are not checked." : "";
  const choice = await vscode.window.showErrorMessage(
    `layerwise: ${condition.reason}${more}`,
    install,
    select,
    ...(condition.state === "failed" ? [output] : []),
  );
  if (choice === install) {
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, false);
  } else if (choice === select) {
    await vscode.commands.executeCommand("layerwise.selectProgram");
  } else if (choice === output) {
    await vscode.commands.executeCommand("layerwise.showOutput");
  }
}
