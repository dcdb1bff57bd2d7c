/**
 * Padding: elements before and after the last dimensions, constant or taken from the tensor itself. What is taken
 * from the tensor must be there, so that each mode has a rule of its own.
 */
import { add, asNumber, constant, multiply, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import type { Call, Layer, Problem } from "./operator.ts";
import { problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";

const MODES = ["constant", "reflect", "replicate", "circular"] as const;
type Mode = (typeof MODES)[number];

/** How much stands before and after a dimension; negative amounts take elements away. */
type Amounts = readonly [Dim | null, Dim | null];

/** Pairs of numbers (before, after) for the last dimension, the one before it, and so on. */
function padded(call: Call, amounts: Datum, mode: Mode | null): ShapeAnswer {
  const items = itemsOf(amounts);
  if (items === null) return null;
  if (items.length % 2 !== 0) return refuse(call, "`pad` needs two numbers for each dimension");
  const pairs = Array.from({ length: items.length / 2 }, (_, i): Amounts => {
    const [before, after] = [items[2 * i], items[2 * i + 1]];
    return [dimOf(before ?? unknown), dimOf(after ?? unknown)];
  });
  const shape = tensorOf(call, "input").shape;
  const wide = call.solver.requireAtLeast(shape, pairs.length);
  if (wide === null) return refuse(call, `\`pad\` names ${pairs.length} dimensions, and the input has fewer`);
  const sized = enlarged(wide, pairs);
  const wrong = mode === null ? null : modeProblem(call, wide, sized, pairs, mode);
  return wrong ?? call.solver.shape(sized);
}

function enlarged(shape: Shape, pairs: readonly Amounts[]): Shape {
  const dims = shape.dims.map((dim, i): Dim => {
    const pair = pairs[shape.dims.length - 1 - i];
    if (pair === undefined) return dim;
    const [before, after] = pair;
    return before === null || after === null ? unknownDim() : add(dim, add(before, after));
  });
  return { lead: shape.lead, dims };
}

function refuse(call: Call, why: string): Problem {
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("argument", { parameters: ["input"], message: (name) => `${why}: it is ${told(name)}.` });
}

/** Only numbers tell how far the elements of the tensor reach. */
function modeProblem(call: Call, shape: Shape, sized: Shape, pairs: readonly Amounts[], mode: Mode): Problem | null {
  const count = rank(shape);
  if (mode !== "constant" && count !== null && count !== pairs.length + 1 && count !== pairs.length + 2)
    return refuse(call, `Padding of ${pairs.length} dimensions by \`"${mode}"\` takes one or two dimensions more`);
  for (const [i, pair] of pairs.entries()) {
    const [size, result] = [shape.dims.at(-1 - i), sized.dims.at(-1 - i)].map((dim) => (dim ? asNumber(dim) : null));
    const [before, after] = pair.map((dim) => (dim === null ? null : asNumber(dim)));
    if (typeof size !== "number" || typeof before !== "number" || typeof after !== "number") continue;
    if (!fits(mode, size, before, after, result ?? 0)) return refuse(call, `\`"${mode}"\` cannot pad so much`);
  }
  if (mode !== "reflect" && mode !== "replicate") return null;
  const without = shape.dims.slice(-pairs.length - 1).some((dim) => asNumber(dim) === 0);
  const vanishing = sized.dims.slice(-pairs.length).every((dim) => (asNumber(dim) ?? 1) < 1);
  return without || vanishing ? refuse(call, "There is nothing to pad with, or nothing left") : null;
}

function fits(mode: Mode, size: number, before: number, after: number, result: number): boolean {
  switch (mode) {
    case "constant":
      return size + Math.min(before, 0) + Math.min(after, 0) >= 0;
    case "reflect":
      return before < size && after < size && result >= 0;
    case "replicate":
      return result >= 0;
    case "circular":
      return before <= size && after <= size && result >= 0;
    default:
      return mode satisfies never;
  }
}

function modeOf(datum: Datum): Mode | Problem | null {
  if (datum.kind !== "string" || datum.value === null) return null;
  const mode = MODES.find((one) => one === datum.value);
  const modes = MODES.map((one) => `\`"${one}"\``).join(", ");
  return mode ?? problem("argument", { blame: "mode", message: () => `\`mode\` can be ${modes}.` });
}

export const pad = op({
  names: ["torch.nn.functional.pad", "torch.constant_pad_nd"],
  summary: "Adds elements before and after the last dimensions.",
  call: {
    "torch.nn.functional": 'input: tensor, pad: ints, mode: any = "constant", value: any = None',
    torch: "input: tensor, pad: ints, value: any = 0",
  },
  shape: (call) => {
    const mode = call.args.has("mode") ? modeOf(argument(call, "mode")) : "constant";
    if (mode !== null && typeof mode !== "string") return mode;
    return padded(call, argument(call, "pad"), mode);
  },
});

const KINDS: Readonly<Record<string, Mode>> = {
  Zero: "constant",
  Constant: "constant",
  Reflection: "reflect",
  Replication: "replicate",
  Circular: "circular",
};

function padLayer(kind: string, mode: Mode, count: number): Layer {
  return layer({
    names: [`torch.nn.${kind}Pad${count}d`],
    summary: "Adds elements before and after the last dimensions.",
    construct: `padding: any${kind === "Constant" ? ", value: any" : ""}`,
    call: "input: tensor",
    shape: (made, call) => {
      const padding = made.get("padding") ?? unknown;
      const items = itemsOf(padding) ?? Array.from({ length: 2 * count }, () => padding);
      return padded(call, { kind: "tuple", items }, mode);
    },
  });
}

export const padLayers: readonly Layer[] = Object.entries(KINDS).flatMap(([kind, mode]) =>
  [1, 2, 3].map((count) => padLayer(kind, mode, count)),
);

/** What a convolution pads by itself, in a mode other than zeros; the amounts are the same on both sides. */
export function paddedBy(call: Call, mode: string, amounts: readonly (Dim | null)[]): Problem | null {
  const found = MODES.find((one) => one === mode);
  if (found === undefined || found === "constant") return null;
  const pairs = amounts.toReversed().map((dim): Amounts => [dim, dim]);
  const { shape } = tensorOf(call, "input");
  const wide = call.solver.requireAtLeast(shape, pairs.length) ?? shape;
  return modeProblem(call, wide, enlarged(wide, pairs), pairs, found);
}

export const numpyPad = op({
  names: ["numpy.pad"],
  summary: "Adds elements before and after every dimension.",
  call: 'array as input: tensor, pad_width: any, mode: any = "constant", **options',
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const width = argument(call, "pad_width");
    const pairs = itemsOf(width);
    if (shape.lead !== null) return null;
    const whole = dimOf(width);
    const twice = (amount: Dim): Dim => multiply(amount, constant(2));
    if (whole !== null) return { lead: null, dims: shape.dims.map((dim) => add(dim, twice(whole))) };
    const each = (pairs === null ? null : sidesOfEach(pairs, shape.dims.length)) ?? [];
    if (pairs === null || each.length !== shape.dims.length || each.some((pair) => pair?.length !== 2)) return null;
    return {
      lead: null,
      dims: shape.dims.map((dim, i) => {
        const [before, after] = each[i] ?? [];
        return before === null || before === undefined || after === null || after === undefined
          ? unknownDim()
          : add(dim, add(before, after));
      }),
    };
  },
});

/** One pair of amounts stands for every dimension, and so does one amount. */
function sidesOfEach(items: readonly Datum[], count: number): readonly (readonly (Dim | null)[])[] | null {
  const pairs = items.map((item) => itemsOf(item)?.map(dimOf) ?? null);
  if (pairs.every((pair) => pair !== null)) {
    const [only] = pairs;
    const both = only?.length === 1 ? [only[0] ?? null, only[0] ?? null] : only;
    return pairs.length === 1 && both !== undefined ? Array.from({ length: count }, () => both) : pairs;
  }
  const flat = items.map(dimOf);
  const sides = flat.length === 1 ? [flat[0] ?? null, flat[0] ?? null] : flat;
  return sides.length === 2 && !sides.includes(null) ? Array.from({ length: count }, () => sides) : null;
}
