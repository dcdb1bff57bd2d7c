/**
 * Extreme elements with their places, weighted means, and distances of vectors, as functions and as layers.
 */
import { constant, rank, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, tensorOf } from "./arguments.ts";
import { boolOf, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { floating, promoted, realPart } from "./dtype-rules.ts";
import { cosine } from "./loss.ts";
import type { Call } from "./operator.ts";
import { isProblem } from "./problems.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

export const sortedRows = op({
  names: ["torch.msort", "torch.Tensor.msort"],
  summary: "The elements in order along the first dimension.",
  call: "input: tensor, *, out: any = None",
  shape: (call) => tensorOf(call, "input").shape,
});

function both(call: Call): ReturnType<typeof broadcastAll> {
  return broadcastAll(
    call,
    ["input", "other"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
  );
}

function pairwise(call: Call, keepdim: boolean | null): ShapeAnswer {
  const shape = both(call);
  if (isProblem(shape) || rank(shape) === 0) return shape;
  const wide: Shape | null = keepdim === null ? null : call.solver.requireAtLeast(shape, 1);
  if (wide === null) return null;
  return { lead: wide.lead, dims: [...wide.dims.slice(0, -1), ...(keepdim === true ? [constant(1)] : [])] };
}

export const pairwiseDistance = op({
  names: ["torch.nn.functional.pairwise_distance", "torch.pairwise_distance"],
  summary: "Distances of the vectors in the last dimension.",
  call: "x1 as input: tensor, x2 as other: tensor, p: any = 2.0, eps: any = 1e-06, keepdim: bool = False",
  shape: (call) => pairwise(call, boolArgument(call, "keepdim")),
  dtype: realPart(floating(promoted("input", "other"))),
});

export const PairwiseDistance = layer({
  names: ["torch.nn.PairwiseDistance"],
  summary: "Distances of the vectors in the last dimension.",
  construct: "p: any = 2.0, eps: any = 1e-06, keepdim: bool = False",
  call: "x1: tensor, x2: tensor",
  shape: (made, call) => pairwise(inRuleNames(call), boolOf(made.get("keepdim") ?? unknown)),
  dtype: (_, call) => realPart(floating(promoted("x1", "x2")))(call),
});

export const CosineSimilarity = layer({
  names: ["torch.nn.CosineSimilarity"],
  summary: "Cosine of the angle between vectors along a dimension, which goes away.",
  construct: "dim: int = 1, eps: any = 1e-08",
  call: "x1: tensor, x2: tensor",
  shape: (made, call) => cosine(call, ["x1", "x2"], made.get("dim") ?? unknown),
  dtype: (_, call) => promoted("x1", "x2")(call),
});

function inRuleNames(call: Call): Call {
  const args = new Map(call.args).set("input", argument(call, "x1")).set("other", argument(call, "x2"));
  return { ...call, args };
}
