/**
 * Functions that give back the class or the function that they are given, as most decorators do, told from their text.
 * Where nothing else that they do is looked at, they need not be run: a library writes docstrings with thousands of
 * steps. It runs nothing.
 */
import type { Expr, Stmt } from "../program/syntax.ts";
import { eachExpression, eachStatement } from "../program/walk.ts";
import { classLookup } from "./attributes.ts";
import type { CallArguments } from "./calls.ts";
import { demanded } from "./demand.ts";
import type { Frame } from "./frame.ts";
import { havoc } from "./havoc.ts";
import type { Machine } from "./machine.ts";
import { entryOf } from "../shapes/index.ts";
import type { ClassValue, FunctionValue, Value } from "./value.ts";
import { follow } from "./variable.ts";

/** What decorators are given: something unknown where one before was not followed. */
const DECORATED: ReadonlySet<Value["kind"]> = new Set<Value["kind"]>(["function", "class", "unknown"]);

/** What a call gives that need not be run; null for one that has to be. What such a function changes outside is open. */
export function givenBack(m: Machine, target: FunctionValue, args: CallArguments): Value | null {
  if (!m.imports.onDemand || m.shown.has(target.closure.module.path)) return null;
  const [given, ...others] = args.positional;
  if (args.open || given === undefined || !DECORATED.has(given.kind)) return null;
  if (!returnsFirst(m, target)) return null;
  if (given.kind === "class" && !leavesAlone({ m, type: given, asked: new Set() }, target, 0)) return null;
  havoc(m, [...others, ...args.named.values()]);
  return given;
}

/** What was found out in one run: in another, other names may have been bound by then. */
const returning = new WeakMap<Machine, Map<FunctionValue["definition"], boolean>>();

/** Whether all ways out of a function give back its first parameter. */
function returnsFirst(m: Machine, target: FunctionValue): boolean {
  const { definition, closure } = target;
  if (definition.kind === "lambda" || definition.generator) return false;
  const known = entryOf(returning, m, () => new Map<FunctionValue["definition"], boolean>());
  const before = known.get(definition);
  if (before !== undefined) return before;
  known.set(definition, false);
  const name = plainParameter(target, 0);
  const isFirst = (expr: Expr | null): boolean => {
    if (expr?.kind === "name") return expr.id === name;
    if (expr?.kind !== "call" || expr.args[0]?.spread !== null || !isFirst(expr.args[0].value)) return false;
    const callee = expr.callee.kind === "name" ? functionNamed(m, closure, expr.callee.id) : null;
    return callee !== null && returnsFirst(m, callee);
  };
  const returned: (Expr | null)[] = [];
  eachStatement(
    definition.body,
    (statement) => {
      if (statement.kind === "return") returned.push(statement.value);
    },
    isSameScope,
  );
  const result = name !== null && leaves(definition.body) && returned.every(isFirst);
  known.set(definition, result);
  return result;
}

/** The name of a parameter that the function never binds to anything else. */
function plainParameter({ definition }: FunctionValue, at: number): string | null {
  const parameter = definition.parameters[at];
  if (parameter === undefined || definition.kind === "lambda") return null;
  let isBound = false;
  eachTarget(definition.body, (target) => {
    if (target.kind === "name" && target.id === parameter.name) isBound = true;
  });
  return isBound ? null : parameter.name;
}

/** Whether the end of a body is certainly not come to. */
function leaves(body: readonly Stmt[]): boolean {
  const last = body.at(-1);
  if (last?.kind === "if") return leaves(last.then) && leaves(last.otherwise);
  return last?.kind === "return" || last?.kind === "raise";
}

/** A question about one class. */
interface Inquiry {
  readonly m: Machine;
  readonly type: ClassValue;
  readonly asked: Set<object>;
}

