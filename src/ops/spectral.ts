/**
 * Fourier transforms, the frequencies that belong to them, and the windows that signals are weighted with.
 */
import {
  add,
  asNumber,
  constant,
  floorDivide,
  multiply,
  rank,
  subtract,
  unknownDim,
  type Dim,
} from "../shapes/index.ts";
import { argument, isGiven, isNumber, libraryOf, tensorOf, typesOf } from "./arguments.ts";
import { dimOf, int, itemsOf, numberOf, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category } from "./dtype.ts";
import { defaultFloat, orGiven, realPartOf, type DTypeRule } from "./dtype-rules.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { isProblem, problem } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axesOf, axisOf, readAxis } from "./verbs/axis.ts";

const two = constant(2);

function half(size: Dim): Dim {
  return add(floorDivide(size, two), constant(1));
}

function unhalved(size: Dim): Dim {
  return multiply(two, subtract(size, constant(1)));
}

/** Integers count as numbers of the library's default precision. */
const spectrum: DTypeRule = (call) => {
  const { dtype } = tensorOf(call, "input");
  if (typesOf(call) === "jax") return dtype === null ? null : "complex64";
  if (dtype === "float64" || dtype === "complex128") return "complex128";
  const numpy = libraryOf(call) !== "torch";
  if (dtype === null || dtype === "bfloat16" || (dtype === "float16" && !numpy)) return null;
  if (!numpy) return dtype === "complex32" ? null : "complex64";
  return category(dtype) === "integer" || category(dtype) === "bool" ? "complex128" : "complex64";
};

const signal: DTypeRule = (call) => {
  const half = tensorOf(call, "input").dtype === "float16" && typesOf(call) === "numpy";
  return half ? (/fft[2n]$/.test(call.name) ? null : "float16") : realPartOf(spectrum(call));
};

const ONE = {
  torch: "input: tensor, n: any = None, dim: axis = -1, norm: any = None, *, out: any = None",
  numpy: "a as input: tensor, n: any = None, axis as dim: axis = -1, norm: any = None, out: any = None",
} as const;

const both = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [`torch.fft.${name}`, `numpy.fft.${name}`]);

/** A transform along one dimension, where `length` says what becomes of its size. */
function alongOne(
  names: readonly string[],
  summary: string,
  dtype: DTypeRule,
  length: (size: Dim, given: boolean) => Dim,
): readonly Operator[] {
  return op({
    names: both(...names),
    summary,
    call: ONE,
    shape: (call) => {
      const shape = tensorOf(call, "input").shape;
      if (ignoresOut(call)) return { value: unknown };
      const axis = axisOf(call, "dim", shape, { of: "input" });
      if (axis === null || isProblem(axis)) return axis;
      const wide = call.solver.shape(shape);
      const given = isGiven(call, "n");
      const size = given ? (dimOf(argument(call, "n")) ?? unknownDim()) : wide.dims.at(axis);
      if (size === undefined || -axis > wide.dims.length) return null;
      return (
        pointsProblem(length(size, given), size) ?? { lead: wide.lead, dims: wide.dims.with(axis, length(size, given)) }
      );
    },
    dtype,
    // JAX transforms nothing, and makes nothing of a single element.
    inJax: { differs: (call) => tensorOf(call, "input").shape.dims.some((dim) => (asNumber(dim) ?? 2) < 2) },
  });
}

/** Not all of NumPy's transforms write into `out=`. */
function ignoresOut(call: Call): boolean {
  return isGiven(call, "out") && libraryOf(call) === "numpy";
}

/** There must be something to transform. */
function pointsProblem(...sizes: readonly Dim[]): Problem | null {
  const empty = sizes.map(asNumber).find((size) => size !== null && size < 1);
  if (empty === undefined) return null;
  return problem("argument", { message: () => `A Fourier transform needs at least 1 data point; it gets ${empty}.` });
}

export const fft = alongOne(["fft", "ifft"], "Discrete Fourier transform along a dimension.", spectrum, (size) => size);
export const rfft = alongOne(
  ["rfft", "ihfft"],
  "Fourier transform of real numbers: half of the spectrum.",
  spectrum,
  half,
);
export const irfft = alongOne(["irfft", "hfft"], "Real numbers from half of a spectrum.", signal, (size, given) =>
  given ? size : unhalved(size),
);

/** Transforms over several dimensions; where their sizes are not given, only that of the last one changes. */
function alongSeveral(
  names: readonly string[],
  summary: string,
  dtype: DTypeRule,
  length: (size: Dim, given?: boolean) => Dim,
): readonly Operator[] {
  return names.flatMap((name) => {
    const axes = name.endsWith("2") ? "(-2, -1)" : "None";
    return op({
      names: name.includes("hfft") ? [`torch.fft.${name}`] : both(name),
      summary,
      call: {
        torch: `input: tensor, s: any = None, dim: axes = ${axes}, norm: any = None, *, out: any = None`,
        numpy: `a as input: tensor, s: any = None, axes as dim: axes = ${axes}, norm: any = None, out: any = None`,
      },
      shape: (call) =>
        ignoresOut(call) ? { value: unknown } : isGiven(call, "s") ? resized(call, length) : transformed(call, length),
      dtype,
    });
  });
}

