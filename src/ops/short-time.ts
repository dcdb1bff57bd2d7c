/**
 * The short-time Fourier transform of PyTorch and its inverse: a signal cut into overlapping frames, each with its
 * spectrum.
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
  type Shape,
} from "../shapes/index.ts";
import { argument, boolArgument, isGiven, numberArgument, tensorOf, textArgument } from "./arguments.ts";
import { dimOf } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category, promote, type DType } from "./dtype.ts";
import { realPartOf } from "./dtype-rules.ts";
import { wholeNumbers } from "./matrices.ts";
import { inTorch } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shownDim } from "./problems.ts";

const FRAMES = "n_fft: int, hop_length: int = None, win_length: any = None, window: any = None, center: bool = True";

/** What the frames are: their length, and how far each is from the next. Null where it is not known. */
interface Frames {
  readonly length: number;
  readonly hop: number;
}

function framesOf(call: Call): Frames | Problem | null {
  const length = numberArgument(call, "n_fft");
  const hop = isGiven(call, "hop_length")
    ? numberArgument(call, "hop_length")
    : length === null
      ? null
      : Math.floor(length / 4);
  if (length === null || hop === null) return null;
  if (length < 1 || hop < 1) return wrongArgument(call, `frames of ${length} at distances of ${hop}`);
  const within = isGiven(call, "win_length") ? numberArgument(call, "win_length") : length;
  if (within === null) return null;
  if (within < 1 || within > length) return wrongArgument(call, `a window of ${within} in frames of ${length}`);
  const window = argument(call, "window");
  if (window.kind !== "tensor") return { length, hop };
  const sized = call.solver.requireRank(window.shape, 1)?.dims[0];
  const verdict = sized === undefined ? null : call.solver.require(sized, constant(within), call.cause);
  const fits = verdict !== null && verdict.answer !== "no";
  return fits ? { length, hop } : wrongArgument(call, `a window that is no vector of ${within}`);
}

function wrongArgument(call: Call, what: string): Problem {
  return problem("argument", { message: () => `\`${shortName(call)}\` cannot work with ${what}.` });
}

function isComplex(dtype: DType | null): boolean | null {
  return dtype === null ? null : category(dtype) === "complex";
}

/** The type of a signal under a window: complex if either is. */
function windowed(call: Call): DType | null {
  const { dtype } = tensorOf(call, "input");
  const window = argument(call, "window");
  if (window.kind === "none" || dtype === null) return dtype;
  return window.kind !== "tensor" || window.dtype === null ? null : promote("torch", dtype, window.dtype);
}

/** Spectra of complex signals are complex by themselves. */
function answersComplex(call: Call): boolean | null {
  return isGiven(call, "return_complex") ? boolArgument(call, "return_complex") : isComplex(windowed(call));
}

/** Half of the spectrum of real numbers says all of it. */
function isHalved(call: Call): boolean | null {
  if (isGiven(call, "onesided")) return boolArgument(call, "onesided");
  const complex = isComplex(windowed(call));
  return complex === null ? null : !complex;
}

export const fourierFrames = op({
  names: inTorch("stft"),
  summary: "Spectra of overlapping frames of a signal.",
  call: `input: tensor, ${FRAMES}, pad_mode: any = "reflect", normalized: any = False, onesided: any = None, return_complex: any = None, align_to_window: any = None`,
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const frames = framesOf(call);
    const wrong = wholeNumbers(call) ?? wrongOptions(call);
    if (wrong !== null) return wrong;
    if (rank(shape) !== null && (shape.dims.length < 1 || shape.dims.length > 2))
      return otherRank(call, "input", shape, "1 or 2 dimensions");
    const wide = call.solver.requireAtLeast(shape, 1);
    const size = wide?.dims.at(-1);
    if (isProblem(frames)) return frames;
    if (frames === null || wide === null || size === undefined) return null;
    return spectra(call, { lead: wide.lead, dims: wide.dims.slice(0, -1) }, size, frames);
  },
  dtype: (call) => {
    const dtype = windowed(call);
    const complex = complexOf(dtype);
    const parts = answersComplex(call);
    return parts === null ? null : parts ? complex : realPartOf(complex);
  },
});

