/**
 * PyTorch's random draws by weights and means that a tensor holds. The plain ones are in `create.ts`, NumPy's in
 * `draws.ts`.
 */
import { rank, unknownDim, type Dim, type Shape, asNumber } from "../shapes/index.ts";
import { argument, boolArgument, tensorOf } from "./arguments.ts";
import { dimOf } from "./datum.ts";
import { op } from "./declare.ts";
import { always } from "./dtype-rules.ts";
import { inTorch } from "./names.ts";
import { wholeNumbers } from "./matrices.ts";
import type { Call, Problem } from "./operator.ts";
import { otherRank, problem, shown, shownDim } from "./problems.ts";

export const multinomial = op({
  names: inTorch("multinomial"),
  summary: "Indices drawn by the weights in the last dimension.",
  call: "input: tensor, num_samples: int, replacement: bool = False, *, generator: any = None, out: any = None",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const count = rank(shape);
    if (count !== null && count !== 1 && count !== 2) return otherRank(call, "input", shape, "1 or 2 dimensions");
    const wide = call.solver.requireAtLeast(shape, 1);
    const size = wide?.dims.at(-1);
    if (wide === null || size === undefined) return null;
    const samples = dimOf(argument(call, "num_samples")) ?? unknownDim();
    if ((asNumber(samples) ?? 1) < 1) return tooMany(call, shape, size, samples);
    const wrong = wholeNumbers(call);
    if (wrong !== null) return wrong;
    if (boolArgument(call, "replacement") === false && call.solver.less(size, samples) === "yes")
      return tooMany(call, shape, size, samples);
    return { lead: wide.lead, dims: [...wide.dims.slice(0, -1), samples] };
  },
  dtype: always("int64"),
});

function tooMany(call: Call, shape: Shape, size: Dim, samples: Dim): Problem {
  const told = shown(call, "input", shape);
  const [wanted, there] = [shownDim(call, samples), shownDim(call, size)];
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `\`multinomial\` cannot draw ${wanted} of ${there} without replacement from ${told(name)}.`,
  });
}

export const poisson = op({
  names: ["torch.poisson"],
  summary: "Random counts, of which the tensor holds the means.",
  call: "input: tensor, *, generator: any = None",
  shape: (call) => tensorOf(call, "input").shape,
});
