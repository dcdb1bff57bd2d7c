/** The parts that a function's graph is made of, and small questions about the code and the facts behind them. */
import type { Fact, FileSpan } from "../analysis/result.ts";
import type { Expr, FunctionDefinition, Stmt } from "../program/syntax.ts";

export type Argument =
  | { readonly kind: "node"; readonly node: number }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "size"; readonly text: string }
  | { readonly kind: "power"; readonly text: string; readonly power: number }
  | { readonly kind: "list"; readonly items: readonly (number | string)[] }
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "open"; readonly text: string };

export interface Node {
  readonly operator: string | null;
  name: string | null;
  readonly code: string;
  readonly line: number;
  readonly dims: readonly (number | string)[];
  readonly args: readonly { readonly name: string | null; readonly value: Argument }[];
}

/** The innermost function around an offset. */
export function functionAt(body: readonly Stmt[], offset: number): FunctionDefinition | null {
  for (const statement of body) {
    if (statement.span.start > offset || statement.span.end < offset) continue;
    if (statement.kind === "function") return functionAt(statement.body, offset) ?? statement;
    if (statement.kind === "class") return functionAt(statement.body, offset);
  }
  return null;
}

/** One view of the function: the general one where its parameters have shapes, else that of its first caller. */
export function factsOf(facts: readonly Fact[], span: FileSpan): ReadonlyMap<string, Fact> {
  const within = facts.filter((fact) => fact.span.start >= span.start && fact.span.end <= span.end);
  const general = within.filter(({ context }) => context === null);
  const called = within.find(({ context, shape }) => context !== null && shape !== null)?.context;
  const known = (list: readonly Fact[]): number => list.filter(({ shape }) => shape?.lead === null).length;
  const own = called === undefined ? [] : within.filter(({ context }) => sameCalls(context, called));
  const chosen = known(own) > known(general) ? own : general;
  return new Map(chosen.map((fact) => [`${fact.span.start}:${fact.span.end}:${roleOf(fact)}`, fact]));
}

const roleOf = ({ role }: Fact): string => (role === "expression" ? "expression" : "bound");

const sameCalls = (a: readonly FileSpan[] | null, b: readonly FileSpan[] | null): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Attributes that are operations: the matrix turned. */
export const TURNS: ReadonlySet<string> = new Set(["T", "mT", "H", "mH"]);

export const isNone = (value: Expr): boolean => value.kind === "literal" && value.value.type === "none";

export function numberOf(value: Expr): number | null {
  if (value.kind === "literal" && (value.value.type === "int" || value.value.type === "float"))
    return value.value.value;
  if (value.kind === "unary" && value.operator === "-") {
    const inner = numberOf(value.operand);
    return inner === null ? null : -inner;
  }
  if (value.kind !== "call" || value.callee.kind !== "name" || value.callee.id !== "float") return null;
  const given = value.args[0]?.value;
  const words: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  return given?.kind === "literal" && given.value.type === "string" ? (words[given.value.value] ?? null) : null;
}

/** Operators of the language have names of their own where the analysis gives none. */
export function fallbackName(value: Expr): string | null {
  if (value.kind === "attribute" && TURNS.has(value.name)) return `attribute.${value.name}`;
  if (value.kind === "binary") return `operator.${value.operator}`;
  if (value.kind === "unary") return `operator.unary${value.operator}`;
  if (value.kind === "compare") return `operator.${value.rest[0]?.comparator ?? "?"}`;
  return null;
}
