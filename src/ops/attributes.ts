/**
 * Attributes of tensors: `x.shape`, `x.T`, `x.dtype`. It knows tensors, no operators; those that are
 * called are in the catalogue.
 */
import { asNumber, elementCount, multiply, constant, rank, unknownShape, type Solver } from "../shapes/index.ts";
import { int, tensor, tuple, unknown } from "./datum.ts";
import { itemSize } from "./dtype.ts";
import { realPartOf } from "./dtype-rules.ts";
import type { Datum, Library, Tensor } from "./value.ts";
import { swapAxes } from "./verbs/permute.ts";

/** The value of an attribute; null where tensors of this library have none of that name. */
export function lookupAttribute(library: Library | null, name: string, value: Tensor, solver: Solver): Datum | null {
  const shape = solver.shape(value.shape);
  const own: Tensor = { ...value, shape };
  switch (name) {
    case "shape":
      return shape.lead === null ? tuple(shape.dims.map((dim) => int(dim))) : unknown;
    case "ndim":
      return rank(shape) === null ? unknown : int(shape.dims.length);
    case "dtype":
      return value.dtype === null ? unknown : { kind: "dtype", dtype: value.dtype };
    case "T":
      return transposed(own);
    case "mT":
    case "mH":
      return matrixTransposed(own, solver);
    case "H":
      return shape.lead === null && shape.dims.length === 2 ? transposed(own) : unknown;
    case "real":
    case "imag":
      return tensor(own.shape, realPartOf(own.dtype), own.library);
    case "data":
      return library === "numpy" || library === "jax" ? unknown : own;
    case "grad":
      return library === "numpy" || library === "jax" ? null : unknown;
    case "size":
      return library === "numpy" || library === "jax" ? countOf(own) : null;
    case "nbytes":
      return bytesOf(own);
    case "itemsize":
      return own.dtype === null ? unknown : int(itemSize(own.dtype));
    case "sharding":
    case "weak_type":
    case "aval":
    case "flat":
    case "device":
    case "is_cuda":
    case "is_sparse":
    case "is_leaf":
    case "layout":
    case "names":
    case "strides":
    case "flags":
    case "base":
    case "grad_fn":
    case "requires_grad":
    case "is_mps":
    case "is_quantized":
    case "is_meta":
      return unknown;
    default:
      return null;
  }
}

function transposed(value: Tensor): Datum {
  if (value.shape.lead !== null) return tensor(unknownShape(), value.dtype, value.library);
  const shape = { lead: null, dims: value.shape.dims.toReversed() };
  return withStrides(tensor(shape, value.dtype, value.library), value.strides?.toReversed());
}

function withStrides(value: Tensor, strides: Tensor["strides"]): Tensor {
  return strides === undefined ? value : { ...value, strides };
}

function matrixTransposed(value: Tensor, solver: Solver): Datum {
  const wide = solver.requireAtLeast(value.shape, 2);
  const shape = wide === null ? null : swapAxes(wide, -1, -2);
  const strides = value.strides === undefined ? null : swapAxes({ lead: null, dims: value.strides }, -1, -2);
  return withStrides(tensor(shape ?? unknownShape(), value.dtype, value.library), strides?.dims);
}

function countOf(value: Tensor): Datum {
  const count = elementCount(value.shape);
  return count === null ? unknown : int(count);
}

function bytesOf(value: Tensor): Datum {
  const count = elementCount(value.shape);
  if (count === null || value.dtype === null) return unknown;
  const total = multiply(count, constant(itemSize(value.dtype)));
  return int(asNumber(total) ?? total);
}
