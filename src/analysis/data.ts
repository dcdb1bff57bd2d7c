/**
 * Between the interpreter's values and the plain data that operators take and give. What an operator
 * cannot use goes in as unknown; what comes out gets an identity of its own where it can be changed.
 */
import { type Datum, lookupConstant } from "../ops/index.ts";
import { add, asNumber, constant, multiply } from "../shapes/index.ts";
import { newMap } from "./trail.ts";
import { contentOf, coreOf, listOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

const UNKNOWN_DATUM: Datum = { kind: "unknown" };
const MAX_RANGE = 64;

export function toDatum(value: Value): Datum {
  const seen = follow(value);
  switch (seen.kind) {
    case "tensor":
    case "int":
    case "float":
    case "bool":
    case "complex":
    case "string":
    case "none":
    case "ellipsis":
    case "dtype":
      return seen;
    case "tuple":
      return { kind: "tuple", items: seen.items.map(toDatum) };
    case "record":
      return {
        kind: "record",
        name: seen.name,
        fields: new Map([...seen.fields].map(([k, v]) => [k, toDatum(v)] as const)),
      };
    case "slice":
      return { kind: "slice", lower: toDatum(seen.lower), upper: toDatum(seen.upper), step: toDatum(seen.step) };
    case "list": {
      const content = contentOf(seen);
      return "items" in content
        ? { kind: "list", items: content.items.map(toDatum) }
        : { kind: "many", element: toDatum(content.element), length: content.length };
    }
    case "instance": {
      const core = seen.class === null ? coreOf(seen) : undefined;
      if (core?.kind !== "layer") return UNKNOWN_DATUM;
      return { kind: "layer", layer: core.layer, construction: core.construction };
    }
    case "range": {
      const items = rangeItems(seen);
      return items === null ? UNKNOWN_DATUM : { kind: "list", items };
    }
    // `dtype=float` names an element type.
    case "builtin":
      return lookupConstant(`builtins.${seen.name}`) ?? UNKNOWN_DATUM;
    default:
      return UNKNOWN_DATUM;
  }
}

export function fromDatum(datum: Datum): Value {
  switch (datum.kind) {
    case "tuple":
      return { kind: "tuple", items: datum.items.map(fromDatum) };
    case "list":
      return listOf(datum.items.map(fromDatum));
    case "many":
      return {
        kind: "list",
        flavour: "list",
        cell: newMap(new Map([["content", { element: fromDatum(datum.element), length: datum.length }]])),
      };
    case "record":
      return {
        kind: "record",
        name: datum.name,
        fields: new Map([...datum.fields].map(([k, v]) => [k, fromDatum(v)] as const)),
      };
    case "slice":
      return {
        kind: "slice",
        lower: fromDatum(datum.lower),
        upper: fromDatum(datum.upper),
        step: fromDatum(datum.step),
      };
    case "layer":
    case "unknown":
      return UNKNOWN;
    default:
      return datum;
  }
}

/** The integers of a range, where they are few and known. */
export function rangeItems(range: Extract<Value, { kind: "range" }>): Extract<Datum, { kind: "int" }>[] | null {
  const count = rangeCount(range);
  if (count === null || count > MAX_RANGE) return null;
  return Array.from({ length: count }, (_, i) => ({
    kind: "int",
    value: add(range.start, multiply(range.step, constant(i))),
  }));
}

export function rangeCount(range: Extract<Value, { kind: "range" }>): number | null {
  const start = asNumber(range.start);
  const stop = asNumber(range.stop);
  const step = asNumber(range.step);
  if (start === null || stop === null || step === null || step === 0) return null;
  return Math.max(0, Math.ceil((stop - start) / step));
}
