/**
 * Counts of elements in bins: histograms of one or more dimensions, and how often each integer occurs.
 */
import { add, asNumber, constant, rank, subtract, unknownDim, type Dim } from "../shapes/index.ts";
import { argument, isGiven, libraryOf, readTensor, tensorOf, typesOf } from "./arguments.ts";
import { boolOf, dimOf, itemsOf, record, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category, isFloating, type DType } from "./dtype.ts";
import { promoteData, same } from "./dtype-rules.ts";
import type { Call, Problem } from "./operator.ts";
import { otherRank, problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";

interface Bins {
  readonly counts: Dim;
  readonly edges: Dim;
  readonly dtype: DType | null;
}

const one = constant(1);

/** Bins by their number or by their edges; a rule's name leaves the number to the data. */
function readBins(call: Call, bins: Datum, dtype: DType | null): Bins {
  const count = dimOf(bins);
  if (count !== null) return { counts: count, edges: add(count, one), dtype: dtype === null ? null : edgeType(dtype) };
  const edges = bins.kind === "string" || bins.kind === "unknown" ? null : readTensor(call, bins);
  const size = edges !== null && rank(edges.shape) === 1 ? edges.shape.dims[0] : undefined;
  if (size === undefined) return { counts: unknownDim(), edges: unknownDim(), dtype: null };
  return { counts: subtract(size, one), edges: size, dtype: edges?.dtype ?? null };
}

/** Edges between integers lie at real numbers. */
function edgeType(dtype: DType): DType {
  return isFloating(dtype) || category(dtype) === "complex" ? dtype : "float64";
}

const line = (size: Dim, dtype: DType | null, call: Call): Datum =>
  tensor({ lead: null, dims: [size] }, dtype, libraryOf(call));

export const histogram = op({
  names: ["numpy.histogram"],
  summary: "How many elements fall into each bin, and the edges of the bins.",
  call: "a as input: tensor, bins: any = 10, range: any = None, density: any = None, weights: any = None",
  shape: (call) => {
    const wrong = wrongWeights(call) ?? wrongEdges(call);
    if (wrong !== null) return wrong;
    const numpy = typesOf(call) === "numpy";
    const { counts, edges, dtype } = readBins(call, argument(call, "bins"), same()(call));
    return {
      value: record("histogram", [
        ["hist", line(counts, numpy ? countType(call) : null, call)],
        ["bin_edges", line(edges, numpy ? dtype : null, call)],
      ]),
    };
  },
});

/** Of nothing there are no sums of weights. */
function weightedType(call: Call): DType | null {
  const [size] = tensorOf(call, "input").shape.dims;
  if (typesOf(call) !== "numpy" || size === undefined) return null;
  return asNumber(size) === 0 ? "int64" : "float64";
}

/** Counts are integers; shares are real numbers; weights add up in their own type. */
function countType(call: Call): DType | null {
  const density = boolOf(argument(call, "density"));
  if (density === null) return null;
  if (!isGiven(call, "weights")) return density ? "float64" : "int64";
  const { dtype } = tensorOf(call, "weights");
  return !density && dtype !== null && (isFloating(dtype) || dtype === "int64") ? dtype : null;
}

function wrongWeights(call: Call): Problem | null {
  if (!isGiven(call, "weights") || argument(call, "weights").kind === "unknown") return null;
  const [input, weights] = [tensorOf(call, "input").shape, tensorOf(call, "weights").shape];
  if (call.solver.requireShapes(input, weights, call.cause).answer !== "no") return null;
  const [a, b] = [shown(call, "weights", weights), shown(call, "input", input)];
  return problem("argument", {
    parameters: ["input", "weights"],
    message: (name) => `There must be a weight for every element: ${a(name)} against ${b(name)}.`,
  });
}

function wrongEdges(call: Call): Problem | null {
  const bins = argument(call, "bins");
  if (bins.kind !== "tensor" || rank(bins.shape) === null || rank(bins.shape) === 1 || rank(bins.shape) === 0)
    return null;
  return otherRank(call, "bins", bins.shape, "1 dimension");
}

export const binEdges = op({
  names: ["numpy.histogram_bin_edges"],
  summary: "The edges of the bins of a histogram.",
  call: "a as input: tensor, bins: any = 10, range: any = None, weights: any = None",
  shape: (call) => {
    const { edges, dtype } = readBins(call, argument(call, "bins"), same()(call));
    return wrongWeights(call) ?? wrongEdges(call) ?? { value: line(edges, dtype, call) };
  },
});

/** One entry of `bins` for each dimension, or one for all of them. */
function binsOfEach(call: Call, count: number, dtype: DType | null): readonly Bins[] | null {
  const bins = argument(call, "bins");
  const items = bins.kind === "tensor" ? null : itemsOf(bins);
  const each = items?.length === count ? items : items === null ? Array.from({ length: count }, () => bins) : null;
  return each?.map((one) => readBins(call, one, dtype)) ?? null;
}

/** NumPy counts in real numbers here, JAX in integers where nothing has a weight. */
function fields(dims: readonly Dim[], call: Call): Datum {
  return tensor({ lead: null, dims }, typesOf(call) === "numpy" ? "float64" : null, "numpy");
}

export const histogram2d = op({
  names: ["numpy.histogram2d"],
  summary: "How many pairs fall into each field of a grid, and the edges of the grid.",
  call: "x as input: tensor, y as other: tensor, bins: any = 10, range: any = None, density: any = None, weights: any = None",
  shape: (call) => {
    const wrong = wrongPairs(call);
    if (wrong !== null) return wrong;
    const [rows, columns] = binsOfEach(call, 2, pairType(call)) ?? [];
    if (rows === undefined || columns === undefined) return { value: unknown };
    const counts = fields([rows.counts, columns.counts], call);
    return { value: tuple([counts, line(rows.edges, rows.dtype, call), line(columns.edges, columns.dtype, call)]) };
  },
});

/** Of nothing NumPy makes edges in a type of its own. */
function pairType(call: Call): DType | null {
  const pair = ["input", "other"].map((parameter) => tensorOf(call, parameter));
  const empty = pair.some(({ shape }) => shape.dims.some((dim) => asNumber(dim) === 0));
  return empty ? null : promoteData(call, pair);
}

function wrongPairs(call: Call): Problem | null {
  const shapes = ["input", "other"].map((parameter) => tensorOf(call, parameter).shape);
  const [x, y] = shapes.map(({ lead, dims }) => (lead === null && dims.length === 1 ? dims[0] : undefined));
  if (x === undefined || y === undefined || call.solver.require(x, y, call.cause).answer !== "no") return null;
  const [a, b] = [shown(call, "input", tensorOf(call, "input")), shown(call, "other", tensorOf(call, "other"))];
  return problem("argument", {
    parameters: ["input", "other"],
    message: (name) => `\`histogram2d\` takes pairs: ${a(name)} against ${b(name)}.`,
  });
}

export const histogramdd = op({
  names: ["numpy.histogramdd"],
  summary: "How many points fall into each field of a grid of any number of dimensions, and the edges of the grid.",
  call: "sample as input: tensor, bins: any = 10, range: any = None, density: any = None, weights: any = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const columns = argument(call, "input").kind === "tensor" && rank(shape) === 2 ? shape.dims[1] : undefined;
    const count = rank(shape) === 1 ? 1 : columns === undefined ? null : asNumber(columns);
    const each = count === null || count > 16 ? null : binsOfEach(call, count, same()(call));
    if (each === null) return { value: unknown };
    const counts = fields(
      each.map((bins) => bins.counts),
      call,
    );
    return { value: tuple([counts, tuple(each.map(({ edges, dtype }) => line(edges, dtype, call)))]) };
  },
});

export const bincount = op({
  names: ["numpy.bincount"],
  summary: "How often each integer occurs; the length depends on the data.",
  call: "x as input: tensor, /, weights: any = None, minlength: any = 0",
  shape: (call): ShapeAnswer => {
    const { shape } = tensorOf(call, "input");
    if (shape.dims.length > 1) return otherRank(call, "input", shape, "1 dimension");
    return { lead: null, dims: [unknownDim()] };
  },
  dtype: (call) => (isGiven(call, "weights") ? weightedType(call) : "int64"),
});
