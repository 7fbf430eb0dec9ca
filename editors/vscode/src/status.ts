// The item in the language status: version and state, and what to do.
import * as vscode from "vscode";
import type { Condition, Server } from "./server";

/** Shows how the server is, next to the language of a Dockerfile. */
export function status(server: Server): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem("layerwise", { language: "dockerfile" });
  item.name = "layerwise";
  const show = (condition: Condition) => {
    const { text, detail, severity, command } = describe(condition);
    item.text = text;
    item.detail = detail;
    item.severity = severity;
    item.command = command;
    item.busy = condition.state === "starting";
  };
  show(server.condition);
  return vscode.Disposable.from(item, server.onDidChange(show));
}

const RESTART = { command: "layerwise.restart", title: "Restart" };
const OUTPUT = { command: "layerwise.showOutput", title: "Show Output" };
const SELECT = { command: "layerwise.selectProgram", title: "Select Program…" };

function describe(condition: Condition) {
  const { Information: fine, Error: bad } = vscode.LanguageStatusSeverity;
  switch (condition.state) {
    case "starting":
      return { text: "layerwise", detail: "starting", severity: fine, command: OUTPUT };
    case "running":
      return {
        text: `layerwise ${condition.version}`,
        detail: `running, from ${condition.origin === "PATH" ? "the PATH" : `the ${condition.origin}`}`,
        severity: fine,
        command: RESTART,
      };
    case "missing":
      return { text: "layerwise", detail: "not found", severity: bad, command: SELECT };
    case "failed":
      return { text: "layerwise", detail: "not running", severity: bad, command: OUTPUT };
    case "stopped":
      return { text: "layerwise", detail: "stopped", severity: fine, command: RESTART };
  }
}
