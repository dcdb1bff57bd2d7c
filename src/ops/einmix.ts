/**
 * The layer `EinMix` of einops, whose pattern is a product with a weight: `EinMix("b t c -> b t d", "c d", c=8, d=16)`.
 * How patterns are read and matched is in `verbs/pattern.ts`.
 */
import { asNumber, constant, unknownDim, type Dim, type Shape, type Verdict } from "../shapes/index.ts";
import { tensorOf, textArgument } from "./arguments.ts";
import { unknown } from "./datum.ts";
import { layer, type ShapeAnswer } from "./declare.ts";
import { einopsLengths, einopsShape, toldOfPattern } from "./einops.ts";
import type { Bound, Call, Problem } from "./operator.ts";
import { isProblem, problem, shownDim } from "./problems.ts";
import { matchLeft, namesOf, parsePattern, type Pattern, type Sizes } from "./verbs/pattern.ts";

/** What the constructor is told: names of the weight and the bias, and the lengths of names. */
interface Mixture {
  readonly text: string;
  readonly pattern: Pattern;
  readonly weight: readonly string[];
  readonly bias: readonly string[];
  readonly lengths: ReadonlyMap<string, Dim | null>;
}

/** Null where a part is open. */
function mixtureOf(made: Bound): Mixture | null {
  const text = textArgument(made, "pattern");
  const pattern = text === null ? null : parsePattern(text);
  const [weight, bias] = [plainNames(made, "weight_shape"), plainNames(made, "bias_shape")];
  const options = made.get("axes_lengths") ?? unknown;
  if (text === null || pattern === null || weight === null || bias === null || options.kind !== "record") return null;
  return { text, pattern, weight, bias, lengths: einopsLengths(options) };
}

function plainNames(made: Bound, parameter: string): readonly string[] | null {
  if (made.get(parameter)?.kind === "none") return [];
  const names = textArgument(made, parameter)?.split(/\s+/).filter(Boolean) ?? null;
  return names !== null && names.length > 0 && names.every((name) => /^[A-Za-z_]\w*$/.test(name)) ? names : null;
}

function impossible(made: Bound): Problem | null {
  const mixture = mixtureOf(made);
  const reason = mixture === null ? null : mistake(mixture);
  if (mixture === null || reason === null) return null;
  return problem("einops", { message: () => `The pattern \`${mixture.text}\` ${reason}.` });
}

/** Every name of the weight and the bias has its place in the pattern, and a length. */
function mistake({ pattern, weight, bias, lengths }: Mixture): string | null {
  const named = (side: Pattern["left"]): readonly string[] => namesOf(side).filter((name) => !/^\d+$/.test(name));
  const [left, right] = [named(pattern.left), named(pattern.right)];
  const twice = [left, right, weight].flatMap((names) => names.filter((name, i) => names.indexOf(name) !== i));
  if (twice.length > 0) return `has \`${twice[0]}\` twice`;
  const foreign = right.find((name) => name !== "…" && !left.includes(name) && !weight.includes(name));
  if (foreign !== undefined) return `has \`${foreign}\` only on the right, and the weight lacks it`;
  if (left.includes("…") !== right.includes("…")) return "has dots on one side only";
  const early = bias.find((name) => right.indexOf(name) < right.indexOf("…"));
  if (early !== undefined && right.includes(early)) return `has \`${early}\` of the bias before the dots`;
  const open = [...weight, ...bias].find((name) => !lengths.has(name));
  if (open !== undefined) return `leaves the size of \`${open}\` open`;
  const idle = [...lengths.keys()].find((name) => !left.includes(name) && !weight.includes(name));
  const useless = weight.find((name) => !left.includes(name) && !right.includes(name));
  const absent = idle ?? useless ?? bias.find((name) => !right.includes(name));
  return absent === undefined ? null : `has no \`${absent}\``;
}

function mixed(made: Bound, call: Call): ShapeAnswer {
  const mixture = mixtureOf(made);
  if (mixture === null || mistake(mixture) !== null) return { value: unknown };
  const { text, pattern, lengths } = mixture;
  const input = tensorOf(call, "tensor");
  // Only where it takes dimensions apart, the input is held against the lengths of names that the weight lacks.
  const apart = pattern.left.some(({ parts: [name = "1", ...more] }) => name === "1" || more.length > 0);
  const sizes = matchLeft(call, input.shape, pattern.left, apart ? lengths : new Map());
  const weighed = sizes === null || isProblem(sizes) || apart ? sizes : stretched(call, mixture, sizes);
  if (isProblem(weighed)) return toldOfPattern(call, weighed, text, input);
  return weighed === null ? { value: unknown } : einopsShape(call, pattern, weighed, lengths);
}

/** In the product with the weight a dimension of 1 is stretched; the bias is added in place, and stretches nothing. */
function stretched(call: Call, { weight, bias, lengths }: Mixture, { named, rest }: Sizes): Sizes | Problem {
  const sizes = new Map<string, Dim>();
  for (const [name, dim] of named) {
    const length = lengths.get(name) ?? null;
    if (weight.includes(name)) {
      const joined = length === null ? null : call.solver.broadcastDim(dim, length, call.cause);
      if (length !== null && joined?.verdict.answer === "no") return notEqual(call, name, dim, length, joined.verdict);
      const certain = (asNumber(dim) ?? 1) !== 1;
      sizes.set(name, joined?.dim ?? (certain ? dim : unknownDim()));
    } else {
      const added = bias.includes(name) && length !== null && asNumber(length) !== 1;
      if (added && call.solver.compare(dim, length) === "no") return notEqual(call, name, dim, length);
      sizes.set(name, dim);
    }
  }
  return { named: sizes, rest };
}

function notEqual(call: Call, name: string, dim: Dim, length: Dim, verdict: Verdict | null = null): Problem {
  const [size, wanted] = [shownDim(call, dim), shownDim(call, length)];
  return problem("einops", {
    verdict,
    message: () => `needs ${wanted} for \`${name}\`, and the dimension has ${size}`,
  });
}

function weightShape({ weight, lengths }: Mixture): Shape {
  return { lead: null, dims: weight.map((name) => lengths.get(name) ?? unknownDim()) };
}

/** The bias has all dimensions that the right side names, of size 1 where it does not name them itself. */
function biasShape({ pattern, bias, lengths }: Mixture): Shape | null {
  if (bias.length === 0) return null;
  const names = namesOf(pattern.right).filter((name) => name !== "…" && !/^\d+$/.test(name));
  const dims = names.map((name) => (bias.includes(name) ? (lengths.get(name) ?? unknownDim()) : constant(1)));
  return { lead: null, dims };
}

export const EinMix = layer({
  names: ["einops.layers.torch.EinMix"],
  summary: "A linear layer whose pattern says which dimensions are multiplied with a weight.",
  construct: "pattern: string, weight_shape: string, bias_shape: string = None, **axes_lengths",
  call: "tensor: tensor",
  check: impossible,
  shape: mixed,
  weights: (made) => {
    const mixture = mixtureOf(made);
    return mixture === null ? null : { weight: weightShape(mixture), bias: biasShape(mixture) };
  },
});
