/**
 * The language server: which messages it answers, and how they meet the analysis. It runs in Node and in a browser's
 * worker alike; what differs between them is given by the platform.
 */
import {
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type Connection,
  type HoverParams,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  type InlayHint,
  type InlayHintParams,
  type Position,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { graphAt, hintsIn, hoverAt, offsetAt, playgroundAt, Project, type Engine, type View } from "../editor/index.ts";
import { Analyses } from "./analyses.ts";
import { Configuration } from "./configuration.ts";
import { toHover, toInlayHint } from "./convert.ts";
import * as protocol from "./protocol.ts";
import { Publisher } from "./publisher.ts";
import { ACTION_KINDS, Remedies } from "./remedies.ts";
import { shapeAt } from "./shape-at.ts";
import { Texts, type Disk } from "./texts.ts";

export interface Platform {
  /** Null where files are read through the client alone. */
  readonly disk: Disk | null;
  /** The folder with a page for each rule, where the server knows it without being told. */
  readonly rules: string | null;
  engine(options: protocol.InitializationOptions): Promise<() => Engine>;
}

/** How long hints wait after an edit, in milliseconds, so that they do not jump while someone types. */
const CALM = 150;

/** Answers on this connection until it is closed. */
export function serve(connection: Connection, platform: Platform): void {
  connection.onInitialize(async (params) => {
    const options = initializationOptions(params);
    const engine = await platform.engine(options);
    new Server(connection, platform, engine, params, options).listen();
    return CAPABILITIES;
  });
  connection.listen();
}

const CAPABILITIES: InitializeResult = {
  capabilities: {
    positionEncoding: "utf-16",
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: [...ACTION_KINDS] },
    inlayHintProvider: true,
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  },
  serverInfo: { name: "shapesight" },
};

function initializationOptions({ initializationOptions: raw }: InitializeParams): protocol.InitializationOptions {
  return typeof raw === "object" && raw !== null ? (raw as protocol.InitializationOptions) : {};
}

/** The folders of the workspace; older clients name a single one in another way. */
function rootsOf(params: InitializeParams): readonly string[] {
  const single = params.rootUri ?? null;
  return (params.workspaceFolders ?? (single === null ? [] : [{ uri: single }])).map(folderOf);
}

function folderOf({ uri }: { readonly uri: string }): string {
  return uri.replace(/\/$/, "");
}

/** Lives as long as the connection, once the client has introduced itself. */
class Server {
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #texts: Texts;
  readonly #analyses: Analyses;
  readonly #configuration: Configuration;
  readonly #publisher: Publisher;
  readonly #remedies: Remedies;
  readonly #edited = new Map<string, number>();
  readonly #commands: boolean;
  readonly #foldersChange: boolean;

