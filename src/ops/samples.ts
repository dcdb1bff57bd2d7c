/**
 * PyTorch's statistics of samples: covariance, histograms, counts, and the powers that fit polynomials.
 */
import { add, asNumber, constant, rank, subtract, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, isGiven, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, record, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category, isFloating, isInteger } from "./dtype.ts";
import { floating, same, type DTypeRule } from "./dtype-rules.ts";
import { inTorch } from "./names.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

function otherType(call: Call, parameter: string, wanted: string): Problem {
  const { dtype } = tensorOf(call, parameter);
  return problem("dtype", {
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` takes ${wanted}; ${name(parameter)} is ${dtype ?? "?"}.`,
  });
}

/** One variable makes a single number, several a square matrix. */
function covariance(call: Call): ShapeAnswer {
  const { shape, dtype } = tensorOf(call, "input");
  if (dtype === "bool") return otherType(call, "input", "numbers");
  if (shape.dims.length > 2) return otherRank(call, "input", shape, "at most 2 dimensions");
  if (rank(shape) === null) return null;
  const wrong = ["fweights", "aweights"].map((one) => otherWeights(call, one, shape.dims.at(-1) ?? constant(1)));
  const found = wrong.find((one) => one !== null);
  if (found !== undefined) return found;
  const n = rank(shape) === 2 ? shape.dims[0] : constant(1);
  if (n === undefined) return null;
  const single = call.solver.compare(n, constant(1));
  if (single === "maybe") return null;
  return { lead: null, dims: single === "yes" ? [] : [n, n] };
}

/** Weights are a vector with one for each sample: whole frequencies, or real importances. */
function otherWeights(call: Call, parameter: string, samples: Dim): Problem | null {
  if (!call.args.has(parameter) || argument(call, parameter).kind !== "tensor") return null;
  const { shape, dtype } = tensorOf(call, parameter);
  if (shape.dims.length > 1) return otherRank(call, parameter, shape, "weights of at most 1 dimension");
  const whole = parameter === "fweights";
  if (dtype !== null && (whole ? !isInteger(dtype) : !isFloating(dtype)))
    return otherType(call, parameter, whole ? "integers as frequencies" : "real numbers as weights");
  const [count] = shape.dims;
  const verdict = count === undefined ? null : call.solver.require(count, samples, call.cause);
  if (verdict?.answer !== "no") return null;
  return problem("argument", {
    verdict,
    parameters: [parameter],
    message: () => `\`cov\` needs one weight for each of ${shownDim(call, samples)} samples.`,
  });
}

const covarianceType: DTypeRule = (call) => {
  const dtype = floating()(call);
  const weights = call.args.has("aweights") && isGiven(call, "aweights") ? tensorOf(call, "aweights").dtype : dtype;
  return weights === dtype ? dtype : null;
};

export const cov = op({
  names: inTorch("cov"),
  summary: "Covariance of the variables that stand in the rows.",
  call: "input: tensor, *, correction: any = 1, fweights: any = None, aweights: any = None",
  shape: covariance,
  dtype: covarianceType,
});

export const corrcoef = op({
  names: inTorch("corrcoef"),
  summary: "Correlation of the variables that stand in the rows.",
  call: "input: tensor",
  shape: covariance,
  dtype: covarianceType,
});

/** How many bins there are along one dimension, and how many edges. */
interface Bins {
  readonly bins: Dim;
  readonly edges: Dim;
}

function binsOf(call: Call, datum: Datum): Bins | Problem {
  if (datum.kind === "tensor") {
    const { shape, dtype } = datum;
    const own = tensorOf(call, "input").dtype;
    if (dtype !== null && own !== null && dtype !== own)
      return otherType(call, "input", `edges of its own type, not ${dtype}`);
    if (rank(shape) !== null && rank(shape) !== 1) return otherRank(call, "input", shape, "edges of 1 dimension");
    const edges = shape.dims[0] ?? unknownDim();
    return { edges, bins: subtract(edges, constant(1)) };
  }
  const bins = dimOf(datum) ?? unknownDim();
  if ((asNumber(bins) ?? 1) < 1) return problem("argument", { message: () => `\`${shortName(call)}\` needs a bin.` });
  return { bins, edges: add(bins, constant(1)) };
}

/** Each element, or in several dimensions each point, has a weight. */
function wrongWeights(call: Call, samples: Shape): Problem | null {
  const weight = argument(call, "weight");
  if (weight.kind !== "tensor" || samples.lead !== null) return null;
  const verdict = call.solver.requireShapes(weight.shape, samples, call.cause);
  const apart = rank(weight.shape) !== null && rank(samples) !== null && rank(weight.shape) !== rank(samples);
  if (verdict.answer !== "no" && !apart) return null;
  const told = [shown(call, "input", tensorOf(call, "input")), shown(call, "weight", weight)];
  return problem("broadcast", {
    verdict: verdict.answer === "no" ? verdict : null,
    parameters: ["input", "weight"],
    message: (name) =>
      `\`${shortName(call)}\` needs a weight for each sample: ${told.map((one) => one(name)).join(" and ")}.`,
  });
}

export const histogram = op({
  names: inTorch("histogram"),
  summary: "How many elements fall into each bin, and the edges of the bins.",
  call: "input: tensor, bins: any, *, range: any = None, weight: any = None, density: any = False, out: any = None",
  shape: (call) => {
    const found = binsOf(call, argument(call, "bins"));
    const wrong = wrongWeights(call, tensorOf(call, "input").shape);
    if (isProblem(found) || wrong !== null) return isProblem(found) ? found : wrong;
    const { dtype } = tensorOf(call, "input");
    return {
      value: record("histogram", [
        ["hist", tensor({ lead: null, dims: [found.bins] }, dtype, "torch")],
        ["bin_edges", tensor({ lead: null, dims: [found.edges] }, dtype, "torch")],
      ]),
    };
  },
});

