// The life of the server: finds the program, starts it, says how it is, starts it again.
import { constants, accessSync, statSync } from "node:fs";
import { homedir } from "node:os";
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, State } from "vscode-languageclient/node";
import { type Found, find, invocation } from "./find";
import { objection } from "./program";
import * as settings from "./settings";
import { TraceChannel } from "./trace";

/** How the server is. */
export type Condition =
  | { state: "starting"; program?: string }
  | { state: "running"; program: string; origin: string; version: string }
  /** There is no program. */
  | { state: "missing"; reason: string }
  /** There is one, and it does not serve. */
  | { state: "failed"; program: string; reason: string }
  | { state: "stopped" };

export class Server implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel("layerwise", { log: true });
  private readonly trace = new TraceChannel();
  private readonly changed = new vscode.EventEmitter<Condition>();
  readonly onDidChange = this.changed.event;
  private client: LanguageClient | undefined;
  /** Starts and stops wait for each other. */
  private queue: Promise<void> = Promise.resolve();
  condition: Condition = { state: "stopped" };

  constructor(private readonly extension: string) {}

  /** Starts the server; one that runs is stopped first. */
  start(): Promise<void> {
    return this.next(async () => {
      await this.end();
      await this.begin();
    });
  }

  /** Stops the server. */
  stop(): Promise<void> {
    return this.next(() => this.end());
  }

  /** Gives the server the settings that hold now. */
  async configure(): Promise<void> {
    if (this.client?.isRunning()) {
      const own = { layerwise: settings.forServer() };
      await this.client.sendNotification("workspace/didChangeConfiguration", { settings: own });
    }
  }

  /** The program that runs, for other uses of it. */
  get program(): string | undefined {
    return this.condition.state === "running" ? this.condition.program : undefined;
  }

  dispose(): void {
    this.changed.dispose();
    this.trace.dispose();
    this.output.dispose();
  }

  private next(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error) => {
      this.output.error(error instanceof Error ? error : String(error));
    });
    return this.queue;
  }

  private set(condition: Condition): void {
    this.condition = condition;
    if (condition.state === "missing" || condition.state === "failed") {
      this.output.error(condition.reason);
    }
    void vscode.commands.executeCommand("setContext", "layerwise.state", condition.state);
    this.changed.fire(condition);
  }

  private async begin(): Promise<void> {
    this.set({ state: "starting" });
    const found = this.find();
    if (found.kind === "wrong") {
      return this.set({ state: "missing", reason: `There is no program at ${found.path}, where the setting layerwise.path points.` });
    }
    if (found.kind === "missing") {
      const hint = vscode.workspace.isTrusted ? "" : " Programs inside this folder are started only if you trust it.";
      return this.set({ state: "missing", reason: `The program layerwise was not found. Install it, or set layerwise.path.${hint}` });
    }
    const { path: program, origin } = found;
    this.set({ state: "starting", program });
    const cwd = vscode.workspace.workspaceFolders?.find((it) => it.uri.scheme === "file")?.uri.fsPath ?? homedir();
    const reason = await objection(program, cwd);
    if (reason !== undefined) {
      return this.set({ state: "failed", program, reason });
    }
    const { command, shell } = invocation(program, process.platform);
    const executable = { command, args: ["lsp"], options: { cwd, shell } };
    const client = new LanguageClient("layerwise", "layerwise", executable, this.options());
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) {
        return;
      }
      if (newState === State.Running) {
        const version = client.initializeResult?.serverInfo?.version ?? "of unknown version";
        this.output.info(`layerwise ${version}: ${program} (${origin})`);
        this.set({ state: "running", program, origin, version });
      } else if (newState === State.Starting) {
        this.set({ state: "starting", program });
      } else {
        this.set({ state: "failed", program, reason: "The server has stopped." });
      }
    });
    try {
      await client.start();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.set({ state: "failed", program, reason: `${program} did not start: ${text}` });
    }
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client) {
      // What did not start cannot be stopped in order.
      await client.dispose().catch((error) => this.output.warn(String(error)));
      this.set({ state: "stopped" });
    }
  }

  private find(): Found {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return find({
      platform: process.platform,
      arch: process.arch,
      env: process.env,
      home: homedir(),
      extension: this.extension,
      folders: folders.filter((it) => it.uri.scheme === "file").map((it) => it.uri.fsPath),
      trusted: vscode.workspace.isTrusted,
      setting: settings.path(),
      isProgram,
    });
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: "file", language: "dockerfile" },
        { scheme: "untitled", language: "dockerfile" },
      ],
      outputChannel: this.output,
      traceOutputChannel: this.trace,
      initializationOptions: settings.forServer(),
      // A problem matcher of the same name replaces what the server reports, and the other way round.
      diagnosticCollectionName: "layerwise",
    };
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
