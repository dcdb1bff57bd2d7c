/**
 * All remedies worth a trial for a finding, the likeliest first: every kind of rewrite at every place that the value at
 * fault comes from. It knows where to look, and leaves it to the trial what helps.
 */
import { converted, copied, multiplied, renamed, swapped, switched } from "./arguments.ts";
import type { FactKind } from "../analysis/result.ts";
import type { Candidate, Rewrite, RewritePlace } from "./candidate.ts";
import { dimsOf, factOf, intOf, isTensor, treeAt, type Case } from "./case.ts";
import { cropped, flattened, keptDimension, squeezed, transposed, unsqueezed, withoutStep } from "./layouts.ts";
import { reworded } from "./patterns.ts";
import { computed, resized, resizedThroughout, unpacked } from "./sizes.ts";
import { functionAround, textOfNode, type Node } from "./tree.ts";
import { sourcesOf, type Source } from "./upstream.ts";

/** Rewrites of values, and of the calls that make them. */
const OPERAND: readonly Rewrite[] = [transposed, unsqueezed, squeezed, flattened, cropped, converted, copied];
const CALL: readonly Rewrite[] = [
  withoutStep,
  keptDimension,
  swapped,
  renamed,
  switched,
  multiplied,
  resized,
  resizedThroughout,
  computed,
  reworded,
  unpacked,
];
/** What is meant more often than not, by the rule that was broken. */
const LIKELY: Readonly<Record<string, readonly Rewrite[]>> = {
  "dim-range": [resized],
  "linear-features": [resized, swapped],
  "conv-channels": [resized, swapped],
  "norm-features": [resized, swapped],
  "rnn-features": [resized, swapped],
  "matmul-inner": [transposed, swapped],
  "reshape-count": [computed],
  "silent-broadcast": [squeezed],
  broadcast: [keptDimension],
};
const BONUS = 0.8;
/** What is said of the features of a layer is seldom mended by another layout of its input. */
const FEATURES = new Set(["linear-features", "conv-channels", "norm-features", "rnn-features"]);

/** Further away than this, an operand is not given another layout. */
const OPERANDS_WITHIN = 2.6;

export function candidatesFor(c: Case): readonly Candidate[] {
  const start = operationsAt(c);
  const sources = sourcesOf(c, start);
  const wanted = wantedSizes(c, sources);
  const spellings = new Map<object | null, ReadonlyMap<string, readonly string[]>>();
  const all = sources.flatMap((source) => {
    const definition = functionAround(source.node.place.scope);
    const named = spellings.get(definition) ?? spellingsIn(c, source.node);
    spellings.set(definition, named);
    return candidatesAt(c, source, wanted, named);
  });
  const seen = new Set<string>();
  return all
    .toSorted((a, b) => a.cost - b.cost)
    .filter(({ edits }) => {
      const key = JSON.stringify(edits);
      return !seen.has(key) && seen.add(key);
    });
}

/** The expression at fault, the operation that it is an operand of, and what stands on the other side of its statement. */
function operationsAt({ at, trees }: Case): readonly Node[] {
  const own = trees[0];
  if (own === undefined) return [at];
  const parent = at.parent?.expr.kind === "call" || at.parent?.expr.kind === "binary" ? [at.parent] : [];
  const { statement } = at.place;
  const beside =
    statement.kind === "assign" || statement.kind === "augmented-assign"
      ? [statement.value, ...("targets" in statement ? statement.targets : [statement.target])]
      : statement.kind === "assert"
        ? [statement.test]
        : [];
  const isTarget = beside
    .slice(1)
    .some((target) => target.span.start <= at.expr.span.start && at.expr.span.end <= target.span.end);
  const others = isTarget || statement.kind === "assert" ? beside.flatMap((expr) => own.byExpr.get(expr) ?? []) : [];
  return [at, ...parent, ...others];
}

