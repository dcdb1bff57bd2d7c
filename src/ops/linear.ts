/**
 * Products with learnt weights: `F.linear`, `F.bilinear`, and their layers.
 */
import {
  add,
  constant,
  elementCount,
  known,
  multiply,
  rank,
  unknownDim,
  type Dim,
  type Shape,
  type Verdict,
} from "../shapes/index.ts";
import { argument, dimArgument, isGiven, tensorOf } from "./arguments.ts";
import { boolOf, none, tensor } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { promoted } from "./dtype-rules.ts";
import { isInteger } from "./dtype.ts";
import { exactRank, mixedTypes } from "./matmul.ts";
import { laidOut } from "./memory-rules.ts";
import type { Bound, Call, Problem } from "./operator.ts";
import { problem, shown, shownDim } from "./problems.ts";
import { fitInto } from "./verbs/broadcast.ts";

/** Replaces the last dimension, which must have size `features`. */
function projected(
  call: Call,
  features: Dim,
  out: readonly Dim[],
  told: (name: (p: string) => string) => string,
): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const wide = call.solver.requireAtLeast(shape, 1);
  if (wide === null) return noFeatures(call, shape);
  const wrong = needsFloats(call);
  if (wrong !== null) return wrong;
  const last = wide.dims.at(-1) ?? unknownDim();
  const verdict = call.solver.require(last, features, call.cause);
  if (verdict.answer === "no") {
    const [got, wanted] = [shown(call, "input", wide), shownDim(call, features)];
    return problem("linear-features", {
      verdict,
      parameters: ["input"],
      message: (name) => `${told(name)} takes (…, ${wanted}) but gets ${got(name)}.`,
    });
  }
  const result = call.solver.shape({ lead: wide.lead, dims: [...wide.dims.slice(0, -1), ...out] });
  const contracts = [call.solver.dim(features)];
  const count = elementCount(result);
  return {
    value: tensor(result, tensorOf(call, "input").dtype, "torch"),
    contracts,
    cost: { macs: count === null ? null : multiply(count, features), flops: null },
  };
}

/** Weights are floating-point numbers, and PyTorch does not convert the input. */
export function needsFloats(call: Call): Problem | null {
  const { dtype } = tensorOf(call, "input");
  if (dtype === null || (!isInteger(dtype) && dtype !== "bool") || isGiven(call, "weight")) return null;
  return problem("dtype", {
    parameters: ["input"],
    message: (name) => `${name("self")} has floating-point weights; ${name("input")} is ${dtype}.`,
  });
}

function noFeatures(call: Call, shape: Shape): Problem {
  const got = shown(call, "input", shape);
  return problem("linear-features", {
    parameters: ["input"],
    message: (name) => `A linear layer needs at least one dimension; it gets ${got(name)}.`,
  });
}

export const linear = op({
  names: ["torch.nn.functional.linear"],
  summary: "Multiplies the last dimension by a weight of shape (out, in).",
  call: "input: tensor, weight: tensor, bias: any = None",
  shape: (call) => {
    const weight = call.solver.shape(tensorOf(call, "weight").shape);
    const dims = rank(weight);
    if (dims === null) return null;
    const [out, features] = dims === 1 ? [undefined, weight.dims[0]] : weight.dims;
    if (features === undefined || dims > 2) return exactRank(call, "weight", 2) ?? null;
    const result = projected(call, features, out === undefined ? [] : [out], (name) => name("weight"));
    return (out === undefined ? null : biasProblem(call, result)) ?? result;
  },
  dtype: promoted("input", "weight"),
  notation: "(i),(o,i)->(o)",
  playground: "matmul",
});

/** The bias is added to every row of the result. */
function biasProblem(call: Call, result: ShapeAnswer): Problem | null {
  const bias = argument(call, "bias");
  const value = result !== null && "value" in result ? result.value : null;
  if (bias.kind !== "tensor" || value?.kind !== "tensor") return null;
  return fitInto(call, { parameter: "bias", shape: bias.shape }, value.shape, "linear-features");
}

export const Linear = layer({
  names: ["torch.nn.Linear"],
  summary: "Multiplies the last dimension by a learnt weight and adds a bias.",
  construct: "in_features: int, out_features: int, bias: bool = True",
  call: "input: tensor",
  shape: (made, call) =>
    projected(call, dimArgument(made, "in_features"), [dimArgument(made, "out_features")], (name) => name("self")),
  strides: laidOut,
  weights: (made) => ({
    weight: known([dimArgument(made, "out_features"), dimArgument(made, "in_features")]),
    bias: boolOf(made.get("bias") ?? none) === false ? null : known([dimArgument(made, "out_features")]),
  }),
  notation: "(i)->(o)",
  playground: "matmul",
});

