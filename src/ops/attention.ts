/**
 * Attention: the function, the multi-head layer, and the transformer layers built on it.
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
} from "../shapes/index.ts";
import { argument, dimArgument, tensorOf } from "./arguments.ts";
import { boolOf, none, tensor, tuple, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { mixedTypes } from "./matmul.ts";
import type { Bound, Call, Layer, Outcome, Problem } from "./operator.ts";
import { isProblem, problem, shown, shownDim } from "./problems.ts";
import { broadcastAll, fitInto } from "./verbs/broadcast.ts";

/** softmax(Q Kᵀ / √d) V over the last two dimensions; all before them are broadcast. */
export const scaledDotProductAttention = op({
  names: ["torch.nn.functional.scaled_dot_product_attention"],
  summary: "Attention of queries over keys and values, over the last two dimensions.",
  call: "query: tensor, key: tensor, value: tensor, attn_mask: any = None, dropout_p: any = 0.0, is_causal: bool = False, scale: any = None, enable_gqa: bool = False",
  shape: attended,
  notation: "(l,e),(s,e),(s,v)->(l,v)",
  playground: "attention",
});

const PARTS = ["query", "key", "value"] as const;

function attended(call: Call): ShapeAnswer {
  const shapes: Shape[] = [];
  for (const parameter of PARTS) {
    const shape = call.solver.requireAtLeast(tensorOf(call, parameter).shape, 2);
    if (shape === null) return unfit(call, `needs at least 2 dimensions in \`${parameter}\``, null);
    shapes.push(shape);
  }
  const [q, k, v] = shapes;
  if (q === undefined || k === undefined || v === undefined) return null;
  const width = call.solver.require(q.dims.at(-1) ?? unknownDim(), k.dims.at(-1) ?? unknownDim(), call.cause);
  if (width.answer === "no") return unfit(call, "needs the same size in the last dimension of query and key", width);
  const length = call.solver.require(k.dims.at(-2) ?? unknownDim(), v.dims.at(-2) ?? unknownDim(), call.cause);
  // Some kernels of PyTorch read past the end here instead of raising an error.
  const uneven = length.answer === "no" ? unfit(call, "needs as many values as keys", length) : null;
  const remarks = uneven === null ? [] : [{ ...uneven, severity: "warning" as const }];
  const batch = batchOf(call, [q, k, v]);
  if (batch === null || isProblem(batch)) return batch;
  const rows = q.dims.at(-2) ?? unknownDim();
  const columns = k.dims.at(-2) ?? unknownDim();
  const mask = maskProblem(call, { lead: batch.lead, dims: [...batch.dims, rows, columns] });
  if (mask !== null) return mask;
  const types = mixedTypes(call, PARTS);
  if (types !== null) return types;
  const shape = call.solver.shape({ lead: batch.lead, dims: [...batch.dims, rows, v.dims.at(-1) ?? unknownDim()] });
  return {
    value: tensor(shape, tensorOf(call, "query").dtype, "torch"),
    remarks,
    ...costOf(batch, rows, columns, q, v),
  };
}

function costOf(
  batch: Shape,
  rows: Dim,
  columns: Dim,
  q: Shape,
  v: Shape,
): Pick<Extract<Outcome, { value: unknown }>, "cost"> {
  const count = elementCount(batch);
  const [e, d] = [q.dims.at(-1), v.dims.at(-1)];
  if (count === null || e === undefined || d === undefined) return {};
  return { cost: { macs: multiply(multiply(count, multiply(rows, columns)), add(e, d)), flops: null } };
}

/** With `enable_gqa` the heads of query and key differ, and the query decides. */
function batchOf(call: Call, shapes: readonly Shape[]): Shape | Problem | null {
  const batches = shapes.map(({ lead, dims }): Shape => ({ lead, dims: dims.slice(0, -2) }));
  const grouped = boolOf(argument(call, "enable_gqa"));
  if (grouped !== false) return batches[0] ?? null;
  const shape = broadcastAll(
    call,
    batches.map((batch, i) => ({ parameter: PARTS[i] ?? "query", shape: batch })),
  );
  if (!isProblem(shape)) return shape;
  const wanted = shape.sizes?.map((dim) => shownDim(call, dim)).join(" and ") ?? "";
  return unfit(call, `needs batch dimensions that broadcast: ${wanted}`, null, shape);
}

function unfit(
  call: Call,
  need: string,
  verdict: Parameters<typeof problem>[1]["verdict"],
  like: Problem | null = null,
): Problem {
  const parts = PARTS.map((parameter) => shown(call, parameter, tensorOf(call, parameter)));
  const found = problem("attention", {
    verdict: verdict ?? null,
    parameters: [...PARTS],
    message: (name) => `Attention ${need}; it gets ${parts.map((part) => part(name)).join(", ")}.`,
  });
  return like === null ? found : { ...found, severity: like.severity };
}

