/**
 * Poolings whose windows are not laid side by side: those with random borders, and the inverse of a maximum
 * pooling, which puts the elements back where they were found. Plain windows are in `pool.ts`.
 */
import {
  add,
  asNumber,
  constant,
  multiply,
  rank,
  subtract,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, spreadInts, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, none, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { wrongRank } from "./norm.ts";
import type { Call, Layer, Operator, Problem } from "./operator.ts";
import { withIndices, type Options } from "./pool.ts";
import { isProblem, problem, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";

/** The input with its last dimensions in view, or a problem where it has too few or too many. */
function ranked(call: Call, spatial: number): Shape | Problem {
  const shape = tensorOf(call, "input").shape;
  const count = rank(shape);
  if (count !== null && count !== spatial + 1 && count !== spatial + 2)
    return wrongRank(call, shape, [spatial + 2, spatial + 1]);
  return call.solver.requireAtLeast(shape, spatial + 1) ?? shape;
}

function withSizes(shape: Shape, sizes: readonly Dim[]): Shape {
  return { lead: shape.lead, dims: [...shape.dims.slice(0, -sizes.length), ...sizes] };
}

/** Sizes that are given, or a share of the input's. */
function fractional(call: Call, spatial: number, options: Options): ShapeAnswer {
  const shape = ranked(call, spatial);
  if (isProblem(shape)) return shape;
  if (shape.dims.slice(-spatial - 1).some((dim) => asNumber(dim) === 0)) return empty(call);
  const sizes = shape.dims.slice(-spatial);
  const wanted = options("output_size");
  const given = wanted.kind === "none" ? null : spreadInts(wanted, spatial);
  const results = sizes.map((size, i) =>
    wanted.kind === "none" ? share(size, ratioAt(options("output_ratio"), i)) : (given?.[i] ?? unknownDim()),
  );
  const samples = options("_random_samples");
  const { dtype } = tensorOf(call, "input");
  if (samples.kind === "tensor" && samples.dtype !== null && dtype !== null && samples.dtype !== dtype)
    return otherSamples(samples.dtype, dtype);
  const kernel = spreadInts(options("kernel_size"), spatial);
  for (const [i, result] of results.entries()) {
    const [size, window] = [sizes[i] ?? result, kernel?.[i] ?? null];
    // In three dimensions the last window has to leave something over.
    const reach = subtract(add(result, window ?? constant(1)), constant(spatial === 3 ? 0 : 1));
    if (window !== null && call.solver.less(size, reach) === "yes") return tooLarge(call, size, window);
  }
  return withIndices(call, call.solver.shape(withSizes(shape, results)), options);
}

function empty(call: Call): Problem {
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("window-too-large", {
    parameters: ["input"],
    message: (name) => `There is nothing to pool: the input is ${told(name)}.`,
  });
}

function ratioAt(datum: Datum, place: number): number | null {
  const item = itemsOf(datum)?.[place] ?? datum;
  return item.kind === "float" ? item.value : null;
}

function share(size: Dim, ratio: number | null): Dim {
  const number = asNumber(size);
  return number === null || ratio === null ? unknownDim() : constant(Math.floor(number * ratio));
}

function tooLarge(call: Call, size: Dim, window: Dim): Problem {
  const [n, k] = [shownDim(call, size), shownDim(call, window)];
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("window-too-large", {
    parameters: ["input"],
    message: (name) => `So many windows of ${k} do not fit into ${n}: the input is ${told(name)}.`,
  });
}

function otherSamples(samples: string, input: string): Problem {
  return problem("dtype", {
    parameters: ["input"],
    message: (name) => `\`_random_samples\` is ${samples}, but ${name("input")} is ${input}.`,
  });
}

const FRACTIONAL =
  "kernel_size: any, output_size: any = None, output_ratio: any = None, return_indices: any = False, _random_samples: any = None";

function fractionalPool(spatial: number): readonly (Operator | Layer)[] {
  const name = `fractional_max_pool${spatial}d`;
  const summary = `The greatest elements of windows with random borders, over ${spatial} dimensions.`;
  return [
    ...op({
      names: [`torch.nn.functional.${name}`, `torch.nn.functional.${name}_with_indices`],
      summary,
      call: `input: tensor, ${FRACTIONAL}`,
      shape: (call) =>
        (spatial === 2 ? unlisted(call) : null) ?? fractional(call, spatial, (option) => argument(call, option)),
    }),
    layer({
      names: [`torch.nn.FractionalMaxPool${spatial}d`],
      summary,
      construct: FRACTIONAL,
      call: "input: tensor",
      shape: (made, call) => fractional(call, spatial, (option) => made.get(option) ?? none),
    }),
  ];
}

/** Over two dimensions the function, unlike the layer, wants a ratio for each of them. */
function unlisted(call: Call): Problem | null {
  const [size, ratio] = [argument(call, "output_size"), argument(call, "output_ratio")];
  if (size.kind !== "none" || ratio.kind !== "float") return null;
  return problem("argument", {
    blame: "output_ratio",
    message: () => "`output_ratio` needs a number for each dimension.",
  });
}

export const fractionalMaxPools = [2, 3].flatMap(fractionalPool);

/** (size - 1) · stride + kernel - 2 · padding, unless the size is given. */
function unpooled(call: Call, spatial: number, options: Options): ShapeAnswer {
  const shape = ranked(call, spatial);
  if (isProblem(shape)) return shape;
  if (shape.dims.slice(-spatial - 1).some((dim) => asNumber(dim) === 0)) return empty(call);
  const verdict = call.solver.requireShapes(tensorOf(call, "indices").shape, shape, call.cause);
  if (verdict.answer === "no") {
    const [input, indices] = [shown(call, "input", shape), shown(call, "indices", tensorOf(call, "indices"))];
    return problem("index-sizes", {
      verdict,
      parameters: ["input", "indices"],
      message: (name) => `Every element of ${input(name)} needs an index; ${indices(name)} has another shape.`,
    });
  }
  const kernel = spreadInts(options("kernel_size"), spatial);
  const given = options("stride");
  const stride = given.kind === "none" || itemsOf(given)?.length === 0 ? kernel : spreadInts(given, spatial);
  const padding = spreadInts(options("padding"), spatial);
  const results = shape.dims.slice(-spatial).map((size, i) => {
    const [k, s, p] = [kernel?.[i] ?? null, stride?.[i] ?? null, padding?.[i] ?? null];
    if (k === null || s === null || p === null) return unknownDim();
    const reach = add(multiply(subtract(size, constant(1)), s), k);
    return subtract(reach, multiply(p, constant(2)));
  });
  const wanted = argument(call, "output_size");
  const sizes = wanted.kind === "none" ? results : asked(wanted, results, stride);
  if (sizes === null || sizes.some((dim) => (asNumber(dim) ?? 0) < 0)) return wrongSizes(call, results);
  return call.solver.shape(withSizes(shape, sizes));
}

/** The sizes asked for, perhaps behind those of batch and channels; null where they are too far from the usual ones. */
function asked(wanted: Datum, usual: readonly Dim[], stride: readonly (Dim | null)[] | null): readonly Dim[] | null {
  const items = itemsOf(wanted);
  if (items === null) return usual.map(() => unknownDim());
  if (items.length !== usual.length && items.length !== usual.length + 2) return null;
  const sizes = items.slice(-usual.length).map((item) => dimOf(item) ?? unknownDim());
  const far = sizes.some((size, i) => {
    const [own, step] = [usual[i], stride?.[i] ?? null];
    const [n, m, s] = [size, own ?? size, step ?? unknownDim()].map(asNumber);
    return typeof n === "number" && typeof m === "number" && typeof s === "number" && Math.abs(n - m) >= s;
  });
  return far ? null : sizes;
}

function wrongSizes(call: Call, usual: readonly Dim[]): Problem {
  const sizes = usual.map((dim) => shownDim(call, dim)).join("×");
  return problem("argument", {
    blame: "output_size",
    message: () => `\`output_size\` must be less than one stride away from ${sizes}.`,
  });
}

const UNPOOL = "kernel_size: any, stride: any = None, padding: any = 0";

function unpool(spatial: number): readonly (Operator | Layer)[] {
  const summary = `Puts the elements of a maximum pooling over ${spatial} dimensions back to where they were.`;
  return [
    ...op({
      names: [`torch.nn.functional.max_unpool${spatial}d`],
      summary,
      call: `input: tensor, indices: tensor, ${UNPOOL}, output_size: any = None`,
      shape: (call) => unpooled(call, spatial, (option) => argument(call, option)),
    }),
    layer({
      names: [`torch.nn.MaxUnpool${spatial}d`],
      summary,
      construct: UNPOOL,
      call: "input: tensor, indices: tensor, output_size: any = None",
      shape: (made, call) => unpooled(call, spatial, (option) => made.get(option) ?? unknown),
    }),
  ];
}

export const maxUnpools = [1, 2, 3].flatMap(unpool);
