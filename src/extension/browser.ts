/**
 * The extension in a browser: the server is a worker, and gets the parser's files from here.
 */
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";
import { activateOn, type Api } from "./activate.ts";

export function activate(context: vscode.ExtensionContext): Promise<Api> {
  const file = (...parts: readonly string[]): vscode.Uri => vscode.Uri.joinPath(context.extensionUri, "dist", ...parts);
  return activateOn(context, {
    wasm: async () => ({
      runtime: await vscode.workspace.fs.readFile(file("tree-sitter.wasm")),
      python: await vscode.workspace.fs.readFile(file("tree-sitter-python.wasm")),
    }),
    client: (_, options) =>
      new LanguageClient("shapesight", "Shapesight", new Worker(file("web", "server.js").toString(true)), options),
  });
}
