/**
 * Functions of functions, as JAX and `torch.func` have them: `vmap`, `grad`, `jit` and their like. What they give is a
 * library function with some arguments filled in, which runs the user's function when it is called. Loops of `jax.lax`
 * are in `scans.ts`.
 */
import type { Expr } from "../program/syntax.ts";
import {
  asNumber,
  constant,
  type Dim,
  freshLead,
  printDim,
  rank,
  type Shape,
  shapeOf,
  unknownDim,
  unknownShape,
} from "../shapes/index.ts";
import { type CallArguments, callUnknown, callValue, plainArguments } from "./calls.ts";
import { isHearsay } from "./hearsay.ts";
import type { Machine } from "./machine.ts";
import { relatedPlaces } from "./related.ts";
import { branchesOf, leavesOf, mapLeaves, tracedLeaf, tracedParts } from "./trees.ts";
import { boolOf, listOf, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

export type Transform = (m: Machine, args: CallArguments, expr: Expr) => Value;
type Tensor = Extract<Value, { kind: "tensor" }>;

const ZERO: Value = { kind: "int", value: constant(0) };

type Options = readonly (readonly [name: string, fallback?: Value])[];
const DERIVED: Options = [["func"], ["argnums", ZERO], ["has_aux", boolOf(false)]];

export const TRANSFORMS: Readonly<Record<string, Transform>> = {
  "jax.jit": (_m, args) => traced(args),
  "jax.vmap": (_m, args) => waiting("jax.vmap.call", args, [["fun"], ["in_axes", ZERO], ["out_axes", ZERO]]),
  "jax.vmap.call": mapped,
  "jax.grad": (_m, args) => waiting("jax.grad.call", args, [["fun"], ["argnums", ZERO], ["has_aux", boolOf(false)]]),
  "jax.grad.call": (m, args, expr) => derived(m, args, expr, "gradient"),
  "jax.value_and_grad": (_m, args) =>
    waiting("jax.value_and_grad.call", args, [["fun"], ["argnums", ZERO], ["has_aux", boolOf(false)]]),
  "jax.value_and_grad.call": (m, args, expr) => derived(m, args, expr, "value and gradient"),
  "jax.jacobian": (_m, args) => waiting("jax.jacobian.call", args, [["fun"], ["argnums", ZERO]]),
  "jax.jacfwd": (_m, args) => waiting("jax.jacobian.call", args, [["fun"], ["argnums", ZERO]]),
  "jax.jacrev": (_m, args) => waiting("jax.jacobian.call", args, [["fun"], ["argnums", ZERO]]),
  "jax.jacobian.call": (m, args, expr) => jacobian(m, args, expr, 1),
  "jax.hessian": (_m, args) => waiting("jax.hessian.call", args, [["fun"], ["argnums", ZERO]]),
  "jax.hessian.call": (m, args, expr) => jacobian(m, args, expr, 2),
  "jax.checkpoint": (_m, args) => given(args, 0, "fun") ?? SAME,
  "jax.remat": (_m, args) => given(args, 0, "fun") ?? SAME,
  "jax.custom_vjp": (_m, args) => given(args, 0, "fun") ?? SAME,
  "jax.custom_jvp": (_m, args) => given(args, 0, "fun") ?? SAME,
  "jax.named_call": (_m, args) => given(args, 0, "fun") ?? SAME,
  "jax.tree.map": mapTree,
  "jax.tree_map": mapTree,
  "jax.tree_util.tree_map": mapTree,
  "jax.tree.leaves": leaves,
  "jax.tree_util.tree_leaves": leaves,
  "jax.tree_leaves": leaves,
  "jax.vjp": pulled,
  "jax.vjp.call": (m, args) => tupleOf(args.positional.slice(0, -1).map((one) => gradientOf(m, one))),
  "jax.jvp": pushed,
  ...inTorch("vmap", (args) => waiting("torch.vmap.call", args, [["func"], ["in_dims", ZERO], ["out_dims", ZERO]])),
  "torch.vmap.call": ofTorch(mapped),
  ...inTorch("grad", (args) => waiting("torch.grad.call", args, DERIVED)),
  "torch.grad.call": ofTorch((m, args, expr) => derived(m, args, expr, "gradient")),
  ...inTorch("grad_and_value", (args) => waiting("torch.grad_and_value.call", args, DERIVED)),
  "torch.grad_and_value.call": ofTorch((m, args, expr) => derived(m, args, expr, "gradient and value")),
  ...inTorch("jacrev", (args) => waitingJacobian(args)),
  ...inTorch("jacfwd", (args) => waitingJacobian(args)),
  "torch.jacobian.call": ofTorch((m, args, expr) => jacobian(m, args, expr, 1)),
  ...inTorch("hessian", (args) => waiting("torch.hessian.call", args, [["func"], ["argnums", ZERO]])),
  "torch.hessian.call": ofTorch((m, args, expr) => jacobian(m, args, expr, 2)),
  ...inTorch("vjp", (args, m, expr) => ofTorch(pulled)(m, args, expr)),
  ...inTorch("jvp", (args, m, expr) => ofTorch(pushed)(m, args, expr)),
};

/** A function of `torch.func`, which `functorch` had before it and of which `torch` repeats the first. */
function inTorch(
  name: string,
  make: (args: CallArguments, m: Machine, expr: Expr) => Value,
): Readonly<Record<string, Transform>> {
  const names = [`torch.func.${name}`, `functorch.${name}`, ...(name === "vmap" ? ["torch.vmap"] : [])];
  return Object.fromEntries(names.map((each): [string, Transform] => [each, (m, args, expr) => make(args, m, expr)]));
}

function waitingJacobian(args: CallArguments): Value {
  return args.named.has("has_aux") ? UNKNOWN : waiting("torch.jacobian.call", args, [["func"], ["argnums", ZERO]]);
}

/** The same among tensors of PyTorch, which takes no numbers in their place. */
function ofTorch(transform: Transform): Transform {
  const own = (leaf: Value): Value =>
    leaf.kind === "tensor" && leaf.library === null ? { ...leaf, library: "torch" } : leaf;
  return (m, args, expr) => {
    const positional = args.positional.map((value) => mapLeaves([value], ([leaf = UNKNOWN]) => own(leaf)) ?? value);
    const result = transform(m, { ...args, positional }, expr);
    const foreign = (leaf: Value): boolean => leaf.kind === "tensor" && leaf.library !== "torch";
    return mapLeaves([result], ([leaf = UNKNOWN]) => (foreign(leaf) ? UNKNOWN : leaf)) ?? UNKNOWN;
  };
}

/** `vjp`: the result, and a function that gives a gradient for every argument. */
function pulled(m: Machine, args: CallArguments, expr: Expr): Value {
  const [fun = UNKNOWN, ...primals] = args.positional;
  const out = callValue(m, fun, own(args, 1), expr);
  const callee: Value = { kind: "library", name: "jax.vjp.call" };
  return args.named.size > 0 ? UNKNOWN : tupleOf([out, { kind: "partial", callee, args: primals, named: new Map() }]);
}

/** `jvp`: the result, and its derivative along the tangents. */
function pushed(m: Machine, args: CallArguments, expr: Expr): Value {
  const [fun = UNKNOWN, primals] = args.positional;
  const all = primals === undefined ? null : branchesOf(follow(primals));
  if (all === null) return callUnknown(m, args);
  const out = callValue(m, fun, plainArguments(...all.values()), expr);
  return tupleOf([out, gradientOf(m, out)]);
}

/** A decorator that was given options only. */
const SAME: Value = { kind: "builtin", name: "identity" };

function given(args: CallArguments, at: number, name: string): Value | undefined {
  return args.positional[at] ?? args.named.get(name);
}

/** What `jit` makes of a function: it sees arrays of JAX, whatever it is given. */
function traced(args: CallArguments): Value {
  const fun = given(args, 0, "fun");
  if (fun === undefined) return SAME;
  const all =
    !args.open && args.positional.length <= 1 && ![...args.named.keys()].some((name) => name.startsWith("static"));
  return fun.kind === "function" ? { ...fun, traced: all ? "all" : "arrays" } : fun;
}

/** The library function that does the work, with the function and its options filled in. */
function waiting(name: string, args: CallArguments, options: Options): Value {
  if (args.open) return UNKNOWN;
  const filled = options.map(([option, fallback], at) => given(args, at, option) ?? fallback ?? UNKNOWN);
  if (given(args, 0, options[0]?.[0] ?? "") === undefined) return UNKNOWN;
  return { kind: "partial", callee: { kind: "library", name }, args: filled, named: new Map() };
}

/** The arguments of the user's function, behind those that the transformation has. */
function own(args: CallArguments, behind: number): CallArguments {
  return { ...args, positional: args.positional.slice(behind), sources: new Map() };
}

/** Reports a failure of a call as a whole. */
export function fail(m: Machine, code: string, message: string, shapes: readonly string[], expr: Expr): Value {
  m.report({ code, severity: "error", message, shapes, related: relatedPlaces(m, []), unnecessary: false }, expr.span);
  return UNKNOWN;
}

/** `vmap`: the function is run for one element of the mapped axes, which are put back into what it gives. */
function mapped(m: Machine, args: CallArguments, expr: Expr): Value {
  const [fun = UNKNOWN, inAxes = ZERO, outAxes = ZERO, ...values] = args.positional;
  const axes = axesFor(follow(inAxes), values.length);
  if (axes === null || args.open) return callUnknown(m, own(args, 0));
  const sizes: Dim[] = [];
  const inner = values.map((value, i) => withoutAxis(m, value, axes[i] ?? ZERO, sizes, expr));
  const named = new Map([...args.named].map(([name, value]) => [name, withoutAxis(m, value, ZERO, sizes, expr)]));
  const [first = unknownDim(), ...others] = sizes;
  for (const other of others) {
    const verdict = m.solver.require(first, other, m.cause("`vmap`", expr.span));
    if (verdict.answer !== "no") continue;
    const [a, b] = [printDim(m.solver.dim(first)), printDim(m.solver.dim(other))];
    return fail(m, "broadcast", `\`vmap\` maps over axes of different sizes: ${a} and ${b}.`, [], expr);
  }
  const result = callValue(m, fun, { positional: inner, named, open: false, sources: new Map() }, expr);
  return withAxis(m, result, follow(outAxes), first);
}

/** The axes of each argument: one for all of them, or one for each. */
function axesFor(axes: Value, count: number): readonly Value[] | null {
  if (axes.kind === "int" || axes.kind === "none") return Array.from({ length: count }, () => axes);
  if (axes.kind !== "tuple" && axes.kind !== "list") return null;
  const each = branchesOf(axes);
  return each === null || each.size !== count ? null : [...each.values()].map(follow);
}

/** One element of a value along its mapped axis; the size of that axis is added to those found. */
function withoutAxis(m: Machine, value: Value, axes: Value, sizes: Dim[], expr: Expr): Value {
  const seen = follow(value);
  if (axes.kind === "none") return seen;
  if (axes.kind !== "int") {
    const [parts, each] = [branchesOf(seen), branchesOf(axes)];
    if (parts === null || each === null) return UNKNOWN;
    const made = [...parts].map(([key, part]) => [
      key,
      withoutAxis(m, part, follow(each.get(key) ?? UNKNOWN), sizes, expr),
    ]);
    const found = new Map(made as [string, Value][]);
    let at = 0;
    return mapTop(seen, () => [...found.values()][at++] ?? UNKNOWN);
  }
  const axis = asNumber(m.solver.dim(axes.value));
  const stripped = mapLeaves([seen], ([leaf = UNKNOWN]) =>
    leaf.kind === "tensor" && axis !== null ? elementOf(m, leaf, axis, sizes, expr) : UNKNOWN,
  );
  return stripped ?? UNKNOWN;
}

/** The same branch with other children, in order. */
function mapTop(branch: Value, child: () => Value): Value {
  const parts = branchesOf(branch);
  if (parts === null) return UNKNOWN;
  const children = [...parts.values()].map(child);
  if (branch.kind === "tuple") return tupleOf(children);
  if (branch.kind === "list") return listOf(children);
  const named = new Map([...parts.keys()].map((key, i) => [key, children[i] ?? UNKNOWN]));
  return branch.kind === "record"
    ? { ...branch, fields: named }
    : branch.kind === "dict"
      ? { kind: "dict", entries: named }
      : UNKNOWN;
}

function elementOf(m: Machine, leaf: Tensor, axis: number, sizes: Dim[], expr: Expr): Value {
  const shape = m.solver.shape(leaf.shape);
  const count = shape.dims.length;
  const plain = tracedLeaf(m, leaf) as Tensor;
  if (rank(shape) !== null && (axis >= count || axis < -count)) {
    const message = `\`vmap\` maps over axis ${axis}, but one of its arguments has ${count} dimensions.`;
    return fail(m, "dim-range", message, [], expr);
  }
  const at = axis < 0 ? axis + count : rank(shape) === null ? -1 : axis;
  const size = shape.dims[at];
  if (at < 0 || size === undefined) return { ...plain, shape: unknownShape() };
  sizes.push(size);
  return { ...plain, shape: { lead: shape.lead, dims: shape.dims.toSpliced(at, 1) } };
}

/** Puts the mapped axis into every array of a result. */
export function withAxis(m: Machine, result: Value, axes: Value, size: Dim): Value {
  const seen = follow(result);
  if (axes.kind === "none") return seen;
  if (axes.kind !== "int") {
    const [parts, each] = [branchesOf(seen), branchesOf(axes)];
    if (parts === null || each === null || parts.size !== each.size) return UNKNOWN;
    const [keys, all] = [[...parts.keys()], [...each.values()]];
    let at = 0;
    return mapTop(seen, () => withAxis(m, parts.get(keys[at] ?? "") ?? UNKNOWN, follow(all[at++] ?? UNKNOWN), size));
  }
  const axis = asNumber(m.solver.dim(axes.value));
  const stacked = mapLeaves([seen], ([leaf = UNKNOWN]) => {
    const array = tracedLeaf(m, leaf);
    if (array.kind !== "tensor" || axis === null) return UNKNOWN;
    return { ...array, shape: insert(m.solver.shape(array.shape), axis, size) };
  });
  return stacked ?? UNKNOWN;
}

function insert(shape: Shape, axis: number, size: Dim): Shape {
  const at = axis < 0 ? axis + shape.dims.length + 1 : axis;
  if (shape.lead !== null) {
    if (axis < 0 && at >= 0) return { lead: shape.lead, dims: shape.dims.toSpliced(at, 0, size) };
    return axis === 0 ? { lead: freshLead(), dims: shape.dims } : unknownShape();
  }
  return at < 0 || at > shape.dims.length ? unknownShape() : { lead: null, dims: shape.dims.toSpliced(at, 0, size) };
}

/** `grad` and its kin: the function is run, and gives a number; gradients are shaped as the arguments. */
function derived(
  m: Machine,
  args: CallArguments,
  expr: Expr,
  wanted: "gradient" | "value and gradient" | "gradient and value",
): Value {
  const [fun = UNKNOWN, argnums = ZERO, hasAux = UNKNOWN, ...values] = args.positional;
  const inner = own(args, 3);
  const positional = inner.positional.map((value, i) =>
    mayBeNamed(m, follow(argnums), i) ? tracedParts(m, value, "all") : value,
  );
  const result = follow(callValue(m, fun, { ...inner, positional }, expr));
  const auxiliary = hasAux.kind === "bool" ? hasAux.value : null;
  if (auxiliary === null || args.open) return UNKNOWN;
  const pair = auxiliary && result.kind === "tuple" && result.items.length === 2 ? result.items : null;
  const value = auxiliary ? follow(pair?.[0] ?? UNKNOWN) : result;
  if (value.kind === "tensor") {
    const shape = m.solver.shape(value.shape);
    const count = shape.dims.length;
    if (count > 0 && !isHearsay(shape) && values.every(isKnown)) {
      const message = `A gradient is that of a single number; the function gives an array of ${count} ${count === 1 ? "dimension" : "dimensions"}.`;
      return fail(m, "not-scalar", message, [], expr);
    }
  }
  const gradients = chosen(m, follow(argnums), values, (one) => gradientOf(m, one));
  const scalar = value.kind === "tensor" ? { ...value, shape: shapeOf() } : tracedLeaf(m, value);
  const whole = auxiliary ? tupleOf([scalar, pair?.[1] ?? UNKNOWN]) : scalar;
  if (wanted === "value and gradient") return tupleOf([whole, gradients]);
  if (wanted === "gradient and value") return tupleOf([gradients, whole]);
  return auxiliary ? tupleOf([gradients, pair?.[1] ?? UNKNOWN]) : gradients;
}

/** Of an argument that is not known, only what the function's documentation says would be known. */
function isKnown(value: Value): boolean {
  const leaves = leavesOf(follow(value));
  return leaves !== null && leaves.every((leaf) => leaf.kind !== "unknown" && leaf.kind !== "variable");
}

/** Whether `argnums` may name an argument, which is an array inside of the function then. */
function mayBeNamed(m: Machine, argnums: Value, at: number): boolean {
  if (argnums.kind === "int") return (asNumber(m.solver.dim(argnums.value)) ?? at) === at;
  const several = branchesOf(argnums);
  return several === null || [...several.values()].some((one) => mayBeNamed(m, follow(one), at));
}

/** What is made of the arguments that `argnums` names: of one, or a tuple of several. */
function chosen(m: Machine, argnums: Value, values: readonly Value[], make: (value: Value) => Value): Value {
  if (argnums.kind === "int") {
    const at = asNumber(m.solver.dim(argnums.value));
    return at === null ? UNKNOWN : make(follow(values.at(at) ?? UNKNOWN));
  }
  const several = argnums.kind === "tuple" || argnums.kind === "list" ? branchesOf(argnums) : null;
  return several === null ? UNKNOWN : tupleOf([...several.values()].map((one) => chosen(m, follow(one), values, make)));
}

/** The derivative by a tree of arrays is such a tree. */
function gradientOf(m: Machine, value: Value): Value {
  return mapLeaves([value], ([leaf = UNKNOWN]) => tracedLeaf(m, leaf)) ?? UNKNOWN;
}

/** Derivatives of every element by every element: the dimensions of the result, then those of the argument. */
function jacobian(m: Machine, args: CallArguments, expr: Expr, times: number): Value {
  const [fun = UNKNOWN, argnums = ZERO, ...values] = args.positional;
  const inner = own(args, 2);
  const positional = inner.positional.map((one) => tracedParts(m, one, "all"));
  const result = follow(callValue(m, fun, { ...inner, positional }, expr));
  const out = tracedLeaf(m, result);
  return chosen(m, follow(argnums), values, (value) => {
    const input = tracedLeaf(m, value);
    if (out.kind !== "tensor" || input.kind !== "tensor") return UNKNOWN;
    const [a, b] = [m.solver.shape(out.shape), m.solver.shape(input.shape)];
    const both = times === 2 ? [...b.dims, ...b.dims] : b.dims;
    const known = a.lead === null && b.lead === null;
    const dtype = out.dtype === input.dtype ? out.dtype : null;
    return {
      kind: "tensor",
      shape: known ? { lead: null, dims: [...a.dims, ...both] } : unknownShape(),
      dtype,
      library: out.library,
    };
  });
}

function mapTree(m: Machine, args: CallArguments, expr: Expr): Value {
  const [fun = UNKNOWN, ...trees] = args.positional;
  if (args.open || args.named.size > 0 || trees.length === 0) return callUnknown(m, args);
  const made = mapLeaves(trees, (all) =>
    callValue(m, fun, { positional: [...all], named: new Map(), open: false, sources: new Map() }, expr),
  );
  return made ?? callUnknown(m, args);
}

function leaves(m: Machine, args: CallArguments): Value {
  const [tree] = args.positional;
  const all = tree === undefined ? null : leavesOf(tree);
  return all === null || args.named.size > 0 ? callUnknown(m, args) : listOf(all);
}
