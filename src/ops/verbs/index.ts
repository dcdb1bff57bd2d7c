/**
 * Subscripts: what `x[1, :, None, mask]` leaves of the dimensions of `x`. It follows the libraries' rule
 * for where the dimensions of index tensors go; slices are measured by `slice.ts`.
 */
import {
  asNumber,
  constant,
  multiply,
  rank,
  unknownDim,
  type Dim,
  type Shape,
  type Verdict,
} from "../../shapes/index.ts";
import { arrayOf, dimOf } from "../datum.ts";
import { isInteger } from "../dtype.ts";
import type { Call, Problem } from "../operator.ts";
import { isProblem, problem, shown, shownDim } from "../problems.ts";
import type { Datum, Tensor } from "../value.ts";
import { broadcastAll } from "./broadcast.ts";
import { sliceLength } from "./slice.ts";
import { stridesOf } from "./strides.ts";

/** What an item of a subscript does: how many dimensions it takes, and what it puts there. */
type Part =
  | { readonly kind: "drop"; readonly index: Dim }
  | { readonly kind: "slice"; readonly slice: Extract<Datum, { kind: "slice" }> }
  | { readonly kind: "new" }
  | { readonly kind: "rest" }
  | { readonly kind: "gather"; readonly shape: Shape; readonly places?: readonly Dim[] }
  | { readonly kind: "mask"; readonly shape: Shape; readonly count: Dim };

/** The shape of `tensor[index]`; null where it is not known. */
export function indexed(call: Call, parameter: string, tensor: Tensor, index: Datum): Shape | Problem | null {
  const parts = partsOf(index, tensor);
  if (parts === null) return null;
  const taken = parts.reduce((sum, part) => sum + dimensionsTaken(part), 0);
  const shape = call.solver.shape(tensor.shape);
  const known = rank(shape);
  if (known === 0 && taken > 0 && mayHoldAnything(tensor)) return null;
  if (known !== null && taken > known) return tooMany(call, parameter, shape, taken);
  const placed = known === null ? placeAtEnd(call, parameter, shape, parts, taken) : placeAll(shape, parts, taken);
  if (placed === null || isProblem(placed)) return placed;
  return assemble(call, parameter, shape, placed);
}

/** The strides of a selection that lies in the memory of the tensor: integers, slices, `None` and `...` alone. */
export function indexedStrides(call: Call, tensor: Tensor, index: Datum): readonly Dim[] | null {
  const strides = stridesOf(call, tensor);
  const parts = partsOf(index, tensor);
  if (strides === null || parts === null) return null;
  const taken = parts.reduce((sum, part) => sum + dimensionsTaken(part), 0);
  const left: Dim[] = [];
  for (const { part, dims } of placeAll({ lead: null, dims: strides }, parts, taken)) {
    if (part.kind === "gather" || part.kind === "mask") return null;
    const [stride] = dims;
    const step = part.kind === "slice" && part.slice.step.kind !== "none" ? dimOf(part.slice.step) : constant(1);
    if (step === null) return null;
    if (part.kind === "new") left.push(constant(1));
    else if (part.kind === "rest") left.push(...dims);
    else if (part.kind === "slice" && stride !== undefined) left.push(multiply(stride, step));
  }
  return left;
}

function partsOf(index: Datum, tensor: Tensor): readonly Part[] | null {
  const items = index.kind === "tuple" || isTupleOfTorch(index, tensor) ? index.items : [index];
  const parts: Part[] = [];
  for (const item of items) {
    const part = partOf(item, tensor);
    if (part === null) return null;
    parts.push(part);
  }
  if (parts.filter(({ kind }) => kind === "rest").length > 1) return null;
  return parts.some(({ kind }) => kind === "rest") ? parts : [...parts, { kind: "rest" }];
}

/** PyTorch takes a list that holds more than numbers for a tuple. */
function isTupleOfTorch(index: Datum, { library }: Tensor): index is Extract<Datum, { kind: "list" }> {
  const more = ["tensor", "list", "tuple", "slice", "none", "ellipsis"];
  return index.kind === "list" && library === "torch" && index.items.some(({ kind }) => more.includes(kind));
}

/** A mask selects as many as are true; a single truth value selects all or nothing, along a new dimension. */
function maskOf(shape: Shape, value: boolean | null): Extract<Part, { kind: "mask" }> {
  const count = value === null || shape.dims.length > 0 ? unknownDim() : constant(value ? 1 : 0);
  const empty = shape.dims.some((dim) => asNumber(dim) === 0);
  return { kind: "mask", shape, count: empty ? constant(0) : count };
}

