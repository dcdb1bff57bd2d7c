/**
 * Holds what the author states of a value against what is known of it: names its sizes, fills what is not known, and
 * reports what certainly contradicts the code. Where statements come from is the business of others.
 */
import type { Tensor } from "../ops/index.ts";
import type { DimNote, Expr, ShapeNote, Span, Target } from "../program/syntax.ts";
import {
  asNumber,
  asSymbol,
  type Cause,
  constant,
  type Dim,
  freshSymbol,
  ofSymbol,
  printShape,
  type Sym,
} from "../shapes/index.ts";
import { shapeBehind } from "./assign.ts";
import { isHearsay } from "./hearsay.ts";
import type { Machine } from "./machine.ts";
import { declareSize, namedSize, nameSize, sizeOfNote, supposedSize } from "./notes.ts";
import { causeOf, statedByNote, type StatedShape, statedTensor } from "./stated.ts";
import { tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

type NameNote = Extract<DimNote, { kind: "name" }>;
type DeclaredBy = StatedShape["by"];

/**
 * Takes the comments of a statement as claims on its value, or, for a comment that names one of the targets, on what
 * that one gets. Gives the value with what they fill in.
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
    if (note.subject === null || (target !== null && isNamed(m, target, note.subject)))
      result = claimNote(m, note, result, span, target);
    else if (target?.kind === "sequence") result = claimItem(m, note, result, span, target.items);
  }
  return result;
}

function isNamed(m: Machine, target: Target, name: string): boolean {
  if (target.kind === "name") return target.id === name;
  return target.kind === "attribute" && m.text(target.span) === name;
}

/** `q, k = f(x)  # q: (B, T), k: (B, S)` */
function claimItem(m: Machine, note: ShapeNote, value: Value, span: Span, targets: readonly Expr[]): Value {
  const at = targets.findIndex((each) => each.kind === "name" && each.id === note.subject);
  const items = at < 0 || targets.some(({ kind }) => kind === "spread") ? null : itemsOf(value, targets.length);
  if (items === null) return value;
  return tupleOf(
    items.map((item, i) => (i === at ? claimOne(m, item, statedByNote(note, "comment"), note, span) : item)),
  );
}

/** The values that so many targets get; of a value of which nothing is known, that many of the same kind. */
function itemsOf(value: Value, count: number): readonly Value[] | null {
  const seen = follow(value);
  if (seen.kind === "unknown") return Array.from({ length: count }, () => UNKNOWN);
  return seen.kind === "tuple" && seen.items.length === count ? seen.items : null;
}

function claimNote(m: Machine, note: ShapeNote, value: Value, span: Span, target: Target | null): Value {
  const all = [note.dims, ...note.others];
  const several = target?.kind === "sequence" && !target.items.some(({ kind }) => kind === "spread");
  const count = several ? target.items.length : all.length;
  const seen = follow(value);
  if (all.length > 1) {
    const items = all.length === count ? itemsOf(several || seen.kind === "tuple" ? seen : UNKNOWN, count) : null;
    if (items === null || (seen.kind !== "tuple" && !several)) return value;
    return tupleOf(items.map((item, i) => claimOne(m, item, statedByNote(note, "comment", all[i]), note, span)));
  }
  // One shape beside several targets may be that of any of them.
  return target?.kind === "sequence" ? value : claimOne(m, seen, statedByNote(note, "comment"), note, span);
}

function claimOne(m: Machine, value: Value, stated: StatedShape, note: ShapeNote, span: Span): Value {
  const seen = follow(value);
  if (seen.kind === "unknown") return shapeBehind(seen) === null ? statedTensor(m, stated) : value;
  if (seen.kind !== "tensor" || listsValues(m, seen, stated.dims)) return value;
  if (m.solver.shape(seen.shape).lead !== null) return filled(m, seen, stated);
  const { value: claimed, stale } = claim(m, seen, stated);
  if (stale && m.context === null) reportStale(m, `The comment says ${note.text}`, note.span, seen, span);
  return claimed;
}

/**
 * A tensor of which only the last dimensions are known, with the others as a comment states them. That is hearsay and
 * stays so: nothing is learnt of the operands, and what follows from it makes no error.
 */
function filled(m: Machine, tensor: Tensor, stated: StatedShape): Tensor {
  const known = m.solver.shape(tensor.shape).dims;
  const open = (): Dim => ofSymbol(freshSymbol("?", "inferred", { cause: causeOf(m, stated), declaredBy: "comment" }));
  const said = statedTensor(m, stated).shape;
  const first = said.dims.length - known.length;
  if (said.lead !== null || first < 0) return tensor;
  const dims = said.dims.map((dim, i) => {
    const here = known[i - first];
    if (here !== undefined && !isNameless(here)) return here;
    // The number that a variable of that name has now need not be the size that the author spoke of.
    return stated.dims[i]?.kind === "name" && asSymbol(dim)?.supposed !== null ? open() : dim;
  });
  const shape = { lead: null, dims };
  const agrees = said.dims.every((dim, i) => m.solver.compare(dim, dims[i] ?? dim) !== "no");
  return agrees && isHearsay(shape) ? { ...tensor, shape } : tensor;
}

/** `# (4, 10, 18)` beside three numbers lists their values, not their shape. */
function listsValues(m: Machine, tensor: Tensor, dims: readonly DimNote[]): boolean {
  const shape = m.solver.shape(tensor.shape);
  const [only] = shape.dims;
  if (shape.lead !== null || !dims.every((note) => note.kind === "size")) return false;
  return shape.dims.length === 1 && only !== undefined && asNumber(only) === dims.length && dims.length > 1;
}

export function reportStale(m: Machine, says: string, at: Span, value: Tensor, span: Span): void {
  const printed = printShape(m.solver.shape(value.shape));
  m.report(
    {
      code: "stale-shape-comment",
      severity: "warning",
      message: `${says}; the value is ${printed}.`,
      shapes: [printed],
      related: [{ owner: m.chunk, span, message: `this is ${printed}` }],
      unnecessary: false,
    },
    at,
  );
}

/** Holds a stated shape against a tensor: names its sizes, fills open ones, and tells a contradiction. */
export function claim(m: Machine, tensor: Tensor, stated: StatedShape): { value: Tensor; stale: boolean } {
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
  const cause = causeOf(m, stated);
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
    return agree(m, known, here, note, stated.by, cause);
  }
  const size = sizeOfNote(m, note, stated.by, cause);
  if (size === null) return true;
  if (isNameless(here)) return fillSize(m, here, size, note, stated.by, cause);
  return !(asNumber(size) !== null && asNumber(here) !== null && m.solver.compare(size, here) === "no");
}

