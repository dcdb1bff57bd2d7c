/**
 * What the declarations of linear algebra share: matrices in the last two dimensions, with all before them a
 * stack, and the element types that can be taken apart. It declares no operators.
 */
import { asNumber, minimum, rank, type Dim, type Shape } from "../shapes/index.ts";
import { libraryOf, tensorOf } from "./arguments.ts";
import { record, tensor } from "./datum.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import { category, isFloating, type DType } from "./dtype.ts";
import { defaultFloat, realPartOf, same, type DTypeRule } from "./dtype-rules.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { applyNotation, parseNotation } from "./verbs/gufunc.ts";

const DECOMPOSABLE: readonly DType[] = ["float32", "float64", "complex64", "complex128"];

/** PyTorch takes matrices apart in 32 or 64 bits only. */
export function otherMatrixType(call: Call, parameter = "input"): Problem | null {
  const { shape, dtype } = tensorOf(call, parameter);
  // Of empty matrices some never come to look at the type.
  const empty = shape.dims.some((dim) => asNumber(dim) === 0);
  if (libraryOf(call) !== "torch" || dtype === null || empty || DECOMPOSABLE.includes(dtype)) return null;
  return problem("dtype", {
    parameters: [parameter],
    message: (name) =>
      `\`${shortName(call)}\` needs float32, float64 or complex numbers; ${name(parameter)} is ${dtype}.`,
  });
}

/** Integers become floating-point numbers, in NumPy always of 64 bits; PyTorch refuses them unless there are none. */
export function decomposed(call: Call) {
  const dtype = same()(call);
  if (dtype === null || isFloating(dtype) || category(dtype) === "complex") return dtype;
  return libraryOf(call) === "torch" ? null : defaultFloat(call);
}

/** A rule in notation for matrices that PyTorch takes apart. */
export function decomposing(notation: string, dtype: DTypeRule = decomposed): (call: Call) => ShapeAnswer {
  const parsed = parseNotation(notation);
  return (call) => {
    const outcome = otherMatrixType(call) ?? applyNotation(call, parsed, ["input"]);
    if (outcome === null || isProblem(outcome) || !("value" in outcome) || outcome.value.kind !== "tensor")
      return outcome;
    return { ...outcome, value: { ...outcome.value, dtype: dtype(call) } };
  };
}

/** Integers and booleans, where PyTorch takes floating-point and complex numbers alone. */
export function wholeNumbers(call: Call, parameter = "input"): Problem | null {
  const { dtype } = tensorOf(call, parameter);
  if (libraryOf(call) !== "torch" || dtype === null || isFloating(dtype) || category(dtype) === "complex") return null;
  return problem("dtype", {
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` needs floating-point numbers; ${name(parameter)} is ${dtype}.`,
  });
}

/** The shape of an outcome that is one tensor. */
export function shapeIn(outcome: ShapeAnswer): Shape | null {
  if (outcome === null || isProblem(outcome) || !("value" in outcome)) return null;
  return outcome.value.kind === "tensor" ? outcome.value.shape : null;
}

/** What stands in the last two dimensions is missing. */
export function noMatrices(call: Call, parameter: string): Problem {
  const { shape } = tensorOf(call, parameter);
  const told = shown(call, parameter, shape);
  return problem("matmul-rank", {
    blame: parameter,
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` needs at least 2 dimensions; ${told(name)} has ${shape.dims.length}.`,
  });
}

export interface Matrices {
  readonly rows: Dim;
  readonly columns: Dim;
  readonly smaller: Dim;
  /** A tensor of the same stack: `part(n, m)` of matrices, `part(n)` of vectors. */
  readonly part: (...dims: readonly Dim[]) => Datum;
  readonly real: (...dims: readonly Dim[]) => Datum;
  /** The same of another type. */
  readonly typed: (dtype: DType | null, ...dims: readonly Dim[]) => Datum;
}

const SQUARE = parseNotation("(n,n)->()");

/** The matrices of an argument, or why there are none that could be taken apart. */
export function matrices(call: Call, square = false, parameter = "input"): Matrices | Problem {
  const wrong = otherMatrixType(call, parameter) ?? (square ? applyNotation(call, SQUARE, [parameter]) : null);
  if (isProblem(wrong)) return wrong;
  const wide = call.solver.requireAtLeast(tensorOf(call, parameter).shape, 2);
  const [rows, columns] = [wide?.dims.at(-2), wide?.dims.at(-1)];
  if (wide === null || rows === undefined || columns === undefined) return noMatrices(call, parameter);
  const batch = wide.dims.slice(0, -2);
  const typed = (dtype: DType | null, ...dims: readonly Dim[]): Datum =>
    tensor({ lead: wide.lead, dims: [...batch, ...dims] }, dtype, libraryOf(call));
  const dtype = decomposed(call);
  return {
    rows,
    columns,
    smaller: rows.key === columns.key ? rows : minimum(rows, columns),
    part: (...dims) => typed(dtype, ...dims),
    real: (...dims) => typed(realPartOf(dtype), ...dims),
    typed,
  };
}

/** What belongs to each matrix must stand in the same stack, which is not broadcast. */
export function sameStack(
  call: Call,
  [a, core]: readonly [parameter: string, core: number],
  [b, other]: readonly [parameter: string, core: number],
): Problem | null {
  const [first, second] = [tensorOf(call, a).shape, tensorOf(call, b).shape];
  if (rank(first) === null || rank(second) === null) return null;
  const stacks = [first.dims.slice(0, -core), second.dims.slice(0, -other)].map((dims): Shape => ({
    lead: null,
    dims,
  }));
  const [left, right] = stacks;
  if (left === undefined || right === undefined) return null;
  const verdict = call.solver.requireShapes(left, right, call.cause);
  const told = [shown(call, a, first), shown(call, b, second)];
  if (verdict.answer !== "no" && left.dims.length === right.dims.length) return null;
  return problem("matmul-batch", {
    verdict: verdict.answer === "no" ? verdict : null,
    parameters: [a, b],
    message: (name) => `\`${shortName(call)}\` needs one stack: ${told.map((text) => text(name)).join(" against ")}.`,
  });
}

/** JAX mirrors a matrix at its diagonal first, and then a size of 1 stretches. */
export function stretchesInJax(call: Call): boolean {
  const { shape } = tensorOf(call, "input");
  return shape.dims.slice(-2).some((dim) => asNumber(dim) === 1) || shape.dims.length < 2;
}

export type Parts = readonly (readonly [name: string, part: Datum])[];

/** An operator that takes each matrix apart into several tensors; null where it is not known into which. */
export function factors(
  spec: Pick<OperatorSpec, "names" | "summary" | "call" | "inJax"> & {
    readonly square?: boolean;
    readonly into: (matrices: Matrices, call: Call) => Parts | Problem | null;
  },
): readonly Operator[] {
  return op({
    names: spec.names,
    summary: spec.summary,
    call: spec.call,
    ...(spec.inJax === undefined ? {} : { inJax: spec.inJax }),
    shape: (call) => {
      const all = matrices(call, spec.square);
      const parts = isProblem(all) ? all : spec.into(all, call);
      if (isProblem(parts)) return parts;
      return { value: parts === null ? { kind: "unknown" } : record(shortName(call), parts) };
    },
  });
}
