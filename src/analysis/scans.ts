/**
 * Loops and branches of `jax.lax`, which are functions of functions: `scan`, `fori_loop`, `while_loop`, `cond`, `map`. A
 * body is run once for all turns, since what it carries has the same shape at every turn.
 */
import type { Expr } from "../program/syntax.ts";
import { constant, type Dim, printShape, unknownDim, unknownShape } from "../shapes/index.ts";
import { type CallArguments, callUnknown, callValue, plainArguments } from "./calls.ts";
import { fork } from "./conditions.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { fail, type Transform, withAxis } from "./transforms.ts";
import { branchesOf, leavesOf, mapLeaves, tracedLeaf, tracedTree } from "./trees.ts";
import { NONE, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

const FRONT: Value = { kind: "int", value: constant(0) };

export const SCANS: Readonly<Record<string, Transform>> = {
  "jax.lax.scan": scan,
  "jax.lax.map": (m, args, expr) => {
    const [fun = UNKNOWN, xs = UNKNOWN] = named(args, ["f", "xs"]);
    const { element, length } = rows(m, xs);
    return withAxis(m, callValue(m, fun, plainArguments(element), expr), FRONT, length);
  },
  "jax.lax.fori_loop": (m, args, expr) => {
    const [, , body = UNKNOWN, start = UNKNOWN] = named(args, ["lower", "upper", "body_fun", "init_val"]);
    const carry = tracedTree(m, start);
    return (
      carried(m, carry, callValue(m, body, plainArguments(tracedLeaf(m, FRONT), carry), expr), expr, "fori_loop") ??
      UNKNOWN
    );
  },
  "jax.lax.while_loop": (m, args, expr) => {
    const [test = UNKNOWN, body = UNKNOWN, start = UNKNOWN] = named(args, ["cond_fun", "body_fun", "init_val"]);
    const carry = tracedTree(m, start);
    callValue(m, test, plainArguments(carry), expr);
    return carried(m, carry, callValue(m, body, plainArguments(carry), expr), expr, "while_loop") ?? UNKNOWN;
  },
  "jax.lax.cond": (m, args, expr) => {
    const [, yes = UNKNOWN, no = UNKNOWN, ...operands] = args.positional;
    if (args.open || args.named.size > 0 || !isCallable(yes) || !isCallable(no)) return callUnknown(m, args);
    return choose(m, [yes, no], operands, expr);
  },
  "jax.lax.switch": (m, args, expr) => {
    const [, functions = UNKNOWN, ...operands] = args.positional;
    const all = branchesOf(follow(functions));
    if (args.open || args.named.size > 0 || all === null || all.size === 0) return callUnknown(m, args);
    return choose(m, [...all.values()].map(follow), operands, expr);
  },
  "jax.lax.associative_scan": (m, args, expr) => {
    const [fun = UNKNOWN, elements = UNKNOWN] = named(args, ["fn", "elems"]);
    callValue(m, fun, plainArguments(UNKNOWN, UNKNOWN), expr);
    return tracedTree(m, elements);
  },
};

/** Arguments by position or by name. */
function named(args: CallArguments, names: readonly string[]): readonly (Value | undefined)[] {
  if (args.open) return [];
  return names.map((name, i) => args.positional[i] ?? args.named.get(name));
}

function isCallable(value: Value): boolean {
  return ["function", "method", "partial", "library", "class", "instance"].includes(follow(value).kind);
}

/** One row of every array of a tree, and how many rows there are. */
function rows(m: Machine, xs: Value): { readonly element: Value; readonly length: Dim } {
  let length: Dim | null = null;
  const element = mapLeaves([xs], ([leaf = UNKNOWN]) => {
    const array = tracedLeaf(m, leaf);
    if (array.kind !== "tensor") return UNKNOWN;
    const shape = m.solver.shape(array.shape);
    const [first, ...rest] = shape.dims;
    if (shape.lead !== null || first === undefined) return { ...array, shape: unknownShape() };
    length ??= first;
    return { ...array, shape: { lead: null, dims: rest } };
  });
  return { element: element ?? UNKNOWN, length: length ?? unknownDim() };
}

function scan(m: Machine, args: CallArguments, expr: Expr): Value {
  const [body = UNKNOWN, start = UNKNOWN, xs = NONE, count] = named(args, ["f", "init", "xs", "length"]);
  const carry = tracedTree(m, start);
  const none = follow(xs).kind === "none";
  const { element, length } = none ? { element: NONE, length: unknownDim() } : rows(m, xs);
  const result = follow(callValue(m, body, plainArguments(carry, element), expr));
  const [after, row] = result.kind === "tuple" && result.items.length === 2 ? result.items : [UNKNOWN, UNKNOWN];
  const times = none && count !== undefined && follow(count).kind === "int" ? lengthOf(follow(count)) : length;
  const kept = carried(m, carry, after ?? UNKNOWN, expr, "scan");
  return kept === null ? UNKNOWN : tupleOf([kept, withAxis(m, row ?? UNKNOWN, FRONT, times)]);
}

function lengthOf(value: Value): Dim {
  return value.kind === "int" ? value.value : unknownDim();
}

/** What a loop carries has the shape that it starts with; a body that gives back another one is refused. */
function carried(m: Machine, before: Value, after: Value, expr: Expr, name: string): Value | null {
  const [old, now] = [leavesOf(before), leavesOf(follow(after))];
  if (old !== null && now !== null && old.length === now.length) {
    for (const [i, leaf] of old.entries()) {
      const other = tracedLeaf(m, now[i] ?? UNKNOWN);
      if (leaf.kind !== "tensor" || other.kind !== "tensor") continue;
      const [a, b] = [m.solver.shape(leaf.shape), m.solver.shape(other.shape)];
      if (m.solver.requireShapes(a, b, m.cause(`\`${name}\``, expr.span)).answer !== "no") continue;
      const message = `\`${name}\` carries an array of shape ${printShape(a)}, but its body gives back ${printShape(b)}.`;
      fail(m, "broadcast", message, [printShape(a), printShape(b)], expr);
      return null;
    }
  }
  const kept = mapLeaves([before, follow(after)], ([leaf = UNKNOWN, other = UNKNOWN]) => {
    const made = tracedLeaf(m, other);
    if (leaf.kind !== "tensor") return UNKNOWN;
    return made.kind === "tensor" && made.dtype === leaf.dtype ? leaf : { ...leaf, dtype: null };
  });
  return (
    kept ??
    mapLeaves([before], ([leaf = UNKNOWN]) => (leaf.kind === "tensor" ? { ...leaf, dtype: null } : UNKNOWN)) ??
    UNKNOWN
  );
}

/** Either of several functions is called. */
function choose(m: Machine, functions: readonly Value[], operands: readonly Value[], expr: Expr): Value {
  const inputs = operands.map((one) => tracedTree(m, one));
  const results = fork(
    m,
    functions.map((fun) => () => callValue(m, fun, plainArguments(...inputs), expr)),
  );
  const [first = UNKNOWN, ...rest] = results.map((result) => tracedTree(m, result));
  return rest.reduce((a, b) => joinValues(a, b), first);
}
