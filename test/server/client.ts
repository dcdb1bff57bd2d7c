// A language client of our own for tests, speaking the protocol over streams like every editor.
import type { Duplex } from "node:stream";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from "vscode-languageserver/node";
import type {
  CodeAction,
  ConfigurationParams,
  Diagnostic,
  Hover,
  InlayHint,
  PublishDiagnosticsParams,
} from "vscode-languageserver";
import { STATUS, type StatusParams } from "../../src/server/protocol.ts";

export interface Streams {
  readonly readable: NodeJS.ReadableStream;
  readonly writable: NodeJS.WritableStream;
}

export interface Started {
  readonly settings?: unknown;
  readonly initializationOptions?: object;
  readonly workspaceFolders?: readonly string[];
}

/** Lives for one test. */
export class Client {
  readonly connection: ProtocolConnection;
  readonly statuses: StatusParams[] = [];
  readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  #published = 0;
  refreshes = 0;
  settings: unknown;
  readonly #versions = new Map<string, number>();
  #heard: () => void = () => undefined;

  constructor({ readable, writable }: Streams) {
    this.connection = createProtocolConnection(new StreamMessageReader(readable), new StreamMessageWriter(writable));
    this.connection.onNotification(STATUS, (status: StatusParams) => void this.statuses.push(status));
    this.connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.diagnostics.set(params.uri, params.diagnostics);
      this.#published += 1;
      this.#heard();
    });
    this.connection.onRequest("workspace/inlayHint/refresh", () => {
      this.refreshes += 1;
      return null;
    });
    this.connection.onRequest("client/registerCapability", () => null);
    this.connection.onRequest("workspace/configuration", ({ items }: ConfigurationParams) =>
      items.map(() => this.settings ?? null),
    );
    this.connection.listen();
  }

  get published(): number {
    return this.#published;
  }

  async start({ settings, initializationOptions = {}, workspaceFolders = [] }: Started = {}): Promise<unknown> {
    this.settings = settings;
    const answer: unknown = await this.connection.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      workspaceFolders: workspaceFolders.map((uri) => ({ uri, name: uri })),
      initializationOptions: { status: true, ...initializationOptions },
      capabilities: {
        workspace: {
          configuration: true,
          didChangeConfiguration: { dynamicRegistration: true },
          inlayHint: { refreshSupport: true },
        },
      },
    });
    await this.connection.sendNotification("initialized", {});
    return answer;
  }

  async open(uri: string, text: string): Promise<void> {
    this.#versions.set(uri, 1);
    const textDocument = { uri, languageId: "python", version: 1, text };
    await this.connection.sendNotification("textDocument/didOpen", { textDocument });
  }

  /** Replaces a part of one line. */
  async edit(uri: string, line: number, from: number, to: number, text: string): Promise<void> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    const range = { start: { line, character: from }, end: { line, character: to } };
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  hover(uri: string, line: number, character: number): Promise<Hover | null> {
    return this.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line, character } });
  }

  async hoverText(uri: string, line: number, character: number): Promise<string | null> {
    const contents = (await this.hover(uri, line, character))?.contents;
    return typeof contents === "object" && "value" in contents ? contents.value : null;
  }

  async hints(uri: string): Promise<readonly string[]> {
    const range = { start: { line: 0, character: 0 }, end: { line: 99_999, character: 0 } };
    const hints: readonly InlayHint[] | null = await this.connection.sendRequest("textDocument/inlayHint", {
      textDocument: { uri },
      range,
    });
    return (hints ?? []).map(({ label }) =>
      typeof label === "string" ? label : label.map(({ value }) => value).join(""),
    );
  }

  /** What can be changed at a place; all kinds where none is named. */
  async actions(
    uri: string,
    line: number,
    character: number,
    only?: readonly string[],
  ): Promise<readonly CodeAction[]> {
    const position = { line, character };
    const actions: readonly CodeAction[] | null = await this.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: position, end: position },
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    });
    return actions ?? [];
  }

  /** Waits for diagnostics of which `wanted` is true. */
  async diagnosed(uri: string, wanted: (found: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    for (;;) {
      const found = this.diagnostics.get(uri);
      if (found !== undefined && wanted(found)) return found;
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    this.connection.dispose();
  }
}

/** The lines and texts of an action's edits in one file. */
export function edited(action: CodeAction | undefined, uri: string): readonly { line: number; text: string }[] {
  return (action?.edit?.changes?.[uri] ?? []).map(({ range, newText }) => ({ line: range.start.line, text: newText }));
}

/** The two ends of a wire inside one process. */
export function wire(left: Duplex, right: Duplex): { readonly near: Streams; readonly far: Streams } {
  return { near: { readable: left, writable: right }, far: { readable: right, writable: left } };
}
