/**
 * The extension in a browser: the server is a worker, and gets the parser's files from here.
 */
import * as vscode from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import { activateOn, type Api } from "./activate.ts";

export function activate(context: vscode.ExtensionContext): Promise<Api> {
  const read = (name: string): Promise<Uint8Array> =>
    Promise.resolve(vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.extensionUri, "dist", name)));
  // The script may lie where a worker cannot be started from, such as on a remote machine; its text can be read anyway.
  const server = async (): Promise<MessageTransports> => {
    const script = new Blob([new Uint8Array(await read("programs.js"))], { type: "text/javascript" });
    // VS Code's own worker host gives a stand-in for a worker, which the client would not take for one.
    const worker = new Worker(URL.createObjectURL(script));
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  return activateOn(context, {
    wasm: async () => ({ runtime: await read("tree-sitter.wasm"), python: await read("tree-sitter-python.wasm") }),
    client: (_, options) => new LanguageClient("shapesight", "Shapesight", server, options),
  });
}