function candidatesAt(
  c: Case,
  { node, distance }: Source,
  wanted: readonly string[],
  spellings: ReadonlyMap<string, readonly string[]>,
): readonly Candidate[] {
  const tree = treeAt(c, node.path);
  if (tree === null || node.place.statement.kind === "import") return [];
  const place: RewritePlace = {
    tree,
    node,
    dims: dimsOf(c, node),
    int: intOf(c, node),
    wanted,
    spellings,
    near: distance < 0.5,
    code: c.finding.code,
    kindOf: (other) => factOf(c, other)?.kind ?? (other.expr.kind === "literal" ? literalKind(other.expr) : null),
    defines: (name) =>
      c.trees.some(({ statements }) =>
        statements.some(
          ({ statement }) => (statement.kind === "class" || statement.kind === "function") && statement.name === name,
        ),
      ),
    library: /^\s*(?:import|from)\s+torch\b/m.test(tree.text) ? "torch" : "numpy",
  };
  const isOperand = distance < OPERANDS_WITHIN && isTensor(c, node) && !isTarget(node) && distance > 0;
  return [...(isOperand ? OPERAND : []), ...CALL].flatMap((rewrite) => {
    const unlikely = FEATURES.has(c.finding.code) && OPERAND.includes(rewrite) ? 0.6 : 0;
    const bonus = LIKELY[c.finding.code]?.includes(rewrite) === true ? BONUS : -unlikely;
    return rewrite(place).map((each) => ({ ...each, cost: each.cost + distance * 0.7 - bonus }));
  });
}

function literalKind({ value }: Extract<Node["expr"], { readonly kind: "literal" }>): FactKind | null {
  return value.type === "int" ? "int" : null;
}

/** Whether something is assigned to the expression. */
function isTarget({ expr, place: { statement } }: Node): boolean {
  if (statement.kind === "assign") return statement.targets.some((target) => target === expr);
  return statement.kind === "augmented-assign" && statement.target === expr;
}

const MOST_SIZES = 14;

/** The sizes that the finding and the operands speak of. */
function wantedSizes(c: Case, sources: readonly Source[]): readonly string[] {
  const { message, shapes } = c.finding;
  const said = message.replaceAll(/`[^`]*`/g, "").replaceAll(/(?<=\d),(?=\d{3}\b)/g, "");
  const numbers = said.match(/(?<![\w.])\d+(?![\w.])/g) ?? [];
  const counted = new Map<string, number>();
  for (const number of numbers) counted.set(number, (counted.get(number) ?? 0) + 1);
  const shown = shapes.flatMap(sizesIn);
  const operands = sources.filter(({ distance }) => distance < 1.5).flatMap(({ node }) => dimsOf(c, node) ?? []);
  const merged = shapes.flatMap((shape) => productsOf(sizesIn(shape)));
  const all = [...numbers.toReversed(), ...shown.toReversed(), ...merged, ...operands];
  return [...new Set(all)].filter((size) => size !== "?" && size !== "0").slice(0, MOST_SIZES);
}

function sizesIn(shape: string): readonly string[] {
  return shape
    .replaceAll(/^\(|,?\)$/g, "")
    .split(", ")
    .filter((size) => size !== "" && size !== "…" && !size.startsWith("*"));
}

/** What flattening from the second dimension on gives, and the whole. */
function productsOf(sizes: readonly string[]): readonly string[] {
  const numbers = sizes.map(Number);
  if (numbers.length < 2 || !numbers.every(Number.isInteger)) return [];
  const product = (some: readonly number[]): string => String(some.reduce((a, b) => a * b, 1));
  return [product(numbers.slice(1)), product(numbers.slice(-2)), product(numbers.slice(0, 2))];
}

/** How the function around a place writes the sizes that it knows by name. */
function spellingsIn(c: Case, at: Node): ReadonlyMap<string, readonly string[]> {
  const tree = treeAt(c, at.path);
  const definition = functionAround(at.place.scope);
  const spellings = new Map<string, string[]>();
  for (const node of tree?.nodes ?? []) {
    const { kind } = node.expr;
    if (kind !== "name" && kind !== "attribute") continue;
    if (functionAround(node.place.scope) !== definition || isTarget(node)) continue;
    const size = intOf(c, node);
    const text = tree === null ? "" : textOfNode(tree, node);
    if (size === null || text.length > 40) continue;
    const known = spellings.get(size) ?? [];
    if (!known.includes(text) && known.length < 3) spellings.set(size, [...known, text]);
  }
  return spellings;
}
