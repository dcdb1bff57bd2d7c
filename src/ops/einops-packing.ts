/**
 * einops beyond its three main functions: `pack` and `unpack`, which join what differs in one dimension, and
 * `parse_shape`.
 */
import {
  add,
  asNumber,
  constant,
  floorDivide,
  product,
  rank,
  subtract,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, readTensor, tensorOf, textArgument } from "./arguments.ts";
import { dimOf, int, itemsOf, record, tensor, tuple, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem } from "./problems.ts";
import type { Datum } from "./value.ts";
import { concatenated } from "./verbs/join.ts";

/** How many dimensions stand before and after the `*` of a pattern. */
interface Star {
  readonly before: number;
  readonly after: number;
}

function starOf(call: Call): Star | Problem | null {
  const text = textArgument(call.args, "pattern");
  if (text === null) return null;
  const names = text.split(/\s+/).filter((name) => name !== "");
  const at = names.indexOf("*");
  const twice = new Set(names).size < names.length;
  if (at >= 0 && !twice) return { before: at, after: names.length - at - 1 };
  const wrong = twice ? "a name twice" : "no `*`";
  return problem("einops", { message: () => `The pattern \`${text}\` has ${wrong}.` });
}

function tooFew(parameter: string, needed: number): Problem {
  return problem("einops", {
    parameters: [parameter],
    message: (name) => `The pattern names at least ${needed} dimensions, more than ${name(parameter)} has.`,
  });
}

export const pack = op({
  names: ["einops.pack"],
  summary: "Joins tensors along one dimension that holds all that differs; gives their shapes too.",
  call: "tensors: tensors, pattern: string",
  shape: (call) => {
    const star = starOf(call);
    if (star === null || isProblem(star)) return star ?? { value: unknown };
    const parts = (itemsOf(argument(call, "tensors")) ?? [unknown]).map((item) => readTensor(call, item));
    const [first] = parts;
    if (first === undefined || parts.some(({ shape }) => rank(shape) === null)) return { value: unknown };
    const needed = star.before + star.after;
    if (parts.some(({ shape }) => shape.dims.length < needed)) return tooFew("tensors", needed);
    const middles = parts.map(({ shape: { dims } }) => dims.slice(star.before, dims.length - star.after));
    const shapes = parts.map(({ shape: { dims } }, i): Shape => {
      const after = dims.slice(dims.length - star.after);
      return { lead: null, dims: [...dims.slice(0, star.before), product(middles[i] ?? []), ...after] };
    });
    const joined = concatenated(call, shapes, -1 - star.after, "tensors");
    if (isProblem(joined)) return joined;
    const same = parts.every(({ dtype }) => dtype === first.dtype);
    const whole = tensor(joined, same ? first.dtype : null, first.library);
    return {
      value: tuple([whole, { kind: "list", items: middles.map((dims) => tuple(dims.map((dim) => int(dim)))) }]),
    };
  },
});

export const unpack = op({
  names: ["einops.unpack"],
  summary: "Takes apart what `pack` has joined, by the shapes that it gave.",
  call: "tensor as input: tensor, packed_shapes: any, pattern: string",
  shape: (call) => {
    const star = starOf(call);
    const input = tensorOf(call, "input");
    const shapes = itemsOf(argument(call, "packed_shapes"))?.map((item) => itemsOf(item)?.map(dimOf) ?? null) ?? [null];
    if (star === null || isProblem(star)) return star ?? { value: unknown };
    const count = star.before + star.after + 1;
    if (rank(input.shape) !== null && rank(input.shape) !== count) return tooFew("input", count);
    const total = input.shape.dims[star.before];
    if (rank(input.shape) === null || total === undefined || shapes.includes(null)) return { value: unknown };
    const middles = measured(
      call,
      shapes.flatMap((dims) => (dims === null ? [] : [dims])),
      total,
    );
    if (middles === null || isProblem(middles)) return middles ?? { value: unknown };
    const { dims } = input.shape;
    const part = (middle: readonly Dim[]): Datum =>
      tensor(
        { lead: null, dims: [...dims.slice(0, star.before), ...middle, ...dims.slice(star.before + 1)] },
        input.dtype,
        input.library,
      );
    return { value: { kind: "list", items: middles.map(part) } };
  },
});

/** The sizes of every part, of which one can be open: it is what the others leave. */
function measured(
  call: Call,
  shapes: readonly (readonly (Dim | null)[])[],
  total: Dim,
): readonly (readonly Dim[])[] | Problem | null {
  const isOpen = (dim: Dim | null): boolean => dim !== null && asNumber(dim) === -1;
  if (shapes.some((dims) => dims.includes(null))) return null;
  const known = shapes.map((dims) => product(dims.flatMap((dim) => (dim === null || isOpen(dim) ? [] : [dim]))));
  const open = shapes.findIndex((dims) => dims.some(isOpen));
  const others = known.filter((_, i) => i !== open).reduce(add, constant(0));
  if (open < 0) {
    const clash = call.solver.require(others, total, call.cause).answer === "no";
    return clash ? notSplit() : shapes.map((dims) => dims.map((dim) => dim ?? unknownDim()));
  }
  const rest = subtract(total, others);
  const [size, divisor] = [asNumber(rest), asNumber(known[open] ?? constant(1))];
  if (size !== null && (size < 0 || (divisor !== null && divisor > 0 && size % divisor !== 0))) return notSplit();
  const left = divisor === 1 ? rest : floorDivide(rest, known[open] ?? constant(1));
  return shapes.map((dims) => dims.map((dim) => (dim === null ? unknownDim() : isOpen(dim) ? left : dim)));
}

function notSplit(): Problem {
  return problem("einops", { message: () => "The shapes do not add up to the dimension that is to be unpacked." });
}

export const parseShape = op({
  names: ["einops.parse_shape"],
  summary: "The sizes of dimensions by name.",
  call: "x as input: tensor, pattern: string",
  shape: (call) => {
    const text = textArgument(call.args, "pattern");
    const names =
      text
        ?.replaceAll("...", " … ")
        .split(/\s+/)
        .filter((name) => name !== "") ?? null;
    if (names === null || names.some((name) => !/^([A-Za-z_]\w*|…)$/.test(name))) return { value: unknown };
    const at = names.indexOf("…");
    const { shape } = tensorOf(call, "input");
    const count = rank(shape);
    if (count === null) return { value: unknown };
    if (at < 0 ? count !== names.length : count < names.length - 1) return tooFew("input", names.length);
    const hidden = count - names.length;
    const fields = names.flatMap((name, i): (readonly [string, Datum])[] => {
      const dim = shape.dims[at < 0 || i < at ? i : i + hidden];
      return name === "_" || name === "…" || dim === undefined ? [] : [[name, int(dim)]];
    });
    return { value: record("parse_shape", fields) };
  },
});

export const asNumpy = op({
  names: ["einops.asnumpy"],
  summary: "The tensor as a NumPy array.",
  call: "tensor as input: tensor",
  shape: (call) => ({ value: { ...tensorOf(call, "input"), library: "numpy" } }),
});