function transformed(call: Call, length: (size: Dim) => Dim): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  if (rank(shape) === 0) return { value: unknown };
  const named = argument(call, "dim");
  const last = named.kind === "tuple" || named.kind === "list" ? named.items.at(-1) : named;
  // Two dimensions that are the same one are transformed one after the other; nobody asks for that.
  if (last === undefined || (named.kind !== last.kind && repeats(named))) return { value: unknown };
  const places = new Set<number | null>();
  for (const one of itemsOf(named) ?? []) {
    const place = readAxis(call, "dim", one, shape, { of: "input" });
    if (isProblem(place)) return place;
    if (places.has(place)) return { value: unknown };
    places.add(place);
  }
  // Counted from both ends under an unknown rank, two axes may be one.
  if (places.size > 1 && places.has(null)) return null;
  const axis = last.kind === "none" ? -1 : readAxis(call, "dim", last, shape, { of: "input" });
  if (axis === null || isProblem(axis)) return axis;
  const wide = call.solver.shape(shape);
  const size = wide.dims.at(axis);
  if (size === undefined || -axis > wide.dims.length) return null;
  return { lead: wide.lead, dims: wide.dims.with(axis, length(size)) };
}

/** `s` gives sizes of the dimensions that are transformed, by default of the last ones; -1 keeps one as it is. */
function resized(call: Call, length: (size: Dim, given: boolean) => Dim): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const sizes = itemsOf(argument(call, "s"))?.map(dimOf) ?? null;
  const named = argument(call, "dim");
  const count = sizes?.length ?? 0;
  const axes = named.kind === "none" ? null : itemsOf(named);
  if (sizes === null || count === 0 || rank(shape) === null || (named.kind !== "none" && axes?.length !== count))
    return null;
  const dims = [...shape.dims];
  const places = axes ?? Array.from({ length: count }, (_, i) => int(i - count));
  if (repeats(tuple(places))) return null;
  const seen = new Set<number>();
  for (const [i, place] of places.entries()) {
    const axis = readAxis(call, "dim", place, shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    const at = dims.length + axis;
    if (seen.has(at)) return { value: unknown };
    seen.add(at);
    const [wanted, own] = [sizes[i] ?? null, dims[at] ?? unknownDim()];
    const keeps = wanted !== null && asNumber(wanted) === -1;
    const size = keeps ? own : (wanted ?? unknownDim());
    const last = i === count - 1;
    dims[at] = last ? length(size, !keeps) : size;
    const wrong = pointsProblem(size, last ? dims[at] : size);
    if (wrong !== null) return wrong;
  }
  return { lead: null, dims };
}

function repeats(axes: Datum): boolean {
  const numbers = (itemsOf(axes) ?? []).map(numberOf);
  return numbers.includes(null) || new Set(numbers).size < numbers.length;
}

export const fftn = alongSeveral(
  ["fft2", "ifft2", "fftn", "ifftn"],
  "Discrete Fourier transform over several dimensions.",
  spectrum,
  (size) => size,
);
export const rfftn = alongSeveral(
  ["rfft2", "rfftn"],
  "Fourier transform of real numbers over several dimensions: half of the spectrum.",
  spectrum,
  half,
);
export const irfftn = alongSeveral(
  ["irfft2", "irfftn"],
  "Real numbers from half of a spectrum over several dimensions.",
  signal,
  (size, given = false) => (given ? size : unhalved(size)),
);

/** NumPy has these along one dimension only. */
export const hermitian = alongSeveral(
  ["hfft2", "hfftn"],
  "Real numbers from half of a signal that mirrors itself, over several dimensions.",
  signal,
  (size, given = false) => (given ? size : unhalved(size)),
);
export const inverseHermitian = alongSeveral(
  ["ihfft2", "ihfftn"],
  "Half of the mirrored signal that belongs to real numbers, over several dimensions.",
  spectrum,
  half,
);

export const fftshift = op({
  names: both("fftshift", "ifftshift"),
  summary: "Moves the zero frequency to the middle, or back.",
  call: { torch: "input: tensor, dim: any = None", numpy: "x as input: tensor, axes as dim: any = None" },
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const axes =
      isGiven(call, "dim") && libraryOf(call) === "torch" ? axesOf(call, "dim", shape, { of: "input" }) : null;
    return isProblem(axes) && axes.code === "dim-range" ? axes : shape;
  },
});

const FREQUENCIES = {
  torch:
    "n: int, d: any = 1.0, *, out: any = None, dtype: dtype = None, layout: any = None, device: any = None, requires_grad: bool = False",
  numpy: "n: int, d: any = 1.0, device: any = None",
} as const;

function frequencies(name: string, length: (n: Dim) => Dim): readonly Operator[] {
  return op({
    names: both(name),
    summary: "The frequencies of a Fourier transform.",
    call: FREQUENCIES,
    shape: (call) => ({ lead: null, dims: [length(dimOf(argument(call, "n")) ?? unknownDim())] }),
    dtype: orGiven(defaultFloat),
  });
}

export const fftfreq = frequencies("fftfreq", (n) => n);
export const rfftfreq = frequencies("rfftfreq", half);

export const numpyWindow = op({
  names: ["hanning", "hamming", "blackman", "bartlett", "kaiser"].map((name) => `numpy.${name}`),
  summary: "A window to weight a signal with.",
  call: { numpy: "M as n: int", "numpy.kaiser": "M as n: int, beta: any" },
  shape: windowLength,
  dtype: (call) => (isNumber(argument(call, "beta")) || !isKaiser(call) ? defaultFloat(call) : null),
});

function isKaiser(call: Call): boolean {
  return call.name === "numpy.kaiser";
}

function windowLength(call: Call): ShapeAnswer {
  const n = dimOf(argument(call, "n"));
  const number = n === null ? null : asNumber(n);
  return { lead: null, dims: [n === null || (number !== null && number < 0) ? unknownDim() : n] };
}
