/**
 * Reshapes: sizes as they are written, one of them perhaps -1, with the same number of elements as before.
 * It knows sizes and the solver, no operators.
 */
import {
  asNumber,
  constant,
  elementCount,
  floorDivide,
  printDim,
  printShape,
  product,
  unknownDim,
  unknownShape,
  type Dim,
  type Shape,
  type Verdict,
} from "../../shapes/index.ts";
import { dimOf } from "../datum.ts";
import type { Call, Problem } from "../operator.ts";
import { problem, shown, shownCount } from "../problems.ts";
import type { Datum } from "../value.ts";

/** The shape after `reshape(sizes)`, or why there is none. */
export function reshape(call: Call, input: string, shape: Shape, sizes: readonly Datum[]): Shape | Problem {
  const dims = sizes.map(dimOf);
  const isOpen = (dim: Dim | null): boolean => dim !== null && asNumber(dim) === -1;
  const negative = dims.find((dim) => dim !== null && (asNumber(dim) ?? 0) < -1);
  const open = dims.filter(isOpen).length;
  if (open > 1) return impossible(call, "only one size of a reshape can be -1");
  // NumPy reads every negative size as -1.
  if (negative !== null && negative !== undefined && call.name.startsWith("numpy.")) return unknownShape();
  if (negative !== null && negative !== undefined) return impossible(call, `a size cannot be ${printDim(negative)}`);
  const certain = dims.every((dim) => dim !== null);
  const others = dims.map((dim) => dim ?? unknownDim()).filter((dim) => !isOpen(dim));
  const count = elementCount(shape);
  if (open === 0) {
    const verdict = certain && count !== null ? call.solver.require(count, product(others), call.cause) : null;
    if (verdict?.answer === "no") return wrongCount(call, input, shape, others, verdict);
    return call.solver.shape({ lead: null, dims: others });
  }
  const rest = certain && count !== null ? remaining(call, count, product(others)) : unknownDim();
  if (rest === null) return notWhole(call, input, shape, others);
  return call.solver.shape({ lead: null, dims: dims.map((dim) => (isOpen(dim) ? rest : (dim ?? unknownDim()))) });
}

/** What -1 stands for: the count divided by the other sizes; null where it surely does not come out whole. */
function remaining(call: Call, count: Dim, others: Dim): Dim | null {
  const { solver } = call;
  const divisor = asNumber(solver.dim(others));
  if (divisor === 0) return null;
  if (divisor !== 1) {
    const verdict = solver.assumeDivisible(count, others, call.cause);
    if (verdict.answer === "no" || solver.divides(others, count) === "no") return null;
  }
  return floorDivide(solver.dim(count), solver.dim(others));
}

function impossible(call: Call, sentence: string): Problem {
  return problem("argument", { message: () => `\`${call.name.slice(call.name.lastIndexOf(".") + 1)}\`: ${sentence}.` });
}

function wrongCount(call: Call, input: string, shape: Shape, sizes: readonly Dim[], verdict: Verdict): Problem {
  const told = shown(call, input, shape);
  const wanted: Shape = { lead: null, dims: sizes.map((dim) => call.solver.dim(dim)) };
  const target = printShape(wanted);
  const [have, need] = [elementCount(call.solver.shape(shape)), product(wanted.dims)];
  const numbers = have !== null && asNumber(have) !== null && asNumber(need) !== null;
  const sentence = numbers
    ? `has ${shownCount(have)} elements; ${target} needs ${shownCount(need)}`
    : `cannot become ${target}: ${againstEachOther(call.solver.shape(shape).dims, wanted.dims)}`;
  return problem("reshape-count", { verdict, parameters: [input], message: (name) => `${told(name)} ${sentence}.` });
}

/** "500 against 8·62 = 496 for each of B·T": what remains when equal sizes are crossed out. */
function againstEachOther(from: readonly Dim[], to: readonly Dim[]): string {
  const left = [...from];
  const common: Dim[] = [];
  const right = to.filter((dim) => {
    const at = left.findIndex((other) => other.key === dim.key);
    if (at >= 0) common.push(...left.splice(at, 1));
    return at < 0;
  });
  const each = common.length === 0 ? "" : ` for each of ${common.map(printFactor).join("·")}`;
  return `${written(left)} against ${written(right)}${each}`;
}

function written(dims: readonly Dim[]): string {
  if (dims.length === 0) return "1";
  const text = dims.map(printFactor).join("·");
  const total = asNumber(product(dims));
  return total === null || dims.length === 1 ? text : `${text} = ${shownCount(constant(total))}`;
}

function printFactor(dim: Dim): string {
  const text = printDim(dim);
  return /[-+/% ]/.test(text) ? `(${text})` : text;
}

function notWhole(call: Call, input: string, shape: Shape, others: readonly Dim[]): Problem {
  const told = shown(call, input, shape);
  const count = elementCount(call.solver.shape(shape));
  const divisor = shownCount(call.solver.dim(product(others)));
  const elements = count === null ? "its elements" : `${shownCount(count)} elements`;
  return problem("reshape-count", {
    parameters: [input],
    message: (name) =>
      `${told(name)} has ${elements}, which cannot be divided by ${divisor}, the product of the other sizes.`,
  });
}

/** The product of some neighbouring dimensions, as `flatten` makes it. */
export function merged(shape: Shape, from: number, to: number): Shape {
  const dims = shape.dims;
  const [start, end] = [dims.length + from, dims.length + to];
  return {
    lead: shape.lead,
    dims: [...dims.slice(0, start), product(dims.slice(start, end + 1)), ...dims.slice(end + 1)],
  };
}
