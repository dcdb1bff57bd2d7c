/**
 * Recurrent layers: `RNN`, `GRU`, `LSTM`. They give the outputs of every step and the last states. Their cells
 * are in `recurrent-cells.ts`.
 */
import {
  asNumber,
  constant,
  known,
  multiply,
  printShape,
  rank,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, dimArgument, tensorOf } from "./arguments.ts";
import { boolOf, itemsOf, none, numberOf, tensor, tuple, unknown } from "./datum.ts";
import { layer, type ShapeAnswer } from "./declare.ts";
import { needsFloats } from "./linear.ts";
import type { Bound, Call, Layer, Problem } from "./operator.ts";
import { dataOf, packed } from "./packing.ts";
import { problem, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";

const CONSTRUCT =
  "input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True, batch_first: bool = False, dropout: any = 0.0, bidirectional: bool = False, proj_size: int = 0";

interface Sizes {
  readonly directions: Dim;
  readonly layers: Dim;
  readonly hidden: Dim;
  /** The size of an output of one direction: the hidden one, unless it is projected. */
  readonly out: Dim;
}

function sizesOf(made: Bound): Sizes | null {
  const both = boolOf(made.get("bidirectional") ?? none);
  const projection = numberOf(made.get("proj_size") ?? none);
  if (both === null || projection === null) return null;
  const hidden = dimArgument(made, "hidden_size");
  return {
    directions: constant(both ? 2 : 1),
    layers: dimArgument(made, "num_layers"),
    hidden,
    out: projection > 0 ? constant(projection) : hidden,
  };
}

function recurrent(name: "RNN" | "GRU" | "LSTM", gates: number): Layer {
  const construct =
    name === "RNN"
      ? CONSTRUCT.replace("num_layers: int = 1,", 'num_layers: int = 1, nonlinearity: any = "tanh",')
      : CONSTRUCT;
  return layer({
    names: [`torch.nn.${name}`],
    summary: "Reads a sequence step by step; gives all outputs, and the last states.",
    construct,
    call: "input: tensor, hx: any = None",
    shape: (made, call) => unrolled(name, made, call),
    weights: (made) => weightsOf(made, gates),
    notation: "(t,i)->(t,h)",
  });
}

export const RNN = recurrent("RNN", 1);
export const GRU = recurrent("GRU", 3);
export const LSTM = recurrent("LSTM", 4);

function unrolled(name: string, made: Bound, call: Call): ShapeAnswer {
  const data = dataOf(argument(call, "input"));
  if (data !== null) return packedOutput(name, made, data);
  const input = tensorOf(call, "input");
  const count = rank(input.shape);
  if (count !== null && count !== 2 && count !== 3) return wrongRank(call, input.shape);
  const wrongInput = needsFloats(call) ?? noSteps(made, call, input.shape);
  if (wrongInput !== null) return wrongInput;
  const wide = call.solver.requireAtLeast(input.shape, 2) ?? input.shape;
  const last = wide.dims.at(-1) ?? unknownDim();
  const features = dimArgument(made, "input_size");
  const verdict = call.solver.require(last, features, call.cause);
  if (verdict.answer === "no") return wrongFeatures(call, wide, features, verdict);
  const sizes = sizesOf(made);
  if (sizes === null) return { value: unknown };
  const shape = call.solver.shape(wide);
  const wrong = wrongStates(name, made, call, { shape, count, sizes });
  if (wrong !== null) return wrong;
  const output: Shape = { lead: shape.lead, dims: [...shape.dims.slice(0, -1), multiply(sizes.out, sizes.directions)] };
  const states = (size: Dim): Datum => stateOf(call, made, shape, count, sizes, size);
  const state = name === "LSTM" ? tuple([states(sizes.out), states(sizes.hidden)]) : states(sizes.out);
  return { value: tuple([tensor(output, input.dtype, "torch"), state]) };
}

/** A sequence has at least one step. */
function noSteps(made: Bound, call: Call, shape: Shape): Problem | null {
  const count = rank(shape);
  const first = boolOf(made.get("batch_first") ?? none);
  const steps = count === null || first === null ? undefined : shape.dims[count === 3 && first ? 1 : 0];
  if (steps === undefined || asNumber(steps) !== 0) return null;
  const told = shown(call, "input", shape);
  return problem("input-rank", {
    parameters: ["input"],
    message: (name) => `${name("self")} needs a sequence of at least one step; it gets ${told(name)}.`,
  });
}

/** Packed sequences come out packed; how many there are is not told. */
function packedOutput(name: string, made: Bound, data: Datum): ShapeAnswer {
  const sizes = sizesOf(made);
  if (sizes === null || data.kind !== "tensor") return { value: tuple([packed(unknown), unknown]) };
  const shape = known([data.shape.dims[0] ?? unknownDim(), multiply(sizes.out, sizes.directions)]);
  const batch = unknownDim();
  const state = (size: Dim): Datum =>
    tensor(known([multiply(sizes.directions, sizes.layers), batch, size]), data.dtype, "torch");
  const last = name === "LSTM" ? tuple([state(sizes.out), state(sizes.hidden)]) : state(sizes.out);
  return { value: tuple([packed(tensor(shape, data.dtype, "torch")), last]) };
}

/** The first state must be as large as the last one will be; an LSTM takes two of them. */
function wrongStates(
  name: string,
  made: Bound,
  call: Call,
  { shape, count, sizes }: { readonly shape: Shape; readonly count: number | null; readonly sizes: Sizes },
): Problem | null {
  const given = argument(call, "hx");
  const pair = name === "LSTM" ? itemsOf(given) : [given];
  const states = pair?.length === (name === "LSTM" ? 2 : 1) ? pair : [];
  for (const [i, state] of states.entries()) {
    const wanted = stateOf(call, made, shape, count, sizes, i === 0 ? sizes.out : sizes.hidden);
    if (state.kind !== "tensor" || wanted.kind !== "tensor") continue;
    const verdict = call.solver.requireShapes(state.shape, wanted.shape, call.cause);
    if (verdict.answer === "no") return wrongState(call, name, wanted.shape, state.shape, i, verdict);
  }
  return null;
}

function wrongState(
  call: Call,
  name: string,
  wanted: Shape,
  shape: Shape,
  place: number,
  verdict: Parameters<typeof problem>[1]["verdict"],
): Problem {
  const [expected, told] = [printShape(call.solver.shape(wanted)), printShape(call.solver.shape(shape))];
  const which = name === "LSTM" ? (place === 0 ? "first state" : "second state") : "state";
  return problem("rnn-state", {
    verdict: verdict ?? null,
    parameters: ["hx"],
    message: (text) => `${text("self")} takes a ${which} ${expected} but gets ${told}.`,
  });
}

/** (directions · layers, N, H), without N where there is no batch. */
function stateOf(call: Call, made: Bound, shape: Shape, count: number | null, sizes: Sizes, size: Dim): Datum {
  const first = boolOf(made.get("batch_first") ?? none);
  if (first === null || count === null) return unknown;
  const batch = count === 2 ? [] : [shape.dims[first ? 0 : 1] ?? unknownDim()];
  const dims = [multiply(sizes.directions, sizes.layers), ...batch, size];
  return tensor(call.solver.shape(known(dims)), tensorOf(call, "input").dtype, "torch");
}

export function wrongRank(call: Call, shape: Shape, ranks = "3 or 2"): Problem {
  const told = shown(call, "input", shape);
  return problem("input-rank", {
    parameters: ["input"],
    message: (name) => `${name("self")} takes ${ranks} dimensions but gets ${told(name)}.`,
  });
}

export function wrongFeatures(
  call: Call,
  shape: Shape,
  features: Dim,
  verdict: Parameters<typeof problem>[1]["verdict"],
): Problem {
  const told = shown(call, "input", shape);
  const wanted = shownDim(call, features);
  return problem("rnn-features", {
    verdict: verdict ?? null,
    parameters: ["input"],
    message: (name) => `${name("self")} takes (…, ${wanted}) but gets ${told(name)}.`,
  });
}

/** Every layer and direction has a matrix for its input and one for its state, for each gate. */
function weightsOf(made: Bound, gates: number): Readonly<Record<string, Shape | null>> | null {
  const layers = numberOf(made.get("num_layers") ?? none);
  const biased = boolOf(made.get("bias") ?? none);
  const sizes = sizesOf(made);
  if (layers === null || layers > 64 || biased === null || sizes === null) return null;
  const both = sizes.directions.key !== constant(1).key;
  const rows = multiply(constant(gates), sizes.hidden);
  const weights: Record<string, Shape | null> = {};
  for (let i = 0; i < layers; i++) {
    const input = i === 0 ? dimArgument(made, "input_size") : multiply(sizes.out, sizes.directions);
    for (const end of both ? [`l${i}`, `l${i}_reverse`] : [`l${i}`]) {
      weights[`weight_ih_${end}`] = known([rows, input]);
      weights[`weight_hh_${end}`] = known([rows, sizes.out]);
      weights[`bias_ih_${end}`] = weights[`bias_hh_${end}`] = biased ? known([rows]) : null;
      if (sizes.out.key !== sizes.hidden.key) weights[`weight_hr_${end}`] = known([sizes.out, sizes.hidden]);
    }
  }
  return weights;
}
