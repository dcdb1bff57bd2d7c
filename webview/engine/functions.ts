/**
 * What the operations of a function mean: which kernel computes each, and a plain reference on the CPU for those that no
 * kernel covers. It knows names of libraries and tensors, and nothing of pages.
 */

import type { ElementwiseOperation, Kernels } from "../../kernels/types.ts";
import { sizeOfText, type GraphArgument } from "../../src/playground/graph.ts";

export type Value = { readonly shape: readonly number[]; readonly data: Float32Array };

/** How a value came to be: by a kernel of ours, by the plain reference, made at random, or taken as it lies. */
export type How =
  | { readonly kind: "kernel"; readonly kernel: string; readonly milliseconds: number }
  | { readonly kind: "reference" }
  | { readonly kind: "given" }
  | { readonly kind: "same" };

export type Computed = Value & { readonly how: How };

/** An operation with its arguments worked out. */
export type Call = {
  readonly name: string;
  readonly tensors: readonly Value[];
  /** Positional arguments, tensors among them as undefined. */
  readonly args: readonly (Scalar | undefined)[];
  readonly named: Readonly<Record<string, Scalar | Value>>;
  readonly shape: readonly number[];
  readonly kernels: Kernels;
  readonly random: (shape: readonly number[]) => Float32Array;
};

/** An argument that is not followed. */
const OPEN = "?";

export type Scalar = number | string | readonly number[];

const BINARY: Readonly<Record<string, ElementwiseOperation>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  add: "add",
  sub: "subtract",
  subtract: "subtract",
  mul: "multiply",
  multiply: "multiply",
  div: "divide",
  divide: "divide",
  true_divide: "divide",
  maximum: "maximum",
  minimum: "minimum",
};

const UNARY: Readonly<Record<string, ElementwiseOperation>> = {
  relu: "relu",
  silu: "silu",
  tanh: "tanh",
  sigmoid: "sigmoid",
  abs: "abs",
  exp: "exp",
  log: "log",
  sqrt: "sqrt",
  sin: "sin",
  cos: "cos",
  neg: "negate",
  negative: "negate",
  "unary-": "negate",
};

const REDUCTIONS: Readonly<Record<string, "sum" | "mean" | "max" | "min">> = {
  sum: "sum",
  mean: "mean",
  amax: "max",
  amin: "min",
};

/** Operations that leave the numbers where they lie: the result has as many, in the same order. */
const SAME = new Set(
  "view reshape flatten unsqueeze squeeze contiguous to float clone detach dropout dropout1d identity unflatten unary+ astype asarray expand_dims ravel type_as half double".split(
    " ",
  ),
);
const PRODUCTS = new Set(["@", "matmul", "bmm", "mm", "mv", "dot"]);

/** The value of an operation; nothing where neither a kernel nor the reference knows it. */
export async function computed(call: Call): Promise<Computed | undefined> {
  // What is not known cannot be computed with, except where the result's shape says all.
  const open = call.args.includes(OPEN) || Object.values(call.named).includes(OPEN);
  if (open && !SAME.has(call.name) && call.name !== "linear") return undefined;
  return (await byKernel(call)) ?? byReference(call);
}

async function byKernel(call: Call): Promise<Computed | undefined> {
  const { name, kernels } = call;
  const [x, y, z] = call.tensors;
  if (x === undefined) return undefined;
  if (PRODUCTS.has(name) && y !== undefined)
    return ran(await kernels.matmul({ a: x.data, aShape: x.shape, b: y.data, bShape: y.shape }));
  if (name === "linear") return linear(call, x);
  if (name === "softmax" && axisOf(call, x) === x.shape.length - 1)
    return ran(await kernels.softmax({ x: x.data, xShape: x.shape }));
  if (name === "layer_norm" || name === "layernorm" || name === "rms_norm" || name === "rmsnorm") return norm(call, x);
  if (name === "scaled_dot_product_attention" && y !== undefined && z !== undefined && call.tensors.length === 3) {
    const causal = call.named["is_causal"] === "true";
    const scale = typeof call.named["scale"] === "number" ? call.named["scale"] : undefined;
    const qkv = { q: x.data, qShape: x.shape, k: y.data, kShape: y.shape, v: z.data, vShape: z.shape };
    return ran(await kernels.attention({ ...qkv, causal, scale }));
  }
  const axes = orderOf(call, x);
  if (axes !== undefined) return ran(await kernels.transpose({ x: x.data, xShape: x.shape, axes }));
  const reduction = REDUCTIONS[name];
  if (reduction !== undefined) {
    const request = { operation: reduction, x: x.data, xShape: x.shape, ...reducedAxes(call) };
    return ran(await kernels.reduce({ ...request, keepDims: call.shape.length === x.shape.length }));
  }
  return elementwise(call, x);
}

