/**
 * The way from code to the playground: finds the operation at a place, opens it, and keeps the playground in step while
 * that code is edited.
 */
import * as v from "valibot";
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { operation as schema, type Operation } from "../playground/operation.ts";
import { PLAYGROUND_AT, type PlaygroundAtParams, type StatusParams } from "../server/protocol.ts";
import { followed } from "./follow.ts";
import type { Playground } from "./panel.ts";

const number = v.pipe(v.number(), v.integer(), v.minValue(0));
const position = v.object({ line: number, character: number });
/** What the link in a hover hands over. */
const link = v.object({ uri: v.string(), range: v.object({ start: position, end: position }) });

export class Source implements vscode.Disposable {
  readonly #client: BaseLanguageClient;
  readonly #playground: Playground;
  readonly #listening: vscode.Disposable;
  /** Where the operation stands that the playground shows. */
  #place: { readonly uri: vscode.Uri; range: vscode.Range } | null = null;
  #shown = "";

  constructor(client: BaseLanguageClient, playground: Playground) {
    this.#client = client;
    this.#playground = playground;
    this.#listening = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (this.#place?.uri.toString() !== document.uri.toString()) return;
        const { start, end } = followed(this.#place.range, contentChanges);
        this.#place.range = new vscode.Range(start.line, start.character, end.line, end.character);
      }),
      playground.onDidClose(() => (this.#place = null)),
    );
  }

  /** Opens the operation that the argument of a link names, or else the one at the cursor. */
  async open(argument: unknown): Promise<void> {
    const place = placeFrom(argument) ?? placeOfCursor();
    const operation = place === null ? null : await this.#operationAt(place.uri, place.range);
    if (place === null || operation === null) {
      const sentence = vscode.l10n.t("There is no matrix product and no attention here whose shapes are known.");
      await vscode.window.showInformationMessage(sentence);
      return;
    }
    this.#place = place;
    this.#shown = JSON.stringify(operation);
    this.#playground.open(operation);
  }

  /** A document was analysed again: if it is the one that is shown, the playground follows. */
  async analysed({ uri }: StatusParams): Promise<void> {
    const place = this.#place;
    if (place === null || !this.#playground.isOpen || vscode.Uri.parse(uri).toString() !== place.uri.toString()) return;
    const operation = await this.#operationAt(place.uri, place.range);
    // While code is being typed there may be none for a moment; the last one stays.
    if (operation === null || this.#place !== place || JSON.stringify(operation) === this.#shown) return;
    this.#shown = JSON.stringify(operation);
    this.#playground.show(operation);
  }

  dispose(): void {
    this.#listening.dispose();
  }

  async #operationAt(uri: vscode.Uri, range: vscode.Range): Promise<Operation | null> {
    const params: PlaygroundAtParams = {
      uri: this.#client.code2ProtocolConverter.asUri(uri),
      range: this.#client.code2ProtocolConverter.asRange(range),
    };
    const answer = await this.#client.sendRequest<unknown>(PLAYGROUND_AT, params);
    const parsed = v.safeParse(schema, answer);
    return parsed.success ? parsed.output : null;
  }
}

function placeFrom(argument: unknown): { uri: vscode.Uri; range: vscode.Range } | null {
  const parsed = v.safeParse(link, argument);
  if (!parsed.success) return null;
  const { start, end } = parsed.output.range;
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  return { uri: vscode.Uri.parse(parsed.output.uri), range };
}

function placeOfCursor(): { uri: vscode.Uri; range: vscode.Range } | null {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? null : { uri: editor.document.uri, range: editor.selection };
}
