/**
 * Remedies that put another number where a size, an axis or a count stands: one that the finding speaks of, one that
 * the program names, -1 for a size that follows from the others. They know how Python writes numbers.
 */
import { lookupLayer } from "../ops/index.ts";
import type { Call, Expr } from "../program/syntax.ts";
import { quoted, replaced, type Candidate, type Rewrite, type RewritePlace } from "./candidate.ts";
import { calleeName } from "./layouts.ts";
import { textOfNode, type Node, type Tree } from "./tree.ts";
import { unboundNames } from "./names.ts";

/** Another number for this one. */
export const resized: Rewrite = (place) => {
  const { node, int, wanted, spellings } = place;
  if (int === null || !isSlot(node)) return [];
  const near = neighbours(place, Number(int));
  if (isStep(node)) return distinctTexts(place, near);
  const isLiteral = node.expr.kind === "literal";
  const meant = wanted.filter((size) => isComparable(Number(size), Number(int)));
  const named = meant.flatMap((size) => spellings.get(size) ?? []);
  const plain = meant.filter((size) => /^\d+$/.test(size));
  const likely = (isLiteral ? [...plain, ...named] : [...named, ...plain]).map((text, i) => {
    return { text, cost: 1.4 + i * 0.15 };
  });
  return distinctTexts(place, [...simpler(place), ...likely, ...near]);
};

/** A size is not mistaken for one of another order; symbols may be of any. */
function isComparable(size: number, value: number): boolean {
  if (Number.isNaN(size) || Number.isNaN(value)) return true;
  return size <= Math.max(16 * Math.abs(value), 64) && size <= 1_000_000;
}

const STEPS = /^(?:kernel_size|stride|padding|dilation|num_layers|start_dim|end_dim|dim|axis|step|p|eps|num_workers)$/;

/** Whether the number says how a window moves or which axis is meant, rather than how large something is. */
function isStep({ parent, expr }: Node): boolean {
  if (parent?.expr.kind === "unary") return true;
  const name = parent?.expr.kind === "call" ? parameterName(parent.expr, expr) : null;
  return name !== null && STEPS.test(name);
}

/** A number that its statement names several times, such as both sizes of a mask, changed in all places. */
export const resizedThroughout: Rewrite = ({ tree, node, wanted }) => {
  const { expr, place: at } = node;
  if (expr.kind !== "literal" || expr.value.type !== "int" || expr.value.value < 2) return [];
  const { value } = expr.value;
  const same = tree.nodes.filter(
    ({ expr: other, place }) =>
      place === at && other.kind === "literal" && other.value.type === "int" && other.value.value === value,
  );
  if (same.length < 2 || same[0] !== node) return [];
  const sizes = wanted.filter(
    (size) => /^\d+$/.test(size) && size !== String(value) && isComparable(Number(size), value),
  );
  return sizes.map((size, i) => ({
    edits: same.flatMap((each) => replaced(each, size)),
    title: `Use ${size} instead of ${value} throughout the statement`,
    cost: 1.8 + i * 0.15,
  }));
};

interface Choice {
  readonly text: string;
  readonly cost: number;
}

function distinctTexts({ tree, node, int }: RewritePlace, choices: readonly Choice[]): readonly Candidate[] {
  const seen = new Set([textOfNode(tree, node), int]);
  return choices.flatMap(({ text, cost }) => {
    if (seen.has(text)) return [];
    seen.add(text);
    return [{ edits: replaced(node, text), title: titleFor(tree, node, text), cost }];
  });
}

/** Where a number says how large or which: in a call, a tuple of one, an assignment, behind an index's bracket. */
function isSlot({ parent, place: { statement } }: Node): boolean {
  if (parent === null) return ["assign", "declare", "function"].includes(statement.kind);
  switch (parent.expr.kind) {
    case "call":
    case "index":
    case "dictionary":
    case "slice":
    case "unary":
      return true;
    case "sequence":
      return true;
    case "binary":
      return parent.parent !== null;
    default:
      return false;
  }
}

/** `dim` for `dim * 2` and for `dim + 1`. */
function simpler({ tree, node }: RewritePlace): readonly Choice[] {
  const { expr } = node;
  if (expr.kind !== "binary") return [];
  return [expr.left, expr.right].flatMap((part) => {
    const inner = tree.byExpr.get(part);
    return inner === undefined || part.kind === "literal" ? [] : [{ text: textOfNode(tree, inner), cost: 1.3 }];
  });
}

/** Numbers that a slip of the hand makes this one of; for what must divide another, its nearest divisors. */
function neighbours({ node, wanted, code }: RewritePlace, value: number): readonly Choice[] {
  if (node.expr.kind !== "literal") return [];
  const steps = value <= 4 ? [1, -1, 2, -2] : [-1, 1];
  const stepped = steps.map((step, i) => ({ text: String(value + step), cost: 1.9 + i * 0.2 }));
  const scaled = value > 1 ? [value * 2, value / 2].map((size) => ({ text: String(size), cost: 2.4 })) : [];
  const axes = value < 5 ? [-1, -2].map((axis) => ({ text: String(axis), cost: 2.3 })) : [];
  const divisors = ["attention", "argument", "reshape-count", "einops", "assertion"].includes(code)
    ? wanted
        .flatMap((size) => divisorsNear(Number(size), value))
        .map((size) => ({ text: String(size), cost: 1 + Math.min(1, Math.abs(size - value) / value) }))
    : [];
  return [...divisors, ...stepped, ...scaled, ...axes].filter(({ text }) => /^-?\d+$/.test(text));
}

