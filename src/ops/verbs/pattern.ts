/**
 * Patterns of einops: `b (h p) c -> b h (p c)`. Reads them, and finds the sizes that the names of the left side
 * stand for. It knows shapes and the solver, no operators.
 */
import {
  asNumber,
  asSymbol,
  type Cause,
  constant,
  type Dim,
  floorDivide,
  freshSymbol,
  isNameless,
  ofSymbol,
  product,
  type Shape,
  type Solver,
  type Sym,
} from "../../shapes/index.ts";
import type { Call, Problem } from "../operator.ts";
import { problem, shownDim } from "../problems.ts";

/** The parts of one dimension: names, numbers, or "…". */
export interface Group {
  readonly parts: readonly string[];
  readonly inParentheses: boolean;
}

export interface Pattern {
  readonly left: readonly Group[];
  readonly right: readonly Group[];
}

export interface Sizes {
  readonly named: ReadonlyMap<string, Dim>;
  /** What the ellipsis stands for. */
  readonly rest: Shape;
}

/** Null where the text is no pattern that could be read. */
export function parsePattern(text: string): Pattern | null {
  const sides = text.replaceAll("...", "…").split("->");
  const [left, right] = sides.map(parseSide);
  return sides.length !== 2 || left === null || left === undefined || right === null || right === undefined
    ? null
    : { left, right };
}

function parseSide(text: string): readonly Group[] | null {
  const groups: Group[] = [];
  let open: string[] | null = null;
  for (const [token] of text.matchAll(/[A-Za-z_]\w*|\d+|…|\(|\)|\S/g)) {
    if (token === "(") {
      if (open !== null) return null;
      open = [];
    } else if (token === ")") {
      if (open === null) return null;
      groups.push({ parts: open, inParentheses: true });
      open = null;
    } else if (!/^\w+$|^…$/.test(token)) return null;
    else if (open === null) groups.push({ parts: [token], inParentheses: false });
    else open.push(token);
  }
  return open === null ? groups : null;
}

export function namesOf(groups: readonly Group[]): readonly string[] {
  return groups.flatMap(({ parts }) => parts);
}

/** The sizes behind the names; null where the dimensions cannot be told apart. */
export function matchLeft(
  call: Call,
  input: Shape,
  left: readonly Group[],
  lengths: ReadonlyMap<string, Dim | null>,
): Sizes | Problem | null {
  const at = left.findIndex(({ parts }) => parts.includes("…"));
  if (at >= 0 && left[at]?.inParentheses === true) return null;
  const count = at < 0 ? left.length : left.length - 1;
  const shape = at < 0 ? call.solver.requireRank(input, count) : call.solver.requireAtLeast(input, count);
  if (shape === null) return wrongRank(left.length, at >= 0);
  if (shape.lead !== null && at > 0) return null;
  const hidden = shape.dims.length - count;
  const named = new Map<string, Dim>();
  for (const [i, group] of left.entries()) {
    if (i === at) continue;
    const dim = shape.dims[at < 0 || i < at ? i : i + hidden - 1];
    const wrong = dim === undefined ? null : readGroup(call, group, dim, lengths, named);
    if (wrong !== null) return wrong;
  }
  const rest = at < 0 ? { lead: null, dims: [] } : { lead: shape.lead, dims: shape.dims.slice(at, at + hidden) };
  return { named, rest };
}

/** One name of a group may be open: it is what the others leave of the dimension. */
function readGroup(
  call: Call,
  { parts }: Group,
  dim: Dim,
  lengths: ReadonlyMap<string, Dim | null>,
  named: Map<string, Dim>,
): Problem | null {
  const { solver, cause } = call;
  const symbol = asSymbol(solver.dim(dim));
  const nameless = symbol !== null && isNameless(symbol);
  const known = new Map(parts.map((part): [string, Dim | null] => [part, sizeOf(part, lengths, named)]));
  const open = parts.filter((part) => known.get(part) === null);
  if (open.length > 1 && !nameless) return open.some((part) => lengths.has(part)) ? null : undecided(open);
  const others = product([...known.values()].flatMap((size) => size ?? []));
  for (const part of open) {
    const alone = parts.length === 1 && !nameless;
    const size = nameless ? partOf(solver, symbol, part, cause) : alone ? dim : quotient(call, dim, others);
    if (size === null) return notDivided(call, parts, dim, others);
    named.set(part, size);
    known.set(part, size);
  }
  for (const [part, size] of known) if (size !== null && !/^\d+$/.test(part)) named.set(part, size);
  const verdict = solver.require(dim, product([...known.values()].flatMap((size) => size ?? [])), cause);
  return verdict.answer === "no" ? notEqual(call, parts, dim, others) : null;
}

/** A part of a nameless size: called as the pattern calls it, if no other size is. */
function partOf(solver: Solver, whole: Sym, part: string, cause: Cause | null): Dim {
  return ofSymbol(solver.symbolNamed(whole, part, cause) ?? freshSymbol("?", "inferred", { cause }));
}

function sizeOf(part: string, lengths: ReadonlyMap<string, Dim | null>, named: ReadonlyMap<string, Dim>): Dim | null {
  if (/^\d+$/.test(part)) return constant(Number(part));
  return lengths.get(part) ?? named.get(part) ?? null;
}

function quotient(call: Call, dim: Dim, others: Dim): Dim | null {
  if (asNumber(others) === 1) return dim;
  if (asNumber(others) === 0) return null;
  if (call.solver.assumeDivisible(dim, others, call.cause).answer === "no") return null;
  return floorDivide(call.solver.dim(dim), call.solver.dim(others));
}

function wrongRank(count: number, open: boolean): Problem {
  const least = open ? `at least ${count - 1}` : String(count);
  return problem("einops", { message: () => `names ${least} dimensions` });
}

function undecided(names: readonly string[]): Problem {
  return problem("einops", {
    message: () => `leaves the sizes of ${names.map((name) => `\`${name}\``).join(" and ")} open`,
  });
}

function notDivided(call: Call, parts: readonly string[], dim: Dim, others: Dim): Problem {
  const [size, divisor] = [shownDim(call, dim), shownDim(call, others)];
  return problem("einops", {
    message: () => `splits ${size} into \`(${parts.join(" ")})\`, and ${divisor} does not divide it`,
  });
}

function notEqual(call: Call, parts: readonly string[], dim: Dim, others: Dim): Problem {
  const [size, wanted] = [shownDim(call, dim), shownDim(call, others)];
  return problem("einops", {
    message: () => `needs ${wanted} for \`${parts.join(" ")}\`, and the dimension has ${size}`,
  });
}
