/**
 * The layers of a transformer, built on attention in several heads: encoder and decoder layers, stacks of them,
 * and the whole. They keep the shape of what they read.
 */
import { add, constant, multiply, product, rank, unknownDim, type Dim } from "../shapes/index.ts";
import { dimArgument, tensorOf } from "./arguments.ts";
import { boolOf, none, tensor } from "./datum.ts";
import { layer, type ShapeAnswer } from "./declare.ts";
import {
  attentionMacs,
  batchProblem,
  divisibleHeads,
  lastIs,
  maskProblem,
  paddingProblem,
  positions,
  unfitInput,
} from "./multihead.ts";
import type { Bound, Call, Layer, Outcome, Problem } from "./operator.ts";

const FEEDFORWARD =
  "d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: any = 0.1, activation: any = None, layer_norm_eps: any = 1e-05, batch_first: bool = False, norm_first: bool = False, bias: bool = True";

const heads = (made: Bound, call: Call): Problem | null =>
  divisibleHeads(call, dimArgument(made, "d_model"), dimArgument(made, "nhead"), "d_model", "nhead");

/** Each part is (L, N, E), or (L, E) without a batch, as wide as the model. */
function read(made: Bound, call: Call, parts: readonly string[]): Problem | null {
  for (const part of parts) {
    const { shape } = tensorOf(call, part);
    const count = rank(shape);
    if (count !== null && count !== 2 && count !== 3) return unfitInput(call, part, shape);
    const wrong = lastIs(call, part, dimArgument(made, "d_model"));
    if (wrong !== null) return wrong;
  }
  return parts.length === 1 ? null : sameBatch(made, call, parts);
}

function sameBatch(made: Bound, call: Call, parts: readonly string[]): Problem | null {
  const [a, b] = parts.map((part) => tensorOf(call, part).shape);
  const [n, m] = [a, b].map((shape) => (shape === undefined ? null : rank(shape)));
  if (a === undefined || b === undefined || n === null || m === null) return null;
  if (n !== m) return batchProblem(call, parts, null);
  const first = boolOf(made.get("batch_first") ?? none);
  if (n !== 3 || first === null) return null;
  const at = first ? 0 : 1;
  const verdict = call.solver.require(a.dims[at] ?? unknownDim(), b.dims[at] ?? unknownDim(), call.cause);
  return verdict.answer === "no" ? batchProblem(call, parts, verdict) : null;
}

/** Masks of the attention of one part to another, or to itself. */
function masks(
  made: Bound,
  call: Call,
  {
    from,
    to,
    mask,
    padding,
  }: { readonly from: string; readonly to: string; readonly mask: string; readonly padding: string },
): Problem | null {
  const [queries, keys] = [tensorOf(call, from).shape, tensorOf(call, to).shape];
  const [count, first] = [rank(queries), boolOf(made.get("batch_first") ?? none)];
  if (count === null || rank(keys) !== count || first === null) return null;
  const [b, l] = positions(first, count);
  const batch = b === null ? null : (queries.dims[b] ?? unknownDim());
  const [rows, columns] = [queries.dims[l] ?? unknownDim(), keys.dims[l] ?? unknownDim()];
  const scores = { batch, heads: dimArgument(made, "nhead"), rows, columns };
  return maskProblem(call, mask, scores) ?? paddingProblem(call, padding, batch, columns);
}

const toItself = (part: string) =>
  ({ from: part, to: part, mask: `${part}_mask`, padding: `${part}_key_padding_mask` }) as const;
const TO_MEMORY = { from: "tgt", to: "memory", mask: "memory_mask", padding: "memory_key_padding_mask" } as const;

/** The shape of the input, with what it takes to attend to each of the parts and for two linear layers. */
function counted(made: Bound, call: Call, input: string, parts: readonly string[]): Outcome {
  const { shape, dtype } = tensorOf(call, input);
  const value = tensor(call.solver.shape(shape), dtype, "torch");
  const [count, first] = [rank(shape), boolOf(made.get("batch_first") ?? none)];
  const others = parts.map((part) => call.solver.shape(tensorOf(call, part).shape));
  if (count === null || first === null || others.some((other) => rank(other) !== count)) return { value };
  const [b, l] = positions(first, count);
  const batch = b === null ? constant(1) : (value.shape.dims[b] ?? unknownDim());
  const rows = value.shape.dims[l] ?? unknownDim();
  const width = dimArgument(made, "d_model");
  const widths = { width, keyWidth: width, valueWidth: width };
  const forward = product([constant(2), batch, rows, width, dimArgument(made, "dim_feedforward")]);
  const macs = others
    .map((other) => attentionMacs(widths, batch, rows, other.dims[l] ?? unknownDim()))
    .reduce(add, forward);
  return { value, cost: { macs, flops: null } };
}

/** Attention parts, a feed-forward part, and a norm behind each of them. */
function countOf(made: Bound, attentions: number): Dim | null {
  const biased = boolOf(made.get("bias") ?? none);
  if (biased === null) return null;
  const [width, inner] = [dimArgument(made, "d_model"), dimArgument(made, "dim_feedforward")];
  const times = (number: number, dim: Dim): Dim => multiply(constant(number), dim);
  const matrices = add(times(4 * attentions, multiply(width, width)), times(2, multiply(width, inner)));
  const scales = times(attentions + 1, width);
  if (!biased) return add(matrices, scales);
  const biases = add(add(times(4 * attentions, width), add(inner, width)), scales);
  return add(add(matrices, scales), biases);
}

