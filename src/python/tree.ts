/**
 * Hides the parser library: text in, plain syntax nodes out, with no memory left behind in WebAssembly.
 * It knows node types and fields only as words; what they mean is the lowering's business.
 */
import { Language, Parser } from "web-tree-sitter";
import type { TreeCursor } from "web-tree-sitter";

export interface SyntaxNode {
  readonly type: string;
  /** The role in the parent, or an empty string. */
  readonly field: string;
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
  /** An error node, or one that is missing in the text. */
  readonly bad: boolean;
  /** Some error lies in this node. */
  readonly hasError: boolean;
}

export interface SyntaxTree {
  readonly root: SyntaxNode;
  readonly errors: number;
}

export interface TreeParser {
  /** Null if the text took longer than is sensible. `mapOffset` translates positions into those of the source. */
  parse(text: string, mapOffset?: (offset: number) => number): SyntaxTree | null;
}

/** Deeper nesting than this is left unread, so that no later stage runs out of stack. */
export const DEEPEST = 200;
/** No honest chunk comes near; a hostile one must not hang the editor. */
const TIME_LIMIT_MS = 2000;
/** Marks a node whose children were left out because they lie too deep. */
export const TOO_DEEP = "too deep";

export async function createTreeParser(runtime: Uint8Array, grammar: Uint8Array): Promise<TreeParser> {
  await Parser.init({ wasmBinary: runtime });
  const language = await Language.load(grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const kinds = describeKinds(language);
  return {
    parse(text, mapOffset) {
      const deadline = Date.now() + TIME_LIMIT_MS;
      const tree = parser.parse(text, null, { progressCallback: () => Date.now() > deadline });
      if (tree === null) {
        parser.reset();
        return null;
      }
      const cursor = tree.walk();
      const reader: Reader = { cursor, kinds, fields: language.fields, map: mapOffset ?? same, errors: 0 };
      const root = readNode(reader, tree.rootNode.hasError, 0);
      cursor.delete();
      tree.delete();
      return { root, errors: reader.errors };
    },
  };
}

interface Kind {
  readonly type: string;
  readonly named: boolean;
  readonly skipped: boolean;
  readonly leaf: boolean;
}

const ERROR_KIND: Kind = { type: "ERROR", named: true, skipped: false, leaf: false };
const LEAVES = new Set([
  "identifier",
  "integer",
  "float",
  "true",
  "false",
  "none",
  "ellipsis",
  "string_content",
  "string_start",
  "string_end",
  "pass_statement",
  "break_statement",
  "continue_statement",
]);
const SKIPPED = new Set(["comment", "line_continuation"]);

function describeKinds(language: Language): readonly Kind[] {
  return language.types.map((type, id) => {
    const named = language.nodeTypeIsNamed(id);
    return { type, named, skipped: SKIPPED.has(type), leaf: !named || LEAVES.has(type) };
  });
}

interface Reader {
  readonly cursor: TreeCursor;
  readonly kinds: readonly Kind[];
  readonly fields: readonly (string | null)[];
  readonly map: (offset: number) => number;
  errors: number;
}

function same(offset: number): number {
  return offset;
}

/** Every property of a cursor is a call into WebAssembly, so each is asked for once and only if needed. */
function readNode(reader: Reader, mayFail: boolean, depth: number): SyntaxNode {
  const { cursor, map } = reader;
  const kind = reader.kinds[cursor.nodeTypeId] ?? ERROR_KIND;
  const field = reader.fields[cursor.currentFieldId] ?? "";
  const from = cursor.startIndex;
  const to = cursor.endIndex;
  const bad = mayFail && (kind === ERROR_KIND || (from === to && cursor.nodeIsMissing));
  if (bad) reader.errors += 1;
  const base = { field, named: kind.named, start: map(from), end: map(to), bad };
  if (kind.leaf && !bad) return { type: kind.type, ...base, children: NONE, hasError: false };
  if (depth >= DEEPEST) return { type: TOO_DEEP, ...base, named: true, children: NONE, hasError: bad };
  const children = readChildren(reader, mayFail, depth);
  return { type: kind.type, ...base, children, hasError: bad || (mayFail && children.some((child) => child.hasError)) };
}

const NONE: readonly SyntaxNode[] = [];

function readChildren(reader: Reader, mayFail: boolean, depth: number): readonly SyntaxNode[] {
  const { cursor } = reader;
  if (!cursor.gotoFirstChild()) return NONE;
  const children: SyntaxNode[] = [];
  do {
    if (reader.kinds[cursor.nodeTypeId]?.skipped !== true) children.push(readNode(reader, mayFail, depth + 1));
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
  return children;
}
