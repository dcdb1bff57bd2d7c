/**
 * Which attributes of an object methods other than its constructor assign. A method that only the
 * constructor calls counts as part of it.
 */
import type { Expr, FunctionDefinition, Stmt } from "../program/syntax.ts";
import { eachExpression, eachStatement } from "../program/walk.ts";
import type { ClassValue } from "./value.ts";

export function mutatedAttributes(type: ClassValue): ReadonlySet<string> {
  const methods = methodsOf(type);
  const partOfConstructor = reachedOnlyFrom(methods, "__init__");
  const names = new Set<string>();
  for (const method of methods) {
    if (partOfConstructor.has(method.name)) continue;
    for (const name of assignedOnSelf(method)) names.add(name);
  }
  return names;
}

/** Methods that change the container they are called on. */
export const CHANGING: ReadonlySet<string> = new Set([
  "append",
  "extend",
  "insert",
  "pop",
  "remove",
  "clear",
  "update",
  "setdefault",
  "add",
  "discard",
  "popitem",
  "sort",
  "reverse",
  "appendleft",
]);

/** Attributes whose value changes while the constructor and its helpers run. */
export function changingAttributes(type: ClassValue): ReadonlySet<string> {
  const names = new Set<string>();
  for (const method of methodsOf(type)) {
    if (method.name !== "__init__") for (const name of assignedOnSelf(method)) names.add(name);
  }
  return names;
}

/** Whether a method runs only as part of the constructor. */
export function isPartOfConstructor(type: ClassValue, name: string): boolean {
  return reachedOnlyFrom(methodsOf(type), "__init__").has(name);
}

function methodsOf(type: ClassValue): FunctionDefinition[] {
  const bodies = [type, ...type.bases].flatMap((owner) => (typeof owner === "string" ? [] : owner.definition.body));
  return bodies.filter((statement): statement is FunctionDefinition => statement.kind === "function");
}

function reachedOnlyFrom(methods: readonly FunctionDefinition[], root: string): Set<string> {
  const callers = new Map<string, Set<string>>();
  for (const method of methods) {
    for (const name of mentionedOnSelf(method)) callers.set(name, (callers.get(name) ?? new Set()).add(method.name));
  }
  const part = new Set([root]);
  for (let grew = true; grew;) {
    grew = false;
    for (const { name } of methods) {
      const from = callers.get(name);
      if (part.has(name) || from === undefined || ![...from].every((caller) => part.has(caller))) continue;
      part.add(name);
      grew = true;
    }
  }
  return part;
}

function selfName(method: FunctionDefinition): string | null {
  return method.parameters[0]?.name ?? null;
}

function mentionedOnSelf(method: FunctionDefinition): Set<string> {
  const self = selfName(method);
  const names = new Set<string>();
  eachExpression(method.body, (expr) => {
    if (expr.kind === "attribute" && expr.object.kind === "name" && expr.object.id === self) names.add(expr.name);
  });
  return names;
}

/** Attributes of the receiver that a method assigns, or changes in place. */
export function assignedOnSelf(method: FunctionDefinition): Set<string> {
  const self = selfName(method);
  const names = new Set<string>();
  const visit = (target: Expr | null): void => {
    if (target === null) return;
    if (target.kind === "attribute" && target.object.kind === "name" && target.object.id === self)
      names.add(target.name);
    if (target.kind === "index") visit(target.object);
    if (target.kind === "sequence") target.items.forEach(visit);
    if (target.kind === "spread") visit(target.value);
  };
  eachStatement(method.body, (statement: Stmt) => {
    if (statement.kind === "assign") statement.targets.forEach(visit);
    else if (statement.kind === "augmented-assign" || statement.kind === "for") visit(statement.target);
    else if (statement.kind === "with") statement.items.forEach((item) => visit(item.target));
    else if (statement.kind === "delete") statement.targets.forEach(visit);
  });
  eachExpression(method.body, (expr) => {
    if (expr.kind === "call" && expr.callee.kind === "attribute" && CHANGING.has(expr.callee.name))
      visit(expr.callee.object);
  });
  return names;
}