export const histogramOfPoints = op({
  names: ["torch.histogramdd"],
  summary: "How many points fall into each cell of a grid, and the edges along each dimension.",
  call: "input: tensor, bins: any, range: any = None, weight: any = None, density: any = False",
  shape: (call) => {
    const points = call.solver.requireAtLeast(tensorOf(call, "input").shape, 2);
    const size = points?.dims.at(-1);
    if (points === null || size === undefined)
      return otherRank(call, "input", tensorOf(call, "input").shape, "at least 2 dimensions");
    const wrong = wrongWeights(call, { lead: points.lead, dims: points.dims.slice(0, -1) });
    return wrong ?? grid(call, size);
  },
});

function grid(call: Call, size: Dim): ShapeAnswer {
  const bins = argument(call, "bins");
  const [count, items] = [asNumber(size), bins.kind === "tensor" ? null : itemsOf(bins)];
  const each =
    items ?? (bins.kind === "int" && count !== null && count <= 64 ? Array.from({ length: count }, () => bins) : null);
  if (each === null) return { value: unknown };
  if (call.solver.require(size, constant(each.length), call.cause).answer === "no") return otherGrid(call, each.length);
  const found = each.map((one) => binsOf(call, one));
  const sides = found.flatMap((one) => (isProblem(one) ? [] : [one]));
  const wrong = found.find((one) => isProblem(one));
  if (wrong !== undefined && isProblem(wrong)) return wrong;
  const { dtype } = tensorOf(call, "input");
  const edges = sides.map((one) => tensor({ lead: null, dims: [one.edges] }, dtype, "torch"));
  return {
    value: record("histogramdd", [
      ["hist", tensor({ lead: null, dims: sides.map((one) => one.bins) }, dtype, "torch")],
      ["bin_edges", tuple(edges)],
    ]),
  };
}

function otherGrid(call: Call, count: number): Problem {
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `\`histogramdd\` needs bins for each coordinate of ${told(name)}; it gets ${count}.`,
  });
}

export const histc = op({
  names: inTorch("histc"),
  summary: "How many elements fall into each bin.",
  call: "input: tensor, bins: int = 100, min: any = 0, max: any = 0, *, out: any = None",
  shape: (call) => {
    const found = binsOf(call, argument(call, "bins"));
    return isProblem(found) ? found : { lead: null, dims: [found.bins] };
  },
});

export const bincount = op({
  names: inTorch("bincount"),
  summary: "How often each integer occurs; the length depends on the data.",
  call: "input: tensor, weights: any = None, minlength: any = 0",
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    if (dtype !== null && category(dtype) !== "integer") return otherType(call, "input", "integers");
    if (rank(shape) !== null && rank(shape) !== 1) return otherRank(call, "input", shape, "1 dimension");
    const weights = argument(call, "weights");
    const same =
      weights.kind !== "tensor" || call.solver.requireShapes(shape, weights.shape, call.cause).answer !== "no";
    return same
      ? { lead: null, dims: [unknownDim()] }
      : broadcastAll(call, [
          { parameter: "input", shape },
          { parameter: "weights", shape: tensorOf(call, "weights").shape },
        ]);
  },
  dtype: (call) => {
    const weights = argument(call, "weights");
    if (weights.kind !== "tensor") return weights.kind === "none" ? "int64" : null;
    return weights.dtype === null ? null : weights.dtype === "float32" ? "float32" : "float64";
  },
});

/** Powers of integers are int64. */
const powerType: DTypeRule = (call) => {
  const dtype = same()(call);
  return dtype === null || isFloating(dtype) || category(dtype) === "complex" ? dtype : "int64";
};

function powers(
  name: string,
  parameters: string,
  least: number,
  rule: (call: Call, powers: Dim) => ShapeAnswer,
): readonly Operator[] {
  return op({
    names: [name],
    summary: "The powers of every element in a row.",
    call: parameters,
    shape: (call) => {
      const shape = call.solver.shape(tensorOf(call, "input").shape);
      const count = isGiven(call, "N") ? dimOf(argument(call, "N")) : (shape.dims.at(-1) ?? constant(1));
      const few = count === null ? null : asNumber(count);
      if (few !== null && few < least)
        return problem("argument", { message: () => `\`vander\` needs at least ${least} powers; it gets ${few}.` });
      return rule(call, count ?? unknownDim());
    },
    dtype: powerType,
  });
}

export const vander = powers(
  "torch.vander",
  "x as input: tensor, N: any = None, increasing: any = False",
  0,
  (call, count) => {
    const { shape } = tensorOf(call, "input");
    const vector = call.solver.requireRank(shape, 1);
    if (vector === null) return otherRank(call, "input", shape, "1 dimension");
    return { lead: null, dims: [vector.dims[0] ?? unknownDim(), count] };
  },
);

export const batchedVander = powers("torch.linalg.vander", "x as input: tensor, *, N: any = None", 2, (call, count) => {
  const { shape, dtype } = tensorOf(call, "input");
  if (dtype === "bool" || dtype === "float16" || dtype === "bfloat16")
    return otherType(call, "input", "integers, float32, float64 or complex numbers");
  const wide = call.solver.requireAtLeast(shape, 1);
  if (wide === null) return { lead: null, dims: [constant(1), count] };
  return { lead: wide.lead, dims: [...wide.dims, count] };
});
