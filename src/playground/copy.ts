/**
 * The bench as a program of a few lines that a person can paste and run: PyTorch or NumPy, with the sizes, options and
 * fills on screen. It writes text and nothing else.
 */

import type { Activation } from "./activation.ts";
import { isMasked, type AttentionOptions } from "./mask.ts";
import type { Axis } from "./plan.ts";
import { resultName, type SizedOperand } from "./axes.ts";
import type { Layout } from "./layout.ts";
import type { Bench, Fill } from "./state.ts";

export type Dialect = "pytorch" | "numpy";

/** Given values by operand; short ones are written out, long ones are loaded from a file. */
export type GivenNumbers = (operand: number) => Float32Array | undefined;

export function programOf(
  bench: Bench,
  layout: Layout,
  dialect: Dialect,
  given: GivenNumbers = () => undefined,
): string {
  const names = new Map(layout.operands.map((operand, i) => [operand, identifier(operand.name, "abc"[i] ?? "x")]));
  const loads = dialect === "pytorch" && bench.fills.some((fill, i) => fill === "given" && isLong(given(i)));
  const head =
    dialect === "pytorch" ? [...(loads ? ["import numpy as np"] : []), "import torch"] : ["import numpy as np"];
  const seed =
    dialect === "pytorch" ? `torch.manual_seed(${bench.seed})` : `rng = np.random.default_rng(${bench.seed})`;
  const operands = layout.operands.map(
    (operand, i) =>
      `${names.get(operand) ?? "x"} = ${bench.fills[i] === "given" ? loaded(operand, given(i), dialect) : filled(operand, bench.fills[i] ?? "normal", dialect)}`,
  );
  const list = layout.operands.map((operand) => names.get(operand) ?? "x");
  const body =
    bench.operation.operator === "matmul"
      ? matmul(bench, layout, list, dialect)
      : attention(bench, layout, list, dialect);
  return [...head, "", seed, ...operands, ...body, ""].join("\n");
}

/** The name as Python takes it; anything else becomes a letter. */
const identifier = (name: string, otherwise: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : otherwise);

const shapeComment = ({ axes }: SizedOperand): string =>
  `  # (${axes.map(({ axis }) => axis satisfies Axis).join(", ")}${axes.length === 1 ? "," : ""})`;

const MOST_WRITTEN = 256;
const isLong = (data: Float32Array | undefined): boolean => data === undefined || data.length > MOST_WRITTEN;

/** Values that were given: written out while they are few, and otherwise to be saved beside the program. */
function loaded(operand: SizedOperand, data: Float32Array | undefined, dialect: Dialect): string {
  const torch = dialect === "pytorch";
  if (data === undefined || isLong(data)) {
    const file = `np.load("${identifier(operand.name, "operand")}.npy")`;
    return `${torch ? `torch.from_numpy(${file})` : file}${shapeComment(operand)}`;
  }
  const written = nested(
    data,
    operand.axes.map(({ size }) => size),
  );
  return `${torch ? `torch.tensor(${written})` : `np.array(${written}, dtype=np.float32)`}${shapeComment(operand)}`;
}

function nested(data: Float32Array, shape: readonly number[]): string {
  const [size, ...rest] = shape;
  if (size === undefined) return pythonNumber(data[0] ?? NaN);
  const part = data.length / size;
  return `[${Array.from({ length: size }, (_, i) => nested(data.subarray(i * part, (i + 1) * part), rest)).join(", ")}]`;
}