const ran = (result: Value & { readonly kernel: string; readonly milliseconds: number }): Computed => ({
  data: result.data,
  shape: result.shape,
  how: { kind: "kernel", kernel: result.kernel, milliseconds: result.milliseconds },
});

async function elementwise(call: Call, x: Value): Promise<Computed | undefined> {
  const { name, kernels, args } = call;
  const unary = name === "gelu" ? (call.named["approximate"] === "tanh" ? "gelu-tanh" : "gelu") : UNARY[name];
  if (unary !== undefined && call.tensors.length === 1 && args.length <= 1)
    return ran(await kernels.elementwise({ operation: unary, a: x.data, aShape: x.shape }));
  const operation = BINARY[name];
  if (operation === undefined || args.length !== 2) return undefined;
  const sides = args.map((arg, i) =>
    typeof arg === "number" ? scalarValue(arg) : call.tensors[i === 0 ? 0 : call.tensors.length - 1],
  );
  const [a, b] = sides;
  if (a === undefined || b === undefined) return undefined;
  return ran(await kernels.elementwise({ operation, a: a.data, aShape: a.shape, b: b.data, bShape: b.shape }));
}

const scalarValue = (x: number): Value => ({ shape: [1], data: Float32Array.of(x) });

/** A layer's weights are made at random, at the scale that layers start with. */
async function linear(call: Call, x: Value): Promise<Computed> {
  const inner = x.shape.at(-1) ?? 1;
  const columns = call.shape.at(-1) ?? 1;
  const own = call.random([columns, inner]).map((w) => w / Math.sqrt(inner));
  const weight = call.tensors[1] ?? { data: own, shape: [columns, inner] };
  const bias = call.tensors[2]?.data;
  const request = { a: x.data, aShape: x.shape, b: weight.data, bShape: weight.shape, transposeB: true };
  return ran(await call.kernels.matmul(bias === undefined ? request : { ...request, bias }));
}

async function norm(call: Call, x: Value): Promise<Computed | undefined> {
  const width = x.shape.at(-1) ?? 1;
  const [, second, third] = call.tensors;
  if ([second, third].some((each) => each !== undefined && each.data.length !== width)) return undefined;
  // A shape to normalise over that is more than the last axis is no row.
  const over = call.args.find((arg) => Array.isArray(arg));
  if (Array.isArray(over) && over.length > 1) return undefined;
  const kind = call.name.startsWith("rms") ? ("rms" as const) : ("layer" as const);
  return ran(
    await call.kernels.layerNorm({ x: x.data, xShape: x.shape, weight: second?.data, bias: third?.data, kind }),
  );
}

