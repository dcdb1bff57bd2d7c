/**
 * NumPy's notation for shapes: `(n?,k),(k,m?)->(n?,m?)`. Each operand has the core dimensions that its
 * letters name, where a letter stands for one size throughout; all dimensions before them are broadcast.
 * A `?` marks a dimension that can be missing. It knows shapes and the solver, no operators.
 */
import {
  asNumber,
  constant,
  elementCount,
  multiply,
  product,
  rank,
  type Dim,
  type Shape,
  type Verdict,
} from "../../shapes/index.ts";
import { libraryOf, tensorOf } from "../arguments.ts";
import { tensor as tensorDatum } from "../datum.ts";
import { promoteData } from "../dtype-rules.ts";
import type { Call, Outcome, Problem } from "../operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "../problems.ts";
import { broadcastAll } from "./broadcast.ts";

interface Core {
  readonly letter: string;
  readonly optional: boolean;
}

export interface Notation {
  readonly inputs: readonly (readonly Core[])[];
  readonly output: readonly Core[];
  /** Letters that no output has: the ones summed over. */
  readonly contracted: readonly string[];
}

export function parseNotation(text: string): Notation {
  const [left = "", right = ""] = text.split("->");
  const inputs = [...left.matchAll(/\(([^)]*)\)/g)].map(([, inner = ""]) => parseCore(inner));
  const output = parseCore(/\(([^)]*)\)/.exec(right)?.[1] ?? "");
  const letters = new Set(inputs.flat().map(({ letter }) => letter));
  const kept = new Set(output.map(({ letter }) => letter));
  return { inputs, output, contracted: [...letters].filter((letter) => !kept.has(letter)) };
}

function parseCore(text: string): Core[] {
  const parts = text.split(",").map((part) => part.trim());
  return parts.flatMap((part) =>
    part === "" ? [] : [{ letter: part.replace("?", ""), optional: part.endsWith("?") }],
  );
}

interface Split {
  readonly parameter: string;
  readonly shape: Shape;
  readonly batch: Shape;
  /** The size behind each letter that this operand has. */
  readonly sizes: ReadonlyMap<string, Dim>;
}

/** The outcome of an operator that the notation describes wholly. */
export function applyNotation(call: Call, notation: Notation, parameters: readonly string[]): Outcome | Problem | null {
  const splits: Split[] = [];
  for (const [i, core] of notation.inputs.entries()) {
    const split = splitOperand(call, parameters[i] ?? "", core);
    if (split === null || isProblem(split)) return split;
    splits.push(split);
  }
  const sizes = joinLetters(call, notation, splits);
  if (isProblem(sizes)) return sizes;
  const batches = splits.map(({ parameter, batch }) => ({ parameter, shape: batch }));
  const batch = broadcastAll(call, batches);
  if (isProblem(batch)) return wholeShapes(call, batch, splits);
  const kept = notation.output.flatMap(({ letter }) => sizes.get(letter) ?? []);
  const shape = call.solver.shape({ lead: batch.lead, dims: [...batch.dims, ...kept] });
  const contracts = summedLetters(notation)
    .flatMap((letter) => sizes.get(letter) ?? [])
    .map((dim) => call.solver.dim(dim));
  const count = contracts.length === 0 ? null : elementCount(shape);
  const library = libraryOf(call);
  const dtype = promoteData(
    call,
    parameters.slice(0, splits.length).map((parameter) => tensorOf(call, parameter)),
  );
  return {
    value: tensorDatum(shape, dtype, library),
    contracts,
    cost: { macs: count === null ? null : multiply(count, product(contracts)), flops: null },
  };
}

/** What is gone from the result was summed over where operands meet in it; a determinant's sizes were not. */
function summedLetters({ inputs, contracted }: Notation): readonly string[] {
  const meet = (letter: string): boolean =>
    inputs.filter((core) => core.some((one) => one.letter === letter)).length > 1;
  return contracted.every(meet) ? contracted : [];
}

