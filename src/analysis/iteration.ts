/**
 * What iterating over a value gives: its elements one by one where they are known (`exact`), or one
 * element that stands for all of them.
 */
import { asNumber, constant, type Dim, rank, unknownDim } from "../shapes/index.ts";
import { lookupOperator, type Tensor } from "../ops/index.ts";
import { classLookup } from "./attributes.ts";
import { callFunction, plainArguments } from "./calls.ts";
import { toDatum, fromDatum, rangeCount } from "./data.ts";
import { membersOf } from "./enums.ts";
import { renew } from "./fresh.ts";
import { havoc } from "./havoc.ts";
import { joinAll, joinValues } from "./join.ts";
import { takeAll } from "./lazies.ts";
import type { Machine } from "./machine.ts";
import { iterateModules } from "./nn.ts";
import { add, asSymbol, ceilDivide, freshSymbol, maximum, multiply, ofSymbol, subtract } from "../shapes/index.ts";
import {
  contentOf,
  type InstanceValue,
  type ListValue,
  type Parts,
  stringOf,
  tupleOf,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { asInteger, follow } from "./variable.ts";

export interface Iteration {
  readonly elements: readonly Value[];
  /** True where `elements` are all of them in order; otherwise the one element stands for each. */
  readonly exact: boolean;
  readonly length: Dim | null;
  /** What else is known of elements that are not all told. */
  readonly parts?: Parts | undefined;
}

/** Beyond this many, elements are summed up in one. */
const MAX_ELEMENTS = 512;
/** Rows of an array are all alike: only few are told one by one. */
const MAX_ROWS = 24;

/** Null for what cannot be iterated as far as we know. */
export function iterate(m: Machine, value: Value): Iteration | null {
  const seen = follow(value);
  switch (seen.kind) {
    case "tuple":
      return exactly(seen.items);
    case "list": {
      const content = contentOf(seen);
      if (seen.flavour === "generator") return drain(m, seen);
      if (seen.flavour === "set" && "items" in content && content.items.length > 1) return inAnyOrder(content.items);
      return "items" in content
        ? exactly(content.items)
        : { elements: [renew(content.element)], exact: false, length: content.length, parts: content.parts };
    }
    case "lazy": {
      const rest = takeAll(m, seen);
      return rest === null ? null : iterate(m, rest);
    }
    case "record":
      return exactly([...seen.fields.values()]);
    case "range":
      return iterateRange(m, seen);
    case "dict":
      return iterateKeys(seen.entries);
    case "string":
      return seen.value === null || seen.value.length > MAX_ELEMENTS ? null : exactly(Array.from(seen.value, stringOf));
    case "tensor":
      return iterateTensor(m, seen);
    case "class": {
      const members = seen.form === "enum" ? membersOf(seen) : null;
      return members === null ? null : exactly(members);
    }
    case "instance":
      return iterateObject(m, seen);
    case "union": {
      const all = seen.options.filter((option) => option.kind !== "none").map((option) => iterate(m, option));
      if (all.some((one) => one === null)) return null;
      const elements = all.flatMap((one) => one?.elements ?? []);
      const [first] = elements;
      return first === undefined
        ? null
        : { elements: [elements.reduce((a, b) => joinValues(a, b), first)], exact: false, length: null };
    }
    default:
      return null;
  }
}

/**
 * What a generator gives is taken from it; how far that goes depends on who takes it, so that what it still
 * has is not known one by one. A generator of unknown length may be `range`, which can be asked again.
 */
function drain(m: Machine, list: ListValue): Iteration {
  const content = contentOf(list);
  if (!("items" in content)) return { elements: [renew(content.element)], exact: false, length: content.length };
  const { items } = content;
  const element = joinAll(items);
  if (items.length > 0) m.trail.set(list.cell, "content", { element, length: unknownDim() });
  return exactly(items);
}

/** An object that says itself how it is iterated runs its own code for it. */
function iterateObject(m: Machine, self: InstanceValue): Iteration | null {
  const own = iteratorOf(m, self);
  if (own === null) {
    if (self.class?.open === true) havoc(m, [self]);
    return iterateModules(self);
  }
  if (own.kind !== "instance") return iterate(m, own);
  havoc(m, [self, own]);
  return null;
}

/** What `iter(object)` gives where its class says so. */
export function iteratorOf(m: Machine, self: InstanceValue): Value | null {
  const method = classLookup(self.class, m.dialect.iterationMethod, (value) => value);
  return method?.kind === "function" ? follow(callFunction(m, method, plainArguments(self), null)) : null;
}

/** A set gives its items in an order of its own. */
function inAnyOrder(items: readonly Value[]): Iteration {
  return { elements: [joinAll(items)], exact: false, length: constant(items.length) };
}

function exactly(elements: readonly Value[]): Iteration {
  if (elements.length <= MAX_ELEMENTS) return { elements, exact: true, length: constant(elements.length) };
  return { elements: [joinAll(elements)], exact: false, length: constant(elements.length) };
}

function iterateRange(m: Machine, range: Extract<Value, { kind: "range" }>): Iteration {
  const resolved = {
    ...range,
    start: m.solver.dim(range.start),
    stop: m.solver.dim(range.stop),
    step: m.solver.dim(range.step),
  };
  const count = rangeCount(resolved);
  if (count !== null && count <= MAX_ELEMENTS) {
    const at = (i: number): Value => ({
      kind: "int",
      value: add(resolved.start, multiply(resolved.step, constant(i))),
    });
    return exactly(Array.from({ length: count }, (_, i) => at(i)));
  }
  const min = asNumber(resolved.start);
  const rising = (asNumber(resolved.step) ?? 0) > 0;
  const symbol = freshSymbol("?", "unknown", { min: rising ? min : null });
  return {
    elements: [{ kind: "int", value: ofSymbol(symbol) }],
    exact: false,
    length: count !== null ? constant(count) : symbolicCount(m, resolved),
  };
}

/** How many numbers a rising range with symbolic ends has. A size is at least 1, so that `range(1, T)` has T - 1. */
function symbolicCount(m: Machine, { start, stop, step }: Extract<Value, { kind: "range" }>): Dim | null {
  const by = asNumber(step);
  if (by === null || by < 1) return null;
  const span = subtract(stop, start);
  if (by === 1 && asSymbol(span) !== null) return span;
  const isSize = asSymbol(add(span, constant(1)))?.min !== null && asSymbol(add(span, constant(1))) !== null;
  const whole = isSize || m.solver.atLeast(span, 0) === "yes" ? span : maximum(span, constant(0));
  return by === 1 ? whole : ceilDivide(whole, constant(by));
}

function iterateKeys(entries: ReadonlyMap<string, Value>): Iteration | null {
  const keys: Value[] = [];
  for (const [key, value] of entries) {
    if (value.kind === "maybe" || key === "*") return null;
    keys.push(keyValue(key));
  }
  return exactly(keys);
}

export function keyValue(key: string): Value {
  const text = key.slice(2);
  if (key.startsWith("t:")) return tupleOf((JSON.parse(text) as readonly string[]).map(keyValue));
  return key.startsWith("s:")
    ? stringOf(text)
    : key.startsWith("i:")
      ? { kind: "int", value: constant(Number(text)) }
      : UNKNOWN;
}

/** Iterating an array walks its first axis: each element is what indexing with an integer gives. */
function iterateTensor(m: Machine, tensor: Tensor): Iteration | null {
  const shape = m.solver.shape(tensor.shape);
  if (rank(shape) === 0) return null;
  const operator = lookupOperator("operator.[]");
  const [self, index] = operator?.parameters ?? [];
  if (operator === null || self === undefined || index === undefined) return null;
  const at = asInteger(m, { kind: "int", value: constant(0) });
  const outcome = operator.apply({
    args: new Map([
      [self.name, toDatum(tensor)],
      [index.name, toDatum(at)],
    ]),
    solver: m.solver,
    name: "operator.[]",
    cause: { text: "iteration", place: null },
  });
  if ("problem" in outcome) return null;
  const element = fromDatum(outcome.value);
  const length = rank(shape) === null ? null : (shape.dims[0] ?? null);
  const count = length === null ? null : asNumber(length);
  const plain: Value = element.kind === "tensor" ? withoutContent(element) : element;
  if (count !== null && count <= MAX_ROWS) return exactly(Array.from({ length: count }, () => plain));
  return { elements: [plain], exact: false, length };
}

export function withoutContent({ content: _content, ...plain }: Tensor): Tensor {
  return plain;
}