/** The new order of the axes, where the operation is nothing but that. */
function orderOf({ name, args }: Call, { shape }: Value): readonly number[] | undefined {
  const rank = shape.length;
  const plain = shape.map((_, i) => i);
  const swapped = (a: number, b: number): readonly number[] =>
    plain.map((i) => (i === (a + rank) % rank ? (b + rank) % rank : i === (b + rank) % rank ? (a + rank) % rank : i));
  const numbers = args.slice(1).filter((arg) => typeof arg === "number");
  const [a, b] = numbers;
  if (
    ["transpose", "swapaxes", "swapdims"].includes(name) &&
    a !== undefined &&
    b !== undefined &&
    numbers.length === 2
  )
    return swapped(a, b);
  if (name === "mT" || (name === "t" && rank === 2)) return swapped(-2, -1);
  if (name === "T") return plain.toReversed();
  if (name !== "permute" && name !== "transpose") return undefined;
  const list = args.find((arg) => Array.isArray(arg));
  const order = (Array.isArray(list) ? list : numbers).map((axis) => (axis + rank) % rank);
  return order.length === rank ? order : undefined;
}

/** The axis that an operation runs along: `dim`, `axis`, or the first number after the tensor; the last one otherwise. */
function axisOf({ args, named }: Call, { shape }: Value): number {
  const given = named["dim"] ?? named["axis"] ?? args.slice(1).find((arg) => typeof arg === "number") ?? -1;
  return typeof given === "number" ? (given + shape.length) % shape.length : shape.length - 1;
}

function reducedAxes({ args, named }: Call): { readonly axes?: readonly number[] } {
  const given =
    named["dim"] ?? named["axis"] ?? args.slice(1).find((arg) => arg !== undefined && typeof arg !== "string");
  if (typeof given === "number") return { axes: [given] };
  return Array.isArray(given) ? { axes: given as readonly number[] } : {};
}

/** The plainest way, for what has no kernel. */
function byReference(call: Call): Computed | undefined {
  const { name, shape } = call;
  const [x, y] = call.tensors;
  const count = shape.reduce((n, size) => n * size, 1);
  const made = (data: Float32Array): Computed => ({ data, shape, how: { kind: "reference" } });
  if (x !== undefined && SAME.has(name) && x.data.length === count)
    return { data: x.data, shape, how: { kind: "same" } };
  if (name === "ones" || name === "ones_like") return made(new Float32Array(count).fill(1));
  if (name === "zeros" || name === "zeros_like") return made(new Float32Array(count));
  if (name === "arange") return made(Float32Array.from({ length: count }, (_, i) => i));
  if (x === undefined) return undefined;
  const at = (value: Value): ((i: number) => number) => reader(value, shape);
  const each = (f: (i: number) => number): Computed => made(Float32Array.from({ length: count }, (_, i) => f(i)));
  if (name === "softmax" || name === "log_softmax")
    return made(softmaxAlong(x, axisOf(call, x), name === "log_softmax"));
  if (name === "expand" || name === "expand_as" || name === "broadcast_to") return each(at(x));
  if (name === "tril" || name === "triu") {
    const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
    const shift = numberIn(call, "diagonal") ?? 0;
    const kept = (i: number): boolean => {
      const [row, column] = [Math.floor(i / columns) % rows, i % columns];
      return name === "tril" ? column <= row + shift : column >= row + shift;
    };
    return each((i) => (kept(i) ? (x.data[i] ?? 0) : 0));
  }
  if (name === "masked_fill" && y !== undefined) {
    const fill = wordNumber(call.args.at(-1)) ?? wordNumber(asScalar(call.named["value"]));
    if (fill === undefined) return undefined;
    const [own, mask] = [at(x), at(y)];
    return each((i) => (mask(i) === 0 ? own(i) : fill));
  }
  if (name === "where" && call.tensors.length === 3) {
    const [test, yes, no] = call.tensors.map(at);
    return test === undefined || yes === undefined || no === undefined
      ? undefined
      : each((i) => (test(i) === 0 ? no(i) : yes(i)));
  }
  const pair = PAIRS[name];
  const other = y ?? scalarIn(call);
  if (pair !== undefined && other !== undefined) {
    const [left, right] = call.args[0] === undefined ? [at(x), at(other)] : [at(other), at(x)];
    return each((i) => pair(left(i), right(i)));
  }
  const single = SINGLES[name];
  return single === undefined || x.data.length !== count ? undefined : each((i) => single(x.data[i] ?? NaN));
}

