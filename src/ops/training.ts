/**
 * Functions for training and batching that give tensors: gradient clipping, padding of sequences,
 * gated units.
 */
import { constant, floorDivide, maximum, rank, unknownDim } from "../shapes/index.ts";
import { argument, boolArgument, tensorOf, tensorsOf } from "./arguments.ts";
import { itemsOf, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { always, promoteData } from "./dtype-rules.ts";
import type { Call } from "./operator.ts";
import { isProblem, problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { readAxis } from "./verbs/axis.ts";

export const clipGradNorm = op({
  names: ["torch.nn.utils.clip_grad_norm_"],
  summary: "Scales gradients down to a norm; answers with the norm that they had.",
  call: "parameters: any, max_norm: any, norm_type: any = 2.0, error_if_nonfinite: any = False, foreach: any = None",
  // What a single tensor among the parameters would be written back into is no norm.
  shape: (call) => (argument(call, "parameters").kind === "tensor" ? { value: unknown } : { lead: null, dims: [] }),
  dtype: always(null),
});

/** More sequences than this are not compared one by one. */
const MANY = 16;

export const padSequence = op({
  names: ["torch.nn.utils.rnn.pad_sequence"],
  summary: "Sequences of different lengths as one batch, as long as the longest.",
  call: 'sequences: tensors, batch_first: bool = False, padding_value: any = 0.0, padding_side: any = "right"',
  shape: (call) => {
    const sequences = argument(call, "sequences");
    const items = sequences.kind === "many" ? [sequences.element] : itemsOf(sequences);
    const parts = items === null || items.length === 0 ? null : tensorsOf(withItems(call, items), "sequences");
    const first = parts?.[0]?.shape;
    const order = boolArgument(call, "batch_first");
    if (parts === null || first === undefined || order === null || rank(first) === null) return null;
    if (parts.some(({ shape }) => rank(shape) === null || shape.dims.length === 0)) return null;
    const count = sequences.kind === "many" ? sequences.length : constant(parts.length);
    const lengths = parts.map(({ shape }) => shape.dims[0] ?? unknownDim());
    const longest =
      sequences.kind === "many" || lengths.length > MANY ? unknownDim() : lengths.reduce((a, b) => maximum(a, b));
    return { lead: null, dims: [...(order ? [count, longest] : [longest, count]), ...first.dims.slice(1)] };
  },
  dtype: (call) => {
    const parts = tensorsOf(call, "sequences");
    return parts === null ? null : promoteData(call, parts);
  },
});

function withItems(call: Call, items: readonly Datum[]): Call {
  return { ...call, args: new Map(call.args).set("sequences", { kind: "list", items }) };
}

/** Half of a dimension goes through a gate, which the other half is. */
function gated(call: Call, dim: Datum): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const axis = readAxis(call, "dim", dim, shape, { of: "input" });
  if (axis === null || isProblem(axis)) return axis;
  const wide = call.solver.shape(shape);
  const size = wide.dims.at(axis);
  if (size === undefined || -axis > wide.dims.length) return null;
  if (call.solver.divides(constant(2), size) === "no") {
    const told = shown(call, "input", shape);
    return problem("argument", {
      parameters: ["input"],
      message: (name) => `A gated unit halves a dimension, which must be even; it gets ${told(name)}.`,
    });
  }
  return { lead: wide.lead, dims: wide.dims.with(axis, floorDivide(size, constant(2))) };
}

export const glu = op({
  names: ["torch.nn.functional.glu"],
  summary: "Gated linear unit: halves a dimension.",
  call: "input: tensor, dim: axis = -1",
  shape: (call) => gated(call, argument(call, "dim")),
});

export const GLU = layer({
  names: ["torch.nn.GLU"],
  summary: "Gated linear unit: halves a dimension.",
  construct: "dim: int = -1",
  call: "input: tensor",
  shape: (made, call) => gated(call, made.get("dim") ?? unknown),
});
