/**
 * Interpolation: everything behind batch and channels is brought to a size, or multiplied by a factor.
 */
import { asNumber, constant, floorDivide, multiply, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { spreadInts, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, none, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { inFunctional } from "./names.ts";
import { wrongRank } from "./norm.ts";
import type { Bound, Call, Layer, Problem } from "./operator.ts";
import { problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";

/** How many dimensions of space a mode takes, where it does not take any number of them. */
const SPATIAL: Readonly<Partial<Record<string, number>>> = { linear: 1, bilinear: 2, bicubic: 2, trilinear: 3 };

/** (N, C, …): what stands behind the channels is resized. */
function resized(call: Call, options: Bound): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const count = rank(shape);
  if (count === null) return null;
  if (count < 3 || count > 5) return wrongRank(call, shape, [3, 4, 5], "input");
  const spatial = count - 2;
  const mode = modeOf(call, options);
  const wrong = unfit(options, mode, spatial) ?? unsaid(options);
  if (wrong !== null) return wrong;
  const sizes = sizesFor(shape, options, spatial);
  if (sizes === null) return refuse(call, `names another number of sizes than the ${spatial} of the input`);
  return empty(call, shape, sizes, mode) ?? { lead: null, dims: [...shape.dims.slice(0, 2), ...sizes] };
}

function modeOf(call: Call, options: Bound): string | null {
  if (call.name.includes("bilinear") || call.name.includes("Bilinear")) return "bilinear";
  const mode = options.get("mode");
  if (mode === undefined) return "nearest";
  return mode.kind === "string" ? mode.value : null;
}

function unfit(options: Bound, mode: string | null, spatial: number): Problem | null {
  if (mode === null) return null;
  const wanted = SPATIAL[mode];
  if (wanted !== undefined && wanted !== spatial) {
    return problem("argument", {
      blame: "mode",
      message: () => `\`mode="${mode}"\` takes ${wanted + 2} dimensions, but the input has ${spatial + 2}.`,
    });
  }
  const aligned = options.get("align_corners") ?? none;
  if (wanted !== undefined || aligned.kind !== "bool") return null;
  return problem("argument", {
    blame: "align_corners",
    message: () => `\`align_corners\` has no meaning for \`mode="${mode}"\`.`,
  });
}

/** Either a size or a factor must be given, and not both. */
function unsaid(options: Bound): Problem | null {
  const [size, factor] = [options.get("size") ?? none, options.get("scale_factor") ?? none];
  if (size.kind === "unknown" || factor.kind === "unknown") return null;
  const recomputed = options.get("recompute_scale_factor") ?? none;
  const explicit = size.kind !== "none" && recomputed.kind === "bool" && recomputed.value === true;
  if ((size.kind === "none") !== (factor.kind === "none") && !explicit) return null;
  return problem("argument", { message: () => "Resizing needs either `size` or `scale_factor`." });
}

/** The sizes of space, null where there are more or fewer than the input has. */
function sizesFor(shape: Shape, options: Bound, spatial: number): readonly Dim[] | null {
  const [size, factor] = [options.get("size") ?? none, options.get("scale_factor") ?? none];
  const given = itemsOf(size.kind === "none" ? factor : size);
  if (given !== null && given.length !== spatial) return null;
  if (size.kind !== "none") {
    const sizes = spreadInts(size, spatial);
    return Array.from({ length: spatial }, (_, i) => sizes?.[i] ?? unknownDim());
  }
  return shape.dims.slice(2).map((dim, i) => scaled(dim, given === null ? factor : (given[i] ?? unknown)));
}

function scaled(dim: Dim, factor: Datum): Dim {
  const whole = dimOf(factor);
  if (whole !== null) return multiply(dim, whole);
  const number = asNumber(dim);
  if (factor.kind !== "float" || factor.value === null) return unknownDim();
  if (Number.isInteger(factor.value)) return multiply(dim, constant(factor.value));
  if (number !== null) return constant(Math.floor(number * factor.value));
  const inverse = 1 / factor.value;
  return Number.isInteger(inverse) && factor.value > 0 ? floorDivide(dim, constant(inverse)) : unknownDim();
}

/** Nothing can be resized, and nothing can be resized to nothing, but that means over areas can be empty. */
function empty(call: Call, shape: Shape, sizes: readonly Dim[], mode: string | null): Problem | null {
  const zero = (dim: Dim | undefined): boolean => dim !== undefined && asNumber(dim) === 0;
  // A mean over everything can be one over nothing.
  if (mode === "area" && sizes.every((dim) => asNumber(dim) === 1)) return null;
  const without = shape.dims.slice(2).some(zero) || (mode !== "area" && mode !== null && zero(shape.dims[1]));
  const vanishing = mode !== "area" && mode !== null && sizes.some((dim) => (asNumber(dim) ?? 1) < 1);
  return without || vanishing ? refuse(call, "needs sizes greater than 0") : null;
}

function refuse(call: Call, why: string): Problem {
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `Resizing ${why}: the input is ${told(name)}.`,
  });
}

export const interpolate = op({
  names: inFunctional("interpolate", "upsample", "upsample_nearest", "upsample_bilinear"),
  summary: "Resizes everything behind batch and channels, to a size or by a factor.",
  call: 'input: tensor, size: any = None, scale_factor: any = None, mode: any = "nearest", align_corners: any = None, recompute_scale_factor: any = None, antialias: any = False',
  shape: (call) => resized(call, call.args),
});

const SIZES = "size: any = None, scale_factor: any = None";

export const upsamplings: readonly Layer[] = ["Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d"].map((name) =>
  layer({
    names: [`torch.nn.${name}`],
    summary: "Resizes everything behind batch and channels, to a size or by a factor.",
    construct:
      name === "Upsample"
        ? `${SIZES}, mode: any = "nearest", align_corners: any = None, recompute_scale_factor: any = None`
        : SIZES,
    call: "input: tensor",
    shape: (made, call) => resized({ ...call, name }, made),
  }),
);
