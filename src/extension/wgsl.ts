/**
 * The kernels' WGSL as documents that can be edited: saving one hands its text to the page, which compiles and runs it,
 * and what the compiler says comes back as diagnostics. Texts live in memory; the page keeps what was changed.
 */
import * as vscode from "vscode";
import type { HostMessage, PageMessage, Program, WgslPlace } from "../playground/messages.ts";

const WGSL_SCHEME = "shapesight-wgsl";

type Complaints = Extract<PageMessage, { type: "complaints" }>;

interface File {
  readonly place: WgslPlace;
  text: Uint8Array;
  changed: number;
}

export class WgslFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #files = new Map<string, File>();
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** Listened to as soon as the files are registered. */
  readonly onDidChangeFile = this.#changes.event;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection("shapesight-wgsl");
  readonly #registered = vscode.workspace.registerFileSystemProvider(WGSL_SCHEME, this, { isCaseSensitive: true });
  readonly #send: (message: HostMessage) => void;

  constructor(send: (message: HostMessage) => void) {
    this.#send = send;
  }

  /** Opens the programs of a kernel beside the page, the first in front. */
  async open(programs: readonly Program[]): Promise<void> {
    for (const program of programs) this.put(program);
    for (const { place } of programs.toReversed()) {
      const document = await vscode.workspace.openTextDocument(uriOf(place));
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
    }
  }

  /** A program's text as the page has it. */
  put({ place, wgsl }: Program): void {
    const uri = uriOf(place);
    const text = new TextEncoder().encode(wgsl);
    const known = this.#files.get(uri.path);
    this.#files.set(uri.path, { place, text, changed: Date.now() });
    this.#diagnostics.delete(uri);
    const type = known === undefined ? vscode.FileChangeType.Created : vscode.FileChangeType.Changed;
    this.#changes.fire([{ type, uri }]);
  }

  complain({ place, complaints }: Complaints): void {
    this.#diagnostics.set(
      uriOf(place),
      complaints.map(({ line, column, length, message, severity }) => {
        const start = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
        const range = new vscode.Range(start, start.translate(0, Math.max(1, length)));
        const diagnostic = new vscode.Diagnostic(range, message, SEVERITIES[severity]);
        diagnostic.source = "WGSL";
        return diagnostic;
      }),
    );
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.#find(uri).text;
  }

  writeFile(uri: vscode.Uri, text: Uint8Array): void {
    const file = this.#find(uri);
    file.text = text;
    file.changed = Date.now();
    this.#changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    this.#send({ type: "text", place: file.place, wgsl: new TextDecoder().decode(text) });
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { text, changed } = this.#find(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: changed, size: text.length };
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#registered.dispose();
    this.#diagnostics.dispose();
    this.#changes.dispose();
  }

  #find(uri: vscode.Uri): File {
    const file = this.#files.get(uri.path);
    if (file === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }
}

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

const uriOf = ({ operator, kernel, program }: WgslPlace): vscode.Uri =>
  vscode.Uri.from({ scheme: WGSL_SCHEME, path: `/${operator}/${kernel}/${program}.wgsl` });
