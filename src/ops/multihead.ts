/**
 * Attention in several heads: the layer, and the function that it calls. Masks, batches and widths must fit each
 * other; the transformer layers share these checks.
 */
import {
  add,
  constant,
  known,
  multiply,
  product,
  rank,
  unknownDim,
  type Dim,
  type Shape,
  type Verdict,
} from "../shapes/index.ts";
import { argument, boolArgument, dimArgument, isGiven, tensorOf } from "./arguments.ts";
import { boolOf, dimOf, none, tensor, tuple, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import type { Bound, Call, Problem } from "./operator.ts";
import { problem, shown, shownDim } from "./problems.ts";

interface Heads {
  readonly batchFirst: boolean | null;
  readonly width: Dim;
  readonly keyWidth: Dim;
  readonly valueWidth: Dim;
  readonly count: Dim;
  /** Positions that are added to the keys, null where that is not known. */
  readonly extra: number | null;
  /** How wide the last projection makes the result, where that is not `width`. */
  readonly made?: Dim;
}

export const MultiheadAttention = layer({
  names: ["torch.nn.MultiheadAttention"],
  summary: "Attention in several heads, with learnt projections; gives the result and the weights.",
  construct:
    "embed_dim: int, num_heads: int, dropout: any = 0.0, bias: bool = True, add_bias_kv: bool = False, add_zero_attn: bool = False, kdim: any = None, vdim: any = None, batch_first: bool = False",
  call: "query: tensor, key: tensor, value: tensor, key_padding_mask: any = None, need_weights: bool = True, attn_mask: any = None, average_attn_weights: bool = True, is_causal: bool = False",
  check: (made, call) =>
    divisibleHeads(call, dimArgument(made, "embed_dim"), dimArgument(made, "num_heads"), "embed_dim", "num_heads"),
  shape: (made, call) =>
    multihead(call, {
      batchFirst: boolOf(made.get("batch_first") ?? none),
      width: dimArgument(made, "embed_dim"),
      keyWidth: widthOf(made, "kdim"),
      valueWidth: widthOf(made, "vdim"),
      count: dimArgument(made, "num_heads"),
      extra: sumOfFlags(boolOf(made.get("add_bias_kv") ?? none), boolOf(made.get("add_zero_attn") ?? none)),
    }),
  weights: projections,
  parameterCount: (made) => {
    const shapes = Object.values({ ...projections(made), ...outputOf(dimArgument(made, "embed_dim"), made) });
    return shapes.reduce<Dim>((sum, shape) => (shape === null ? sum : add(sum, product(shape.dims))), constant(0));
  },
  notation: "(l,e),(s,e),(s,e)->(l,e)",
  playground: "attention",
});

function widthOf(made: Bound, name: string): Dim {
  const given = made.get(name) ?? none;
  return given.kind === "none" ? dimArgument(made, "embed_dim") : (dimOf(given) ?? unknownDim());
}

function sumOfFlags(...flags: readonly (boolean | null)[]): number | null {
  return flags.includes(null) ? null : flags.filter((flag) => flag === true).length;
}

/** One matrix for all three projections, or three where keys or values are of another width. */
function projections(made: Bound): Readonly<Record<string, Shape | null>> {
  const [width, keys, values] = [dimArgument(made, "embed_dim"), widthOf(made, "kdim"), widthOf(made, "vdim")];
  const own = [keys, values].some((dim) => dim.key !== width.key);
  const biased = boolOf(made.get("bias") ?? none) !== false;
  const extended = boolOf(made.get("add_bias_kv") ?? none) === true;
  const triple = multiply(constant(3), width);
  const row = extended ? known([constant(1), constant(1), width]) : null;
  return {
    in_proj_weight: own ? null : known([triple, width]),
    q_proj_weight: own ? known([width, width]) : null,
    k_proj_weight: own ? known([width, keys]) : null,
    v_proj_weight: own ? known([width, values]) : null,
    in_proj_bias: biased ? known([triple]) : null,
    bias_k: row,
    bias_v: row,
  };
}

function outputOf(width: Dim, made: Bound): Readonly<Record<string, Shape | null>> {
  return {
    out_proj_weight: known([width, width]),
    out_proj_bias: boolOf(made.get("bias") ?? none) === false ? null : known([width]),
  };
}

export const multiheadForward = op({
  names: ["torch.nn.functional.multi_head_attention_forward"],
  summary: "Attention in several heads with given projections; gives the result and the weights.",
  call: "query: tensor, key: tensor, value: tensor, embed_dim_to_check: int, num_heads: int, in_proj_weight: any, in_proj_bias: any, bias_k: any, bias_v: any, add_zero_attn: bool, dropout_p: any, out_proj_weight: tensor, out_proj_bias: any, training: any = True, key_padding_mask: any = None, need_weights: bool = True, attn_mask: any = None, use_separate_proj_weight: bool = False, q_proj_weight: any = None, k_proj_weight: any = None, v_proj_weight: any = None, static_k: any = None, static_v: any = None, average_attn_weights: bool = True, is_causal: bool = False",
  shape: (call) => {
    if (isGiven(call, "static_k") || isGiven(call, "static_v")) return { value: unknown };
    const width = dimArgument(call.args, "embed_dim_to_check");
    const own = boolArgument(call, "use_separate_proj_weight");
    const projection = call.solver.requireRank(tensorOf(call, "out_proj_weight").shape, 2) ?? known([]);
    const bias = argument(call, "bias_k");
    const biased = bias.kind === "unknown" ? null : bias.kind !== "none";
    return multihead(call, {
      batchFirst: false,
      width,
      keyWidth: own === false ? width : unknownDim(),
      valueWidth: own === false ? width : unknownDim(),
      count: dimArgument(call.args, "num_heads"),
      extra: sumOfFlags(biased, boolArgument(call, "add_zero_attn")),
      made: projection.dims[0] ?? unknownDim(),
    });
  },
  notation: "(l,e),(s,e),(s,e)->(l,e)",
});

export function divisibleHeads(
  call: Call,
  width: Dim,
  heads: Dim,
  widthName: string,
  headsName: string,
): Problem | null {
  if (call.solver.divides(heads, width) !== "no") return null;
  const [e, h] = [shownDim(call, width), shownDim(call, heads)];
  return problem("attention", {
    blame: headsName,
    message: () => `\`${widthName}\` ${e} must be divisible by \`${headsName}\` ${h}.`,
  });
}

/** Query (L, N, E), or (N, L, E) where the batch is first, or (L, E) without a batch. */
function multihead(call: Call, heads: Heads): ShapeAnswer {
  const q = tensorOf(call, "query").shape;
  const count = rank(q);
  if (count !== null && count !== 2 && count !== 3) return unfitInput(call, "query", q);
  const wrong = widths(call, heads) ?? keysAndValues(call, count);
  if (wrong !== null) return wrong;
  const shape = call.solver.shape(q);
  const made = heads.made === undefined ? shape.dims : [...shape.dims.slice(0, -1), heads.made];
  const output = tensor({ ...shape, dims: made }, tensorOf(call, "query").dtype, "torch");
  const k = tensorOf(call, "key").shape;
  const needed = boolArgument(call, "need_weights");
  if (heads.batchFirst === null || count === null || rank(k) !== count)
    return { value: tuple([output, needed === false ? none : unknown]) };
  const [b, l] = positions(heads.batchFirst, count);
  const batch = b === null ? null : (shape.dims[b] ?? unknownDim());
  if (b !== null && batch !== null) {
    const verdict = call.solver.require(batch, k.dims[b] ?? unknownDim(), call.cause);
    if (verdict.answer === "no") return batchProblem(call, ["query", "key"], verdict);
  }
  const [rows, columns] = [shape.dims[l] ?? unknownDim(), k.dims[l] ?? unknownDim()];
  const scores = { batch, heads: heads.count, rows, columns };
  const masked = maskProblem(call, "attn_mask", scores) ?? paddingProblem(call, "key_padding_mask", batch, columns);
  if (masked !== null) return masked;
  const width = heads.extra === null ? unknownDim() : add(columns, constant(heads.extra));
  return {
    value: tuple([output, weightsFor(call, batch, heads.count, rows, width)]),
    cost: { macs: heads.extra === 0 ? attentionMacs(heads, batch, rows, columns) : null, flops: null },
  };
}

/** Four projections, the scores, and the sums of values by them. */
export function attentionMacs(
  { width, keyWidth, valueWidth }: Pick<Heads, "width" | "keyWidth" | "valueWidth">,
  batch: Dim | null,
  rows: Dim,
  columns: Dim,
): Dim {
  const own = product([constant(2), rows, width, width]);
  const theirs = product([columns, width, add(keyWidth, valueWidth)]);
  const scores = product([constant(2), rows, columns, width]);
  return multiply(batch ?? constant(1), add(add(own, theirs), scores));
}

function widths(call: Call, heads: Heads): Problem | null {
  return (
    lastIs(call, "query", heads.width) ?? lastIs(call, "key", heads.keyWidth) ?? lastIs(call, "value", heads.valueWidth)
  );
}

/** Keys and values have as many dimensions as the query, and agree in all but the last. */
function keysAndValues(call: Call, count: number | null): Problem | null {
  const [k, v] = [tensorOf(call, "key").shape, tensorOf(call, "value").shape];
  const ranks = [rank(k), rank(v)];
  if (count !== null && ranks.some((other) => other !== null && other !== count))
    return batchProblem(call, ["query", "key", "value"], null);
  if (ranks.includes(null)) return null;
  const verdict = call.solver.requireShapes(known(k.dims.slice(0, -1)), known(v.dims.slice(0, -1)), call.cause);
  return verdict.answer === "no" ? batchProblem(call, ["key", "value"], verdict) : null;
}

export function positions(batchFirst: boolean, count: number): readonly [number | null, number] {
  if (count === 2) return [null, 0];
  return batchFirst ? [0, 1] : [1, 0];
}

function weightsFor(call: Call, batch: Dim | null, heads: Dim, rows: Dim, columns: Dim) {
  const needed = boolArgument(call, "need_weights");
  if (needed === false) return none;
  const averaged = boolArgument(call, "average_attn_weights");
  if (needed === null || averaged === null) return unknown;
  const dims = [...(batch === null ? [] : [batch]), ...(averaged ? [] : [heads]), rows, columns];
  return tensor(call.solver.shape(known(dims)), tensorOf(call, "query").dtype, "torch");
}

export function lastIs(call: Call, parameter: string, width: Dim): Problem | null {
  const { shape } = tensorOf(call, parameter);
  const last = call.solver.requireAtLeast(shape, 2)?.dims.at(-1);
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

export function unfitInput(call: Call, parameter: string, shape: Shape): Problem {
  const told = shown(call, parameter, shape);
  return problem("input-rank", {
    parameters: [parameter],
    message: (name) => `${name("self")} takes 3 or 2 dimensions but gets ${told(name)}.`,
  });
}

export function batchProblem(call: Call, parameters: readonly string[], verdict: Verdict | null): Problem {
  const parts = parameters.map((parameter) => shown(call, parameter, tensorOf(call, parameter)));
  return problem("attention", {
    verdict,
    parameters,
    message: (name) =>
      `These must have the same batch and the same dimensions: ${parts.map((part) => part(name)).join(", ")}.`,
  });
}

export interface Scores {
  readonly batch: Dim | null;
  readonly heads: Dim;
  readonly rows: Dim;
  readonly columns: Dim;
}

/** A mask is (queries, keys), or has one such matrix for every sample and head. */
export function maskProblem(call: Call, parameter: string, { batch, heads, rows, columns }: Scores): Problem | null {
  const mask = argument(call, parameter);
  const count = mask.kind === "tensor" ? rank(mask.shape) : null;
  if (mask.kind !== "tensor" || count === null) return null;
  const front = count === 3 ? [batch === null ? heads : multiply(batch, heads)] : [];
  const target = known([...front, rows, columns]);
  const verdict = count === 2 || count === 3 ? call.solver.requireShapes(mask.shape, target, call.cause) : null;
  if (verdict !== null && verdict.answer !== "no") return null;
  return unfitMask(call, parameter, target, verdict, "for every query and key");
}

/** A padding mask tells of every key of every sample whether it counts. */
export function paddingProblem(call: Call, parameter: string, batch: Dim | null, columns: Dim): Problem | null {
  const mask = argument(call, parameter);
  if (mask.kind !== "tensor" || rank(mask.shape) === null) return null;
  const target = known([...(batch === null ? [] : [batch]), columns]);
  const verdict = call.solver.requireShapes(mask.shape, target, call.cause);
  return verdict.answer === "no" ? unfitMask(call, parameter, target, verdict, "for every sample and key") : null;
}

function unfitMask(call: Call, parameter: string, target: Shape, verdict: Verdict | null, each: string): Problem {
  const told = shown(call, parameter, tensorOf(call, parameter));
  const wanted = shown(call, "", target)(() => "").trim();
  return problem("attention", {
    verdict,
    blame: parameter,
    parameters: [parameter],
    message: (name) =>
      `The mask ${told(name)} must be ${wanted}, ${each}; \`batch_first\` tells which dimension is the batch.`,
  });
}