export const LazyLinear = layer({
  names: ["torch.nn.LazyLinear"],
  summary: "A linear layer that takes the number of its input features from its first input.",
  construct: "out_features: int, bias: bool = True",
  call: "input: tensor",
  shape: (made, call) => {
    const features = call.solver.requireAtLeast(tensorOf(call, "input").shape, 1)?.dims.at(-1) ?? unknownDim();
    return projected(call, features, [dimArgument(made, "out_features")], (name) => name("self"));
  },
  parameterCount: () => null,
});

/** Both inputs have the same dimensions but the last, whose sizes are those of the form (out, in1, in2). */
function combined(call: Call, first: Dim, second: Dim, out: Dim): ShapeAnswer {
  const left = call.solver.requireAtLeast(tensorOf(call, "input1").shape, 1);
  const right = call.solver.requireAtLeast(tensorOf(call, "input2").shape, 1);
  if (left === null || right === null) return unlikeBatches(call, null);
  for (const [parameter, shape, size] of [
    ["input1", left, first],
    ["input2", right, second],
  ] as const) {
    const last = shape.dims.at(-1) ?? unknownDim();
    const verdict = call.solver.require(last, size, call.cause);
    if (verdict.answer !== "no") continue;
    const [got, wanted] = [shown(call, parameter, shape), shownDim(call, size)];
    return problem("linear-features", {
      verdict,
      parameters: [parameter],
      message: (name) => `The layer takes (…, ${wanted}) but gets ${got(name)}.`,
    });
  }
  const [a, b] = [withoutLast(left), withoutLast(right)];
  const verdict = call.solver.requireShapes(a, b, call.cause);
  if (verdict.answer === "no") return unlikeBatches(call, verdict);
  const batch = call.solver.shape(rank(a) === null ? b : a);
  const shape: Shape = { lead: batch.lead, dims: [...batch.dims, out] };
  const count = elementCount(shape);
  // A vector for every output first, from one of the inputs; then its product with the other.
  const each = multiply(second, add(first, constant(1)));
  return {
    value: tensor(shape, tensorOf(call, "input1").dtype, "torch"),
    cost: { macs: count === null ? null : multiply(count, each), flops: null },
  };
}

function withoutLast({ lead, dims }: Shape): Shape {
  return { lead, dims: dims.slice(0, -1) };
}

function unlikeBatches(call: Call, verdict: Verdict | null): Problem {
  const [a, b] = [shown(call, "input1", tensorOf(call, "input1")), shown(call, "input2", tensorOf(call, "input2"))];
  return problem("linear-features", {
    verdict,
    parameters: ["input1", "input2"],
    message: (name) => `${a(name)} and ${b(name)} must have the same dimensions before their last.`,
  });
}

export const bilinear = op({
  names: ["torch.nn.functional.bilinear", "torch.bilinear"],
  summary: "Combines two inputs by a bilinear form of shape (out, in1, in2).",
  call: "input1: tensor, input2: tensor, weight: tensor, bias: any = None",
  shape: (call) => {
    const wrong = mixedTypes(call, ["input1", "input2", "weight"]) ?? exactRank(call, "weight", 3);
    if (wrong !== null) return wrong;
    const [out, first, second] = call.solver.shape(tensorOf(call, "weight").shape).dims;
    return combined(call, first ?? unknownDim(), second ?? unknownDim(), out ?? unknownDim());
  },
});

export const Bilinear = layer({
  names: ["torch.nn.Bilinear"],
  summary: "Combines two inputs by a learnt bilinear form.",
  construct: "in1_features: int, in2_features: int, out_features: int, bias: bool = True",
  call: "input1: tensor, input2: tensor",
  shape: (made, call) => {
    const [first, second] = [dimArgument(made, "in1_features"), dimArgument(made, "in2_features")];
    return combined(call, first, second, dimArgument(made, "out_features"));
  },
  weights: (made) => ({
    weight: known(["out_features", "in1_features", "in2_features"].map((name) => dimArgument(made, name))),
    bias: boolOf(made.get("bias") ?? none) === false ? null : known([dimArgument(made, "out_features")]),
  }),
});

/** The type of a layer's weights: float32 unless `dtype=` says otherwise. */
export function layerType(made: Bound) {
  const given = made.get("dtype") ?? none;
  return given.kind === "none" ? "float32" : given.kind === "dtype" ? given.dtype : null;
}
