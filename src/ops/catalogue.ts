/**
 * All operators and layers, from every file of declarations. A name that is declared twice is a mistake,
 * which a test finds. It holds no rules.
 */
import * as activation from "./activation.ts";
import * as arrayProducts from "./array-products.ts";
import * as arithmetic from "./arithmetic.ts";
import * as arrangements from "./arrangements.ts";
import * as attention from "./attention.ts";
import * as conv from "./conv.ts";
import * as editing from "./editing.ts";
import * as einops from "./einops.ts";
import * as einmix from "./einmix.ts";
import * as einopsPacking from "./einops-packing.ts";
import * as einsum from "./einsum.ts";
import * as linalg from "./linalg.ts";
import * as loss from "./loss.ts";
import * as norm from "./norm.ts";
import * as polynomials from "./polynomials.ts";
import * as pool from "./pool.ts";
import * as recurrent from "./recurrent.ts";
import * as sets from "./sets.ts";
import * as spatial from "./spatial.ts";
import * as bytes from "./bytes.ts";
import * as spacing from "./spacing.ts";
import * as casting from "./casting.ts";
import * as compare from "./compare.ts";
import * as create from "./create.ts";
import * as createFrom from "./create-from.ts";
import * as draws from "./draws.ts";
import * as elementwise from "./elementwise.ts";
import * as expanding from "./expanding.ts";
import * as histograms from "./histograms.ts";
import * as indexTricks from "./index-tricks.ts";
import * as indexing from "./indexing.ts";
import * as joining from "./joining.ts";
import * as linear from "./linear.ts";
import * as matmul from "./matmul.ts";
import * as measure from "./measure.ts";
import * as orderStatistics from "./order-statistics.ts";
import * as products from "./products.ts";
import * as permuting from "./permuting.ts";
import * as reduce from "./reduce.ts";
import * as reshaping from "./reshaping.ts";
import * as scalars from "./scalars.ts";
import * as selecting from "./selecting.ts";
import * as splitting from "./splitting.ts";
import * as decompose from "./decompose.ts";
import * as factorize from "./factorize.ts";
import * as extremes from "./extremes.ts";
import * as norms from "./norms.ts";
import * as distinct from "./distinct.ts";
import * as integrals from "./integrals.ts";
import * as masked from "./masked.ts";
import * as ranges from "./ranges.ts";
import * as samples from "./samples.ts";
import * as shortTime from "./short-time.ts";
import * as windows from "./windows.ts";
import * as sparse from "./sparse.ts";
import * as solving from "./solving.ts";
import * as tensorEquations from "./tensor-equations.ts";
import * as grids from "./grids.ts";
import * as patches from "./patches.ts";
import * as random from "./random.ts";
import * as spectral from "./spectral.ts";
import * as statistics from "./statistics.ts";
import * as writing from "./writing.ts";
import * as promotion from "./promotion.ts";
import * as training from "./training.ts";
import * as typeQuestions from "./type-questions.ts";
import * as ufunc from "./ufunc.ts";
import * as distance from "./distance.ts";
import * as special from "./special.ts";
import * as strided from "./strided.ts";
import * as marginLoss from "./margin-loss.ts";
import * as unpool from "./unpool.ts";
import * as normFunctions from "./norm-functions.ts";
import * as transformer from "./transformer.ts";
import * as recurrentCells from "./recurrent-cells.ts";
import * as embedding from "./embedding.ts";
import * as sampling from "./sampling.ts";
import * as multihead from "./multihead.ts";
import * as packing from "./packing.ts";
import * as padding from "./padding.ts";
import * as resizing from "./resizing.ts";
import * as convLayers from "./conv-layers.ts";
import * as jaxArrays from "./jax-arrays.ts";
import * as jaxLax from "./jax-lax.ts";
import * as jaxNn from "./jax-nn.ts";
import * as jaxRandom from "./jax-random.ts";
import * as jaxSlices from "./jax-slices.ts";
import * as jaxWindows from "./jax-windows.ts";
import type { Layer, Operator } from "./operator.ts";

const FILES: readonly object[] = [
  activation,
  bytes,
  spacing,
  casting,
  sets,
  spatial,
  splitting,
  recurrent,
  polynomials,
  pool,
  norm,
  loss,
  linalg,
  editing,
  einops,
  einmix,
  einopsPacking,
  einsum,
  conv,
  arrangements,
  attention,
  compare,
  create,
  createFrom,
  draws,
  elementwise,
  expanding,
  histograms,
  indexTricks,
  indexing,
  joining,
  linear,
  matmul,
  measure,
  orderStatistics,
  products,
  permuting,
  reduce,
  reshaping,
  scalars,
  selecting,
  decompose,
  factorize,
  extremes,
  norms,
  distinct,
  integrals,
  masked,
  ranges,
  samples,
  shortTime,
  windows,
  sparse,
  solving,
  tensorEquations,
  grids,
  patches,
  random,
  spectral,
  statistics,
  arrayProducts,
  arithmetic,
  writing,
  promotion,
  training,
  distance,
  typeQuestions,
  ufunc,
  special,
  strided,
  marginLoss,
  unpool,
  normFunctions,
  transformer,
  recurrentCells,
  embedding,
  sampling,
  convLayers,
  padding,
  resizing,
  packing,
  multihead,
  jaxArrays,
  jaxLax,
  jaxNn,
  jaxRandom,
  jaxSlices,
  jaxWindows,
];

/** What a file of declarations exports: operators, layers, lists of them; functions are of no interest here. */
function declarations(): readonly object[] {
  const exported = FILES.flatMap((file) => Object.values(file) as readonly unknown[]);
  return exported.flat().filter((value): value is object => typeof value === "object" && value !== null);
}

function isOperator(value: object): value is Operator {
  return "parameters" in value && "apply" in value;
}

function isLayer(value: object): value is Layer {
  return "constructorParameters" in value;
}

const DECLARED: readonly Operator[] = declarations().filter(isOperator);
const OWN: ReadonlySet<string> = new Set(DECLARED.filter(({ borrowed }) => !borrowed).flatMap(({ names }) => names));

/** A rule that JAX borrows from NumPy gives way to a declaration of JAX's own. */
export const OPERATORS: readonly Operator[] = DECLARED.map((entry) =>
  entry.borrowed ? { ...entry, names: entry.names.filter((name) => !OWN.has(name)) } : entry,
).filter(({ names }) => names.length > 0);
export const LAYERS: readonly Layer[] = declarations().filter(isLayer);
