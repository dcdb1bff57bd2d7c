/**
 * The author's own words about shapes: comments, docstrings, annotations. They name sizes, fill what
 * is not known, and are checked: a comment that certainly contradicts the code is reported as stale.
 */
import { lookupConstant, type Tensor } from "../ops/index.ts";
import type {
  DimNote,
  Expr,
  FunctionDefinition,
  Lambda,
  Parameter,
  ShapeNote,
  Span,
  Target,
} from "../program/syntax.ts";
import {
  asNumber,
  asSymbol,
  constant,
  type Dim,
  freshLead,
  printShape,
  type Shape,
  type Sym,
  unknownDim,
} from "../shapes/index.ts";
import { likelyLibrary } from "./attributes.ts";
import type { Machine } from "./machine.ts";
import { entryOf } from "./maps.ts";
import { nameSize, namedSize, sizeOfNote, declareSize } from "./notes.ts";
import { typedValue } from "./types.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

type DeclaredBy = NonNullable<Sym["declaredBy"]>;

export interface StatedShape {
  readonly dims: readonly DimNote[];
  readonly by: DeclaredBy;
  readonly dtype: string | null;
  readonly span: Span;
  readonly text: string;
}

/** What the signature says of a parameter: its annotation, a comment beside it, the docstring. */
export function statedShape(
  m: Machine,
  definition: FunctionDefinition | Lambda,
  parameter: Parameter,
): StatedShape | null {
  const annotated = parameter.annotation === null ? null : m.dialect.annotatedShape(parameter.annotation);
  if (annotated !== null && parameter.annotation !== null) {
    return { ...annotated, by: "annotation", span: parameter.annotation.span, text: m.text(parameter.annotation.span) };
  }
  const fits = (note: ShapeNote): boolean => note.subject === null || note.subject === parameter.name;
  const beside = parameter.notes.find(fits);
  const documented =
    definition.kind === "function" ? definition.docShapes.find((note) => note.subject === parameter.name) : undefined;
  const note = beside ?? documented;
  if (note === undefined || holdsSeveral(m, parameter)) return null;
  const by = beside === undefined ? "comment" : "signature-comment";
  return { dims: note.dims, by, dtype: null, span: note.span, text: note.text };
}

/** Of a list of images, a docstring states the shape of one image. */
function holdsSeveral(m: Machine, { annotation }: Parameter): boolean {
  if (annotation === null) return false;
  return /\b(?:list|tuple|dict|set|sequence|iterable|iterator|mapping|collection|generator)\b/i.test(
    m.text(annotation.span),
  );
}

/** A tensor of the stated shape, with its names declared. */
export function statedTensor(m: Machine, stated: StatedShape): Tensor {
  const cause = m.cause(stated.by === "annotation" ? "its annotation" : `the comment \`${stated.text}\``, stated.span);
  const many = stated.dims.findIndex((note) => note.kind === "many");
  const lead = stated.dims[many];
  const named = lead?.kind === "many" ? lead.name : null;
  const size = (note: DimNote): Dim => sizeOfNote(m, note, stated.by, cause) ?? unknownDim(cause);
  const dims = many < 0 ? stated.dims.map(size) : stated.dims.slice(many + 1).map(size);
  const shape: Shape = { lead: many < 0 ? null : leadNamed(m, named), dims };
  return { kind: "tensor", shape, dtype: dtypeNamed(stated.dtype), library: likelyLibrary(m) };
}

function dtypeNamed(name: string | null): Tensor["dtype"] {
  const datum = name === null ? null : lookupConstant(`torch.${name}`);
  return datum?.kind === "dtype" ? datum.dtype : null;
}

const leads = new WeakMap<object, Map<string, ReturnType<typeof freshLead>>>();

/** `*batch` is the same list of dimensions wherever a scope names it. */
function leadNamed(m: Machine, name: string | null): ReturnType<typeof freshLead> {
  if (name === null) return freshLead(null);
  const known = entryOf(leads, m.frame, () => new Map<string, ReturnType<typeof freshLead>>());
  return entryOf(known, name, () => freshLead(name));
}

/** An argument as the callee's signature sees it: what it does not know is filled, its sizes are named. */
export function contractForParameter(
  m: Machine,
  definition: FunctionDefinition | Lambda,
  parameter: Parameter,
  value: Value,
): Value {
  const stated = statedShape(m, definition, parameter);
  const seen = follow(value);
  if (stated === null)
    return seen.kind === "unknown" && parameter.annotation !== null
      ? (typedValue(m, parameter.annotation, parameter.name, false) ?? seen)
      : seen;
  if (seen.kind === "unknown") return statedTensor(m, stated);
  return seen.kind === "tensor" ? claim(m, seen, stated).value : seen;
}

export function contractForReturn(_m: Machine, _definition: FunctionDefinition | Lambda, value: Value): Value {
  return value;
}

/** The value of an annotated variable: what is not known of it is taken from the annotation. */
export function declaredValue(m: Machine, annotation: Expr, value: Value): Value {
  const seen = follow(value);
  const annotated = m.dialect.annotatedShape(annotation);
  if (annotated !== null) {
    const stated: StatedShape = {
      ...annotated,
      by: "annotation",
      span: annotation.span,
      text: m.text(annotation.span),
    };
    if (seen.kind === "unknown") return statedTensor(m, stated);
    return seen.kind === "tensor" ? claim(m, seen, stated).value : seen;
  }
  return seen.kind === "unknown" ? (typedValue(m, annotation, "", false) ?? seen) : seen;
}

/**
 * Takes the comments of a statement as claims on its value (or, for a note with a subject, on the
 * target it names). Gives the value with what they fill in.
 */
