/**
 * How a rule says that a call cannot work. It knows the form of a problem and how shapes are put into
 * sentences; which problems there are is the business of `rules.ts`, and which text stands where is the
 * interpreter's.
 */
import { asNumber, printDim, printShape, rank, type Dim, type Shape, type Verdict } from "../shapes/index.ts";
import type { Call, Problem } from "./operator.ts";
import { RULES, type RuleCode } from "./rules.ts";
import type { Tensor } from "./value.ts";

export type Names = (parameter: string) => string;

/** Rules of programs are found by others. */
export type OperatorRule = Exclude<
  RuleCode,
  "unpack-count" | "assertion" | "declaration" | "stale-shape-comment" | "unused-ignore"
>;

export interface ProblemParts {
  readonly message: (name: Names) => string;
  readonly parameters?: readonly string[];
  readonly blame?: string | null;
  readonly sizes?: readonly Dim[];
  /** Two sizes that only comments tell apart make a warning, not an error. */
  readonly verdict?: Verdict | null;
}

export function problem(code: OperatorRule, parts: ProblemParts): Problem {
  const { message, parameters = [], blame = null, verdict = null } = parts;
  const { severity } = RULES[code];
  const commented = verdict?.answer === "no" && verdict.certainty === "commented";
  const sizes = parts.sizes ?? (verdict?.answer === "no" ? [verdict.left, verdict.right] : []);
  return {
    code,
    severity: commented && severity === "error" ? "warning" : severity,
    message,
    blame,
    parameters,
    ...(sizes.length > 0 ? { sizes } : {}),
  };
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value;
}

/** A tensor argument in a sentence: "`q` (B, 8, T, 64)". The shape is read now, the name when it is printed. */
export function shown(call: Call, parameter: string, tensor: Tensor | Shape): (name: Names) => string {
  const shape = "kind" in tensor ? tensor.shape : tensor;
  const text = printShape(call.solver.shape(shape));
  return (name) => `${name(parameter)} ${text}`;
}

export function shownDim(call: Call, dim: Dim): string {
  return printDim(call.solver.dim(dim));
}

/** A count with thousands separated, or the expression as it is written. */
export function shownCount(dim: Dim): string {
  const number = asNumber(dim);
  return number === null ? printDim(dim) : String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** "dimensions 0 and 1", "dimension 0", "no dimensions". */
export function shownAxes(shape: Shape): string {
  const count = rank(shape);
  if (count === null) return "other dimensions";
  if (count === 0) return "no dimensions";
  if (count === 1) return "dimension 0 only";
  return count === 2 ? "dimensions 0 and 1" : `dimensions 0 to ${count - 1}`;
}

/** The last part of the name that was called: `max` for `torch.Tensor.max`. */
export function shortName(call: Call): string {
  return call.name.slice(call.name.lastIndexOf(".") + 1);
}

/** "`cov` takes 1 or 2 dimensions but gets `x` (2, 3, 4)." */
export function otherRank(call: Call, parameter: string, shape: Shape, wanted: string): Problem {
  const told = shown(call, parameter, shape);
  return problem("input-rank", {
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` takes ${wanted} but gets ${told(name)}.`,
  });
}
