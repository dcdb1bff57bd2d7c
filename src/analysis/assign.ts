/**
 * Assignment to names, attributes, indices and patterns of them. Unpacking the shape of an array whose
 * rank is open names its dimensions after the targets.
 */
import type { Expr, Target } from "../program/syntax.ts";
import { asSymbol, type Dim, freshSymbol, printShape, rank, type Shape, unknownDim } from "../shapes/index.ts";
import { isPlainAttribute, setAttribute } from "./attributes.ts";
import { setItem } from "./containers.ts";
import { evaluate } from "./expressions.ts";
import { renew } from "./fresh.ts";
import { havoc } from "./havoc.ts";
import { severityOf } from "./hearsay.ts";
import { deleteItem } from "./indexing.ts";
import { applyOperator, shorten } from "./library.ts";
import { iterate } from "./iteration.ts";
import type { Machine } from "./machine.ts";
import { callMethodIfAny } from "./calls.ts";
import { relatedPlaces } from "./related.ts";
import { bindName, unbindName } from "./scope.ts";
import { setCoreItem } from "./module-methods.ts";
import { listOf, manyOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

export interface AssignOptions {
  readonly record: boolean;
  readonly obvious?: boolean;
  /** An augmented assignment has evaluated its target already. */
  readonly augmented?: boolean;
}

const RECORDED: AssignOptions = { record: true };

export function assignTarget(m: Machine, target: Target | Expr, value: Value, options: AssignOptions = RECORDED): void {
  switch (target.kind) {
    case "name":
      if (options.record && value.kind === "int") nameAfter(m, target, value.value);
      bindName(m, target.id, value);
      break;
    case "attribute": {
      const evaluated = options.record && options.augmented !== true;
      const object = evaluated ? evaluate(m, target.object) : quiet(m, target.object);
      setAttribute(m, object, target.name, value);
      if (!isPlainAttribute(object, target.name)) return;
      break;
    }
    case "index":
      assignIndex(m, target, value);
      return;
    case "sequence":
      unpack(m, target.items, value, options, target);
      return;
    case "spread":
      assignTarget(m, target.value, value, options);
      return;
    case "unreadable":
      for (const child of target.children) evaluate(m, child);
      return;
    default:
      return;
  }
  if (options.record) m.record(target.span, "binding", value, options.obvious === true);
}

function quiet(m: Machine, expr: Expr): Value {
  const records = m.records.length;
  const value = evaluate(m, expr);
  m.records.length = Math.min(records, m.records.length);
  return value;
}

function assignIndex(m: Machine, target: Extract<Expr, { kind: "index" }>, value: Value): void {
  const object = evaluate(m, target.object);
  const index = evaluate(m, target.index);
  if (callMethodIfAny(m, object, "__setitem__", [index, value], target) !== null) return;
  if (object.kind === "tensor") {
    const args = [
      { value: object, expr: target.object },
      { value: index, expr: target.index },
      { value, expr: null },
    ];
    applyOperator(m, "operator.[]=", args, new Map(), target);
    return;
  }
  if (target.object.kind === "attribute" && /^_(?:modules|parameters|buffers)$/.test(target.object.name))
    setRegistered(m, quiet(m, target.object.object), index, value);
  if (object.kind === "instance" && setCoreItem(m, object, index, value)) return;
  setItem(m, object, index, value);
}

/** `self._modules[name] = module` */
function setRegistered(m: Machine, owner: Value, name: Value, value: Value): void {
  if (name.kind === "string" && name.value !== null) setAttribute(m, owner, name.value, value);
  else havoc(m, [owner]);
}

/** Assigns the elements of a value to several targets, one of which may be starred. */
function unpack(m: Machine, targets: readonly Expr[], value: Value, options: AssignOptions, whole: Expr): void {
  const star = targets.findIndex((target) => target.kind === "spread");
  const named = nameDimensions(m, targets, star, value);
  const seen = named ?? value;
  const spread = iterate(m, seen);
  const count = targets.length - (star >= 0 ? 1 : 0);
  if (spread === null || !spread.exact) {
    const element = spread?.elements[0] ?? UNKNOWN;
    targets.forEach((target, i) =>
      assignTarget(m, target, i === star ? manyOf(element, unknownDim()) : renew(element), options),
    );
    return;
  }
  const { elements } = spread;
  if (star < 0 ? elements.length !== count : elements.length < count) {
    reportCount(m, targets, seen, elements.length, whole);
    const goesOn = star < 0 && m.crashed && m.callStack.length > 0;
    targets.forEach((target, i) => assignTarget(m, target, (goesOn ? elements[i] : null) ?? UNKNOWN, options));
    return;
  }
  targets.forEach((target, i) => {
    if (star < 0 || i < star) assignTarget(m, target, elements[i] ?? UNKNOWN, options);
    else if (i === star)
      assignTarget(m, target, listOf(elements.slice(star, elements.length - (count - star))), options);
    else assignTarget(m, target, elements[elements.length - targets.length + i] ?? UNKNOWN, options);
  });
}

/** Where a tuple stands for the shape of an array, it is marked by its source: see `shapeTuple`. */
const shapeSources = new WeakMap<object, Shape>();

/** The tuple of an array's sizes, which may still be of unknown length. */
export function shapeTuple(shape: Shape): Value {
  const value: Value =
    shape.lead === null
      ? { kind: "tuple", items: shape.dims.map((dim) => ({ kind: "int", value: dim })) }
      : { kind: "unknown" };
  const made = { ...value };
  shapeSources.set(made, shape);
  return made;
}

export function shapeBehind(value: Value): Shape | null {
  return shapeSources.get(value) ?? null;
}

/** `B, T, C = x.shape`: fixes the rank of `x` and names its sizes, where nobody named them before. */
function nameDimensions(m: Machine, targets: readonly Expr[], star: number, value: Value): Value | null {
  const shape = shapeBehind(value);
  if (shape === null || (m.solver.shape(shape).lead === null && rank(m.solver.shape(shape)) !== targets.length))
    return null;
  const fixed =
    star >= 0 ? m.solver.requireAtLeast(shape, targets.length - 1) : m.solver.requireRank(shape, targets.length);
  if (fixed === null || star >= 0) return null;
  const dims = fixed.dims.map((dim, i) => {
    const target = targets[i];
    if (target?.kind === "name") nameAfter(m, target, dim);
    return m.solver.dim(dim);
  });
  return { kind: "tuple", items: dims.map((dim) => ({ kind: "int", value: dim })) };
}

/** A size that nobody has named yet is called as the variable that first holds it. */
function nameAfter(m: Machine, target: Extract<Expr, { kind: "name" }>, dim: Dim): void {
  // A name in code that stands for many turns of a loop would be one name for many sizes.
  if (m.turning > 0) return;
  const resolved = m.solver.dim(dim);
  const symbol = asSymbol(resolved);
  if (symbol === null || symbol.name !== "?" || /^_+$/.test(target.id) || !m.takeName(target.id)) return;
  const cause = m.cause(`\`${target.id}\``, target.span);
  m.solver.name(resolved, freshSymbol(target.id, "inferred", { cause, min: symbol.min }));
}

function reportCount(m: Machine, targets: readonly Expr[], value: Value, count: number, whole: Expr): void {
  if (shapeBehind(value) === null && value.kind !== "tuple" && value.kind !== "list") return;
  // Nobody unpacks an empty list: what fills it was not seen.
  if (value.kind === "list" && count === 0) return;
  const names = shorten(m.text(whole.span));
  const shape = shapeBehind(value);
  const printed = shape === null ? null : printShape(m.solver.shape(shape));
  const message =
    printed === null
      ? `\`${names}\` needs ${targets.length} values, but there are ${count}.`
      : `\`${names}\` needs ${targets.length} dimensions; the shape is ${printed}.`;
  const shapes = shape === null ? [] : [shape, m.solver.shape(shape)];
  const severity = severityOf("error", shapes, m.context !== null);
  if (severity === null) return;
  m.report(
    {
      code: "unpack-count",
      severity,
      message,
      shapes: printed === null ? [] : [printed],
      related: relatedPlaces(m, []),
      unnecessary: false,
    },
    whole.span,
  );
}

export function deleteTarget(m: Machine, target: Expr): void {
  if (target.kind === "name") unbindName(m, target.id);
  else if (target.kind === "index") deleteItem(m, evaluate(m, target.object), evaluate(m, target.index));
  else if (target.kind === "attribute") {
    const object = follow(evaluate(m, target.object));
    if (object.kind === "instance") m.trail.delete(object.attributes, target.name);
  } else if (target.kind === "sequence") for (const item of target.items) deleteTarget(m, item);
}
