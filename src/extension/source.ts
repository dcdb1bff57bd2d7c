/**
 * The way from code to the playground: finds the operation at a place, opens it, and keeps the playground in step while
 * that code is edited.
 */
import * as v from "valibot";
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { graph as graphSchema, type Graph } from "../playground/graph.ts";
import { operation as schema, type Operation } from "../playground/operation.ts";
import { GRAPH_AT, PLAYGROUND_AT, type PlaygroundAtParams, type StatusParams } from "../server/protocol.ts";
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
  #place: Place | null = null;
  /** Whether the function around it is shown, and not the operation. */
  #whole = false;
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

  /** Opens the operation that the argument of a link names, or else the one at the cursor; failing that, the function. */
  async open(argument: unknown): Promise<void> {
    const place = placeFrom(argument) ?? placeOfCursor();
    if (place !== null && (await this.#follow(place, false))) return;
    if (place !== null && (await this.#follow(place, true))) return;
    await say(vscode.l10n.t("There is no matrix product and no attention here whose shapes are known."));
  }

  /** Opens the whole function around the cursor. */
  async openFunction(argument: unknown): Promise<void> {
    const place = placeFrom(argument) ?? placeOfCursor();
    if (place !== null && (await this.#follow(place, true))) return;
    await say(vscode.l10n.t("There is no function here that computes in a straight line with known shapes."));
  }

  /** A document was analysed again: if it is the one that is shown, the playground follows. */
  async analysed({ uri }: StatusParams): Promise<void> {
    const place = this.#place;
    if (place === null || !this.#playground.isOpen || vscode.Uri.parse(uri).toString() !== place.uri.toString()) return;
    const shown = await this.#at(place.uri, place.range, this.#whole);
    // While code is being typed there may be none for a moment; the last one stays.
    if (shown === null || this.#place !== place || JSON.stringify(shown) === this.#shown) return;
    this.#shown = JSON.stringify(shown);
    this.#playground.show(shown);
  }

  /** Shows what is at a place and keeps following it; false where there is nothing to show. */
  async #follow(place: Place, whole: boolean): Promise<boolean> {
    const shown = await this.#at(place.uri, place.range, whole);
    if (shown === null) return false;
    this.#place = place;
    this.#whole = whole;
    this.#shown = JSON.stringify(shown);
    this.#playground.open(shown);
    return true;
  }

  dispose(): void {
    this.#listening.dispose();
  }

  /** The operation at a place, or the whole function around it. */
  async #at(uri: vscode.Uri, range: vscode.Range, whole: boolean): Promise<Operation | Graph | null> {
    const params: PlaygroundAtParams = {
      uri: this.#client.code2ProtocolConverter.asUri(uri),
      range: this.#client.code2ProtocolConverter.asRange(range),
    };
    const answer = await this.#client.sendRequest<unknown>(whole ? GRAPH_AT : PLAYGROUND_AT, params);
    const parsed = whole ? v.safeParse(graphSchema, answer) : v.safeParse(schema, answer);
    return parsed.success ? parsed.output : null;
  }
}

type Place = { readonly uri: vscode.Uri; range: vscode.Range };

async function say(sentence: string): Promise<void> {
  await vscode.window.showInformationMessage(sentence);
}

function placeFrom(argument: unknown): Place | null {
  const parsed = v.safeParse(link, argument);
  if (!parsed.success) return null;
  const { start, end } = parsed.output.range;
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  return { uri: vscode.Uri.parse(parsed.output.uri), range };
}

function placeOfCursor(): Place | null {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? null : { uri: editor.document.uri, range: editor.selection };
}
