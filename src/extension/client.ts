/**
 * How our client talks to the language server: which documents it sends, what it answers, what it listens to. It knows
 * VS Code and the protocol, and nothing of shapes.
 */
import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import {
  READ_FILES,
  STATUS,
  type InitializationOptions,
  type ReadFilesParams,
  type ReadFilesResult,
  type StatusParams,
} from "../server/protocol.ts";

/** Old versions, snippets in a chat and the like: read, but not worked on. */
const FOREIGN = new Set(["git", "gitlens", "svn", "pr", "review", "output", "vscode-local-history"]);

export function isWorkedOn(document: vscode.TextDocument): boolean {
  return document.languageId === "python" && !FOREIGN.has(document.uri.scheme);
}

/** Files beyond this size, in bytes, are data. */
const LARGEST = 8_000_000;

export const selector: vscode.DocumentFilter[] = [{ language: "python" }];

export function clientOptions(
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
  wasm?: InitializationOptions["wasm"],
): LanguageClientOptions {
  const options: InitializationOptions = {
    commands: true,
    files: true,
    status: true,
    rules: vscode.Uri.joinPath(context.extensionUri, "docs", "rules").toString(),
    ...(wasm === undefined ? {} : { wasm }),
  };
  const watcher = vscode.workspace.createFileSystemWatcher("**/{*.py,*.pyi,pyproject.toml}");
  context.subscriptions.push(watcher);
  return {
    documentSelector: [{ language: "python" }],
    outputChannel: output,
    initializationOptions: options,
    // Only our own commands run from a hover; no other markup than Markdown is read.
    markdown: {
      isTrusted: { enabledCommands: ["shapesight.openInPlayground", "shapesight.copyShape"] },
      supportHtml: false,
    },
    synchronize: { fileEvents: watcher },
    middleware: {
      didOpen: async (document, next) => {
        if (isWorkedOn(document)) await next(document);
      },
    },
  };
}

/** Connects what the server asks and tells beyond the protocol. */
export function listen(client: BaseLanguageClient, heard: (status: StatusParams) => void): vscode.Disposable {
  return vscode.Disposable.from(
    client.onRequest(READ_FILES, ({ uris }: ReadFilesParams): Promise<ReadFilesResult> =>
      Promise.all(uris.map(readText)),
    ),
    client.onNotification(STATUS, heard),
  );
}

async function readText(address: string): Promise<string | null> {
  try {
    const uri = vscode.Uri.parse(address, true);
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.File) === 0 || size > LARGEST) return null;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    // Most of what imports look for is not there.
    return null;
  }
}