  constructor(
    connection: Connection,
    platform: Platform,
    engine: () => Engine,
    params: InitializeParams,
    options: protocol.InitializationOptions,
  ) {
    this.#connection = connection;
    this.#commands = options.commands === true;
    this.#configuration = new Configuration(connection);
    this.#configuration.start(params.capabilities, options.settings);
    this.#texts = new Texts((uri) => this.#documents.get(uri)?.getText() ?? null, platform.disk);
    this.#texts.clientReads = options.files === true;
    this.#texts.roots = rootsOf(params);
    this.#texts.python = options.python ?? null;
    this.#foldersChange = params.capabilities.workspace?.workspaceFolders === true;
    const open = {
      version: (uri: string) => this.#documents.get(uri)?.version ?? null,
      uris: () => this.#documents.keys(),
    };
    this.#publisher = new Publisher(connection, this.#configuration, {
      rules: options.rules ?? platform.rules,
      status: options.status === true,
      refreshes: params.capabilities.workspace?.inlayHint?.refreshSupport === true,
      version: open.version,
    });
    this.#remedies = new Remedies(this.#texts, engine, options.rules ?? platform.rules);
    this.#analyses = new Analyses(
      new Project(this.#texts, engine()),
      open,
      (uris) => this.#analysed(uris),
      (uri, error) => this.#publisher.failed(uri, open.version(uri) ?? 0, error),
    );
  }

  listen(): void {
    this.#listenToDocuments();
    const connection = this.#connection;
    connection.onHover((params) => this.#guard("hover", () => this.#hover(params)));
    connection.languages.inlayHint.on((params, token) => this.#guard("inlay hints", () => this.#hints(params, token)));
    connection.onCodeAction((params, token) => this.#guard("code actions", () => this.#actions(params, token)));
    connection.onRequest(protocol.GRAPH_AT, (params: protocol.PlaygroundAtParams) =>
      this.#guard("graph", () => this.#graph(params)),
    );
    connection.onRequest(protocol.PLAYGROUND_AT, (params: protocol.PlaygroundAtParams) =>
      this.#guard("playground", () => this.#playground(params)),
    );
    connection.onRequest(protocol.SHAPE_AT, (params: protocol.ShapeAtParams) =>
      this.#guard("shape", () => this.#shape(params)),
    );
    connection.onNotification(protocol.PYTHON, ({ path }: protocol.PythonParams) => {
      if (path === this.#texts.python) return;
      this.#texts.python = path;
      this.#analyses.everythingChanged();
    });
    connection.onInitialized(() => void this.#guard("start", () => this.#initialized()));
    connection.onShutdown(() => this.#analyses.stop());
  }

  #listenToDocuments(): void {
    const documents = this.#documents;
    documents.onDidChangeContent(({ document: { uri } }) => {
      // Opening is not typing: hints need not wait.
      this.#edited.set(uri, this.#edited.has(uri) ? performance.now() : Number.NEGATIVE_INFINITY);
      this.#analyses.changed(uri);
    });
    documents.onDidClose(({ document: { uri } }) => {
      this.#edited.delete(uri);
      this.#configuration.forget(uri);
      this.#analyses.closed(uri);
      this.#publisher.closed(uri);
    });
    documents.listen(this.#connection);
    this.#connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri } of changes) {
        this.#texts.forget(uri);
        if (documents.get(uri) === undefined) this.#analyses.changed(uri);
      }
      this.#publisher.refreshLater();
    });
    this.#connection.onDidChangeConfiguration(({ settings }) => {
      this.#configuration.changed(settings);
      this.#publisher.everything(documents.keys(), (uri) => this.#analyses.latest(uri));
    });
  }

  async #initialized(): Promise<void> {
    await this.#configuration.register();
    if (!this.#foldersChange) return;
    this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(folderOf));
      this.#texts.roots = [...this.#texts.roots.filter((root) => !gone.has(root)), ...added.map(folderOf)];
      this.#analyses.everythingChanged();
    });
  }

  #analysed(uris: readonly string[]): void {
    for (const uri of uris) {
      const settled = this.#analyses.latest(uri);
      if (settled !== null) void this.#guard("diagnostics", () => this.#publisher.publish(uri, settled));
    }
    // All but the first were analysed because of what they import.
    if (uris.length > 1) this.#publisher.refreshLater();
    void this.#guard("files", () => this.#fetchWishes());
  }

  /** Asks the client for the files that imports looked for, and analyses again once they are there. */
  async #fetchWishes(): Promise<void> {
    const uris = this.#texts.takeWishes();
    if (uris.length === 0) return;
    const found = await this.#connection.sendRequest<protocol.ReadFilesResult>(protocol.READ_FILES, { uris });
    uris.forEach((uri, i) => this.#texts.fetched(uri, found[i] ?? null));
    const present = uris.filter((_, i) => typeof found[i] === "string");
    present.forEach((uri) => this.#analyses.changed(uri));
    if (present.length > 0) this.#publisher.refreshLater();
  }

  async #hover({ textDocument: { uri }, position }: HoverParams): Promise<Hover | null> {
    if (!(await this.#configuration.of(uri)).hovers) return null;
    const view = this.#viewNear(uri, position, position);
    const lines = view?.sources.lines(uri) ?? null;
    if (view === null || lines === null) return null;
    const hover = hoverAt(view, uri, offsetAt(lines, position), { commands: this.#commands });
    return hover === null ? null : toHover(lines, hover);
  }

  async #hints(
    { textDocument: { uri }, range }: InlayHintParams,
    token: CancellationToken,
  ): Promise<InlayHint[] | null> {
    if (!(await this.#configuration.of(uri)).hints) return [];
    if (!(await this.#calm(uri, token))) return null;
    const view = this.#viewNear(uri, range.start, range.end);
    const lines = view?.sources.lines(uri) ?? null;
    if (view === null || lines === null) return [];
    const hints = hintsIn(view, uri, offsetAt(lines, range.start), offsetAt(lines, range.end));
    return hints.map((hint) => toInlayHint(view, lines, hint));
  }

  async #actions(params: CodeActionParams, token: CancellationToken): Promise<CodeAction[] | null> {
    const { uri } = params.textDocument;
    const settings = await this.#configuration.of(uri);
    const settled = this.#analyses.settled(uri);
    const lines = settled?.analysis.view.sources.lines(uri) ?? null;
    if (settled === null || lines === null) return [];
    return this.#remedies.at(params, settled, lines, settings, token);
  }

  /** What is known of the newest text in a range. */
  #viewNear(uri: string, from: Position, to: Position): View | null {
    const document = this.#documents.get(uri);
    if (document === undefined) return this.#analyses.latest(uri)?.analysis.view ?? null;
    const start = document.offsetAt({ line: from.line, character: 0 });
    const end = document.offsetAt({ line: to.line + 1, character: 0 });
    return this.#analyses.near(uri, start, end)?.view ?? null;
  }

  /** Waits until nobody has typed for a moment; false when the question is withdrawn meanwhile. */
  async #calm(uri: string, token: CancellationToken): Promise<boolean> {
    for (;;) {
      if (token.isCancellationRequested) return false;
      const left = (this.#edited.get(uri) ?? Number.NEGATIVE_INFINITY) + CALM - performance.now();
      if (!(left > 0)) return true;
      await new Promise((resolve) => setTimeout(resolve, left));
    }
  }

  #playground({ uri, range }: protocol.PlaygroundAtParams): unknown {
    const view = this.#viewNear(uri, range.start, range.end);
    const lines = view?.sources.lines(uri) ?? null;
    if (view === null || lines === null) return null;
    return playgroundAt(view, uri, offsetAt(lines, range.start), offsetAt(lines, range.end));
  }

  #graph({ uri, range }: protocol.PlaygroundAtParams): unknown {
    const view = this.#viewNear(uri, range.start, range.end);
    const lines = view?.sources.lines(uri) ?? null;
    return view === null || lines === null ? null : graphAt(view, uri, offsetAt(lines, range.start));
  }

  #shape({ uri, position }: protocol.ShapeAtParams): protocol.ShapeAt | null {
    const view = this.#viewNear(uri, position, position);
    return view === null ? null : shapeAt(view, uri, position);
  }

  /** No failure of ours reaches the user: it is logged, and the answer is "nothing". */
  async #guard<T>(what: string, answer: () => T | Promise<T>): Promise<T | null> {
    try {
      return await answer();
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#connection.console.error(`${what}: ${text}`);
      return null;
    }
  }
}
