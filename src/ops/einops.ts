/**
 * einops: `rearrange`, `reduce`, `repeat` and their layers. A pattern names the parts of every dimension; the
 * names on its left side stand for sizes, those on the right say where they go. How patterns are read and matched is
 * in `verbs/pattern.ts`.
 */
import { constant, product, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, readTensor, textArgument } from "./arguments.ts";
import { dimOf, itemsOf, tensor, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import type { Bound, Call, Layer, Operator, Problem } from "./operator.ts";
import { isProblem, problem, shown } from "./problems.ts";
import type { Datum, Tensor } from "./value.ts";
import { agreeing } from "./verbs/join.ts";
import { matchLeft, namesOf, parsePattern, type Pattern, type Sizes } from "./verbs/pattern.ts";

type Kind = "rearrange" | "reduce" | "repeat";
type Lengths = ReadonlyMap<string, Dim | null>;

function rearranged(call: Call, kind: Kind): ShapeAnswer {
  const text = textArgument(call.args, "pattern");
  const pattern = text === null ? null : parsePattern(text);
  const input = inputOf(call);
  if (isProblem(input)) return input;
  if (text === null || pattern === null) return { value: unknown };
  const lengths = einopsLengths(argument(call, "lengths"));
  const wrong = namesProblem(pattern, kind, lengths);
  if (wrong !== null) return toldOfPattern(call, wrong, text, input);
  const sizes = matchLeft(call, input.shape, pattern.left, lengths);
  if (isProblem(sizes)) return toldOfPattern(call, sizes, text, input);
  const shape = sizes === null ? null : einopsShape(call, pattern, sizes, lengths);
  return shape === null ? { value: unknown } : { value: tensor(shape, input.dtype, input.library) };
}

/** The lengths that keywords give; null for one that is no known integer. */
export function einopsLengths(options: Datum): Lengths {
  if (options.kind !== "record") return new Map();
  return new Map([...options.fields].map(([name, value]): [string, Dim | null] => [name, dimOf(value)]));
}

/** A list of tensors counts as one tensor with a new first dimension. */
function inputOf(call: Call): Tensor | Problem {
  const datum = argument(call, "tensor");
  const items = datum.kind === "list" ? (itemsOf(datum) ?? []) : [];
  const parts = items.map((item) => readTensor(call, item));
  const [first] = parts;
  if (first === undefined) return readTensor(call, datum);
  const shapes = parts.map(({ shape }) => shape);
  const shape = agreeing(call, shapes, "tensor");
  if (isProblem(shape)) return shape;
  if (shape.lead !== null) return readTensor(call, unknown);
  return tensor({ lead: null, dims: [constant(parts.length), ...shape.dims] }, first.dtype, first.library);
}

/** The right side must use the names of the left: all of them, some of them, or all of them and new ones with lengths. */
function namesProblem({ left, right }: Pattern, kind: Kind, lengths: Lengths): Problem | null {
  const isName = (name: string): boolean => !/^\d+$/.test(name);
  const [here, there] = [namesOf(left).filter(isName), namesOf(right).filter(isName)];
  const twice = [here, there].flatMap((names) => names.filter((name, i) => names.indexOf(name) !== i));
  const lost = kind === "reduce" ? [] : here.filter((name) => !there.includes(name));
  const fresh = there.filter((name) => !here.includes(name) && !(kind === "repeat" && lengths.has(name)));
  const [name] = [...twice, ...lost, ...fresh];
  if (name === undefined) return idleName(left, right, kind, lengths);
  const sentence = twice.length > 0 ? "twice on one side" : `only on the ${lost.length > 0 ? "left" : "right"}`;
  return problem("einops", { message: () => `has \`${name}\` ${sentence}` });
}

/** Lengths are of names in the pattern; other numbers than 1 may only be what is reduced away or repeated. */
function idleName(left: Pattern["left"], right: Pattern["right"], kind: Kind, lengths: Lengths): Problem | null {
  const all = [...namesOf(left), ...namesOf(right)];
  const idle = [...lengths.keys()].find((name) => !all.includes(name));
  const sides = { rearrange: all, reduce: namesOf(right), repeat: namesOf(left) }[kind];
  const number = sides.find((name) => /^\d+$/.test(name) && name !== "1");
  if (idle !== undefined) return problem("einops", { message: () => `has no \`${idle}\`` });
  return number === undefined
    ? null
    : problem("einops", { message: () => `has a dimension of ${number} that has no name` });
}

export function toldOfPattern(call: Call, found: Problem, text: string, input: Tensor): Problem {
  const shape = shown(call, "tensor", input);
  return {
    ...found,
    parameters: ["tensor"],
    message: (name) => `The pattern \`${text}\` ${found.message(name)}; it gets ${shape(name)}.`,
  };
}

/** The shape that the right side of a pattern makes of the sizes. */
export function einopsShape(call: Call, { right }: Pattern, sizes: Sizes, lengths: Lengths): Shape | null {
  const dims: Dim[] = [];
  let lead: Shape["lead"] = null;
  for (const { parts, inParentheses } of right) {
    const open = parts.includes("…") && sizes.rest.lead !== null;
    if (open && (inParentheses || dims.length > 0)) return null;
    if (open) lead = sizes.rest.lead;
    const all = parts.flatMap((part) => partsOf(part, sizes, lengths));
    dims.push(...(inParentheses ? [product(all)] : all));
  }
  return call.solver.shape({ lead, dims });
}

function partsOf(part: string, sizes: Sizes, lengths: Lengths): readonly Dim[] {
  if (part === "…") return sizes.rest.dims;
  if (/^\d+$/.test(part)) return [constant(Number(part))];
  return [sizes.named.get(part) ?? lengths.get(part) ?? unknownDim()];
}

function pattern(kind: Kind, summary: string, more = ""): readonly Operator[] {
  return op({
    names: [`einops.${kind}`],
    summary,
    call: `tensor: any, pattern: string, ${more}**axes_lengths as lengths`,
    shape: (call) => rearranged(call, kind),
  });
}

export const rearrange = pattern("rearrange", "Reorders, splits and merges dimensions as a pattern says.");
export const reduce = pattern(
  "reduce",
  "Reduces the dimensions that the right side of a pattern leaves out.",
  "reduction: any, ",
);
export const repeat = pattern("repeat", "Repeats along the new names on the right side of a pattern.");

function rearrangeLayer(kind: "rearrange" | "reduce", more = ""): Layer {
  const name = kind === "rearrange" ? "Rearrange" : "Reduce";
  return layer({
    names: [`einops.layers.torch.${name}`],
    summary: `\`einops.${kind}\` as a layer.`,
    construct: `pattern: string, ${more}**axes_lengths`,
    call: "tensor: tensor",
    shape: (made, call) => rearranged({ ...call, args: withPattern(made, call) }, kind),
  });
}

function withPattern(made: Bound, call: Call): Bound {
  const [text, lengths] = [made.get("pattern") ?? unknown, made.get("axes_lengths") ?? unknown];
  return new Map([...call.args, ["pattern", text], ["lengths", lengths]]);
}

export const Rearrange = rearrangeLayer("rearrange");
export const Reduce = rearrangeLayer("reduce", "reduction: any, ");