function pythonNumber(x: number): string {
  if (!Number.isFinite(x)) return `float("${Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf"}")`;
  // Seven digits tell any two float32 numbers of a usual picture apart, and nine tell all of them.
  const short = Number(x.toPrecision(7));
  const text = String(Math.fround(short) === x ? short : Number(x.toPrecision(9)));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function filled(operand: SizedOperand, fill: Exclude<Fill, "given">, dialect: Dialect): string {
  const shape = operand.axes.map(({ size }) => size);
  const list = shape.join(", ");
  const tuple = shape.length === 1 ? `(${list},)` : `(${list})`;
  const names = shapeComment(operand);
  const torch = dialect === "pytorch";
  const n = shape.reduce((a, b) => a * b, 1);
  switch (fill) {
    case "demo":
    case "tokens":
    case "normal":
      return (torch ? `torch.randn(${list})` : `rng.standard_normal(${tuple}, dtype=np.float32)`) + names;
    case "uniform":
      return (torch ? `torch.rand(${list}) * 2 - 1` : `rng.uniform(-1, 1, ${tuple}).astype(np.float32)`) + names;
    case "identity": {
      const square = `${shape.at(-2) ?? 1}, ${shape.at(-1) ?? 1}`;
      const eye = torch ? `torch.eye(${square})` : `np.eye(${square}, dtype=np.float32)`;
      if (shape.length === 1) return `${eye}[0]${names}`;
      return (torch ? `${eye}.expand(${list})` : `np.broadcast_to(${eye}, ${tuple})`) + names;
    }
    case "one-hot": {
      const last = shape.at(-1) ?? 1;
      const places = shape.slice(0, -1).join(", ");
      return torch
        ? `torch.nn.functional.one_hot(torch.randint(${last}, (${places},)), ${last}).float()${names}`
        : `np.eye(${last}, dtype=np.float32)[rng.integers(${last}, size=(${places},))]${names}`;
    }
    case "causal": {
      const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
      return torch
        ? `(torch.ones(${rows}, ${columns}).tril() / torch.arange(1, ${rows + 1})[:, None]).expand(${list}).contiguous()${names}`
        : `np.broadcast_to(np.tril(np.ones((${rows}, ${columns}), np.float32)) / np.arange(1, ${rows + 1}, dtype=np.float32)[:, None], ${tuple})${names}`;
    }
    case "arange":
      return (
        (torch
          ? `torch.arange(${n}.0).reshape(${list}) / ${n}`
          : `np.arange(${n}, dtype=np.float32).reshape(${tuple}) / np.float32(${n})`) + names
      );
    case "ones":
      return (torch ? `torch.ones(${list})` : `np.ones(${tuple}, dtype=np.float32)`) + names;
  }
}

function matmul(bench: Bench, layout: Layout, names: readonly string[], dialect: Dialect): readonly string[] {
  const turned = layout.operands.map((operand, i) => {
    const name = names[i] ?? "x";
    if (!operand.transposed || operand.axes.length < 2) return name;
    return dialect === "pytorch" ? `${name}.transpose(-2, -1)` : `${name}.swapaxes(-2, -1)`;
  });
  const { bias = false, activation = "none" } = bench.operation.options;
  const product = turned.join(" @ ");
  const columns = layout.columns.size;
  const torch = dialect === "pytorch";
  const vector = torch
    ? `(torch.arange(${columns}) % 7 - 3) / 2`
    : `(np.arange(${columns}) % 7 - 3).astype(np.float32) / 2`;
  return [
    ...(bias ? [`bias = ${vector}  # (${layout.columns.axis},)`] : []),
    `${identifier(resultName(bench), "result")} = ${applied(activation, bias ? `${product} + bias` : product, torch)}`,
  ];
}

function applied(activation: Activation, x: string, torch: boolean): string {
  switch (activation) {
    case "none":
      return x;
    case "relu":
      return torch ? `torch.relu(${x})` : `np.maximum(${x}, 0)`;
    case "tanh":
      return torch ? `torch.tanh(${x})` : `np.tanh(${x})`;
    case "sigmoid":
      return torch ? `torch.sigmoid(${x})` : `1 / (1 + np.exp(-(${x})))`;
    case "silu":
      return torch ? `torch.nn.functional.silu(${x})` : `(lambda x: x / (1 + np.exp(-x)))(${x})`;
    case "gelu":
      return torch
        ? `torch.nn.functional.gelu(${x})`
        : `(lambda x: x * (1 + np.vectorize(__import__("math").erf)(x / 2**0.5)) / 2)(${x})`;
    case "gelu-tanh":
      return torch
        ? `torch.nn.functional.gelu(${x}, approximate="tanh")`
        : `(lambda x: x * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3))) / 2)(${x})`;
  }
}

function attention(bench: Bench, layout: Layout, names: readonly string[], dialect: Dialect): readonly string[] {
  const [q = "q", k = "k", v = "v"] = names;
  const { options } = bench.operation;
  const { causal = false, scale, softcap } = options;
  const masks = onlyCausal(options) ? [] : maskLines(options, layout, dialect === "pytorch");
  const out = identifier(resultName(bench), "output");
  const heads = bench.operation.operands.map(({ dims }) => dims.at(-3));
  const grouped = heads[1] !== heads[0];
  const factor = scale === undefined ? `${q}.shape[-1] ** -0.5` : String(scale);
  if (dialect === "pytorch" && softcap !== undefined) {
    const repeated = [k, v].map(
      (name) => `${name} = ${name}.repeat_interleave(${q}.shape[-3] // ${name}.shape[-3], dim=-3)`,
    );
    return [
      ...(grouped ? repeated : []),
      ...(onlyCausal(options) && causal ? maskLines(options, layout, true) : masks),
      `scores = ${q} @ ${k}.transpose(-2, -1) * ${factor}`,
      `scores = ${softcap} * torch.tanh(scores / ${softcap})`,
      `${out} = torch.softmax(scores${isMasked(options) ? " + mask" : ""}, dim=-1) @ ${v}`,
    ];
  }
  if (dialect === "pytorch") {
    const extra = [
      masks.length > 0 ? "attn_mask=mask" : causal ? "is_causal=True" : "",
      scale === undefined ? "" : `scale=${scale}`,
      grouped ? "enable_gqa=True" : "",
    ];
    const given = extra.filter((text) => text !== "").map((text) => `, ${text}`);
    return [...masks, `${out} = torch.nn.functional.scaled_dot_product_attention(${q}, ${k}, ${v}${given.join("")})`];
  }
  const repeat = [k, v].map((name) => `${name} = np.repeat(${name}, ${q}.shape[-3] // ${name}.shape[-3], axis=-3)`);
  return [
    ...(grouped ? repeat : []),
    ...masks,
    `scores = ${q} @ ${k}.swapaxes(-2, -1) * ${factor}`,
    ...(softcap === undefined ? [] : [`scores = ${softcap} * np.tanh(scores / ${softcap})`]),
    ...(masks.length > 0 ? ["scores = scores + mask"] : []),
    ...(causal && masks.length === 0
      ? ["scores = np.where(np.tril(np.ones(scores.shape[-2:], bool)), scores, -np.inf)"]
      : []),
    "weights = np.exp(scores - scores.max(-1, keepdims=True))",
    "weights /= weights.sum(-1, keepdims=True)",
    `${out} = weights @ ${v}`,
  ];
}

/** PyTorch has a word of its own for this mask. */
const onlyCausal = ({ window, padding = 0, distance = false }: AttentionOptions): boolean =>
  window === undefined && padding === 0 && !distance;

/** The mask as numbers to add, built from what each query may see. */
function maskLines(options: AttentionOptions, layout: Layout, torch: boolean): readonly string[] {
  const { causal = false, window, padding = 0, distance = false } = options;
  const [queries, keys] = [layout.rows.size, layout.columns.size];
  const library = torch ? "torch" : "np";
  const seen = [
    ...(causal ? ["(j <= i)"] : []),
    ...(window === undefined ? [] : [`(abs(i - j) <= ${window})`]),
    ...(padding > 0 ? [`(j < ${keys - padding})`] : []),
  ];
  // Padding alone says nothing of queries; every one of them is meant.
  const whole = seen.length > 0 && !causal && window === undefined ? [...seen, "(i >= 0)"] : seen;
  const allowed = whole.length === 0 ? "" : `seen = ${whole.join(" & ")}`;
  const infinite = torch
    ? 'torch.where(seen, 0.0, float("-inf"))'
    : "np.where(seen, np.float32(0), np.float32(-np.inf))";
  const heads = layout.batch.at(-1)?.size ?? 1;
  const slopes = torch
    ? `2.0 ** (-8 * torch.arange(1, ${heads + 1}) / ${heads})`
    : `2.0 ** (-8 * np.arange(1, ${heads + 1}, dtype=np.float32) / ${heads})`;
  const slope = `mask = ${seen.length > 0 ? "mask " : ""}- slopes[:, None, None] * abs(i - j)`;
  return [
    `i, j = ${library}.arange(${queries})[:, None], ${library}.arange(${keys})[None, :]`,
    ...(allowed === "" ? [] : [allowed, `mask = ${infinite}`]),
    ...(distance ? [`slopes = ${slopes}`, slope] : []),
  ];
}
