/**
 * The playground's panel: one tab, shown again rather than doubled, and kept through reloads. It carries messages and
 * does what the page asks of the editor; what is shown is the page's own affair.
 */
import * as vscode from "vscode";
import { parsePageMessage, type HostMessage, type PageMessage } from "../playground/messages.ts";
import type { Operation, SourcePlace } from "../playground/operation.ts";
import { pageFolder, pageFor } from "./page.ts";

export const VIEW_TYPE = "shapesight.playground";

export class Playground implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #output: vscode.LogOutputChannel;
  #panel: vscode.WebviewPanel | null = null;
  /** Null until the page listens. */
  #waiting: Operation | null = null;
  #listens = false;
  #id = 0;
  readonly #closed = new vscode.EventEmitter<void>();
  readonly onDidClose = this.#closed.event;

  constructor(extension: vscode.Uri, output: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#output = output;
  }

  get isOpen(): boolean {
    return this.#panel !== null;
  }

  /** Brings the panel into view, with this operation if one is given. */
  open(operation: Operation | null, preserveFocus = false): void {
    if (this.#panel === null) this.#adopt(this.#create());
    else this.#panel.reveal(undefined, preserveFocus);
    if (operation !== null) this.show(operation);
  }

  /** Shows an operation without moving the panel. */
  show(operation: Operation): void {
    this.#waiting = operation;
    this.#sendWaiting();
  }

  /** After a reload of the window; the page finds its own state again. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#panel === null) this.#adopt(panel);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#closed.dispose();
  }

  #create(): vscode.WebviewPanel {
    const column = vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
    return vscode.window.createWebviewPanel(VIEW_TYPE, vscode.l10n.t("Compute Playground"), column);
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#listens = false;
    panel.webview.options = { enableScripts: true, localResourceRoots: [pageFolder(this.#extension)] };
    panel.iconPath = vscode.Uri.joinPath(this.#extension, "images", "icon.png");
    panel.webview.onDidReceiveMessage((raw: unknown) => this.#receive(raw));
    panel.onDidDispose(() => {
      this.#panel = null;
      this.#waiting = null;
      this.#closed.fire();
    });
    panel.webview.html = pageFor(panel.webview, this.#extension);
  }

  #receive(raw: unknown): void {
    const message = parsePageMessage(raw);
    if (message.ok) this.#heard(message.value);
    else this.#output.warn(`The playground said something that was not understood: ${message.problem}`);
  }

  #heard(message: PageMessage): void {
    switch (message.type) {
      case "ready":
        this.#listens = true;
        return this.#sendWaiting();
      case "opened":
        if (message.problem !== undefined) this.#output.warn(message.problem);
        return;
      case "reveal":
        return this.#answer(message.id, () => reveal(message.source));
      case "copy":
        return this.#answer(message.id, () => Promise.resolve(vscode.env.clipboard.writeText(message.text)));
      case "log":
        return this.#output[message.level](message.text);
      case "state":
        if (this.#panel !== null) this.#panel.title = message.title;
        return;
      default:
        return message satisfies never;
    }
  }

  #sendWaiting(): void {
    if (!this.#listens || this.#waiting === null) return;
    this.#send({ type: "open", id: this.#id++, operation: this.#waiting });
    this.#waiting = null;
  }

  #answer(id: number, act: () => Promise<void>): void {
    act().then(
      () => this.#send({ type: "done", id }),
      (error: unknown) => this.#send({ type: "done", id, problem: reasonOf(error) }),
    );
  }

  #send(message: HostMessage): void {
    this.#panel?.webview.postMessage(message);
  }
}

async function reveal({ uri, line, character = 0 }: SourcePlace): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const place = document.validatePosition(new vscode.Position(line, character));
  const visible = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const column = visible?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.window.showTextDocument(document, { viewColumn: column, selection: new vscode.Range(place, place) });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