export function claimNotes(
  m: Machine,
  notes: readonly ShapeNote[],
  value: Value,
  span: Span,
  target: Target | null = null,
): Value {
  let result = value;
  for (const note of notes) {
    if (note.subject !== null && !(target?.kind === "name" && target.id === note.subject)) continue;
    result = claimNote(m, note, result, span);
  }
  return result;
}

function claimNote(m: Machine, note: ShapeNote, value: Value, span: Span): Value {
  const seen = follow(value);
  const stated = (dims: readonly DimNote[]): StatedShape => ({
    dims,
    by: "comment",
    dtype: null,
    span: note.span,
    text: note.text,
  });
  if (seen.kind === "tuple" && note.others.length > 0) {
    const all = [note.dims, ...note.others];
    if (all.length !== seen.items.length) return value;
    return { kind: "tuple", items: seen.items.map((item, i) => claimOne(m, item, stated(all[i] ?? []), note, span)) };
  }
  return note.others.length > 0 ? value : claimOne(m, seen, stated(note.dims), note, span);
}

function claimOne(m: Machine, value: Value, stated: StatedShape, note: ShapeNote, span: Span): Value {
  const seen = follow(value);
  if (seen.kind === "unknown") return statedTensor(m, stated);
  if (seen.kind !== "tensor" || listsValues(m, seen, stated.dims)) return value;
  // What an operation gave is not narrowed by a comment, which may be stale: errors would follow from hearsay.
  if (m.solver.shape(seen.shape).lead !== null) return value;
  const { value: claimed, stale } = claim(m, seen, stated);
  if (stale && m.context === null) reportStale(m, note, seen, span);
  return claimed;
}

/** `# (4, 10, 18)` beside three numbers lists their values, not their shape. */
function listsValues(m: Machine, tensor: Tensor, dims: readonly DimNote[]): boolean {
  const shape = m.solver.shape(tensor.shape);
  const [only] = shape.dims;
  if (shape.lead !== null || !dims.every((note) => note.kind === "size")) return false;
  return shape.dims.length === 1 && only !== undefined && asNumber(only) === dims.length && dims.length > 1;
}

function reportStale(m: Machine, note: ShapeNote, value: Tensor, span: Span): void {
  const printed = printShape(m.solver.shape(value.shape));
  m.report(
    {
      code: "stale-shape-comment",
      severity: "warning",
      message: `The comment says ${note.text}; the value is ${printed}.`,
      shapes: [printed],
      related: [{ owner: m.chunk, span, message: `this is ${printed}` }],
      unnecessary: false,
    },
    note.span,
  );
}

/** Holds a stated shape against a tensor: names its sizes, fills open ones, and tells a contradiction. */
function claim(m: Machine, tensor: Tensor, stated: StatedShape): { value: Tensor; stale: boolean } {
  const before = m.solver.facts;
  const shape = m.solver.shape(tensor.shape);
  const many = stated.dims.findIndex((note) => note.kind === "many");
  const fixed = stated.dims.filter((note) => note.kind !== "many").length;
  const visible =
    many < 0 ? m.solver.requireRank(shape, fixed) : m.solver.requireAtLeast(shape, stated.dims.length - 1 - many);
  if (visible === null || (many >= 0 && visible.lead === null && visible.dims.length < fixed)) {
    m.solver.facts = before;
    return { value: tensor, stale: true };
  }
  const notes = many < 0 ? stated.dims : stated.dims.slice(many + 1);
  const dims = visible.dims.slice(visible.dims.length - notes.length);
  const seen = new Map<string, Dim>();
  const agrees = notes.map((note, i) => claimSize(m, note, dims[i] ?? constant(0), stated, seen)).every(Boolean);
  if (!agrees) {
    m.solver.facts = before;
    return { value: tensor, stale: true };
  }
  const resolved = m.solver.shape(visible);
  return { value: { ...tensor, shape: resolved }, stale: false };
}

/** False where the note certainly contradicts the size. */
function claimSize(m: Machine, note: DimNote, dim: Dim, stated: StatedShape, seen: Map<string, Dim>): boolean {
  const cause = m.cause(`the comment \`${stated.text}\``, stated.span);
  const here = m.solver.dim(dim);
  if (note.kind === "any" || note.kind === "many") return true;
  if (note.kind === "name") {
    const known = seen.get(note.name) ?? namedSize(m, note.name);
    seen.set(note.name, here);
    if (known === null) {
      if (isNameless(here)) m.solver.require(here, declareSize(m, note.name, stated.by, cause), cause);
      else nameSize(m, note.name, here);
      return true;
    }
    return agree(m, known, here, note.name, cause);
  }
  const size = sizeOfNote(m, note, stated.by, cause);
  if (size === null) return true;
  if (isNameless(here)) return m.solver.require(here, size, cause).answer !== "no";
  return !(asNumber(size) !== null && asNumber(here) !== null && m.solver.compare(size, here) === "no");
}

/**
 * A name that stood for another size: certain only where the author gave both sizes different names in
 * the signature; a local name that is used again for a new size is simply renamed.
 */
function agree(m: Machine, known: Dim, here: Dim, name: string, cause: ReturnType<Machine["cause"]>): boolean {
  if (isNameless(here)) return m.solver.require(here, known, cause).answer !== "no";
  const a = asSymbol(known);
  const b = asSymbol(here);
  if (a !== null && b !== null && isSignature(a) && isSignature(b) && a !== b)
    return m.solver.compare(known, here) === "yes";
  if (m.solver.compare(known, here) !== "yes") nameSize(m, name, here);
  return true;
}

function isSignature(symbol: Sym): boolean {
  return symbol.kind === "declared" && symbol.declaredBy !== "comment";
}

function isNameless(dim: Dim): boolean {
  return asSymbol(dim)?.name === "?";
}
