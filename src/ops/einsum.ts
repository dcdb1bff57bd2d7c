/**
 * Einstein summation: reads the equation and joins the sizes that one letter stands for.
 */
import { constant, elementCount, multiply, printShape, product, rank, type Dim, type Shape } from "../shapes/index.ts";
import { argument, libraryOf, readTensor, textArgument } from "./arguments.ts";
import { itemsOf, numberOf, tensor, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { promoteData } from "./dtype-rules.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shownDim } from "./problems.ts";
import type { Datum, Library, Tensor } from "./value.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

export const einsum = op({
  names: ["torch.einsum", "numpy.einsum"],
  summary: "Sums of products, as an equation of letters says.",
  call: "equation: string, *operands: any, **options",
  shape: (call) => {
    const items = itemsOf(argument(call, "operands"));
    const equation = textArgument(call.args, "equation");
    if (items === null) return null;
    if (argument(call, "equation").kind === "tensor") return interleaved(call, [argument(call, "equation"), ...items]);
    if (equation === null) return null;
    const [only] = items;
    const nested = items.length === 1 && only !== undefined && libraryOf(call) === "torch" ? itemsOf(only) : null;
    const operands = only?.kind === "tensor" ? items : (nested ?? items);
    if (operands.some(({ kind }) => kind === "unknown")) return null;
    const parsed = parseEquation(equation);
    return parsed === null ? { value: unknown } : summed(call, equation, parsed, operands);
  },
  dtype: (call) => {
    const items = itemsOf(argument(call, "operands")) ?? [];
    return items.every(({ kind }) => kind === "tensor") && items.length > 0 ? promoteData(call, items) : null;
  },
  playground: "matmul",
});

/** The same with the pattern last and names of any length: "b i d, b j d -> b i j". */
export const einopsEinsum = op({
  names: ["einops.einsum"],
  summary: "Sums of products, as a pattern of named dimensions says.",
  call: "*tensors_and_pattern: any",
  shape: (call) => {
    const items = itemsOf(argument(call, "tensors_and_pattern")) ?? [];
    const [operands, pattern] = [items.slice(0, -1), items.at(-1)];
    const text = pattern?.kind === "string" ? pattern.value : null;
    const equation = text === null ? null : parsePattern(text);
    const whole = text !== null && equation !== null && operands.every(({ kind }) => kind === "tensor");
    return whole && operands.length > 0 ? summed(call, text, equation, operands) : { value: unknown };
  },
  dtype: (call) => promoteData(call, (itemsOf(argument(call, "tensors_and_pattern")) ?? []).slice(0, -1)),
  playground: "matmul",
});

/** `einsum(a, [0, 1], b, [1, 2], [0, 2])`: numbers in place of letters. */
function interleaved(call: Call, items: readonly Datum[]): ShapeAnswer {
  const count = Math.floor(items.length / 2);
  const lists = items.filter((_, i) => i % 2 === 1 || i === 2 * count).map(lettersOf);
  if (lists.includes(null)) return { value: unknown };
  const [inputs, [output]] = [lists.slice(0, count), lists.slice(count)];
  const text = inputs.join(",") + (output === undefined ? "" : `->${output}`);
  const equation = parseEquation(text);
  const operands = items.filter((_, i) => i % 2 === 0 && i < 2 * count);
  return equation === null ? { value: unknown } : summed(call, text, equation, operands);
}

function lettersOf(datum: Datum): string | null {
  const letters = (itemsOf(datum) ?? [unknown]).map((item) => {
    const number = item.kind === "ellipsis" ? null : numberOf(item);
    if (item.kind === "ellipsis") return "...";
    return number === null || number < 0 || number > 25 ? null : String.fromCharCode(97 + number);
  });
  return letters.includes(null) ? null : letters.join("");
}

interface Equation {
  /** Letters of every operand; "…" stands for an ellipsis. */
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

function parseEquation(text: string): Equation | null {
  const plain = text.replace(/\s/g, "").replaceAll("...", "…");
  const parts = plain.split("->");
  if (parts.length > 2 || !/^[A-Za-z…,>-]*$/.test(plain)) return null;
  const inputs = (parts[0] ?? "").split(",").map((part) => part.split(""));
  if (inputs.some((letters) => letters.filter((letter) => letter === "…").length > 1)) return null;
  return { inputs, output: parts[1] === undefined ? implicitOutput(inputs) : parts[1].split("") };
}

/** Names with spaces between them; null where the pattern has more than names and dots. */
function parsePattern(text: string): Equation | null {
  const names = (part: string): readonly string[] => part.replaceAll("...", "…").split(/\s+/).filter(Boolean);
  const [left, right, ...more] = text.split("->");
  if (left === undefined || right === undefined || more.length > 0) return null;
  const inputs = left.split(",").map(names);
  const plain = [...inputs, names(right)].every((part) => part.every((name) => /^(…|[A-Za-z_]\w*)$/.test(name)));
  const once = inputs.every((part) => part.filter((name) => name === "…").length <= 1);
  return plain && once ? { inputs, output: names(right) } : null;
}

/** Without an arrow: the ellipsis, then all letters that stand once, in alphabetical order. */
function implicitOutput(inputs: readonly (readonly string[])[]): readonly string[] {
  const all = inputs.flat();
  const once = all.filter((letter) => letter !== "…" && all.indexOf(letter) === all.lastIndexOf(letter));
  return [...(all.includes("…") ? ["…"] : []), ...once.sort((a, b) => (a < b ? -1 : 1))];
}

function summed(call: Call, text: string, equation: Equation, operands: readonly Datum[]): ShapeAnswer {
  if (equation.inputs.length !== operands.length) return wrongNumber(text, equation.inputs.length, operands.length);
  const sizes = new Map<string, { readonly dim: Dim; readonly operand: number }>();
  const rests: Shape[] = [];
  for (const [i, letters] of equation.inputs.entries()) {
    const operand = operands[i];
    if (operand === undefined) continue;
    const problemOrRest = readOperand(call, text, letters, readTensor(call, operand), i, sizes);
    if (problemOrRest === null || isProblem(problemOrRest)) return problemOrRest;
    rests.push(problemOrRest);
  }
  const rest = broadcastAll(
    call,
    rests.map((shape) => ({ parameter: "operands", shape })),
    "einsum-size",
  );
  if (isProblem(rest)) return rest;
  const foreign = equation.output.find((letter) => letter !== "…" && !sizes.has(letter));
  if (foreign !== undefined) return unknownLetter(text, foreign);
  const twice = equation.output.find((letter, i) => letter !== "…" && equation.output.indexOf(letter) !== i);
  if (twice !== undefined) return repeatedLetter(text, twice);
  const keepsRest = equation.output.includes("…");
  if (!keepsRest && libraryOfOperands(call, operands) === "numpy" && rest.dims.length > 0) return { value: unknown };
  const dims = equation.output.flatMap((letter) =>
    letter === "…" ? rest.dims : [sizes.get(letter)?.dim ?? constant(1)],
  );
  const first = equation.output[0] === "…";
  if (rest.lead !== null && keepsRest && !first) return null;
  const shape = call.solver.shape({ lead: keepsRest ? rest.lead : null, dims });
  return withCost(call, shape, equation, sizes, operands);
}

function withCost(
  call: Call,
  shape: Shape,
  equation: Equation,
  sizes: ReadonlyMap<string, { readonly dim: Dim }>,
  operands: readonly Datum[],
): ShapeAnswer {
  const contracted = [...sizes]
    .filter(([letter]) => !equation.output.includes(letter))
    .map(([, { dim }]) => call.solver.dim(dim));
  const count = elementCount(shape);
  // The order of further products, and what is summed over before them, is the library's own affair.
  const [left, right] = equation.inputs;
  const isProduct = operands.length === 2 && sameLetters(left ?? [], right ?? [], equation.output);
  const macs = count === null || !isProduct ? null : multiply(count, product(contracted));
  return {
    value: tensor(shape, promoteData(call, operands), libraryOfOperands(call, operands)),
    contracts: contracted,
    cost: { macs, flops: null },
  };
}

/** einops takes the tensors of every library. */
function libraryOfOperands(call: Call, operands: readonly Datum[]): Library | null {
  return libraryOf({ ...call, args: new Map(operands.map((operand, i) => [String(i), operand])) });
}

/** Whether every letter that is summed over stands in both operands, and in each of them once. */
function sameLetters(left: readonly string[], right: readonly string[], output: readonly string[]): boolean {
  const summed = [...left, ...right].filter((letter) => !output.includes(letter));
  return summed.every((letter) => left.includes(letter) && right.includes(letter)) && !repeats(left) && !repeats(right);
}

function repeats(letters: readonly string[]): boolean {
  return new Set(letters).size < letters.length;
}

/** Notes the sizes behind the letters of one operand; gives the dimensions behind its ellipsis. */
function readOperand(
  call: Call,
  text: string,
  letters: readonly string[],
  operand: Tensor,
  index: number,
  sizes: Map<string, { readonly dim: Dim; readonly operand: number }>,
): Shape | Problem | null {
  const named = letters.filter((letter) => letter !== "…").length;
  const open = named !== letters.length;
  const shape = open ? call.solver.requireAtLeast(operand.shape, named) : call.solver.requireRank(operand.shape, named);
  if (shape === null) return wrongRank(call, text, named, operand, index);
  const at = open ? letters.indexOf("…") : letters.length;
  if (shape.lead !== null && at > 0) return null;
  const hidden = shape.dims.length - named;
  const seen = new Map<string, Dim>();
  for (const [i, letter] of letters.entries()) {
    if (letter === "…") continue;
    const dim = shape.dims[i < at ? i : i + hidden - 1];
    if (dim === undefined) continue;
    const own = seen.get(letter);
    const clash =
      own === undefined
        ? joinLetter(call, text, letter, dim, index, sizes)
        : sameLetter(call, text, letter, [own, dim], index);
    if (clash !== null) return clash;
    seen.set(letter, dim);
  }
  return open ? { lead: shape.lead, dims: shape.dims.slice(at, at + hidden) } : { lead: null, dims: [] };
}

function joinLetter(
  call: Call,
  text: string,
  letter: string,
  dim: Dim,
  index: number,
  sizes: Map<string, { readonly dim: Dim; readonly operand: number }>,
): Problem | null {
  const before = sizes.get(letter);
  if (before === undefined) {
    sizes.set(letter, { dim, operand: index });
    return null;
  }
  const joined = call.solver.broadcastDim(before.dim, dim, call.cause);
  const { verdict } = joined;
  if (verdict.answer !== "no") {
    sizes.set(letter, { dim: joined.dim, operand: before.operand });
    return null;
  }
  const [left, right] = [shownDim(call, before.dim), shownDim(call, dim)];
  return problem("einsum-size", {
    verdict,
    parameters: ["operands"],
    message: () =>
      `In \`${text}\`, \`${letter}\` is ${left} in the ${ordinal(before.operand)} operand and ${right} in the ${ordinal(index)}.`,
  });
}

/** Within one operand a letter stands for one size, and nothing is stretched. */
function sameLetter(
  call: Call,
  text: string,
  letter: string,
  [a, b]: readonly [Dim, Dim],
  index: number,
): Problem | null {
  const verdict = call.solver.require(a, b, call.cause);
  if (verdict.answer !== "no") return null;
  const [left, right] = [shownDim(call, a), shownDim(call, b)];
  return problem("einsum-size", {
    verdict,
    parameters: ["operands"],
    message: () => `In \`${text}\`, \`${letter}\` is both ${left} and ${right} in the ${ordinal(index)} operand.`,
  });
}

function ordinal(index: number): string {
  return ["first", "second", "third", "fourth"][index] ?? `${index + 1}th`;
}

function wrongRank(call: Call, text: string, named: number, operand: Tensor, index: number): Problem {
  const shape = printShape(call.solver.shape(operand.shape));
  const count = rank(operand.shape) ?? operand.shape.dims.length;
  return problem("einsum-rank", {
    parameters: ["operands"],
    message: () => `\`${text}\` names ${named} dimensions of the ${ordinal(index)} operand; ${shape} has ${count}.`,
  });
}

function wrongNumber(text: string, named: number, given: number): Problem {
  return problem("einsum-rank", {
    parameters: ["operands"],
    message: () => `\`${text}\` describes ${named} ${named === 1 ? "operand" : "operands"}; ${given} are given.`,
  });
}

function repeatedLetter(text: string, letter: string): Problem {
  return problem("einsum-rank", {
    parameters: ["operands"],
    message: () => `In \`${text}\`, \`${letter}\` is twice in the output.`,
  });
}

function unknownLetter(text: string, letter: string): Problem {
  return problem("einsum-rank", {
    parameters: ["operands"],
    message: () => `In \`${text}\`, \`${letter}\` is in the output and in no operand.`,
  });
}
