/**
 * Attention of queries over keys and values. That in several heads is in `multihead.ts`.
 */
import { add, asNumber, elementCount, multiply, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, tensorOf } from "./arguments.ts";
import { boolOf, tensor } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { mixedTypes } from "./matmul.ts";
import type { Call, Outcome, Problem } from "./operator.ts";
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
  // Nothing to attend to, or nothing that attends, is not checked any further.
  if (shapes.some(({ dims }) => dims.some((dim) => asNumber(dim) === 0))) return null;
  const width = call.solver.require(q.dims.at(-1) ?? unknownDim(), k.dims.at(-1) ?? unknownDim(), call.cause);
  if (width.answer === "no") return unfit(call, "needs the same size in the last dimension of query and key", width);
  const [keys, values] = [k.dims.at(-2) ?? unknownDim(), v.dims.at(-2) ?? unknownDim()];
  // Outside of its usual four dimensions it is a plain product, which needs them to agree.
  const plain = rank(q) !== null && rank(q) !== 4;
  const length = plain ? call.solver.require(keys, values, call.cause) : null;
  if (length?.answer === "no") return unfit(call, "needs as many values as keys", length);
  // Some kernels of PyTorch read past the end here instead of raising an error, so that nothing is learnt from it.
  const differ = call.solver.compare(keys, values) === "no";
  const uneven = differ ? unfit(call, "needs as many values as keys", null) : null;
  const remarks = uneven === null ? [] : [{ ...uneven, severity: "warning" as const }];
  const batch = batchOf(call, [q, k, v]);
  if (batch === null || isProblem(batch)) return batch;
  const rows = q.dims.at(-2) ?? unknownDim();
  const columns = k.dims.at(-2) ?? unknownDim();
  // Whether a mask of one dimension will do depends on the kernel that is chosen.
  const given = argument(call, "attn_mask");
  if (given.kind === "tensor" && rank(given.shape) === 1 && rank(q) === 4) return null;
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
