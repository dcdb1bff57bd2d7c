/**
 * From the text of one chunk to its lowered statements: cleaning, parsing, repair where needed, lowering.
 * It knows nothing of other chunks or of earlier edits.
 */
import type { Unit } from "../program/syntax.ts";
import { cleanSource } from "./clean.ts";
import { readComments } from "./comments.ts";
import { lowerBlock, unreadableModule } from "./compounds.ts";
import { lowerExpression } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";
import { newScope } from "./lowering.ts";
import { repairSource } from "./repair.ts";
import type { SyntaxTree, TreeParser } from "./tree.ts";

/** No program has a statement of this length, and the parser's memory is bounded. */
const LONGEST = 2_000_000;

export function lowerChunk(parser: TreeParser, text: string): Unit {
  if (text.length > LONGEST) return { text, body: unreadableModule(text, text.length), broken: true, directives: [] };
  // The grammar ends a statement at a line break; one after the last line changes no position.
  const source = `${cleanSource(text)}\n`;
  const comments = readComments(source);
  const lower: Lowering = {
    text: source,
    comments,
    expression: (node) => lowerExpression(lower, node),
    block: (node) => lowerBlock(lower, node),
    scope: newScope(),
  };
  const first = parser.parse(source);
  const tree = first !== null && first.errors > 0 ? repaired(parser, source, first) : first;
  const body = tree === null ? unreadableModule(source, text.length) : lower.block(tree.root);
  return { text, body, broken: first === null || first.errors > 0, directives: comments.directives };
}

function repaired(parser: TreeParser, source: string, first: SyntaxTree): SyntaxTree {
  const repair = repairSource(source);
  if (repair === null) return first;
  const second = parser.parse(repair.text, repair.mapOffset);
  return second !== null && second.errors <= first.errors ? second : first;
}
