/**
 * The entry for Python in VS Code's language status: how much is known of the file in view, and how long that took.
 */
import * as vscode from "vscode";
import type { StatusParams } from "../server/protocol.ts";
import { isWorkedOn, selector } from "./client.ts";

export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem("shapesight", selector);
  readonly #heard = new Map<string, StatusParams>();
  readonly #listening: vscode.Disposable;
  #failure: string | null = null;

  constructor() {
    this.#item.name = "Shapesight";
    this.#item.command = { title: vscode.l10n.t("Output"), command: "shapesight.showOutput" };
    this.#listening = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => this.#show()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#heard.delete(uri.toString())),
    );
    this.#show();
  }

  heard(status: StatusParams): void {
    this.#heard.set(vscode.Uri.parse(status.uri).toString(), status);
    this.#show();
  }

  /** The server does not run; `null` once it does again. */
  failed(reason: string | null): void {
    this.#failure = reason;
    this.#show();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#item.dispose();
  }

  #show(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (this.#failure === null && (document === undefined || !isWorkedOn(document))) return;
    const status = document === undefined ? undefined : this.#heard.get(document.uri.toString());
    this.#item.busy = status === undefined && this.#failure === null;
    this.#item.severity = this.#severity(status);
    this.#item.text = this.#failure ?? (status === undefined ? vscode.l10n.t("Shapesight: analysing") : textOf(status));
    this.#item.detail = status?.problem ?? "";
  }

  #severity(status: StatusParams | undefined): vscode.LanguageStatusSeverity {
    if (this.#failure !== null) return vscode.LanguageStatusSeverity.Error;
    const warned = status !== undefined && status.problem !== null;
    return warned ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
  }
}

function textOf({ shapes, open, milliseconds }: StatusParams): string {
  const time = milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0);
  return vscode.l10n.t("Shapesight: {0} shapes, {1} open · {2} ms", shapes, open, time);
}
