/**
 * What code that cannot be followed may have done: it may have changed every object that it was given.
 * Those become unknown, exactly as far as they can be reached, and nothing else does.
 */
import type { Stmt } from "../program/syntax.ts";
import { eachExpression, eachStatement } from "../program/walk.ts";
import { forgetNames } from "./demand.ts";
import type { Frame } from "./frame.ts";
import { elementsOf } from "./join.ts";
import type { Machine } from "./machine.ts";
import { CHANGING } from "./mutators.ts";
import { unknownDim } from "../shapes/index.ts";
import { contentOf, coreOf, FORGOTTEN, type FunctionValue, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

export function havoc(m: Machine, values: Iterable<Value>): void {
  spoilAll(m, values);
  // What was handed out before may have been kept, and be called now.
  for (const target of m.intruders) spoilOutside(m, target);
}

/** Notes a function that code which cannot be followed may call at any time, and those that it may call or hand on. */
export function handOut(m: Machine, target: FunctionValue): void {
  if (m.handedOut.has(target.definition)) return;
  m.note((machine) => addHandedOut(machine, target));
  for (const name of namedIn(target.definition)) {
    const value = frameOf(target.closure, name)?.variables.get(name);
    if (value?.kind === "function") handOut(m, value);
  }
}

/** Makes a function one of those that may be called at any time. */
export function addHandedOut(m: Machine, target: FunctionValue): void {
  m.handedOut.set(target.definition, target);
  if (reboundIn(target.definition).size + changedIn(target.definition).size > 0) m.intruders.push(target);
}

/** What calling a function may have changed outside of it, however often that really happens. */
export function spoilOutside(m: Machine, { definition, closure }: FunctionValue): void {
  for (const name of reboundIn(definition)) {
    const frame = frameOf(closure, name);
    if (frame !== null) forget(m, frame.variables, name);
  }
  const changed = [...changedIn(definition)].flatMap((name) => frameOf(closure, name)?.variables.get(name) ?? []);
  if (changed.length > 0) spoilAll(m, changed);
}

/** Makes a cell unknown, unless it is. */
function forget<K>(m: Machine, map: Map<K, Value>, key: K): void {
  if (map.get(key) !== UNKNOWN) m.trail.set(map, key, UNKNOWN);
}

function frameOf(closure: Frame, name: string): Frame | null {
  for (let at: Frame | null = closure; at !== null; at = at.parent) if (at.variables.has(name)) return at;
  return null;
}

function spoilAll(m: Machine, values: Iterable<Value>): void {
  const seen = new Set<object>();
  const spoil = (value: Value): void => {
    const target = follow(value);
    switch (target.kind) {
      case "list":
        if (seen.has(target.cell)) return;
        seen.add(target.cell);
        for (const item of elementsOf(contentOf(target))) spoil(item);
        m.trail.set(target.cell, "content", { element: UNKNOWN, length: unknownDim() });
        return;
      case "dict":
        if (seen.has(target.entries)) return;
        seen.add(target.entries);
        for (const key of target.entries.keys()) {
          spoil(target.entries.get(key) ?? UNKNOWN);
          forget(m, target.entries, key);
        }
        forget(m, target.entries, "*");
        return;
      case "instance":
        if (seen.has(target.attributes)) return;
        seen.add(target.attributes);
        for (const key of target.attributes.keys()) {
          spoil(target.attributes.get(key) ?? UNKNOWN);
          forget(m, target.attributes, key);
        }
        if (coreOf(target) !== undefined) m.trail.set(target.core, "core", FORGOTTEN);
        m.trail.set(target.state, "open", true);
        return;
      case "variable":
        for (const key of target.children.keys()) m.trail.delete(target.children, key);
        return;
      case "tuple":
        target.items.forEach(spoil);
        return;
      case "record":
        target.fields.forEach(spoil);
        return;
      case "union":
        target.options.forEach(spoil);
        return;
      case "method":
        spoil(target.self);
        return;
      case "partial":
        target.args.forEach(spoil);
        return;
      case "function":
        spoilFunction(target);
        return;
      default:
        return;
    }
  };
  /** A function handed out may be called: it may rebind what it declares global, and change what it names. */
  const spoilFunction = (target: FunctionValue): void => {
    const { definition, closure } = target;
    if (seen.has(definition)) return;
    seen.add(definition);
    handOut(m, target);
    for (const name of reboundIn(definition)) {
      const frame = frameOf(closure, name);
      if (frame !== null) forget(m, frame.variables, name);
    }
    for (const name of namedIn(definition)) {
      const value = frameOf(closure, name)?.variables.get(name);
      if (value?.kind === "list" || value?.kind === "dict" || value?.kind === "function") spoil(value);
    }
  };
  for (const value of values) spoil(value);
}

type Definition = FunctionValue["definition"];

/** Names that calling a function binds outside of it. */
function reboundIn(definition: Definition): ReadonlySet<string> {
  const known = rebound.get(definition);
  if (known !== undefined) return known;
  const names = new Set<string>();
  rebound.set(definition, names);
  if (definition.kind === "lambda") return names;
  eachStatement(definition.body, (statement) => {
    if (statement.kind === "global" || statement.kind === "nonlocal")
      for (const name of statement.names) names.add(name);
  });
  return names;
}

const rebound = new WeakMap<Definition, ReadonlySet<string>>();
const named = new WeakMap<Definition, ReadonlySet<string>>();
const changed = new WeakMap<Definition, ReadonlySet<string>>();

/** Names of containers that a function changes in place: those that are its own do no harm. */
function changedIn(definition: Definition): ReadonlySet<string> {
  const known = changed.get(definition);
  if (known !== undefined) return known;
  const names = new Set<string>();
  eachExpression(bodyOf(definition), (expr) => {
    const object = expr.kind === "call" && expr.callee.kind === "attribute" ? expr.callee : null;
    if (object?.object.kind === "name" && CHANGING.has(object.name)) names.add(object.object.id);
  });
  eachStatement(bodyOf(definition), (statement) => {
    const written =
      statement.kind === "assign" || statement.kind === "delete"
        ? statement.targets
        : statement.kind === "augmented-assign"
          ? [statement.target]
          : [];
    for (const target of written)
      if (target.kind === "index" && target.object.kind === "name") names.add(target.object.id);
  });
  for (const own of ownNames(definition)) names.delete(own);
  changed.set(definition, names);
  return names;
}

/** Names that stand for something of the function's own. */
function ownNames(definition: Definition): readonly string[] {
  const parameters = definition.parameters.map(({ name }) => name);
  return definition.kind === "lambda" ? parameters : [...parameters, ...definition.locals];
}

function bodyOf(definition: Definition): readonly Stmt[] {
  return definition.kind === "lambda"
    ? [{ kind: "return", value: definition.body, span: definition.span, notes: [] }]
    : definition.body;
}

function namedIn(definition: Definition): ReadonlySet<string> {
  const known = named.get(definition);
  if (known !== undefined) return known;
  const names = new Set<string>();
  named.set(definition, names);
  eachExpression(bodyOf(definition), (expr) => {
    if (expr.kind === "name") names.add(expr.id);
  });
  return names;
}

/** After `exec` and the like, nothing in any live scope is known; of other modules, nothing of what their names hold. */
export function havocEverything(m: Machine): void {
  for (const live of m.frames) {
    for (let frame: Frame | null = live; frame !== null; frame = frame.parent) {
      havoc(m, frame.variables.values());
      if (frame.module !== m.frame.module) continue;
      forgetNames(m, frame);
      if (frame === frame.module) m.trail.set(frame.variables, "*", UNKNOWN);
    }
  }
}
