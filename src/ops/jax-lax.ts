/**
 * `jax.lax`: the functions of single elements, reductions and products that JAX is built from. They are stricter than
 * those of `jax.numpy`: ranks and types must agree already. Those that move or cut dimensions are in `jax-slices.ts`.
 */
import { constant, rank, type Dim, type Shape } from "../shapes/index.ts";
import { argument, dtypeArgument, libraryOf, tensorOf, tensorsOf } from "./arguments.ts";
import { itemsOf, numberOf, tensor, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { always, promoted, realPart, same, type DTypeRule } from "./dtype-rules.ts";
import { unary } from "./elementwise.ts";
import { inLax } from "./names.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown } from "./problems.ts";
import { axesOf, axisOf } from "./verbs/axis.ts";
import { broadcastAll, type Operand } from "./verbs/broadcast.ts";
import { reduce } from "./verbs/reduce.ts";

const ONE = "x as input: tensor, **options";

/** Names are told apart by spaces. */
const words = (text: string): readonly string[] => text.split(" ");

export const laxReal = unary(
  inLax(
    ...words(
      "exp exp2 expm1 log log1p sqrt rsqrt cbrt logistic sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh",
    ),
    ...words("erf erfc erf_inv lgamma digamma neg sign square floor ceil round bitwise_not population_count clz"),
    "integer_pow",
    "reduce_precision",
  ),
  "A function of every element.",
  same(),
  {
    "jax.lax.integer_pow": "x as input: tensor, y: int",
    "jax.lax.round": "x as input: tensor, *more: any",
    "jax.lax.reduce_precision": "operand as input: tensor, *more: any, **options",
    jax: ONE,
  },
);
export const laxAbsolute = unary(
  inLax("abs", "real", "imag"),
  "Absolute value or part of every element.",
  realPart(),
  ONE,
);
export const laxFinite = unary(inLax("is_finite"), "Whether every element is finite.", always("bool"), ONE);

/** Two operands of one rank, or a number for one of them. */
function pair(
  names: readonly string[],
  summary: string,
  dtype: DTypeRule = promoted("input", "other"),
): readonly Operator[] {
  return op({
    names: inLax(...names),
    summary,
    call: "x as input: tensor, y as other: tensor",
    shape: (call) => ofOneRank(call, ["input", "other"]),
    dtype,
    notation: "(),()->()",
  });
}

function ofOneRank(call: Call, parameters: readonly string[]): ShapeAnswer {
  const operands = parameters.map((parameter): Operand => ({ parameter, shape: tensorOf(call, parameter).shape }));
  const arrays = operands.filter(({ shape }) => rank(shape) !== 0);
  const ranks = new Set(arrays.map(({ shape }) => rank(shape)));
  const [first, second] = arrays;
  if (ranks.has(null)) return null;
  if (ranks.size > 1 && first !== undefined && second !== undefined) {
    const [a, b] = [shown(call, first.parameter, first.shape), shown(call, second.parameter, second.shape)];
    return problem("broadcast", {
      parameters: [first.parameter, second.parameter],
      message: (name) => `\`lax.${shortName(call)}\` needs operands of one rank; it gets ${a(name)} and ${b(name)}.`,
    });
  }
  return broadcastAll(call, operands);
}

export const laxArithmetic = pair(
  ["add", "sub", "mul", "div", "rem", "max", "min", "atan2", "nextafter", "bitwise_and", "bitwise_or", "bitwise_xor"],
  "Arithmetic of two arrays of one rank, element by element.",
);
export const laxShifts = pair(
  ["shift_left", "shift_right_arithmetic", "shift_right_logical"],
  "Bits of every element shifted.",
);
export const laxPower = pair(["pow"], "First operand raised to the power of the second.", same());
export const laxComparisons = pair(
  ["eq", "ne", "lt", "le", "gt", "ge"],
  "Comparison of two arrays of one rank, element by element.",
  always("bool"),
);

export const laxClamp = op({
  names: inLax("clamp"),
  summary: "Every element held between two bounds.",
  call: "min: any, x as input: tensor, max: any",
  shape: (call) => boundsProblem(call) ?? tensorOf(call, "input").shape,
  dtype: same(),
});

/** A bound is a number or has the shape of what it bounds. */
function boundsProblem(call: Call): Problem | null {
  const { shape } = tensorOf(call, "input");
  for (const parameter of ["min", "max"]) {
    const bound = argument(call, parameter);
    if (bound.kind !== "tensor" || rank(bound.shape) === 0 || rank(bound.shape) === null) continue;
    const verdict = call.solver.requireShapes(bound.shape, shape, call.cause);
    if (verdict.answer !== "no") continue;
    const [told, held] = [shown(call, parameter, bound.shape), shown(call, "input", shape)];
    return problem("broadcast", {
      verdict,
      parameters: [parameter, "input"],
      message: (name) => `\`lax.clamp\` needs equal shapes; it gets ${told(name)} and ${held(name)}.`,
    });
  }
  return null;
}

export const laxSelect = op({
  names: inLax("select"),
  summary: "Elements of one array where a condition holds, of another where it does not; all have one shape.",
  call: "pred: any, on_true as input: tensor, on_false as other: tensor",
  shape: (call) => {
    const [a, b] = [tensorOf(call, "input").shape, tensorOf(call, "other").shape];
    const verdict = call.solver.requireShapes(a, b, call.cause);
    if (verdict.answer !== "no") return call.solver.shape(a);
    const [left, right] = [shown(call, "input", a), shown(call, "other", b)];
    return problem("broadcast", {
      verdict,
      parameters: ["input", "other"],
      message: (name) => `\`lax.select\` needs equal shapes; it gets ${left(name)} and ${right(name)}.`,
    });
  },
  dtype: same(),
});

export const laxSelectN = op({
  names: inLax("select_n"),
  summary: "Elements of several arrays of one shape, chosen by number.",
  call: "which: any, *cases as tensors: tensor",
  shape: (call) => tensorsOf(call, "tensors")?.[0]?.shape ?? null,
  dtype: (call) => tensorsOf(call, "tensors")?.[0]?.dtype ?? null,
});

export const laxReductions = op({
  names: inLax("reduce_sum", "reduce_prod", "reduce_max", "reduce_min", "reduce_and", "reduce_or", "reduce_xor"),
  summary: "Combines the elements over dimensions.",
  call: "operand as input: tensor, axes as dim: axes, **options",
  shape: (call) => {
    const shape = reduce(call);
    // Some of these do not mind a dimension that is named twice.
    return isProblem(shape) && shape.code === "dim-repeated" ? { value: unknown } : shape;
  },
});

export const laxReduce = op({
  names: inLax("reduce"),
  summary: "Combines the elements over dimensions by a function.",
  call: "operands as input: any, init_values: any, computation: any, dimensions as dim: axes, **options",
  shape: (call) => (argument(call, "input").kind === "tensor" ? reduce(call) : { value: unknown }),
});

export const laxCumulative = op({
  names: inLax("cumsum", "cumprod", "cummax", "cummin", "cumlogsumexp"),
  summary: "Running combination along a dimension.",
  call: "operand as input: tensor, axis as dim: axis = 0, reverse: bool = False",
  shape: alongOne,
});

export const laxSort = op({
  names: inLax("sort"),
  summary: "The elements in order along a dimension.",
  call: "operand as input: any, dimension as dim: axis = -1, **options",
  shape: (call) => (argument(call, "input").kind === "tensor" ? alongOne(call) : { value: unknown }),
});

function alongOne(call: Call): ShapeAnswer {
  const { shape } = tensorOf(call, "input");
  const axis = axisOf(call, "dim", shape, { of: "input" });
  return isProblem(axis) ? axis : call.solver.shape(shape);
}

export const laxReverse = op({
  names: inLax("rev"),
  summary: "Reverses the elements along dimensions.",
  call: "operand as input: tensor, dimensions as dim: axes",
  shape: (call) => {
    if (countsFromEnd(call, "dim")) return { value: unknown };
    const { shape } = tensorOf(call, "input");
    const axes = axesOf(call, "dim", shape, { of: "input" });
    return isProblem(axes) ? axes : call.solver.shape(shape);
  },
});

export const laxIndexOfExtreme = op({
  names: inLax("argmax", "argmin"),
  summary: "Index of the extreme element along a dimension.",
  call: "operand as input: tensor, axis as dim: axis, index_dtype as dtype: dtype",
  shape: (call) => (countsFromEnd(call, "dim") ? { value: unknown } : reduce(call)),
  dtype: (call) => dtypeArgument(call.args) ?? null,
});

/** Some functions take no dimension that is counted from the end. */
function countsFromEnd(call: Call, parameter: string): boolean {
  const given = argument(call, parameter);
  return (itemsOf(given) ?? [given]).some((item) => (numberOf(item) ?? 0) < 0);
}

export const laxDot = op({
  names: inLax("dot", "batch_matmul"),
  summary: "Product of vectors and matrices, with equal batch dimensions in front for `batch_matmul`.",
  call: "lhs as a: tensor, rhs as b: tensor, *, precision: any = None, preferred_element_type as dtype: dtype = None, **options",
  shape: (call) => {
    const [a, b] = [tensorOf(call, "a").shape, tensorOf(call, "b").shape];
    const [n, m] = [rank(a), rank(b)];
    if (n === null || m === null || call.args.get("options")?.kind === "record") return null;
    if (call.name.endsWith("dot")) {
      if (n < 1 || n > 2 || m < 1 || m > 2) return { value: unknown };
      return contracted(call, { a, b, contract: [[n - 1], [0]], batch: [[], []] });
    }
    if (n < 2 || n !== m) return { value: unknown };
    const batch = Array.from({ length: n - 2 }, (_, i) => i);
    return contracted(call, { a, b, contract: [[n - 1], [n - 2]], batch: [batch, batch] });
  },
  dtype: (call) => dtypeArgument(call.args) ?? promoted("a", "b")(call),
});

export const laxDotGeneral = op({
  names: inLax("dot_general"),
  summary: "Contracts dimensions of two arrays, side by side over batch dimensions, which come first in the result.",
  call: "lhs as a: tensor, rhs as b: tensor, dimension_numbers: any, precision: any = None, preferred_element_type as dtype: dtype = None, **options",
  shape: (call) => {
    const [a, b] = [tensorOf(call, "a").shape, tensorOf(call, "b").shape];
    const [contract = null, batch = null] = (itemsOf(argument(call, "dimension_numbers")) ?? []).map(pairOfAxes);
    if (rank(a) === null || rank(b) === null || contract === null || batch === null) return null;
    return contracted(call, { a, b, contract, batch });
  },
  dtype: (call) => dtypeArgument(call.args) ?? promoted("a", "b")(call),
});

type Axes = readonly number[];

interface Contraction {
  readonly a: Shape;
  readonly b: Shape;
  readonly contract: readonly [Axes, Axes];
  readonly batch: readonly [Axes, Axes];
}

function pairOfAxes(datum: Parameters<typeof itemsOf>[0]): readonly [Axes, Axes] | null {
  const sides = itemsOf(datum)?.map((side) => itemsOf(side)?.map(numberOf));
  const [left, right] = sides ?? [];
  const known = (axes: readonly (number | null)[] | undefined): axes is Axes =>
    axes !== undefined && axes.every((axis) => axis !== null && axis >= 0);
  return known(left) && known(right) && left.length === right.length ? [left, right] : null;
}

function contracted(call: Call, { a, b, contract, batch }: Contraction): ShapeAnswer {
  const pairs = [...zip(contract), ...zip(batch)];
  if (pairs.some(([i, j]) => a.dims[i] === undefined || b.dims[j] === undefined)) return { value: unknown };
  for (const [i, j] of pairs) {
    const verdict = call.solver.require(a.dims[i] ?? constant(1), b.dims[j] ?? constant(1), call.cause);
    if (verdict.answer !== "no") continue;
    const [left, right] = [shown(call, "a", a), shown(call, "b", b)];
    return problem("matmul-inner", {
      verdict,
      parameters: ["a", "b"],
      message: (name) =>
        `\`${shortName(call)}\` cannot contract ${left(name)} with ${right(name)}: dimension ${i} of the one and ${j} of the other differ.`,
    });
  }
  const others = (shape: Shape, side: 0 | 1): readonly Dim[] =>
    shape.dims.filter((_, i) => !contract[side].includes(i) && !batch[side].includes(i));
  const kept = [...batch[0].flatMap((i) => a.dims[i] ?? []), ...others(a, 0), ...others(b, 1)];
  return call.solver.shape({ lead: null, dims: kept });
}

function zip([left, right]: readonly [Axes, Axes]): readonly (readonly [number, number])[] {
  return left.map((axis, i) => [axis, right[i] ?? 0] as const);
}

/** Names that exchange between devices: over how many is not known here. */
export const laxCollectives = op({
  names: inLax("psum", "pmean", "pmax", "pmin"),
  summary: "A sum or another combination over a mapped axis; every device has the result.",
  call: "x as input: any, axis_name: any, **options",
  shape: (call) => {
    const x = argument(call, "input");
    return x.kind === "tensor"
      ? { value: tensor(tensorOf(call, "input").shape, null, libraryOf(call)) }
      : { value: unknown };
  },
});
