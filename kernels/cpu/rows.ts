/** Norms, elementwise operations, transpositions and reductions on the CPU, in float64. It knows plans and numbers. */

import { operate, planElementwise } from "../elementwise/plan.ts";
import { planNorm } from "../norm/plan.ts";
import { planReduce } from "../reduce/plan.ts";
import { stridedIndices } from "../shapes.ts";
import { planTranspose } from "../transpose/plan.ts";
import type { ElementwiseRequest, NormRequest, ReduceRequest, Tensor, TransposeRequest } from "../types.ts";

export function layerNorm(request: NormRequest): Tensor {
  const { rows, columns, epsilon, centred } = planNorm(request);
  const { x, xShape, weight, bias } = request;
  const data = new Float32Array(x.length);
  for (let row = 0; row < rows; row++) {
    const values = x.subarray(row * columns, (row + 1) * columns);
    const mean = centred ? sum(values) / columns : 0;
    const variance = sum(Float64Array.from(values, (value) => (value - mean) ** 2)) / columns;
    const scale = 1 / Math.sqrt(variance + epsilon);
    values.forEach((value, i) => {
      data[row * columns + i] = (value - mean) * scale * (weight?.[i] ?? 1) + (bias?.[i] ?? 0);
    });
  }
  return { data, shape: xShape };
}

export function elementwise(request: ElementwiseRequest): Tensor {
  const { shape, aStrides, bStrides } = planElementwise(request);
  const { operation, a, b } = request;
  const [aPlaces, bPlaces] = [stridedIndices(shape, aStrides), stridedIndices(shape, bStrides)];
  const value = (at: number, i: number): number => operate(operation, a[at] ?? 0, b?.[bPlaces[i] ?? 0] ?? 0);
  return { data: Float32Array.from(aPlaces, value), shape };
}

export function transposeAxes(request: TransposeRequest): Tensor {
  const { shape, strides } = planTranspose(request);
  return { data: Float32Array.from(stridedIndices(shape, strides), (at) => request.x[at] ?? 0), shape };
}

export function reduce(request: ReduceRequest): Tensor {
  const { kept, reduced, length, shape } = planReduce(request);
  const places = (axes: typeof kept): Uint32Array => {
    return stridedIndices(
      axes.map(({ size }) => size),
      axes.map(({ stride }) => stride),
    );
  };
  const inner = places(reduced);
  const data = Float32Array.from(places(kept), (base) => {
    const values = Float64Array.from(inner, (at) => request.x[base + at] ?? 0);
    switch (request.operation) {
      case "sum":
        return sum(values);
      case "mean":
        return sum(values) / length;
      case "max":
        return values.reduce((most, value) => Math.max(most, value), -Infinity);
      case "min":
        return values.reduce((least, value) => Math.min(least, value), Infinity);
    }
  });
  return { data, shape };
}

function sum(values: Float32Array | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
