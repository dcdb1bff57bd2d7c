/**
 * Where the server finds the text of a file: open documents first, then the disk if it can read one, then what the
 * client was asked for. Paths are URIs. Analysis cannot wait, so a file that only the client has is absent at first,
 * noted as wished for, and there the next time.
 */
import {
  environmentIn,
  environmentOf,
  packagesOf,
  parentOf,
  type Files,
  type Packages,
  type Reader,
} from "../editor/index.ts";

export interface Disk extends Reader {
  /** The environment that the server was started in, if in any. */
  readonly environment: string | null;
}

/** How many files are asked of the client at once; folders of a virtual file system may be far away. */
const WISHES = 200;

export class Texts implements Files {
  readonly #openText: (uri: string) => string | null;
  readonly #disk: Disk | null;
  readonly #fetched = new Map<string, string | null>();
  #wishes = new Set<string>();
  /** Set once the client has said that it answers. */
  clientReads = false;
  roots: readonly string[] = [];
  /** The interpreter that the user has selected, as a path of the machine. */
  python: string | null = null;
  readonly #packages = new Map<string, Packages>();

  constructor(openText: (uri: string) => string | null, disk: Disk | null) {
    this.#openText = openText;
    this.#disk = disk;
  }

  text(uri: string): string | null {
    const open = this.#openText(uri);
    if (open !== null) return open;
    if (this.#disk !== null && uri.startsWith("file:")) return this.#disk.text(uri);
    return this.#fromClient(uri);
  }

  isFile(uri: string): boolean {
    if (this.#openText(uri) !== null) return true;
    if (this.#disk !== null && uri.startsWith("file:")) return this.#disk.isFile(uri);
    return this.#fromClient(uri) !== null;
  }

  /** The innermost workspace folder around the file; outside of any, the file's own folder. */
  rootOf(uri: string): string {
    const around = this.roots.filter((root) => uri.startsWith(`${root}/`));
    const innermost = around.toSorted((a, b) => b.length - a.length)[0];
    const own = uri.startsWith("file:") ? parentOf(uri) : null;
    return innermost ?? own ?? this.roots[0] ?? parentOf(uri) ?? uri;
  }

  /** What is installed in the environment that was selected, lies in the workspace, or is active. */
  packages(uri: string): Packages | null {
    const disk = this.#disk;
    if (disk === null || !uri.startsWith("file:")) return null;
    const environment =
      this.python === null
        ? (environmentIn(disk, [this.rootOf(uri), ...this.roots]) ?? disk.environment)
        : environmentOf(disk, disk.located(this.python));
    if (environment === null) return null;
    const packages = this.#packages.get(environment) ?? packagesOf(disk, environment);
    this.#packages.set(environment, packages);
    return packages;
  }

  segment(name: string): string {
    return encodeURIComponent(name);
  }

  link(uri: string, line: number, character: number): string {
    return `${uri}#L${line + 1},${character + 1}`;
  }

  /** The files asked for since the last call. */
  takeWishes(): readonly string[] {
    const wishes = [...this.#wishes].slice(0, WISHES);
    this.#wishes = new Set();
    return wishes;
  }

  fetched(uri: string, text: string | null): void {
    this.#fetched.set(uri, text);
  }

  /** The file changed outside of the editor. */
  forget(uri: string): void {
    this.#fetched.delete(uri);
  }

  #fromClient(uri: string): string | null {
    const known = this.#fetched.get(uri);
    if (known !== undefined) return known;
    if (this.clientReads && !/^(untitled|vscode-notebook-cell|git|output):/.test(uri)) this.#wishes.add(uri);
    return null;
  }
}