function divisorsNear(size: number, value: number): readonly number[] {
  if (!Number.isInteger(size) || size < 2 || size > 100_000) return [];
  const divides = (n: number): boolean => size % n === 0;
  let below = value;
  while (below > 1 && !divides(below)) below--;
  let above = value;
  while (above < size && !divides(above)) above++;
  return [below, above].filter((n) => n !== value && n > 1);
}

function titleFor(tree: Tree, node: Node, text: string): string {
  const name = node.parent?.expr.kind === "call" ? parameterName(node.parent.expr, node.expr) : null;
  if (name !== null) return `Set \`${name}\` to ${text}`;
  return `Use ${text} instead of ${quoted(tree, node)}`;
}

/** What the argument is called: by its keyword, or by the layer's own signature. */
function parameterName(call: Call, value: Expr): string | null {
  const argument = call.args.find((each) => each.value === value);
  if (argument === undefined || argument.name !== null) return argument?.name ?? null;
  const at = call.args.indexOf(argument);
  return lookupLayer(`torch.nn.${calleeName(call)}`)?.constructorParameters[at]?.name ?? null;
}

const RESHAPES = new Set(["view", "reshape", "unflatten"]);

/** A size of a reshape left to be computed, one more, or one less. */
export const computed: Rewrite = (place) => {
  const { tree, node } = place;
  const { expr } = node;
  if (expr.kind !== "call" || !RESHAPES.has(calleeName(expr))) return [];
  const sizes = sizesOf(tree, expr);
  const texts = sizes.map((size) => textOfNode(tree, size));
  const first = sizes[0];
  const last = sizes.at(-1);
  if (first === undefined || last === undefined) return [];
  const whole = { path: node.path, start: first.start, end: last.end };
  const open = texts.indexOf("-1");
  const made = (changed: readonly string[], cost: number): Candidate => {
    return { edits: replaced(whole, changed.join(", ")), title: `Reshape to \`${changed.join(", ")}\``, cost };
  };
  const left = texts.map((_, i) => made(texts.with(i, "-1"), 1.2 + i * 0.1));
  const more = [...texts.keys(), texts.length].map((i) => made(texts.toSpliced(i, 0, "-1"), 2));
  const fewer = texts.length < 2 ? [] : texts.map((_, i) => made(texts.toSpliced(i, 1), 2.2));
  const moved = open < 0 ? [] : texts.map((_, i) => made(texts.with(open, place.wanted[0] ?? "1").with(i, "-1"), 2.5));
  return open < 0 ? [...left, ...more, ...fewer] : [...fewer, ...moved];
};

/** The sizes that are handed to a reshape, in one tuple or one by one. */
function sizesOf(tree: Tree, { args }: Call): readonly Node[] {
  const values = args.flatMap(({ name, spread, value }) => {
    if (spread !== null || (name !== null && name !== "shape")) return [];
    return value.kind === "sequence" ? value.items : [value];
  });
  const nodes = values.flatMap((value) => tree.byExpr.get(value) ?? []);
  const tensorFirst = args[0]?.value;
  return nodes.filter(
    ({ expr }) =>
      !(
        expr === tensorFirst &&
        expr.kind !== "literal" &&
        nodes.length > 1 &&
        args.some(({ value }) => value.kind === "sequence")
      ),
  );
}

/** One name more where a shape is unpacked: one that is used without being bound, or none in particular. */
export const unpacked: Rewrite = ({ tree, node, code }) => {
  const { expr } = node;
  const { statement } = node.place;
  if (expr.kind !== "sequence" || code !== "unpack-count" || statement.kind !== "assign") return [];
  const value = tree.byExpr.get(statement.value);
  if (value === undefined || !/(?:\.shape|\.size\(\))$/.test(textOfNode(tree, value))) return [];
  const items = expr.items.flatMap((item) => tree.byExpr.get(item) ?? []);
  const last = items.at(-1);
  const unbound = unboundNames(tree, node);
  if (last === undefined || unbound.length > 1) return [];
  const [name = "_"] = unbound;
  const title = (item: Node | null): string =>
    name === "_"
      ? `Skip the dimension ${item === null ? "at the end" : `before ${quoted(tree, item)}`}`
      : `Unpack \`${name}\` too`;
  const before = items.map((item, i) => {
    const edits = replaced({ ...item, end: item.start }, `${name}, `);
    return { edits, title: title(item), cost: 2 - i * 0.05 };
  });
  const behind = { edits: replaced({ ...last, start: last.end }, `, ${name}`), title: title(null), cost: 1.8 };
  return name === "_" ? [...before, behind] : [behind, ...before];
};