function complexOf(dtype: DType | null): DType | null {
  if (dtype === "float32" || dtype === "complex64") return "complex64";
  return dtype === "float64" || dtype === "complex128" ? "complex128" : null;
}

/** Real signals must say whether their spectra are complex; complex ones have no half. */
function wrongOptions(call: Call): Problem | null {
  const complex = isComplex(windowed(call));
  if (complex === true && isGiven(call, "onesided") && boolArgument(call, "onesided") === true)
    return wrongArgument(call, "one side of the spectrum of complex numbers");
  const unsaid = complex === false && !isGiven(call, "return_complex");
  return unsaid ? wrongArgument(call, "real numbers unless `return_complex` is given") : null;
}

function spectra(call: Call, batch: Shape, size: Dim, { length, hop }: Frames): ShapeAnswer {
  const [centered, halved] = [boolArgument(call, "center"), isHalved(call)];
  const half = Math.floor(length / 2);
  const parts = answersComplex(call);
  if (parts === null) return null;
  const reflected = textArgument(call.args, "pad_mode") === "reflect";
  if (centered === true && reflected && call.solver.atLeast(size, half + 1) === "no")
    return wrongArgument(call, `${shownDim(call, size)} samples, of which it reflects ${half}`);
  const padded = centered === null ? null : centered ? add(size, constant(2 * half)) : size;
  const room = padded === null || isGiven(call, "align_to_window") ? null : subtract(padded, constant(length));
  if (room !== null && call.solver.atLeast(room, 0) === "no")
    return wrongArgument(call, `${shownDim(call, size)} samples in frames of ${length}`);
  const count = room === null ? unknownDim() : add(floorDivide(room, constant(hop)), constant(1));
  const rows = halved === null ? unknownDim() : constant(halved ? half + 1 : length);
  return { lead: batch.lead, dims: [...batch.dims, rows, count, ...(parts ? [] : [constant(2)])] };
}

export const signalOfFrames = op({
  names: inTorch("istft"),
  summary: "The signal that has the given spectra of overlapping frames.",
  call: `input: tensor, ${FRAMES}, normalized: any = False, onesided: any = None, length: any = None, return_complex: bool = False`,
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const frames = framesOf(call);
    if (isComplex(dtype) === false) return wrongArgument(call, "real numbers: spectra are complex");
    if (rank(shape) !== null && (shape.dims.length < 2 || shape.dims.length > 3))
      return otherRank(call, "input", shape, "2 or 3 dimensions");
    const wide = call.solver.requireAtLeast(shape, 2);
    const [rows, count] = [wide?.dims.at(-2), wide?.dims.at(-1)];
    if (isProblem(frames)) return frames;
    if (frames === null || wide === null || rows === undefined || count === undefined) return null;
    const wrong = otherRows(call, rows, frames.length);
    return wrong ?? { lead: wide.lead, dims: [...wide.dims.slice(0, -2), samples(call, count, frames)] };
  },
  dtype: (call) => {
    const complex = boolArgument(call, "return_complex");
    const dtype = complexOf(tensorOf(call, "input").dtype);
    const window = argument(call, "window");
    const plain = window.kind === "none" || (window.kind === "tensor" && complexOf(window.dtype) === dtype);
    return complex === null || !plain ? null : complex ? dtype : realPartOf(dtype);
  },
});

/** Each frame has its whole spectrum, or half of it. */
function otherRows(call: Call, rows: Dim, length: number): Problem | null {
  const half = Math.floor(length / 2) + 1;
  const halved = isGiven(call, "onesided") ? boolArgument(call, "onesided") : null;
  const allowed = halved === null ? [half, length] : [halved ? half : length];
  const fits = allowed.some((number) => call.solver.compare(rows, constant(number)) !== "no");
  return fits ? null : wrongArgument(call, `${shownDim(call, rows)} frequencies in frames of ${length}`);
}

function samples(call: Call, count: Dim, { length, hop }: Frames): Dim {
  if (isGiven(call, "length")) return dimOf(argument(call, "length")) ?? unknownDim();
  const centered = boolArgument(call, "center");
  if (centered === null || asNumber(count) === 0) return unknownDim();
  const whole = add(multiply(subtract(count, constant(1)), constant(hop)), constant(length));
  return centered ? subtract(whole, constant(2 * Math.floor(length / 2))) : whole;
}
