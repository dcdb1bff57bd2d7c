/**
 * PyTorch's windows to weight signals with: `torch.hann_window` and its kin, and those of `torch.signal.windows`.
 */
import { asNumber, unknownDim } from "../shapes/index.ts";
import { argument, dtypeArgument } from "./arguments.ts";
import { dimOf } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { isFloating, type DType } from "./dtype.ts";
import { defaultFloat, orGiven } from "./dtype-rules.ts";
import type { Call, Operator } from "./operator.ts";
import { problem, shortName } from "./problems.ts";

/** As many weights as asked for, of a type that can hold them. */
function weights(fits: (dtype: DType) => boolean, wanted: string): (call: Call) => ShapeAnswer {
  return (call) => {
    const dtype = dtypeArgument(call.args) ?? null;
    if (dtype !== null && !fits(dtype))
      return problem("dtype", { message: () => `\`${shortName(call)}\` needs ${wanted}; \`dtype\` is ${dtype}.` });
    const n = dimOf(argument(call, "n")) ?? unknownDim();
    if ((asNumber(n) ?? 0) < 0)
      return problem("argument", { message: () => `\`${shortName(call)}\` cannot have ${asNumber(n) ?? 0} weights.` });
    return { lead: null, dims: [n] };
  };
}

export const torchWindow = op({
  names: ["hann", "hamming", "blackman", "bartlett", "kaiser"].map((name) => `torch.${name}_window`),
  summary: "A window to weight a signal with.",
  call: "window_length as n: int, periodic: any = True, *more: any, dtype: dtype = None, layout: any = None, device: any = None, requires_grad: bool = False, pin_memory: bool = False, alpha: any = None, beta: any = None",
  shape: weights(isFloating, "a floating-point type"),
  dtype: orGiven(defaultFloat),
});

const OPTIONS =
  "sym: any = True, dtype: dtype = None, layout: any = None, device: any = None, requires_grad: bool = False";

function signalWindow(names: readonly string[], options: string): readonly Operator[] {
  return op({
    names: names.map((name) => `torch.signal.windows.${name}`),
    summary: "A window to weight a signal with.",
    call: `M as n: int, *, ${options}${OPTIONS}`,
    shape: weights((dtype) => dtype === "float32" || dtype === "float64", "float32 or float64"),
    dtype: orGiven(defaultFloat),
  });
}

export const plainWindow = signalWindow(["bartlett", "blackman", "cosine", "hamming", "hann", "nuttall"], "");
export const exponentialWindow = signalWindow(["exponential"], "center: any = None, tau: any = 1.0, ");
export const gaussianWindow = signalWindow(["gaussian"], "std: any = 1.0, ");
export const kaiserWindow = signalWindow(["kaiser"], "beta: any = 12.0, ");
export const generalHamming = signalWindow(["general_hamming"], "alpha: any = 0.54, ");
export const generalCosine = signalWindow(["general_cosine"], "a: any, ");
