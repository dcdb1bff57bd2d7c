/**
 * Reads the keys of a TOML document and where each of them and its value stands. It knows the language's form and no
 * key's meaning; what it cannot read it passes over, since others tell people about that.
 */
export interface TomlEntry {
  /** The table's name and the key's, one part each. */
  readonly path: readonly string[];
  readonly key: Range;
  /** Null where the value is no string. */
  readonly value: string | null;
  /** The value as written; between the quotation marks of a string. */
  readonly at: Range;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Reader {
  readonly text: string;
  position: number;
  readonly entries: TomlEntry[];
}

export function readToml(text: string): readonly TomlEntry[] {
  const reader: Reader = { text, position: 0, entries: [] };
  let table: readonly string[] | null = [];
  for (;;) {
    take(reader, /(?:\s+|#[^\n]*)+/y);
    if (reader.position >= text.length) return reader.entries;
    if (text.charAt(reader.position) === "[") table = readHeader(reader);
    // The entries of a list of tables have no name of their own.
    else readEntry(reader, table ?? ["[]"]);
    take(reader, /[^\n]*/y);
  }
}

function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.position;
  const found = pattern.exec(reader.text)?.[0] ?? "";
  reader.position += found.length;
  return found;
}

function readHeader(reader: Reader): readonly string[] | null {
  const isList = take(reader, /\[+\s*/y).startsWith("[[");
  const key = readKey(reader);
  return isList ? null : (key?.parts ?? null);
}

interface Key extends Range {
  readonly parts: readonly string[];
}

/** `a."b.c".d`. */
function readKey(reader: Reader): Key | null {
  const parts: string[] = [];
  const start = reader.position;
  for (;;) {
    const quoted = readString(reader);
    const bare = quoted === null ? take(reader, /[\w-]+/y) : quoted.value;
    if (quoted === null && bare === "") return null;
    parts.push(bare);
    const end = reader.position;
    if (!take(reader, /[ \t]*\.?[ \t]*/y).includes(".")) return { parts, start, end };
  }
}

function readEntry(reader: Reader, table: readonly string[]): void {
  const key = readKey(reader);
  if (key !== null && take(reader, /[ \t]*=[ \t]*/y) !== "") readValue(reader, [...table, ...key.parts], key);
}

function readValue(reader: Reader, path: readonly string[], key: Range): void {
  const string = readString(reader);
  if (string !== null) {
    reader.entries.push({ path, key, value: string.value, at: string.at });
    return;
  }
  const start = reader.position;
  const opening = reader.text.charAt(start);
  if (opening === "{") readInlineTable(reader, path);
  else if (opening === "[") skipList(reader);
  else take(reader, /[^\n,}\]#]*/y);
  const end = start + reader.text.slice(start, reader.position).trimEnd().length;
  if (opening !== "{") reader.entries.push({ path, key, value: null, at: { start, end } });
}

function readInlineTable(reader: Reader, path: readonly string[]): void {
  reader.position++;
  for (;;) {
    take(reader, /(?:[\s,]+|#[^\n]*)+/y);
    if (take(reader, /\}/y) !== "" || reader.position >= reader.text.length) return;
    const before = reader.position;
    readEntry(reader, path);
    if (reader.position === before) return;
  }
}

function skipList(reader: Reader): void {
  let depth = 0;
  while (reader.position < reader.text.length) {
    if (readString(reader) !== null || take(reader, /#[^\n]*/y) !== "") continue;
    const character = reader.text.charAt(reader.position++);
    if (character === "[") depth++;
    if (character === "]" && --depth === 0) return;
  }
}

const STRING = /"""([\s\S]*?)"""(?!")|'''([\s\S]*?)'''(?!')|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'/y;

function readString(reader: Reader): { readonly value: string; readonly at: Range } | null {
  STRING.lastIndex = reader.position;
  const found = STRING.exec(reader.text);
  if (found === null) return null;
  const [whole, long, longLiteral, basic, literal] = found;
  const raw = long ?? longLiteral ?? basic ?? literal ?? "";
  const start = reader.position + (whole.length - raw.length) / 2;
  reader.position += whole.length;
  const value = longLiteral !== undefined || literal !== undefined ? raw : unescaped(raw);
  return {
    value: long === undefined && longLiteral === undefined ? value : value.replace(/^\r?\n/, ""),
    at: { start, end: start + raw.length },
  };
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\u001B" };

function unescaped(raw: string): string {
  const pattern = /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|(\r?\n\s*)|(.))/g;
  return raw.replace(pattern, (_, short?: string, long?: string, folded?: string, one?: string) => {
    const code = short ?? long;
    if (code !== undefined)
      return Number.parseInt(code, 16) > 0x10ffff ? "" : String.fromCodePoint(Number.parseInt(code, 16));
    return folded === undefined ? (ESCAPES[one ?? ""] ?? one ?? "") : "";
  });
}
