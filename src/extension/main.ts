/**
 * The extension on a desktop or a remote machine: the server is a process of its own.
 */
import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { activateOn, type Api } from "./activate.ts";

export function activate(context: vscode.ExtensionContext): Promise<Api> {
  return activateOn(context, {
    wasm: () => Promise.resolve(undefined),
    client(context, options) {
      const module = vscode.Uri.joinPath(context.extensionUri, "dist", "server.js").fsPath;
      const server = { module, transport: TransportKind.ipc };
      return new LanguageClient("shapesight", "Shapesight", { run: server, debug: server }, options);
    },
  });
}
