/**
 * Tables of vectors that integers look up: `F.embedding`, bags of embeddings, and their layers.
 */
import { constant, known, rank, subtract, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, dimArgument, tensorOf } from "./arguments.ts";
import { callSequence } from "./axes.ts";
import { boolOf, none } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { isFloating, isInteger } from "./dtype.ts";
import { layerType } from "./linear.ts";
import { exactRank } from "./matmul.ts";
import { laidOut } from "./memory-rules.ts";
import type { Bound, Call, Problem } from "./operator.ts";
import { otherRank, problem, shown } from "./problems.ts";

/** A row of the weight for each integer; floating-point indices are an error. */
function lookedUp(call: Call, width: Dim, told: string): ShapeAnswer {
  const input = tensorOf(call, "input");
  callSequence(call, input.shape);
  return needsIntegers(call, told) ?? { lead: input.shape.lead, dims: [...input.shape.dims, width] };
}

function needsIntegers(call: Call, told: string): Problem | null {
  const { dtype } = tensorOf(call, "input");
  if (dtype === null || (!isFloating(dtype) && dtype !== "bool")) return null;
  return problem("dtype", {
    parameters: ["input"],
    message: (name) => `${told} looks up integers; ${name("input")} is ${dtype}.`,
  });
}

function columns(call: Call): Dim | Problem {
  const wrong = exactRank(call, "weight", 2);
  return wrong ?? tensorOf(call, "weight").shape.dims.at(-1) ?? unknownDim();
}

export const embedding = op({
  names: ["torch.nn.functional.embedding", "torch.embedding"],
  summary: "A row of the weight for every integer.",
  call: {
    "torch.nn.functional":
      "input: tensor, weight: tensor, padding_idx: any = None, max_norm: any = None, norm_type: any = 2.0, scale_grad_by_freq: any = False, sparse: any = False",
    torch:
      "weight: tensor, indices as input: tensor, padding_idx: any = -1, scale_grad_by_freq: any = False, sparse: any = False",
  },
  shape: (call) => {
    const width = columns(call);
    return "code" in width ? width : lookedUp(call, width, "`F.embedding`");
  },
  dtype: (call) => tensorOf(call, "weight").dtype,
  notation: "(),(v,d)->(d)",
});

const TABLE =
  "num_embeddings: int, embedding_dim: int, padding_idx: any = None, max_norm: any = None, norm_type: any = 2.0, scale_grad_by_freq: any = False, sparse: any = False, _weight: any = None, _freeze: any = False";

export const Embedding = layer({
  names: ["torch.nn.Embedding"],
  summary: "A learnt vector for every integer.",
  construct: TABLE,
  call: "input: tensor",
  shape: (made, call) => lookedUp(call, dimArgument(made, "embedding_dim"), "`nn.Embedding`"),
  strides: laidOut,
  dtype: (made) => layerType(made),
  weights: tableOf,
  notation: "()->(d)",
});

function tableOf(made: Bound): Readonly<Record<string, Shape>> {
  return { weight: known([dimArgument(made, "num_embeddings"), dimArgument(made, "embedding_dim")]) };
}

export const embeddingRenorm = op({
  names: ["torch.embedding_renorm_"],
  summary: "Scales the rows that indices name down to a norm.",
  call: "input: tensor, indices: tensor, max_norm: any, norm_type: any",
  shape: (call) => tensorOf(call, "input").shape,
});

/** A bag is a row of indices, or begins where `offsets` says. */
function bags(call: Call, features: Dim, includesEnd: boolean | null): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const count = rank(shape);
  const wrong = needsIntegers(call, "A bag of embeddings") ?? badOffsets(call, shape);
  if (wrong !== null) return wrong;
  if (count === null) return null;
  if (count === 2) return known([shape.dims[0] ?? unknownDim(), features]);
  const offsets = tensorOf(call, "offsets").shape;
  const starts = rank(offsets) === 1 ? offsets.dims[0] : undefined;
  if (starts === undefined || includesEnd === null) return known([unknownDim(), features]);
  return known([includesEnd ? subtract(starts, constant(1)) : starts, features]);
}

/** Offsets stand beside one row of indices, and weights have the shape of the indices. */
function badOffsets(call: Call, shape: Shape): Problem | null {
  const count = rank(shape);
  if (count === null) return null;
  if (count !== 1 && count !== 2) return otherRank(call, "input", shape, "1 or 2 dimensions");
  const told = shown(call, "input", shape);
  const offsets = argument(call, "offsets");
  const missing = count === 1 && offsets.kind === "none";
  const unfit = offsets.kind === "tensor" && (count === 2 || (rank(offsets.shape) ?? 1) !== 1);
  if (missing || unfit) {
    return problem("input-rank", {
      parameters: ["input"],
      message: (name) =>
        `\`offsets\` of one dimension stand beside indices of one dimension, and of no others; these are ${told(name)}.`,
    });
  }
  const weights = argument(call, "per_sample_weights");
  const verdict = weights.kind === "tensor" ? call.solver.requireShapes(weights.shape, shape, call.cause) : null;
  if (verdict?.answer !== "no") return null;
  return problem("index-sizes", {
    verdict,
    parameters: ["input", "per_sample_weights"],
    message: (name) => `${name("per_sample_weights")} needs a number for every index of ${told(name)}.`,
  });
}

export const embeddingBag = op({
  names: ["torch.nn.functional.embedding_bag"],
  summary: "The sum or mean of the rows that a bag of indices names.",
  call: 'input: tensor, weight: tensor, offsets: any = None, max_norm: any = None, norm_type: any = 2, scale_grad_by_freq: any = False, mode: any = "mean", sparse: any = False, per_sample_weights: any = None, include_last_offset: bool = False, padding_idx: any = None',
  shape: (call) => {
    const ordered = inOrder(call);
    const width = columns(ordered);
    return "code" in width ? width : bags(ordered, width, boolArgument(call, "include_last_offset"));
  },
  dtype: (call) => tensorOf(inOrder(call), "weight").dtype,
});

/** The weight may still stand first, as it did long ago. */
function inOrder(call: Call): Call {
  const [input, weight] = [tensorOf(call, "input"), tensorOf(call, "weight")];
  const swapped = input.dtype !== null && isFloating(input.dtype) && weight.dtype !== null && isInteger(weight.dtype);
  return swapped ? { ...call, args: new Map(call.args).set("input", weight).set("weight", input) } : call;
}

export const EmbeddingBag = layer({
  names: ["torch.nn.EmbeddingBag"],
  summary: "The sum or mean of the vectors that a bag of indices names.",
  construct:
    'num_embeddings: int, embedding_dim: int, max_norm: any = None, norm_type: any = 2.0, scale_grad_by_freq: any = False, mode: any = "mean", sparse: any = False, _weight: any = None, include_last_offset: any = False, padding_idx: any = None',
  call: "input: tensor, offsets: any = None, per_sample_weights: any = None",
  shape: (made, call) =>
    bags(call, dimArgument(made, "embedding_dim"), boolOf(made.get("include_last_offset") ?? none)),
  dtype: (made) => layerType(made),
  weights: tableOf,
});