function maskProblem(call: Call, weights: Shape): Problem | null {
  const mask = argument(call, "attn_mask");
  if (mask.kind !== "tensor") return null;
  const wrong = fitInto(call, { parameter: "attn_mask", shape: mask.shape }, weights, "attention");
  return rank(mask.shape) === null || rank(weights) === null ? null : wrong;
}

const MULTIHEAD =
  "embed_dim: int, num_heads: int, dropout: any = 0.0, bias: bool = True, add_bias_kv: bool = False, add_zero_attn: bool = False, kdim: any = None, vdim: any = None, batch_first: bool = False";

export const MultiheadAttention = layer({
  names: ["torch.nn.MultiheadAttention"],
  summary: "Attention in several heads, with learnt projections; gives the result and the weights.",
  construct: MULTIHEAD,
  call: "query: tensor, key: tensor, value: tensor, key_padding_mask: any = None, need_weights: bool = True, attn_mask: any = None, average_attn_weights: bool = True, is_causal: bool = False",
  check: (made, call) =>
    divisibleHeads(call, dimArgument(made, "embed_dim"), dimArgument(made, "num_heads"), "embed_dim", "num_heads"),
  shape: multihead,
  weights: (made) => {
    const width = dimArgument(made, "embed_dim");
    const own = ["kdim", "vdim"].every((name) => (made.get(name) ?? none).kind === "none");
    const biased = boolOf(made.get("bias") ?? none) !== false;
    const triple = multiply(constant(3), width);
    return {
      in_proj_weight: own ? known([triple, width]) : null,
      in_proj_bias: biased ? known([triple]) : null,
    };
  },
  parameterCount: (made) => {
    const width = dimArgument(made, "embed_dim");
    const plain = ["kdim", "vdim"].every((name) => (made.get(name) ?? none).kind === "none");
    if (!plain || boolOf(made.get("add_bias_kv") ?? none) !== false) return null;
    const matrices = multiply(constant(4), multiply(width, width));
    return boolOf(made.get("bias") ?? none) === false ? matrices : add(matrices, multiply(constant(4), width));
  },
  notation: "(l,e),(s,e),(s,e)->(l,e)",
  playground: "attention",
});

function divisibleHeads(call: Call, width: Dim, heads: Dim, widthName: string, headsName: string): Problem | null {
  if (call.solver.divides(heads, width) !== "no") return null;
  const [e, h] = [shownDim(call, width), shownDim(call, heads)];
  return problem("attention", {
    blame: headsName,
    message: () => `\`${widthName}\` ${e} must be divisible by \`${headsName}\` ${h}.`,
  });
}

/** Query (L, N, E), or (N, L, E) where the batch is first, or (L, E) without a batch. */
function multihead(made: Bound, call: Call): ShapeAnswer {
  const batchFirst = boolOf(made.get("batch_first") ?? none);
  const q = tensorOf(call, "query").shape;
  const count = rank(q);
  if (count !== null && count !== 2 && count !== 3) return wrongInput(call, q);
  const width = lastIs(call, "query", q, dimArgument(made, "embed_dim"));
  if (width !== null) return width;
  const shape = call.solver.shape(q);
  const output = tensor(shape, tensorOf(call, "query").dtype, "torch");
  const k = tensorOf(call, "key").shape;
  if (batchFirst === null || count === null || rank(k) !== count) return { value: tuple([output, unknown]) };
  const [b, l, s] = positions(batchFirst, count);
  const [rows, columns] = [shape.dims[l] ?? unknownDim(), k.dims[s] ?? unknownDim()];
  if (b !== null) {
    const verdict = call.solver.require(shape.dims[b] ?? unknownDim(), k.dims[b] ?? unknownDim(), call.cause);
    if (verdict.answer === "no") return batchProblem(call, verdict);
  }
  const extended =
    boolOf(made.get("add_bias_kv") ?? none) === false && boolOf(made.get("add_zero_attn") ?? none) === false;
  const wrong = extended ? squareMask(call, rows, columns) : null;
  if (wrong !== null) return wrong;
  return {
    value: tuple([
      output,
      weightsFor(call, made, b === null ? null : (shape.dims[b] ?? null), rows, extended ? columns : unknownDim()),
    ]),
  };
}

function positions(batchFirst: boolean, count: number): readonly [number | null, number, number] {
  if (count === 2) return [null, 0, 0];
  return batchFirst ? [0, 1, 1] : [1, 0, 0];
}

function weightsFor(call: Call, made: Bound, batch: Dim | null, rows: Dim, columns: Dim) {
  const needed = boolOf(argument(call, "need_weights"));
  if (needed === false) return none;
  const averaged = boolOf(argument(call, "average_attn_weights"));
  if (needed === null || averaged === null) return unknown;
  const heads = averaged ? [] : [dimArgument(made, "num_heads")];
  const dims = [...(batch === null ? [] : [batch]), ...heads, rows, columns];
  return tensor(call.solver.shape({ lead: null, dims }), tensorOf(call, "query").dtype, "torch");
}

