// The channel of messages between editor and server, written to as long as the setting `layerwise.trace.server` says so.
import * as vscode from "vscode";

/** Writes to a plain channel; its level follows the setting. The client asks a channel's level whether to trace at all. */
export class TraceChannel implements vscode.LogOutputChannel {
  private readonly channel = vscode.window.createOutputChannel("layerwise: trace");
  private readonly changed = new vscode.EventEmitter<vscode.LogLevel>();
  private readonly watcher = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("layerwise.trace.server")) {
      this.changed.fire(this.logLevel);
    }
  });
  readonly onDidChangeLogLevel = this.changed.event;
  readonly name = this.channel.name;

  get logLevel(): vscode.LogLevel {
    const wanted = vscode.workspace.getConfiguration("layerwise").get("trace.server", "off");
    return wanted === "off" ? vscode.LogLevel.Off : vscode.LogLevel.Trace;
  }

  trace(message: string): void {
    this.channel.appendLine(`${new Date().toISOString()} ${message}`);
  }
  debug(message: string): void {
    this.trace(message);
  }
  info(message: string): void {
    this.trace(message);
  }
  warn(message: string): void {
    this.trace(message);
  }
  error(error: string | Error): void {
    this.trace(String(error));
  }
  append(value: string): void {
    this.channel.append(value);
  }
  appendLine(value: string): void {
    this.channel.appendLine(value);
  }
  replace(value: string): void {
    this.channel.replace(value);
  }
  clear(): void {
    this.channel.clear();
  }
  show(): void {
    this.channel.show(true);
  }
  hide(): void {
    this.channel.hide();
  }
  dispose(): void {
    this.watcher.dispose();
    this.changed.dispose();
    this.channel.dispose();
  }
}
