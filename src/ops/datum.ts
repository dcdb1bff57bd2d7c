/**
 * Small constructors and readers for the values operators take and give. It knows no operators and no
 * signatures; a reader answers null where the value is not known to be what is asked for.
 */
import { asNumber, constant, shapeOf, unknownShape, type Dim, type Shape } from "../shapes/index.ts";
import type { DType } from "./dtype.ts";
import type { Datum, Library, Tensor } from "./value.ts";

export const unknown: Datum = { kind: "unknown" };
export const none: Datum = { kind: "none" };

export function int(value: Dim | number): Datum {
  return { kind: "int", value: typeof value === "number" ? constant(value) : value };
}

export function float(value: number | null = null): Datum {
  return { kind: "float", value };
}

export function bool(value: boolean | null = null): Datum {
  return { kind: "bool", value };
}

export function tuple(items: readonly Datum[]): Datum {
  return { kind: "tuple", items };
}

export function tensor(shape: Shape, dtype: DType | null, library: Library | null): Tensor {
  return { kind: "tensor", shape, dtype, library };
}

export function record(name: string, fields: readonly (readonly [string, Datum])[]): Datum {
  return { kind: "record", name, fields: new Map(fields) };
}

/** A size or other integer; Python's booleans count as integers. */
export function dimOf(datum: Datum): Dim | null {
  if (datum.kind === "int") return datum.value;
  if (datum.kind === "bool" && datum.value !== null) return constant(datum.value ? 1 : 0);
  if (datum.kind === "tensor" && datum.content?.length === 1) return datum.content[0] ?? null;
  return null;
}

/** An integer that is known as a number. */
export function numberOf(datum: Datum): number | null {
  const dim = dimOf(datum);
  return dim === null ? null : asNumber(dim);
}

/** The items of a sequence whose length is known. */
export function itemsOf(datum: Datum): readonly Datum[] | null {
  if (datum.kind === "tuple" || datum.kind === "list") return datum.items;
  if (datum.kind === "record") return [...datum.fields.values()];
  if (datum.kind === "tensor" && datum.content !== undefined && datum.shape.dims.length === 1) {
    return datum.content.map((value) => int(value));
  }
  return null;
}

export function boolOf(datum: Datum): boolean | null {
  if (datum.kind === "bool") return datum.value;
  if (datum.kind === "none") return false;
  const number = datum.kind === "int" ? asNumber(datum.value) : null;
  return number === null ? null : number !== 0;
}

/**
 * A value as an array: numbers have rank 0, nested sequences the rank of their nesting. A ragged or
 * partly unknown sequence has an unknown shape; null means that the value is surely no array.
 */
export function arrayOf(datum: Datum, library: Library | null): Tensor | null {
  switch (datum.kind) {
    case "tensor":
      return datum;
    case "int":
      return { ...tensor(shapeOf(), "int64", library), content: [datum.value] };
    case "bool":
      return tensor(shapeOf(), "bool", library);
    case "float":
      return tensor(shapeOf(), library === null ? null : library === "numpy" ? "float64" : "float32", library);
    case "complex":
      return tensor(shapeOf(), library === null ? null : library === "numpy" ? "complex128" : "complex64", library);
    case "tuple":
    case "list":
      return nested(datum.items, library);
    case "many":
      return many(datum.element, datum.length, library);
    case "record":
    case "layer":
    case "unknown":
      return tensor(unknownShape(), null, library);
    case "none":
    case "ellipsis":
    case "slice":
    case "string":
    case "dtype":
      return null;
    default:
      return datum satisfies never;
  }
}

function many(element: Datum, length: Dim, library: Library | null): Tensor {
  const one = arrayOf(element, library);
  if (one === null || one.shape.lead !== null) return tensor(unknownShape(), null, library);
  return tensor(shapeOf(length, ...one.shape.dims), one.dtype, library);
}

function nested(items: readonly Datum[], library: Library | null): Tensor {
  const blank = tensor(unknownShape(), null, library);
  const parts = items.map((item) => arrayOf(item, library));
  const first = parts[0];
  if (first === undefined) return tensor(shapeOf(0), library === "numpy" ? "float64" : "float32", library);
  let dtype: DType | null = first?.dtype ?? null;
  for (const part of parts) {
    if (part === null || part === undefined || first === null || part.shape.lead !== null) return blank;
    if (part.shape.dims.length !== first.shape.dims.length) return blank;
    if (part.shape.dims.some((dim, axis) => dim.key !== first.shape.dims[axis]?.key)) return blank;
    dtype = dtype === null || part.dtype === null ? null : widerLiteral(dtype, part.dtype);
  }
  const shape = shapeOf(items.length, ...(first?.shape.dims ?? []));
  const numbers = items.map((item) => (item.kind === "int" ? item.value : null));
  const content = numbers.flatMap((value) => (value === null ? [] : [value]));
  const whole = content.length === items.length && items.length <= 16;
  return whole ? { ...tensor(shape, dtype, library), content } : tensor(shape, dtype, library);
}

/** Literals mix as bool < int < float; tensors among them follow the same order only if the types agree. */
function widerLiteral(a: DType, b: DType): DType | null {
  if (a === b) return a;
  const order: readonly string[] = ["bool", "int64", "float32", "float64", "complex64", "complex128"];
  const [x, y] = [order.indexOf(a), order.indexOf(b)];
  if (x < 0 || y < 0 || (x > 1 && y > 1 && x % 2 !== y % 2)) return null;
  return x > y ? a : b;
}