/** How many are true in a list that is written out. */
function countOfTrue(item: Datum): { readonly count?: Dim } {
  if (item.kind !== "list" && item.kind !== "tuple") return {};
  const values = item.items.map((one) => (one.kind === "bool" ? one.value : null));
  return values.includes(null) ? {} : { count: constant(values.filter((value) => value === true).length) };
}

function partOf(item: Datum, { library }: Tensor): Part | null {
  // JAX takes no lists as indices.
  if (library === "jax" && (item.kind === "list" || item.kind === "tuple")) return null;
  if (item.kind === "slice") return { kind: "slice", slice: item };
  if (item.kind === "none") return { kind: "new" };
  if (item.kind === "ellipsis") return { kind: "rest" };
  if (item.kind === "int") return { kind: "drop", index: item.value };
  if (item.kind === "bool") return maskOf({ lead: null, dims: [] }, item.value);
  if (item.kind !== "tensor" && item.kind !== "list" && item.kind !== "tuple") return null;
  const array = arrayOf(item, library);
  if (array === null || array.dtype === null || array.shape.lead !== null) return null;
  if (array.dtype === "bool") return { ...maskOf(array.shape, null), ...countOfTrue(item) };
  if (item.kind !== "tensor" && array.shape.dims.length === 1 && asNumber(array.shape.dims[0] ?? constant(1)) === 0) {
    return { kind: "gather", shape: array.shape };
  }
  if (!isInteger(array.dtype)) return null;
  // PyTorch selects with a tensor of rank 0 as with an integer.
  const only = dimOf(item);
  if (array.shape.dims.length === 0 && library === "torch") return { kind: "drop", index: only ?? unknownDim() };
  if (array.dtype === "uint8" && library === "torch") return null;
  return { kind: "gather", shape: array.shape, ...(array.content === undefined ? {} : { places: array.content }) };
}

function dimensionsTaken(part: Part): number {
  if (part.kind === "mask") return part.shape.dims.length;
  return part.kind === "new" || part.kind === "rest" ? 0 : 1;
}

interface Placed {
  readonly part: Part;
  readonly dims: readonly Dim[];
}

function placeAll(shape: Shape, parts: readonly Part[], taken: number): readonly Placed[] {
  const rest = shape.dims.length - taken;
  let at = 0;
  return parts.map((part) => {
    const count = part.kind === "rest" ? rest : dimensionsTaken(part);
    at += count;
    return { part, dims: shape.dims.slice(at - count, at) };
  });
}

/** Under unknown leading dimensions only what stands behind an ellipsis has a known place. */
function placeAtEnd(
  call: Call,
  parameter: string,
  shape: Shape,
  parts: readonly Part[],
  taken: number,
): readonly Placed[] | Problem | null {
  if (taken > 0) {
    const wide = call.solver.requireAtLeast(shape, taken);
    if (wide === null) return tooMany(call, parameter, shape, taken);
  }
  const rest = parts.findIndex(({ kind }) => kind === "rest");
  if (rest !== 0) return null;
  const dims = call.solver.shape(shape).dims;
  let at = dims.length - taken;
  const placed = parts.map((part, i): Placed => {
    if (i === 0) return { part, dims: dims.slice(0, at) };
    at += dimensionsTaken(part);
    return { part, dims: dims.slice(at - dimensionsTaken(part), at) };
  });
  return placed;
}

function assemble(call: Call, parameter: string, shape: Shape, placed: readonly Placed[]): Shape | Problem | null {
  const { lead } = call.solver.shape(shape);
  const isArray = ({ part }: Placed): boolean => part.kind === "gather" || part.kind === "mask";
  const numpy = call.name.startsWith("operator.") ? libraryIsNumpy(call) : call.name.startsWith("numpy.");
  const arrays = placed.some(isArray);
  const counts = (one: Placed): boolean => isArray(one) || (arrays && numpy && one.part.kind === "drop");
  const picked = arrays ? pickedDims(call, parameter, placed) : { lead: null, dims: [] };
  if (isProblem(picked)) return picked;
  const before: Dim[] = [];
  const after: Dim[] = [];
  let state: "before" | "inside" | "after" | "apart" = "before";
  for (const one of placed) {
    const empty = one.part.kind === "drop" && !counts(one);
    if (counts(one)) state = state === "before" ? "inside" : state === "after" ? "apart" : state;
    else if (!empty && state === "inside") state = "after";
    else if (empty && state === "inside" && !numpy) state = "inside";
    const dims = keptDims(call, parameter, one);
    if (isProblem(dims)) return dims;
    (state === "before" ? before : after).push(...dims);
  }
  if (picked.lead !== null) return null;
  // Index tensors that do not stand side by side put their dimensions in front.
  if (state === "apart") return lead === null ? { lead, dims: [...picked.dims, ...before, ...after] } : null;
  return call.solver.shape({ lead, dims: [...before, ...picked.dims, ...after] });
}

