// The page of a rule, as Markdown that `layerwise explain` gives.
import { homedir } from "node:os";
import * as vscode from "vscode";
import { codeAt, markdown } from "./page";
import { run } from "./program";
import type { Server } from "./server";

const SCHEME = "layerwise-rule";

/** Provides the pages, and the light bulb's entry that opens one. */
export function pages(server: Server): vscode.Disposable {
  const provider: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent: async (uri) => {
      const code = uri.path.replace(/^\/|\.md$/g, "");
      const { code: exit, stdout, stderr } = await run(program(server), ["explain", "--color=never", code], homedir());
      return exit === 0 ? markdown(stdout) : stderr;
    },
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, provider),
    vscode.languages.registerCodeActionsProvider({ language: "dockerfile" }, { provideCodeActions: actions }, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  );
}

/** Opens the page of a rule: the given one, that at the cursor, or one that the user chooses. */
export async function showRule(server: Server, given: unknown): Promise<void> {
  const code = typeof given === "string" ? given : atCursor() ?? (await choose(server));
  if (code !== undefined) {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${code}.md` });
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  }
}

function program(server: Server): string {
  if (server.program === undefined) {
    throw new Error("layerwise does not run.");
  }
  return server.program;
}

function codeOf(diagnostic: vscode.Diagnostic): string | undefined {
  const code = typeof diagnostic.code === "object" ? diagnostic.code.value : diagnostic.code;
  return diagnostic.source === "layerwise" && code !== undefined ? String(code) : undefined;
}

function actions(
  _document: vscode.TextDocument,
  _range: vscode.Range,
  context: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const codes = new Map<string, vscode.Diagnostic[]>();
  for (const diagnostic of context.diagnostics) {
    const code = codeOf(diagnostic);
    if (code !== undefined) {
      codes.set(code, [...(codes.get(code) ?? []), diagnostic]);
    }
  }
  return [...codes].map(([code, diagnostics]) => {
    const action = new vscode.CodeAction(`Show the page of ${code}`, vscode.CodeActionKind.QuickFix);
    action.command = { command: "layerwise.showRule", title: "Show Rule Page", arguments: [code] };
    action.diagnostics = diagnostics;
    return action;
  });
}

function atCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "dockerfile") {
    return undefined;
  }
  const place = editor.selection.active;
  const written = codeAt(editor.document.lineAt(place.line).text, place.character);
  const here = vscode.languages.getDiagnostics(editor.document.uri).filter((it) => it.range.contains(place));
  return here.map(codeOf).find((it) => it !== undefined) ?? written;
}

async function choose(server: Server): Promise<string | undefined> {
  const { stdout } = await run(program(server), ["rules", "--format=json"], homedir());
  const rules: { code: string; name: string; summary: string }[] = JSON.parse(stdout);
  const items = rules.map((it) => ({ label: it.code, description: it.name, detail: it.summary }));
  const options = { placeHolder: "The rule to explain", matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.label;
}