/** Whether a function changes nothing of the class it is given for a parameter but what Python says of it, as `__doc__`. */
function leavesAlone(inquiry: Inquiry, target: FunctionValue, at: number): boolean {
  const { definition, closure } = target;
  if (inquiry.asked.has(definition)) return true;
  inquiry.asked.add(definition);
  const name = plainParameter(target, at);
  if (name === null || definition.kind === "lambda") return false;
  let harm = false;
  eachTarget(definition.body, (written, value) => {
    if (written.kind === "attribute" ? !DESCRIBING.test(written.name) : value !== null && isName(value, name))
      harm = true;
  });
  eachExpression(definition.body, (expr) => {
    if (expr.kind !== "call") return;
    const { callee } = expr;
    if (callee.kind === "attribute" && isName(callee.object, name)) harm ||= !isSafeMethod(inquiry, callee.name);
    for (const [i, argument] of expr.args.entries())
      if (isName(argument.value, name)) harm ||= !takesSafely(inquiry, closure, callee, argument.name ?? i);
  });
  return !harm;
}

/** Attributes that say something about a class or a function. */
const DESCRIBING = /^__(?:doc|name|qualname|module|mro|dict|bases|annotations|class|wrapped|signature|version)__$/;

function isSafeMethod(inquiry: Inquiry, name: string): boolean {
  const method = classLookup(inquiry.type, name, (value) => value);
  return method === null || (method.kind === "function" && leavesAlone(inquiry, method, 0));
}

/** Whether a call changes nothing of a class that it is given at a place, or by a name. */
function takesSafely(inquiry: Inquiry, from: Frame, callee: Expr, at: number | string): boolean {
  if (callee.kind === "attribute") return callee.object.kind === "name" && callee.object.id === "inspect";
  if (callee.kind !== "name") return false;
  const target = valueNamed(inquiry.m, from, callee.id);
  if (target === null) return LOOKING.has(callee.id);
  if (target.kind === "library") return LOOKING.has(target.name);
  if (target.kind !== "function") return false;
  const index = typeof at === "number" ? at : target.definition.parameters.findIndex(({ name }) => name === at);
  return leavesAlone(inquiry, target, index);
}

/** Functions that only look at what they are given. */
const LOOKING: ReadonlySet<string> = new Set(
  `isinstance issubclass getattr hasattr len str repr callable id hash type vars dir dataclasses.is_dataclass
  dataclasses.fields inspect.signature inspect.getdoc inspect.getsource typing.get_type_hints`.split(/\s+/),
);

function functionNamed(m: Machine, from: Frame, name: string): FunctionValue | null {
  const value = valueNamed(m, from, name);
  return value?.kind === "function" ? value : null;
}

function valueNamed(m: Machine, from: Frame, name: string): Value | null {
  for (let at: Frame | null = from; at !== null; at = at.parent) {
    const value = at.variables.get(name) ?? (at === at.module ? demanded(m, at.module, name) : null);
    if (value !== undefined && value !== null) return follow(value);
  }
  return null;
}

function isName(expr: Expr, name: string): boolean {
  return expr.kind === "name" && expr.id === name;
}

function isSameScope({ kind }: Stmt): boolean {
  return kind !== "function" && kind !== "class";
}

/** Everything that statements assign, nested functions included, with what is assigned to it as a whole. */
function eachTarget(body: readonly Stmt[], visit: (target: Expr, value: Expr | null) => void): void {
  const each = (target: Expr, value: Expr | null): void => {
    visit(target, value);
    if (target.kind === "sequence") for (const item of target.items) each(item, null);
    if (target.kind === "spread") each(target.value, null);
  };
  eachStatement(body, (statement) => {
    if (statement.kind === "assign") for (const target of statement.targets) each(target, statement.value);
    else if (statement.kind === "delete") for (const target of statement.targets) each(target, null);
    else if (statement.kind === "augmented-assign" || statement.kind === "for") each(statement.target, null);
    else if (statement.kind === "with")
      for (const { target } of statement.items) if (target !== null) each(target, null);
  });
}