/** JAX takes the last element where an index is beyond the end. */
function isOfJax(call: Call, parameter: string): boolean {
  const object = call.args.get(parameter);
  return object?.kind === "tensor" && object.library === "jax";
}

function libraryIsNumpy(call: Call): boolean {
  const object = call.args.get("object");
  return object?.kind === "tensor" && (object.library === "numpy" || object.library === "jax");
}

/** The dimensions that one item leaves where it stands; those of index tensors are put in later. */
function keptDims(call: Call, parameter: string, { part, dims }: Placed): readonly Dim[] | Problem {
  const [dim] = dims;
  switch (part.kind) {
    case "drop":
      return dim === undefined || isOfJax(call, parameter) ? [] : (outOfRange(call, parameter, part.index, dim) ?? []);
    case "slice":
      return dim === undefined ? [] : [sliceLength(call, dim, part.slice)];
    case "new":
      return [constant(1)];
    case "rest":
      return dims;
    case "gather":
    case "mask":
      return [];
    default:
      return part satisfies never;
  }
}

function pickedDims(call: Call, parameter: string, placed: readonly Placed[]): Shape | Problem {
  const shapes: { parameter: string; shape: Shape }[] = [];
  const isEmpty = ({ part }: Placed): boolean =>
    (part.kind === "gather" || part.kind === "mask") && part.shape.dims.some((dim) => asNumber(dim) === 0);
  const nothing = placed.some(isEmpty);
  for (const { part, dims } of placed) {
    if (part.kind === "gather") {
      // Beside an index that selects nothing no place is looked at.
      const wrong = nothing ? null : placesProblem(call, parameter, part, dims[0]);
      if (wrong !== null) return wrong;
      shapes.push({ parameter: "index", shape: part.shape });
    }
    if (part.kind !== "mask") continue;
    for (const [i, dim] of part.shape.dims.entries()) {
      const verdict = call.solver.require(dim, dims[i] ?? dim, call.cause);
      if (verdict.answer === "no") return wrongMask(call, parameter, part.shape, verdict);
    }
    shapes.push({ parameter: "index", shape: { lead: null, dims: [part.count] } });
  }
  return broadcastAll(call, shapes, "index-sizes");
}

/** The first of the places in an index tensor that the dimension does not have. */
function placesProblem(
  call: Call,
  parameter: string,
  part: Extract<Part, { kind: "gather" }>,
  size?: Dim,
): Problem | null {
  if (size === undefined) return null;
  const count = asNumber(call.solver.dim(size));
  for (const place of part.places ?? []) {
    const wrong = outOfRange(call, parameter, place, size);
    if (wrong !== null && count !== null) return wrong;
  }
  const none = part.shape.dims.some((dim) => asNumber(dim) === 0);
  return count === 0 && !none && part.shape.lead === null ? outOfRange(call, parameter, constant(0), size) : null;
}

function wrongMask(call: Call, parameter: string, mask: Shape, verdict: Verdict): Problem {
  const told = shown(call, "index", mask);
  const sizes = verdict.answer === "no" ? `${shownDim(call, verdict.left)} and ${shownDim(call, verdict.right)}` : "";
  return problem("index-sizes", {
    verdict,
    parameters: [parameter, "index"],
    message: (name) => `The mask ${told(name)} does not have the sizes of what it selects from: ${sizes}.`,
  });
}

/** An index that a dimension certainly does not have. */
export function outOfRange(call: Call, parameter: string, index: Dim, size: Dim): Problem | null {
  const [i, n] = [asNumber(call.solver.dim(index)), asNumber(call.solver.dim(size))];
  const same = call.solver.compare(index, size) === "yes";
  if (!same && (i === null || n === null || (i < n && i >= -n))) return null;
  const [wanted, available] = [shownDim(call, index), shownDim(call, size)];
  return problem("index-range", {
    blame: null,
    parameters: [parameter],
    message: (name) => `Index ${wanted} is beyond the end: this dimension of ${name(parameter)} has size ${available}.`,
  });
}

/** An element of an array of unknown type may be a string or a list, which are indexed on their own. */
export function mayHoldAnything({ dtype, library }: Tensor): boolean {
  return dtype === null && library !== "torch";
}

function tooMany(call: Call, parameter: string, shape: Shape, taken: number): Problem {
  const told = shown(call, parameter, shape);
  const count = rank(shape) ?? shape.dims.length;
  const missing = count === 0 ? "has no dimensions to index" : `has no dimension ${count} to index`;
  const more = taken - count > 1 ? `; ${taken} are indexed` : "";
  return problem("index-rank", { parameters: [parameter], message: (name) => `${told(name)} ${missing}${more}.` });
}