export const TransformerEncoderLayer = layer({
  names: ["torch.nn.TransformerEncoderLayer"],
  summary: "A layer of attention and feed-forward parts; the shape stays.",
  construct: FEEDFORWARD,
  call: "src: tensor, src_mask: any = None, src_key_padding_mask: any = None, is_causal: any = False",
  check: heads,
  shape: (made, call) =>
    read(made, call, ["src"]) ?? masks(made, call, toItself("src")) ?? counted(made, call, "src", ["src"]),
  parameterCount: (made) => countOf(made, 1),
  notation: "(l,e)->(l,e)",
});

export const TransformerDecoderLayer = layer({
  names: ["torch.nn.TransformerDecoderLayer"],
  summary: "A layer of attention, to itself and to a memory, and feed-forward parts; the shape stays.",
  construct: FEEDFORWARD,
  call: "tgt: tensor, memory: tensor, tgt_mask: any = None, memory_mask: any = None, tgt_key_padding_mask: any = None, memory_key_padding_mask: any = None, tgt_is_causal: any = False, memory_is_causal: any = False",
  check: heads,
  shape: (made, call) =>
    read(made, call, ["tgt", "memory"]) ??
    masks(made, call, toItself("tgt")) ??
    masks(made, call, TO_MEMORY) ??
    counted(made, call, "tgt", ["tgt", "memory"]),
  parameterCount: (made) => countOf(made, 2),
  notation: "(l,e)->(l,e)",
});

/** How the layers of a stack call what the stack itself is given. */
const INNER: ReadonlyMap<string, string> = new Map([["mask", "src_mask"]]);

/** All layers of a stack are like the one that it is built from, which tells what fits. */
function throughLayers(made: Bound, call: Call, first: string): ShapeAnswer {
  const inner = made.get("encoder_layer") ?? made.get("decoder_layer") ?? none;
  if (inner.kind !== "layer") return tensorOf(call, first).shape;
  const args = new Map([...call.args].map(([name, datum]) => [INNER.get(name) ?? name, datum] as const));
  return inner.layer.apply(inner.construction, { ...call, args });
}

function stack(name: string, construct: string, call: string, first: string): Layer {
  return layer({
    names: [`torch.nn.${name}`],
    summary: "A stack of transformer layers; the shape stays.",
    construct,
    call,
    shape: (made, whole) => throughLayers(made, whole, first),
    parameterCount: () => null,
    notation: "(l,e)->(l,e)",
  });
}

export const TransformerEncoder = stack(
  "TransformerEncoder",
  "encoder_layer: any, num_layers: int, norm: any = None, enable_nested_tensor: any = True, mask_check: any = True",
  "src: tensor, mask: any = None, src_key_padding_mask: any = None, is_causal: any = None",
  "src",
);

export const TransformerDecoder = stack(
  "TransformerDecoder",
  "decoder_layer: any, num_layers: int, norm: any = None",
  "tgt: tensor, memory: tensor, tgt_mask: any = None, memory_mask: any = None, tgt_key_padding_mask: any = None, memory_key_padding_mask: any = None, tgt_is_causal: any = None, memory_is_causal: any = False",
  "tgt",
);

/** Stacks of both kinds, each with a norm at its end. */
export const Transformer = layer({
  names: ["torch.nn.Transformer"],
  summary: "An encoder that reads the source, and a decoder that gives the target its shape.",
  construct:
    "d_model: int = 512, nhead: int = 8, num_encoder_layers: int = 6, num_decoder_layers: int = 6, dim_feedforward: int = 2048, dropout: any = 0.1, activation: any = None, custom_encoder: any = None, custom_decoder: any = None, layer_norm_eps: any = 1e-05, batch_first: bool = False, norm_first: bool = False, bias: bool = True",
  call: "src: tensor, tgt: tensor, src_mask: any = None, tgt_mask: any = None, memory_mask: any = None, src_key_padding_mask: any = None, tgt_key_padding_mask: any = None, memory_key_padding_mask: any = None, src_is_causal: any = None, tgt_is_causal: any = None, memory_is_causal: any = False",
  check: (made, call) => (isOwn(made) ? null : heads(made, call)),
  shape: (made, call): ShapeAnswer => {
    const wrong = read(made, call, ["src", "tgt"]);
    if (wrong !== null || isOwn(made)) return wrong;
    const masked =
      masks(made, call, toItself("src")) ??
      masks(made, call, toItself("tgt")) ??
      masks(made, call, { ...TO_MEMORY, to: "src" });
    return masked ?? call.solver.shape(tensorOf(call, "tgt").shape);
  },
  dtype: (_, call) => tensorOf(call, "tgt").dtype,
  parameterCount: (made) => {
    const [encoder, decoder] = [countOf(made, 1), countOf(made, 2)];
    const biased = boolOf(made.get("bias") ?? none);
    if (isOwn(made) || encoder === null || decoder === null || biased === null) return null;
    const layers = add(
      multiply(dimArgument(made, "num_encoder_layers"), encoder),
      multiply(dimArgument(made, "num_decoder_layers"), decoder),
    );
    return add(layers, multiply(constant(biased ? 4 : 2), dimArgument(made, "d_model")));
  },
  notation: "(s,e),(l,e)->(l,e)",
});

/** An encoder or decoder of one's own can do anything. */
function isOwn(made: Bound): boolean {
  return ["custom_encoder", "custom_decoder"].some((name) => (made.get(name) ?? none).kind !== "none");
}
