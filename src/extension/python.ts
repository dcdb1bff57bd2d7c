/**
 * Tells the server which interpreter is selected in the Python extension, where that is there. It runs no Python.
 */
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { PYTHON, type PythonParams } from "../server/protocol.ts";

/** What we use of the interface of `ms-python.python`. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(): { readonly path: string };
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

/** Ends with the extension, as all that is subscribed in `context`. */
export async function followPython(context: vscode.ExtensionContext, client: BaseLanguageClient): Promise<void> {
  const extension = vscode.extensions.getExtension<PythonApi | undefined>("ms-python.python");
  const environments = (await extension?.activate())?.environments;
  if (environments === undefined) return;
  const tell = async (): Promise<void> => {
    const { path } = environments.getActiveEnvironmentPath();
    // Without a folder, the path is the mere name of a command.
    const params: PythonParams = { path: /[\\/]/.test(path) ? path : null };
    if (client.isRunning()) await client.sendNotification(PYTHON, params);
  };
  context.subscriptions.push(environments.onDidChangeActiveEnvironmentPath(() => void tell()));
  await tell();
}
