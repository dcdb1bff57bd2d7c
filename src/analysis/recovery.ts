/**
 * What an operation that fails inside of a function would have given, had the sizes that disagree agreed.
 * The program ends there, so nothing after it is reported; but who mends the mistake wants to see the
 * shapes that follow.
 */
import type { Bound, Call, Datum, Outcome, Problem } from "../ops/index.ts";
import { type Dim, equalDims, type Solver, unknownDim } from "../shapes/index.ts";
import { fromDatum } from "./data.ts";
import { resolveValue } from "./records.ts";
import type { Machine } from "./machine.ts";
import { UNKNOWN, type Value } from "./value.ts";

/** The result of a failed call without the sizes at fault; unknown where that is not why it failed. */
export function recovered(m: Machine, problem: Problem, call: Call, apply: (call: Call) => Outcome): Value {
  const sizes = problem.sizes ?? [];
  if (!m.crashed || m.thrown || sizes.length === 0 || m.callStack.length === 0) return UNKNOWN;
  const before = m.solver.facts;
  const args: Bound = new Map(
    [...call.args].map(([name, datum]) => [name, withoutSizes(datum, sizes, m.solver)] as const),
  );
  const outcome = apply({ ...call, args });
  const value = "problem" in outcome ? UNKNOWN : resolveValue(m, fromDatum(outcome.value));
  m.solver.facts = before;
  return value;
}

function withoutSizes(datum: Datum, sizes: readonly Dim[], solver: Solver): Datum {
  switch (datum.kind) {
    case "tensor": {
      const shape = solver.shape(datum.shape);
      const isAtFault = (dim: Dim): boolean => sizes.some((size) => equalDims(solver.dim(size), dim));
      const dims = shape.dims.map((dim) => (isAtFault(dim) ? unknownDim() : dim));
      return { kind: "tensor", shape: { lead: shape.lead, dims }, dtype: datum.dtype, library: datum.library };
    }
    case "tuple":
    case "list":
      return { kind: datum.kind, items: datum.items.map((item) => withoutSizes(item, sizes, solver)) };
    default:
      return datum;
  }
}
