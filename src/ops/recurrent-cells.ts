/**
 * One step of a recurrent network: the cells as layers, and the functions that they call.
 */
import { constant, known, multiply, rank, unknownDim, type Dim, type Shape, type Verdict } from "../shapes/index.ts";
import { argument, dimArgument, tensorOf } from "./arguments.ts";
import { boolOf, itemsOf, none, tensor, tuple } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { needsFloats } from "./linear.ts";
import { exactRank, mixedTypes } from "./matmul.ts";
import type { Bound, Call, Layer, Operator, Problem } from "./operator.ts";
import { problem, shown } from "./problems.ts";
import { costOf, wrongFeatures, wrongRank } from "./recurrent.ts";
import type { Datum } from "./value.ts";

interface Step {
  readonly features: Dim;
  readonly hidden: Dim;
  readonly double: boolean;
  /** What the input and the state are multiplied by. */
  readonly matrices: readonly Shape[];
}

/** (N, features), or (features) of one sample, gives the same with the hidden size; an LSTM gives two of them. */
function stepped(call: Call, { features, hidden, double, matrices }: Step): ShapeAnswer {
  const input = tensorOf(call, "input");
  const wide = call.solver.requireAtLeast(input.shape, 1);
  if (wide === null || (rank(wide) ?? 1) > 2) return wrongRank(call, input.shape, "2 or 1");
  const integers = needsFloats(call);
  if (integers !== null) return integers;
  const verdict = call.solver.require(wide.dims.at(-1) ?? unknownDim(), features, call.cause);
  if (verdict.answer === "no") return wrongFeatures(call, wide, features, verdict);
  const shape = call.solver.shape({ lead: wide.lead, dims: [...wide.dims.slice(0, -1), hidden] });
  const wrong = wrongState(call, shape, double);
  if (wrong !== null) return wrong;
  const state = tensor(call.solver.shape(shape), input.dtype, "torch");
  return { value: double ? tuple([state, state]) : state, cost: costOf(wide, matrices) };
}

/** The state has the shape that the next one will have. */
function wrongState(call: Call, wanted: Shape, double: boolean): Problem | null {
  const given = argument(call, "hx");
  const states: readonly Datum[] = double ? (itemsOf(given) ?? []) : [given];
  for (const state of states) {
    if (state.kind !== "tensor") continue;
    const verdict = call.solver.requireShapes(state.shape, wanted, call.cause);
    if (verdict.answer === "no") return unfit(call, state.shape, wanted, verdict);
  }
  return null;
}

function unfit(call: Call, state: Shape, wanted: Shape, verdict: Verdict): Problem {
  const [told, target] = [state, wanted].map((shape) => shown(call, "", shape)(() => "").trim());
  return problem("rnn-state", {
    verdict,
    parameters: ["hx"],
    message: (name) => `${name("self")} takes a state ${target} but gets ${told}.`,
  });
}

function cell(name: string, gates: number): Layer {
  const nonlinear = name === "RNNCell" ? ', nonlinearity: any = "tanh"' : "";
  return layer({
    names: [`torch.nn.${name}`],
    summary: "One step of a recurrent layer.",
    construct: `input_size: int, hidden_size: int, bias: bool = True${nonlinear}`,
    call: "input: tensor, hx: any = None",
    shape: (made, call) =>
      stepped(call, {
        features: dimArgument(made, "input_size"),
        hidden: dimArgument(made, "hidden_size"),
        double: name === "LSTMCell",
        matrices: matricesOf(made, gates),
      }),
    weights: (made) => {
      const [input = null, state = null] = matricesOf(made, gates);
      const rows = multiply(constant(gates), dimArgument(made, "hidden_size"));
      const bias = boolOf(made.get("bias") ?? none) === false ? null : known([rows]);
      return { weight_ih: input, weight_hh: state, bias_ih: bias, bias_hh: bias };
    },
    notation: "(i)->(h)",
  });
}

/** For the input and for the state, (gates · hidden, features) and (gates · hidden, hidden). */
function matricesOf(made: Bound, gates: number): readonly Shape[] {
  const [input, hidden] = [dimArgument(made, "input_size"), dimArgument(made, "hidden_size")];
  const rows = multiply(constant(gates), hidden);
  return [known([rows, input]), known([rows, hidden])];
}

export const RNNCell = cell("RNNCell", 1);
export const GRUCell = cell("GRUCell", 3);
export const LSTMCell = cell("LSTMCell", 4);

/** The weights tell the sizes: (gates · hidden, features) and (gates · hidden, hidden). */
function cellFunction(name: string): readonly Operator[] {
  return op({
    names: [`torch.${name}`],
    summary: "One step of a recurrent network, with given weights.",
    call: "input: tensor, hx: any, w_ih: tensor, w_hh: tensor, b_ih: any = None, b_hh: any = None",
    shape: (call) => {
      const wrong = ["input", "w_ih", "w_hh"]
        .map((parameter) => exactRank(call, parameter, 2))
        .find((one) => one !== null);
      const mixed = wrong ?? mixedTypes(call, ["input", "w_ih", "w_hh"]);
      if (mixed !== null && mixed !== undefined) return mixed;
      const [features, hidden] = ["w_ih", "w_hh"].map((weight) => widthOf(call, weight));
      return stepped(call, {
        features: features ?? unknownDim(),
        hidden: hidden ?? unknownDim(),
        double: name === "lstm_cell",
        matrices: ["w_ih", "w_hh"].map((weight) => call.solver.shape(tensorOf(call, weight).shape)),
      });
    },
  });
}

function widthOf(call: Call, weight: string): Dim {
  return call.solver.shape(tensorOf(call, weight).shape).dims.at(-1) ?? unknownDim();
}

export const cellFunctions: readonly Operator[] = ["lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"].flatMap(
  cellFunction,
);