function splitOperand(call: Call, parameter: string, core: readonly Core[]): Split | Problem | null {
  const shape = tensorOf(call, parameter).shape;
  const needed = core.filter(({ optional }) => !optional).length;
  const known = rank(shape);
  if (known === null && shape.dims.length < core.length && needed < core.length) return null;
  const visible = known === null ? call.solver.requireAtLeast(shape, core.length) : known < needed ? null : shape;
  if (visible === null) return tooFew(call, parameter, shape, needed);
  const present = visible.dims.length < core.length ? core.filter(({ optional }) => !optional) : core;
  const at = visible.dims.length - present.length;
  const sizes = new Map<string, Dim>();
  for (const [i, { letter }] of present.entries()) {
    const dim = visible.dims[at + i] ?? constant(1);
    const before = sizes.get(letter);
    const verdict = before === undefined ? null : agree(call, before, dim);
    if (verdict?.answer === "no") return notSquare(call, parameter, visible, verdict);
    sizes.set(letter, dim);
  }
  return { parameter, shape: visible, batch: { lead: visible.lead, dims: visible.dims.slice(0, at) }, sizes };
}

function joinLetters(call: Call, notation: Notation, splits: readonly Split[]): Map<string, Dim> | Problem {
  const sizes = new Map<string, { readonly dim: Dim; readonly from: Split }>();
  const letters = new Set(notation.inputs.flat().map(({ letter }) => letter));
  for (const letter of letters) {
    for (const split of splits) {
      const dim = split.sizes.get(letter);
      const before = sizes.get(letter);
      if (dim === undefined) continue;
      if (before === undefined) {
        sizes.set(letter, { dim, from: split });
        continue;
      }
      const verdict = agree(call, before.dim, dim);
      if (verdict.answer === "no") return innerSizes(call, before.from, split, verdict);
    }
  }
  return new Map([...sizes].map(([letter, { dim }]) => [letter, call.solver.dim(dim)]));
}

/** A size that was never seen may be 0 where the other one is: an empty matrix is rare, but no mistake. */
export function agree(call: Call, a: Dim, b: Dim): Verdict {
  const numbers = [asNumber(call.solver.dim(a)), asNumber(call.solver.dim(b))];
  if (numbers.includes(0) && numbers.includes(null)) return { answer: "maybe" };
  return call.solver.require(a, b, call.cause);
}

function innerSizes(call: Call, a: Split, b: Split, verdict: Verdict): Problem {
  const [first, second] = [shown(call, a.parameter, a.shape), shown(call, b.parameter, b.shape)];
  const sizes = verdict.answer === "no" ? `${shownDim(call, verdict.left)} and ${shownDim(call, verdict.right)}` : "";
  return problem("matmul-inner", {
    verdict,
    parameters: [a.parameter, b.parameter],
    message: (name) => `Cannot multiply ${first(name)} by ${second(name)}: the inner sizes are ${sizes}.`,
  });
}

/** A clash of batch dimensions is told with the whole shapes of the operands. */
function wholeShapes(call: Call, clash: Problem, splits: readonly Split[]): Problem {
  const [a, b] = splits;
  if (a === undefined || b === undefined) return clash;
  const [first, second] = [shown(call, a.parameter, a.shape), shown(call, b.parameter, b.shape)];
  const sizes = (clash.sizes ?? []).map((dim) => shownDim(call, dim)).join(" and ");
  return {
    ...clash,
    code: "matmul-batch",
    message: (name) => `Cannot multiply ${first(name)} by ${second(name)}: the batch sizes are ${sizes}.`,
  };
}

function tooFew(call: Call, parameter: string, shape: Shape, needed: number): Problem {
  const told = shown(call, parameter, shape);
  return problem("matmul-rank", {
    blame: parameter,
    parameters: [parameter],
    message: (name) =>
      `\`${shortName(call)}\` needs at least ${needed} ${needed === 1 ? "dimension" : "dimensions"}; ${told(name)} has ${shape.dims.length}.`,
  });
}

function notSquare(call: Call, parameter: string, shape: Shape, verdict: Verdict): Problem {
  const told = shown(call, parameter, shape);
  return problem("matmul-rank", {
    blame: parameter,
    verdict,
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` needs square matrices; ${told(name)} is not square.`,
  });
}
