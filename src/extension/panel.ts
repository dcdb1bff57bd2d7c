/**
 * The playground's panel: one tab, shown again rather than doubled, and kept through reloads. It carries messages and
 * does what the page asks of the editor; what is shown is the page's own affair.
 */
import * as vscode from "vscode";
import { parsePageMessage, type HostMessage, type PageMessage } from "../playground/messages.ts";
import type { Graph } from "../playground/graph.ts";
import { benchFrom, LINK_PARAMETER } from "../playground/link.ts";
import type { Operation, SourcePlace } from "../playground/operation.ts";
import type { Bench } from "../playground/state.ts";
import { pageFolder, pageFor } from "./page.ts";

import { WgslFiles } from "./wgsl.ts";

export const VIEW_TYPE = "shapesight.playground";

export class Playground implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #output: vscode.LogOutputChannel;
  #panel: vscode.WebviewPanel | null = null;
  /** What the page is to show once it listens. */
  #waiting: Operation | Graph | Bench | null = null;
  #listens = false;
  #id = 0;
  readonly #wgsl = new WgslFiles((message) => this.#send(message));
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
  open(operation: Operation | Graph | null, preserveFocus = false): void {
    if (this.#panel === null) this.#adopt(this.#create());
    else this.#panel.reveal(undefined, preserveFocus);
    if (operation !== null) this.show(operation);
  }

  /** Shows what a link holds; false when it is none of ours. */
  openLink(query: string): boolean {
    const bench = benchFrom(new URLSearchParams(query).get(LINK_PARAMETER) ?? "");
    if (bench === undefined) return false;
    this.open(null);
    this.#waiting = bench;
    this.#sendWaiting();
    return true;
  }

  /** Shows an operation without moving the panel. */
  show(operation: Operation | Graph): void {
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
    this.#wgsl.dispose();
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
      case "link":
        return this.#answer(message.id, () => copyLink(message.text));
      case "save":
        return this.#answer(message.id, () => save(message.name, message.bytes));
      case "wgsl":
        return this.#answer(message.id, () => this.#wgsl.open(message.programs));
      case "programs":
        return message.programs.forEach((program) => this.#wgsl.put(program));
      case "complaints":
        return this.#wgsl.complain(message);
      case "title":
        if (this.#panel !== null) this.#panel.title = message.title;
        return;
      default:
        return message satisfies never;
    }
  }

  #sendWaiting(): void {
    if (!this.#listens || this.#waiting === null) return;
    if ("nodes" in this.#waiting) this.#send({ type: "graph", graph: this.#waiting });
    else if ("operation" in this.#waiting) this.#send({ type: "bench", bench: this.#waiting });
    else this.#send({ type: "open", id: this.#id++, operation: this.#waiting });
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

/** The link leads back into this kind of VS Code; where it runs in a browser, to an address that the browser knows. */
async function copyLink(text: string): Promise<void> {
  const { scheme } = vscode.Uri.parse(`${vscode.env.uriScheme}://x`);
  const query = `${LINK_PARAMETER}=${text}`;
  const link = vscode.Uri.from({ scheme, authority: EXTENSION_ID, path: "/playground", query });
  const outside = vscode.env.uiKind === vscode.UIKind.Web ? await vscode.env.asExternalUri(link) : link;
  await vscode.env.clipboard.writeText(outside.toString(true));
}

const EXTENSION_ID = "shapesight.shapesight";

async function save(name: string, bytes: Uint8Array): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const start = folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder.uri, name);
  const target = await vscode.window.showSaveDialog({ defaultUri: start });
  if (target === undefined) throw new Error(vscode.l10n.t("Not saved"));
  await vscode.workspace.fs.writeFile(target, bytes);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