function lastIs(call: Call, parameter: string, shape: Shape, width: Dim): Problem | null {
  const wide = call.solver.requireAtLeast(shape, 2);
  const last = wide?.dims.at(-1);
  if (last === undefined) return null;
  const verdict = call.solver.require(last, width, call.cause);
  if (verdict.answer !== "no") return null;
  const told = shown(call, parameter, shape);
  const wanted = shownDim(call, width);
  return problem("attention", {
    verdict,
    parameters: [parameter],
    message: (name) => `${name("self")} takes (…, ${wanted}) but gets ${told(name)}.`,
  });
}

function wrongInput(call: Call, shape: Shape): Problem {
  const told = shown(call, "query", shape);
  return problem("input-rank", {
    parameters: ["query"],
    message: (name) => `${name("self")} takes 3 or 2 dimensions but gets ${told(name)}.`,
  });
}

function batchProblem(call: Call, verdict: Parameters<typeof problem>[1]["verdict"]): Problem {
  const [q, k] = [shown(call, "query", tensorOf(call, "query")), shown(call, "key", tensorOf(call, "key"))];
  return problem("attention", {
    verdict: verdict ?? null,
    parameters: ["query", "key"],
    message: (name) => `Query and key need the same batch; they are ${q(name)} and ${k(name)}.`,
  });
}

/** A mask of two dimensions must be (queries, keys). */
function squareMask(call: Call, rows: Dim, columns: Dim): Problem | null {
  const mask = argument(call, "attn_mask");
  if (mask.kind !== "tensor" || rank(mask.shape) !== 2) return null;
  const target: Shape = { lead: null, dims: [rows, columns] };
  const verdict = call.solver.requireShapes(mask.shape, target, call.cause);
  if (verdict.answer !== "no") return null;
  const told = shown(call, "attn_mask", mask);
  const wanted = shown(call, "", target)(() => "").trim();
  return problem("attention", {
    verdict,
    blame: "attn_mask",
    parameters: ["attn_mask"],
    message: (name) =>
      `The mask ${told(name)} must be ${wanted}, for every query and key; \`batch_first\` tells which dimension is the batch.`,
  });
}

const FEEDFORWARD =
  "d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: any = 0.1, activation: any = None, layer_norm_eps: any = 1e-05, batch_first: bool = False, norm_first: bool = False, bias: bool = True";

function transformer(name: string, call: string): Layer {
  return layer({
    names: [`torch.nn.${name}`],
    summary: "A layer of attention and feed-forward parts; the shape stays.",
    construct: FEEDFORWARD,
    call,
    check: (made, whole) =>
      divisibleHeads(whole, dimArgument(made, "d_model"), dimArgument(made, "nhead"), "d_model", "nhead"),
    shape: (made, whole) => {
      const first = name === "TransformerEncoderLayer" ? "src" : "tgt";
      const shape = tensorOf(whole, first).shape;
      const count = rank(shape);
      if (count !== null && count !== 2 && count !== 3) return unfitInput(whole, first, shape);
      return lastIs(whole, first, shape, dimArgument(made, "d_model")) ?? whole.solver.shape(shape);
    },
    parameterCount: () => null,
    notation: "(l,e)->(l,e)",
  });
}

function unfitInput(call: Call, parameter: string, shape: Shape): Problem {
  const told = shown(call, parameter, shape);
  return problem("input-rank", {
    parameters: [parameter],
    message: (name) => `${name("self")} takes 3 or 2 dimensions but gets ${told(name)}.`,
  });
}

export const TransformerEncoderLayer = transformer(
  "TransformerEncoderLayer",
  "src: tensor, src_mask: any = None, src_key_padding_mask: any = None, is_causal: any = False",
);
export const TransformerDecoderLayer = transformer(
  "TransformerDecoderLayer",
  "tgt: tensor, memory: tensor, tgt_mask: any = None, memory_mask: any = None, tgt_key_padding_mask: any = None, memory_key_padding_mask: any = None, tgt_is_causal: any = False, memory_is_causal: any = False",
);

export const TransformerEncoder = layer({
  names: ["torch.nn.TransformerEncoder"],
  summary: "A stack of transformer layers; the shape stays.",
  construct:
    "encoder_layer: any, num_layers: int, norm: any = None, enable_nested_tensor: any = True, mask_check: any = True",
  call: "src: tensor, mask: any = None, src_key_padding_mask: any = None, is_causal: any = None",
  shape: (_, call) => tensorOf(call, "src").shape,
  parameterCount: () => null,
  notation: "(l,e)->(l,e)",
});

export const TransformerDecoder = layer({
  names: ["torch.nn.TransformerDecoder"],
  summary: "A stack of transformer layers over a memory; the shape stays.",
  construct: "decoder_layer: any, num_layers: int, norm: any = None",
  call: "tgt: tensor, memory: tensor, tgt_mask: any = None, memory_mask: any = None, tgt_key_padding_mask: any = None, memory_key_padding_mask: any = None, tgt_is_causal: any = None, memory_is_causal: any = False",
  shape: (_, call) => tensorOf(call, "tgt").shape,
  parameterCount: () => null,
  notation: "(l,e)->(l,e)",
});
