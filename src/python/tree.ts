/**
 * Hides the parser library: text in, plain syntax nodes out, with no memory left behind in WebAssembly.
 * It knows node types and fields only as words; what they mean is the lowering's business.
 */
import { Language, Parser } from "web-tree-sitter";
import type { ParseOptions, TreeCursor } from "web-tree-sitter";

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
/** Looking at the clock makes the parser slower by half, so only texts longer than this are timed. */
const TIMED_LENGTH = 20_000;
/** Marks a node whose children were left out because they lie too deep. */
const TOO_DEEP = "too deep";

export async function createTreeParser(runtime: Uint8Array, grammar: Uint8Array): Promise<TreeParser> {
  await Parser.init({ wasmBinary: runtime });
  const language = await Language.load(grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const kinds = describeKinds(language);
  return {
    parse(text, mapOffset) {
      const tree = parser.parse(text, null, text.length > TIMED_LENGTH ? timed() : undefined);
      if (tree === null) {
        parser.reset();
        return null;
      }
      const cursor = tree.walk();
      const reader: Reader = { cursor, kinds, fields: language.fields, map: mapOffset ?? same, errors: 0 };
      const rootKind = kinds[cursor.nodeTypeId] ?? ERROR_KIND;
      const root = readNode(reader, rootKind, ERROR_KIND, tree.rootNode.hasError, 0);
      cursor.delete();
      tree.delete();
      return { root, errors: reader.errors };
    },
  };
}

function timed(): ParseOptions {
  const deadline = Date.now() + TIME_LIMIT_MS;
  return { progressCallback: () => Date.now() > deadline };
}

interface Kind {
  readonly type: string;
  readonly named: boolean;
  readonly skipped: boolean;
  readonly leaf: boolean;
  /** Its named children have roles that matter; elsewhere their order says everything. */
  readonly roles: boolean;
  /** Its tokens have roles, as the operator in `a + b` does. */
  readonly operates: boolean;
  /** Its width if every one of them is as wide as the word itself, else 0. */
  readonly width: number;
}

const ERROR_KIND: Kind = {
  type: "ERROR",
  named: true,
  skipped: false,
  leaf: false,
  roles: false,
  operates: false,
  width: 0,
};
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
const WITHOUT_ROLES = new Set([
  "module",
  "block",
  "expression_statement",
  "return_statement",
  "argument_list",
  "parameters",
  "list",
  "tuple",
  "set",
  "dictionary",
  "expression_list",
  "pattern_list",
  "parenthesized_expression",
  "dotted_name",
  "string",
  "concatenated_string",
  "comparison_operator",
  "type",
]);
const OPERATES = new Set(["binary_operator", "boolean_operator", "comparison_operator", "augmented_assignment"]);

function describeKinds(language: Language): readonly Kind[] {
  return language.types.map((type, id) => {
    const named = language.nodeTypeIsNamed(id);
    return {
      type,
      named,
      skipped: SKIPPED.has(type),
      leaf: !named || LEAVES.has(type),
      roles: !WITHOUT_ROLES.has(type),
      operates: OPERATES.has(type),
      width: named || type.includes(" ") ? 0 : type.length,
    };
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

/**
 * Reads the node under the cursor. Every property of a cursor is a call into WebAssembly, and there are
 * many nodes, so each is asked for once and only where it can matter.
 */
function readNode(reader: Reader, kind: Kind, parent: Kind, mayFail: boolean, depth: number): SyntaxNode {
  const { cursor, map } = reader;
  const hasRole = kind.named ? parent.roles : parent.operates;
  const field = hasRole ? (reader.fields[cursor.currentFieldId] ?? "") : "";
  const from = cursor.startIndex;
  const to = kind.width > 0 && !mayFail ? from + kind.width : cursor.endIndex;
  const bad = mayFail && (kind === ERROR_KIND || (from === to && cursor.nodeIsMissing));
  if (bad) reader.errors += 1;
  const start = map(from);
  const end = map(to);
  const { type, named } = kind;
  if (kind.leaf) return { type, field, named, start, end, children: NONE, bad, hasError: bad };
  if (depth >= DEEPEST) return { type: TOO_DEEP, field, named, start, end, children: NONE, bad, hasError: bad };
  const children = readChildren(reader, kind, mayFail, depth);
  const hasError = bad || (mayFail && children.some((child) => child.hasError));
  return { type, field, named, start, end, children, bad, hasError };
}

const NONE: readonly SyntaxNode[] = [];

function readChildren(reader: Reader, parent: Kind, mayFail: boolean, depth: number): readonly SyntaxNode[] {
  const { cursor } = reader;
  if (!cursor.gotoFirstChild()) return NONE;
  const children: SyntaxNode[] = [];
  do {
    const kind = reader.kinds[cursor.nodeTypeId] ?? ERROR_KIND;
    if (!kind.skipped) children.push(readNode(reader, kind, parent, mayFail, depth + 1));
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
  return children;
}
