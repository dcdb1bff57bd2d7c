/**
 * Chains of modules whose number is not known: what comes out of running a module that stands for all of them once
 * or more often. It knows nothing of how such a chain is made.
 */
import type { Expr } from "../program/syntax.ts";
import { forgetUnknown, mentionsUnknown, type Sym, symbolCount, symbolsOf, unknownDim } from "../shapes/index.ts";
import { type CallArguments, callValue, plainArguments } from "./calls.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { resolveValue } from "./records.ts";
import { type Core, type Parts, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

const MAX_LINKS = 4;

type Chain = Extract<Core, { kind: "many-modules" }>;

/** Errors are no findings here: an element that stands for several modules fits none of them exactly. */
export function runChain(m: Machine, { element, parts }: Chain, args: CallArguments, expr: Expr): Value {
  const { thrown } = m;
  m.tolerant++;
  const value = parts === undefined ? settled(m, element, args, expr) : behind(m, parts, args, expr);
  m.tolerant--;
  m.thrown = thrown;
  return value;
}

/** The first modules one by one, then as many of the others as there may be. */
function behind(m: Machine, { first, rest }: Parts, args: CallArguments, expr: Expr): Value {
  const given = first.reduce(
    (all, module, i) => plainArguments(resolveValue(m, callValue(m, module, i === 0 ? args : all, expr))),
    args,
  );
  const before = given.positional[0] ?? UNKNOWN;
  const after = settled(m, rest, given, expr);
  return joinValues(before, after);
}

function settled(m: Machine, element: Value, args: CallArguments, expr: Expr): Value {
  let value = link(m, element, args, expr);
  for (let more = 0; more < MAX_LINKS; more++) {
    const joined = joinValues(value, link(m, element, plainArguments(value), expr));
    if (isStable(value, joined)) return joined;
    value = joined;
  }
  return UNKNOWN;
}

/** Runs one module. What is not known of the sizes inside of the element may be otherwise in the next one. */
function link(m: Machine, element: Value, args: CallArguments, expr: Expr): Value {
  const given = unknownIn(args.positional[0] ?? UNKNOWN);
  const [before, first] = [m.solver.facts, symbolCount()];
  const value = resolveValue(m, callValue(m, element, args, expr));
  m.solver.facts = forgetUnknown(before, m.solver.facts, first, given);
  if (value.kind !== "tensor") return value;
  const dims = value.shape.dims.map((dim) => {
    const within = [...symbolsOf(dim)].some((s) => s.kind === "unknown" && s.id < first && !given.has(s));
    return within ? unknownDim() : dim;
  });
  return dims.every((dim, i) => dim === value.shape.dims[i]) ? value : { ...value, shape: { ...value.shape, dims } };
}

function unknownIn(value: Value): ReadonlySet<Sym> {
  const seen = follow(value);
  const symbols = seen.kind === "tensor" ? seen.shape.dims.flatMap((dim) => [...symbolsOf(dim)]) : [];
  return new Set(symbols.filter(({ kind }) => kind === "unknown"));
}

/** Whether another link has changed nothing but sizes of which nothing was known before. */
function isStable(before: Value, after: Value): boolean {
  if (before === after) return true;
  if (before.kind !== "tensor" || after.kind !== "tensor") return false;
  if (before.dtype !== after.dtype || (before.shape.lead === null) !== (after.shape.lead === null)) return false;
  const dims = before.shape.dims;
  return (
    dims.length === after.shape.dims.length &&
    after.shape.dims.every((dim, i) => dim.key === dims[i]?.key || (dims[i] !== undefined && mentionsUnknown(dims[i])))
  );
}
