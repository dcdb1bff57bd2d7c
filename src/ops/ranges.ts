/**
 * PyTorch's numbers at regular distances: `arange`, `range`, `linspace`, `logspace`. NumPy's are elsewhere, since
 * their ends can be arrays.
 */
import { add, asNumber, constant, rank, subtract, unknownDim, type Dim } from "../shapes/index.ts";
import { argument, tensorOf } from "./arguments.ts";
import { rangeLength } from "./create-from.ts";
import { dimOf, numberOf } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category, type DType } from "./dtype.ts";
import { defaultFloat, orGiven } from "./dtype-rules.ts";
import type { Call, Problem } from "./operator.ts";
import { otherRank, problem, shortName } from "./problems.ts";
import type { Datum } from "./value.ts";

const OPTIONS =
  "out: any = None, dtype: dtype = None, layout: any = None, device: any = None, requires_grad: bool = False, pin_memory: bool = False";

/** `arange(end)` leaves the start out. */
function ends(call: Call): readonly [start: Datum, end: Datum, step: Datum] {
  const [start, end, step] = [argument(call, "start"), argument(call, "end"), argument(call, "step")];
  return end.kind === "none" ? [{ kind: "int", value: constant(0) }, start, step] : [start, end, step];
}

export const arange = op({
  names: ["torch.arange"],
  summary: "The numbers from `start` up to, and without, `end`, in equal steps.",
  call: `start: int, end: int = None, step: any = 1, *, ${OPTIONS}`,
  shape: (call) => {
    const [start, end, step] = ends(call);
    return (
      wrongWay(call, start, end, step) ?? { lead: null, dims: [rangeLength(call, start, end, step) ?? unknownDim()] }
    );
  },
  dtype: orGiven((call) => {
    const kinds = ends(call).map(categoryOf);
    if (kinds.includes(null)) return null;
    return kinds.includes("float") ? defaultFloat(call) : "int64";
  }),
});

/** Whether a number is whole, also where a tensor of rank 0 holds it. */
function categoryOf(datum: Datum): "integer" | "float" | null {
  if (datum.kind === "int" || datum.kind === "bool") return "integer";
  if (datum.kind === "float") return "float";
  if (datum.kind !== "tensor" || datum.dtype === null) return null;
  const kind = category(datum.dtype);
  return kind === "float" ? "float" : kind === "complex" ? null : "integer";
}

/** PyTorch refuses steps that lead away from the end. */
function wrongWay(call: Call, start: Datum, end: Datum, step: Datum): Problem | null {
  const stride = step.kind === "float" ? step.value : numberOf(step);
  if (stride === 0) return problem("argument", { message: () => `\`${shortName(call)}\` needs a step other than 0.` });
  if (stride === null || !leadsAway(call, start, end, stride)) return null;
  return problem("argument", {
    message: () => `\`${shortName(call)}\` never reaches its end with a step of ${stride}.`,
  });
}

function leadsAway(call: Call, start: Datum, end: Datum, stride: number): boolean {
  const [from, to] = [dimOf(start), dimOf(end)];
  const [low, high] = [start, end].map((datum) => (datum.kind === "float" ? datum.value : numberOf(datum)));
  if (low !== null && low !== undefined && high !== null && high !== undefined) return (high - low) * stride < 0;
  if (from === null || to === null) return false;
  return call.solver.atLeast(stride > 0 ? subtract(to, from) : subtract(from, to), 0) === "no";
}

export const closedRange = op({
  names: ["torch.range"],
  summary: "The numbers from `start` up to `end`, which belongs to them.",
  call: `start: int, end: int, step: any = 1, *, ${OPTIONS}`,
  shape: (call) => {
    const [start, end, step] = ends(call);
    const [from, to] = [dimOf(start), dimOf(end)];
    const whole = from !== null && to !== null && numberOf(step) === 1;
    return (
      wrongWay(call, start, end, step) ?? {
        lead: null,
        dims: [whole ? add(subtract(to, from), constant(1)) : unknownDim()],
      }
    );
  },
  dtype: orGiven(defaultFloat),
});

export const linspace = op({
  names: ["torch.linspace", "torch.logspace"],
  summary: "Numbers at equal distances, or ratios, between two ends.",
  call: {
    "torch.linspace": `start: any, end: any, steps: int, *, ${OPTIONS}`,
    "torch.logspace": `start: any, end: any, steps: int, base: any = 10.0, *, ${OPTIONS}`,
  },
  shape: between,
  dtype: orGiven(spacedType),
});

function between(call: Call): ShapeAnswer {
  for (const parameter of ["start", "end"]) {
    const { shape } = tensorOf(call, parameter);
    const numbers = argument(call, parameter).kind !== "tensor" || shape.dims.length === 0;
    if (!numbers || (rank(shape) ?? 0) > 0) return otherRank(call, parameter, shape, "numbers as ends");
  }
  const steps: Dim = dimOf(argument(call, "steps")) ?? unknownDim();
  if ((asNumber(steps) ?? 0) < 0) return problem("argument", { message: () => "The number of steps is negative." });
  return { lead: null, dims: [steps] };
}

/** Only complex ends make a type of their own. */
function spacedType(call: Call): DType | null {
  for (const parameter of ["start", "end"]) {
    const datum = argument(call, parameter);
    const known = datum.kind === "tensor" ? datum.dtype !== null && category(datum.dtype) !== "complex" : true;
    if (!known || datum.kind === "unknown") return null;
  }
  return defaultFloat(call);
}