const truth = (yes: boolean): number => (yes ? 1 : 0);

const PAIRS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "<": (a, b) => truth(a < b),
  "<=": (a, b) => truth(a <= b),
  ">": (a, b) => truth(a > b),
  ">=": (a, b) => truth(a >= b),
  "**": (a, b) => a ** b,
  pow: (a, b) => a ** b,
  "%": (a, b) => a - b * Math.floor(a / b),
  "//": (a, b) => Math.floor(a / b),
  "&": (a, b) => truth(a !== 0 && b !== 0),
  "|": (a, b) => truth(a !== 0 || b !== 0),
};

const SINGLES: Readonly<Record<string, (x: number) => number>> = {
  rsqrt: (x) => 1 / Math.sqrt(x),
  square: (x) => x * x,
  sign: Math.sign,
  softplus: (x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(0, x),
  "~": (x) => truth(x === 0),
  logical_not: (x) => truth(x === 0),
  floor: Math.floor,
  ceil: Math.ceil,
  reciprocal: (x) => 1 / x,
};

const asScalar = (value: Scalar | Value | undefined): Scalar | undefined =>
  typeof value === "number" || typeof value === "string" ? value : undefined;

function numberIn(call: Call, name: string): number | undefined {
  const given = call.named[name] ?? call.args.slice(1).find((arg) => typeof arg === "number");
  return typeof given === "number" ? given : undefined;
}

const scalarIn = ({ args }: Call): Value | undefined => {
  const x = args.find((arg) => typeof arg === "number");
  return x === undefined ? undefined : scalarValue(x);
};

const WORDS: Readonly<Record<string, number>> = { Infinity: Infinity, "-Infinity": -Infinity, NaN };
const wordNumber = (given: Scalar | undefined): number | undefined =>
  typeof given === "number" ? given : typeof given === "string" ? WORDS[given] : undefined;

/** Reads a tensor as if it were broadcast to a shape. */
function reader({ data, shape }: Value, to: readonly number[]): (i: number) => number {
  const strides = to.map((_, axis) => {
    const own = axis - (to.length - shape.length);
    if (own < 0 || (shape[own] ?? 1) === 1) return 0;
    return shape.slice(own + 1).reduce((n, size) => n * size, 1);
  });
  return (i) => {
    let rest = i;
    let place = 0;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const size = to[axis] ?? 1;
      place += (rest % size) * (strides[axis] ?? 0);
      rest = Math.floor(rest / size);
    }
    return data[place] ?? NaN;
  };
}

function softmaxAlong({ data, shape }: Value, axis: number, log: boolean): Float32Array {
  const inner = shape.slice(axis + 1).reduce((n, size) => n * size, 1);
  const length = shape[axis] ?? 1;
  const out = new Float32Array(data.length);
  for (let start = 0; start < data.length; start++) {
    if (Math.floor(start / inner) % length !== 0) continue;
    const line = Array.from({ length }, (_, k) => data[start + k * inner] ?? NaN);
    const top = Math.max(...line);
    const exponents = line.map((x) => (x === -Infinity ? 0 : Math.exp(x - top)));
    const total = exponents.reduce((sum, x) => sum + x, 0);
    line.forEach((x, k) => {
      const share = total === 0 ? 0 : (exponents[k] ?? 0) / total;
      out[start + k * inner] = log ? x - top - Math.log(total) : share;
    });
  }
  return out;
}

/** An argument of the code as a number, a word or a list, with these sizes. */
export function scalarOf(given: GraphArgument, sizes: Readonly<Record<string, number>>): Scalar | undefined {
  switch (given.kind) {
    case "number":
      return given.value;
    case "word":
      return given.text;
    case "size":
      return sizeOfText(given.text, sizes);
    case "power": {
      const base = sizeOfText(given.text, sizes);
      return base === undefined ? undefined : base ** given.power;
    }
    case "list": {
      const items = given.items.map((item) => sizeOfText(item, sizes));
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case "open":
      return OPEN;
    case "node":
      return undefined;
  }
}
