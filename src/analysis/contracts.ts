/**
 * The author's own words about the values of a function: its parameters, its result, and its annotated variables.
 * They name sizes, fill what is not known, and are checked.
 */
import type { Expr, FunctionDefinition, Lambda, Parameter } from "../program/syntax.ts";
import { claim, reportStale } from "./claims.ts";
import type { Machine } from "./machine.ts";
import { nameSize, namedSize } from "./notes.ts";
import { statedByAnnotation, statedByNote, type StatedShape, statedShape, statedTensor } from "./stated.ts";
import { typedValue } from "./types.ts";
import { tupleOf, type Value } from "./value.ts";
import { follow } from "./variable.ts";

/** An argument as the callee's signature sees it: what it does not know is filled, its sizes are named. */
export function contractForParameter(
  m: Machine,
  definition: FunctionDefinition | Lambda,
  parameter: Parameter,
  value: Value,
): Value {
  const stated = statedShape(m, definition, parameter);
  const seen = follow(value);
  const { annotation } = parameter;
  if (seen.kind === "int" && annotation !== null) nameInteger(m, annotation, seen);
  if (stated === null)
    return seen.kind === "unknown" && annotation !== null
      ? (typedValue(m, annotation, parameter.name, false) ?? seen)
      : seen;
  if (seen.kind === "unknown") return statedTensor(m, stated);
  if (seen.kind !== "tensor") return seen;
  // What a caller hands over is not narrowed by a docstring, which may tell of other callers.
  if (stated.by === "comment" && m.solver.shape(seen.shape).lead !== null) return seen;
  return claim(m, seen, stated).value;
}

/** `n: Dim[N]` names the integer that is passed. */
function nameInteger(m: Machine, annotation: Expr, { value }: Extract<Value, { kind: "int" }>): void {
  const name = m.dialect.annotatedSize(annotation);
  if (name !== null && namedSize(m, name) === null) nameSize(m, name, value);
}

/** The result of a function as its signature states it: what is not known is filled, and what contradicts it is told. */
export function contractForReturn(m: Machine, definition: FunctionDefinition | Lambda, value: Value): Value {
  if (definition.kind !== "function" || definition.generator || definition.async) return value;
  const { returns } = definition;
  const annotated = returns === null ? value : annotatedValue(m, returns, value);
  const documented = definition.notes[0] ?? definition.docShapes.find(({ subject }) => subject === "return");
  if (documented === undefined || documented.others.length > 0) return annotated;
  const seen = follow(annotated);
  const stated = statedByNote(documented, "comment");
  if (seen.kind === "unknown") return statedTensor(m, stated);
  if (seen.kind !== "tensor" || m.solver.shape(seen.shape).lead !== null) return annotated;
  const { value: claimed, stale } = claim(m, seen, stated);
  if (stale && m.context === null && documented.source === "comment")
    reportStale(m, `The comment says ${documented.text}`, documented.span, seen, definition.nameSpan);
  return claimed;
}

/** The value of an annotated variable: what is not known of it is taken from the annotation. */
export function declaredValue(m: Machine, annotation: Expr, value: Value): Value {
  return annotatedValue(m, annotation, value);
}

function annotatedValue(m: Machine, annotation: Expr, value: Value): Value {
  const seen = follow(value);
  if (seen.kind === "unknown") return typedValue(m, annotation, "", false) ?? seen;
  if (seen.kind === "tuple") {
    const types = itemTypes(annotation);
    if (types?.length !== seen.items.length) return seen;
    return tupleOf(seen.items.map((item, i) => annotatedValue(m, types[i] ?? annotation, item)));
  }
  const stated = seen.kind === "tensor" ? statedByAnnotation(m, annotation) : null;
  return seen.kind === "tensor" && stated !== null ? checked(m, seen, stated) : seen;
}

function checked(m: Machine, value: Extract<Value, { kind: "tensor" }>, stated: StatedShape): Value {
  const { value: claimed, stale } = claim(m, value, stated);
  if (stale && m.context === null)
    reportStale(m, `The annotation says ${stated.text}`, stated.span, value, stated.span);
  return claimed;
}

/** The types of the items of `tuple[A, B]`. */
function itemTypes(annotation: Expr): readonly Expr[] | null {
  if (annotation.kind !== "index" || annotation.index.kind !== "sequence") return null;
  const { object, index } = annotation;
  const name = object.kind === "name" ? object.id : object.kind === "attribute" ? object.name : "";
  return name.toLowerCase() === "tuple" ? index.items : null;
}