/**
 * A name that stood for another size: certain only where the author gave both sizes different names in
 * the signature; a local name that is used again for a new size is simply renamed.
 */
function agree(m: Machine, known: Dim, here: Dim, note: NameNote, by: DeclaredBy, cause: Cause): boolean {
  if (isNameless(here)) return fillSize(m, here, known, note, by, cause);
  const a = asSymbol(known);
  const b = asSymbol(here);
  if (a !== null && b !== null && isSignature(a) && isSignature(b) && a !== b)
    return m.solver.compare(known, here) === "yes";
  if (m.solver.compare(known, here) !== "yes") nameSize(m, note.name, here);
  return true;
}

/** A size of which nothing was known is the stated one; where only hearsay says so, no error follows from it. */
function fillSize(m: Machine, here: Dim, size: Dim, note: DimNote, by: DeclaredBy, cause: Cause): boolean {
  if (by !== "comment") return m.solver.require(here, size, cause).answer !== "no";
  const symbol = asSymbol(supposedSize(m, size, note, cause));
  if (symbol !== null && symbol.supposed !== null) m.solver.name(here, symbol);
  else m.solver.suppose(here, size, cause);
  return true;
}

function isSignature(symbol: Sym): boolean {
  return symbol.kind === "declared" && symbol.declaredBy !== "comment";
}

function isNameless(dim: Dim): boolean {
  return asSymbol(dim)?.name === "?";
}
