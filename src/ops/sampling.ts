/**
 * Images sampled at the places of a grid, and the grids that affine maps make.
 */
import { asNumber, constant, known, rank, unknownDim, type Verdict } from "../shapes/index.ts";
import { argument, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { same } from "./dtype-rules.ts";
import { mixedTypes } from "./matmul.ts";
import type { Call, Problem } from "./operator.ts";
import { otherRank, problem, shown } from "./problems.ts";

/** (N, C, …) at the places (N, …, 2), or (N, …, 3) in space. */
function sampled(call: Call): ShapeAnswer {
  const [input, grid] = [tensorOf(call, "input").shape, tensorOf(call, "grid").shape];
  const [count, other] = [rank(input), rank(grid)];
  if (count === null || other === null) return null;
  if (count !== 4 && count !== 5) return otherRank(call, "input", input, "4 or 5 dimensions");
  if (other !== count || input.dims.slice(2).some((dim) => asNumber(dim) === 0)) return unfit(call, null);
  const [batch, last] = [grid.dims[0] ?? unknownDim(), grid.dims.at(-1) ?? unknownDim()];
  const verdict = call.solver.require(input.dims[0] ?? unknownDim(), batch, call.cause);
  if (verdict.answer === "no") return unfit(call, verdict);
  const places = call.solver.require(last, constant(count - 2), call.cause);
  if (places.answer === "no") return unfit(call, places);
  const mixed = mixedTypes(call, ["input", "grid"]);
  return mixed ?? call.solver.shape(known([...input.dims.slice(0, 2), ...grid.dims.slice(1, -1)]));
}

function unfit(call: Call, verdict: Verdict | null): Problem {
  const [input, grid] = [shown(call, "input", tensorOf(call, "input")), shown(call, "grid", tensorOf(call, "grid"))];
  return problem("input-rank", {
    verdict,
    parameters: ["input", "grid"],
    message: (name) =>
      `A grid (N, H, W, 2) samples images (N, C, …, …), and (N, D, H, W, 3) volumes; ${grid(name)} does not fit ${input(name)}.`,
  });
}

export const gridSample = op({
  names: ["torch.nn.functional.grid_sample", "torch.grid_sampler", "torch.grid_sampler_2d", "torch.grid_sampler_3d"],
  summary: "Samples an image at the places of a grid.",
  call: {
    "torch.nn.functional":
      "input: tensor, grid: tensor, mode: any = None, padding_mode: any = None, align_corners: any = None",
    torch: "input: tensor, grid: tensor, interpolation_mode: any, padding_mode: any, align_corners: any",
  },
  shape: sampled,
  dtype: same(),
});

/** Maps (N, 2, 3) of images, (N, 3, 4) of volumes. */
export const affineGrid = op({
  names: ["torch.nn.functional.affine_grid", "torch.affine_grid_generator"],
  summary: "The places that an affine map takes a grid to.",
  call: {
    "torch.nn.functional": "theta as input: tensor, size: ints, align_corners: any = None",
    torch: "theta as input: tensor, size: ints, align_corners: any",
  },
  shape: (call) => {
    const sizes = itemsOf(argument(call, "size"))?.map((size) => dimOf(size) ?? unknownDim());
    if (sizes === undefined) return null;
    if (sizes.length !== 4 && sizes.length !== 5) {
      return problem("argument", { message: () => `\`size\` needs 4 or 5 numbers; it has ${sizes.length}.` });
    }
    const spatial = sizes.length - 2;
    const maps = known([sizes[0] ?? unknownDim(), constant(spatial), constant(spatial + 1)]);
    const verdict = call.solver.requireShapes(tensorOf(call, "input").shape, maps, call.cause);
    if (verdict.answer === "no") return wrongMaps(call, spatial, verdict);
    return call.solver.shape(known([...maps.dims.slice(0, 1), ...sizes.slice(2), constant(spatial)]));
  },
});

function wrongMaps(call: Call, spatial: number, verdict: Verdict): Problem {
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("input-rank", {
    verdict,
    parameters: ["input"],
    message: (name) =>
      `Affine maps of ${spatial} dimensions are (N, ${spatial}, ${spatial + 1}); ${told(name)} are none.`,
  });
}
