/**
 * Remedies that change how a call is written: its function, the order of its arguments or operands, a switch.
 * They know how Python writes calls.
 */
import type { Expr } from "../program/syntax.ts";
import { quoted, replaced, suffixed, type Candidate, type Rewrite } from "./candidate.ts";
import { calleeName } from "./layouts.ts";
import { textOfNode, type Node, type Tree } from "./tree.ts";

/** Two neighbours change places: arguments, sizes of a shape, names of an unpacking. */
export const swapped: Rewrite = ({ tree, node, near, code, kindOf }) => {
  if (code === "dtype") return [];
  const items = itemsOf(tree, node);
  return items.slice(1).flatMap((right, i): readonly Candidate[] => {
    const left = items[i];
    if (left === undefined || textOfNode(tree, left) === textOfNode(tree, right)) return [];
    const kind = kindOf(left);
    if (kind !== kindOf(right) || (kind !== "tensor" && kind !== "int" && !isUnpacking(node))) return [];
    const edits = [...replaced(left, textOfNode(tree, right)), ...replaced(right, textOfNode(tree, left))];
    return [{ edits, title: `Swap ${quoted(tree, left)} and ${quoted(tree, right)}`, cost: near ? 1.8 : 2.2 }];
  });
};

/** `b, t` of `b, t = x.shape`. */
function isUnpacking({ expr, place: { statement } }: Node): boolean {
  return statement.kind === "assign" && statement.targets.some((target) => target === expr);
}

function itemsOf(tree: Tree, { expr }: Node): readonly Node[] {
  const nodes = (parts: readonly Expr[]): readonly Node[] => parts.flatMap((part) => tree.byExpr.get(part) ?? []);
  switch (expr.kind) {
    case "call":
      return nodes(expr.args.filter(({ name, spread }) => name === null && spread === null).map(({ value }) => value));
    case "sequence":
      return nodes(expr.items);
    case "binary":
      return expr.operator === "@" ? nodes([expr.left, expr.right]).filter((each) => isPlain(each.expr)) : [];
    default:
      return [];
  }
}

function isPlain({ kind }: Expr): boolean {
  return kind === "name" || kind === "attribute" || kind === "call" || kind === "index";
}

/** What else the author may have meant, by what was called. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  view: ["reshape"],
  bmm: ["matmul"],
  mm: ["matmul"],
  dot: ["matmul"],
  mv: ["matmul"],
  stack: ["cat", "concatenate"],
  cat: ["stack"],
  concatenate: ["stack"],
  hstack: ["stack"],
};

/** Another function with the same arguments. */
export const renamed: Rewrite = ({ tree, node }) => {
  const { expr } = node;
  if (expr.kind !== "call" || expr.callee.kind !== "attribute") return [];
  const { name, nameSpan } = expr.callee;
  const at = { path: node.path, start: node.place.offset + nameSpan.start, end: node.place.offset + nameSpan.end };
  const isTorch = !/^(np|numpy|jnp)\b/.test(textOfNode(tree, node));
  return (OTHERS[name] ?? [])
    .filter((other) => other !== (isTorch ? "concatenate" : "cat"))
    .map((other) => ({ edits: replaced(at, other), title: `Use \`${other}\``, cost: name === "view" ? 0.8 : 2 }));
};

const BATCHED = new Set(
  "RNN LSTM GRU MultiheadAttention Transformer TransformerEncoderLayer TransformerDecoderLayer".split(" "),
);

/** A switch of the call turned, or `batch_first=True` added. */
export const switched: Rewrite = ({ tree, node, defines }) => {
  const { expr } = node;
  if (expr.kind !== "call") return [];
  const turned = expr.args.flatMap(({ name, value }): readonly Candidate[] => {
    if (name === null || value.kind !== "literal" || value.value.type !== "bool") return [];
    const at = tree.byExpr.get(value);
    const text = value.value.value ? "False" : "True";
    return at === undefined ? [] : [{ edits: replaced(at, text), title: `Set \`${name}=${text}\``, cost: 2.4 }];
  });
  const lacks =
    BATCHED.has(calleeName(expr)) &&
    !defines(calleeName(expr)) &&
    !expr.args.some(({ name }) => name === "batch_first");
  if (!lacks) return turned;
  const at = node.end - 1;
  const added = {
    edits: [{ path: node.path, start: at, end: at, text: ", batch_first=True" }],
    title: "Set `batch_first=True`",
    cost: 1.6,
  };
  return [...turned, added];
};

/** The elements converted, for operations that do not take their type. */
export const converted: Rewrite = (place) => {
  const { tree, node, dims, code, near, library } = place;
  if (!near || dims === null || code !== "dtype") return [];
  const how = library === "torch" ? [".float()", ".long()"] : [".astype(float)", ".astype(int)"];
  return how.map((suffix, i) => ({
    edits: suffixed(place, suffix),
    title: `Convert ${quoted(tree, node)} with \`${suffix.slice(1)}\``,
    cost: 1 + i / 10,
  }));
};

/** `contiguous()` before a view that would need a copy. */
export const copied: Rewrite = (place) => {
  const { tree, node, dims, code, near } = place;
  if (!near || dims === null || code !== "view-strides") return [];
  return [
    {
      edits: suffixed(place, ".contiguous()"),
      title: `Insert \`contiguous()\` after ${quoted(tree, node)}`,
      cost: 1.4,
    },
  ];
};

/** The product of matrices for the product of elements. */
export const multiplied: Rewrite = ({ tree, node, near, kindOf }) => {
  const { expr } = node;
  if (!near || expr.kind !== "binary" || (expr.operator !== "*" && expr.operator !== "@")) return [];
  const operands = [expr.left, expr.right].flatMap((part) => tree.byExpr.get(part) ?? []);
  if (!operands.every((operand) => kindOf(operand) === "tensor")) return [];
  const left = node.place.offset + expr.left.span.end;
  const right = node.place.offset + expr.right.span.start;
  const sign = tree.text.slice(left, right).indexOf(expr.operator);
  if (sign < 0) return [];
  const other = expr.operator === "*" ? "@" : "*";
  const at = { path: node.path, start: left + sign, end: left + sign + 1 };
  return [{ edits: replaced(at, other), title: `Use \`${other}\``, cost: 3 }];
};
