/**
 * What a signature, a comment or an annotation states, as a tensor: its sizes named or declared, its type and library
 * where the author says them. Whether that agrees with a value is the business of `claims.ts`.
 */
import { type Library, lookupConstant, type Tensor } from "../ops/index.ts";
import type { DimNote, Expr, FunctionDefinition, Lambda, Parameter, ShapeNote, Span } from "../program/syntax.ts";
import { type Cause, type Dim, freshLead, type Shape, type Sym, unknownDim, entryOf } from "../shapes/index.ts";
import { likelyLibrary } from "./attributes.ts";
import type { Machine } from "./machine.ts";
import { sizeOfNote, supposedSize } from "./notes.ts";
import { evaluateQuietly } from "./quiet.ts";
import { follow } from "./variable.ts";

export interface StatedShape {
  readonly dims: readonly DimNote[];
  readonly by: NonNullable<Sym["declaredBy"]>;
  readonly dtype: string | null;
  readonly library: Library | null;
  readonly span: Span;
  readonly text: string;
}

/** What an annotation states of an array; null where it states nothing, or the array is of a kind that we do not know. */
export function statedByAnnotation(m: Machine, annotation: Expr): StatedShape | null {
  const annotated = m.dialect.annotatedShape(annotation);
  if (annotated === null) return null;
  const { dims, dtype, array } = annotated;
  const library = array === null ? null : libraryOfType(m, array);
  if (library === "other") return null;
  return { dims, dtype, library, by: "annotation", span: annotation.span, text: m.text(annotation.span) };
}

export function statedByNote(note: ShapeNote, by: StatedShape["by"], dims = note.dims): StatedShape {
  return { dims, by, dtype: null, library: null, span: note.span, text: note.text };
}

/** Whose arrays a type means; "other" for a class of the program's own. */
function libraryOfType(m: Machine, array: Expr): Library | "other" | null {
  const type = follow(evaluateQuietly(m, array));
  if (type.kind === "class") return "other";
  if (type.kind !== "library") return null;
  const [root] = type.name.split(".");
  if (root === "torch" || root === "numpy" || root === "jax") return root;
  return type.name === "jaxtyping.Array" ? "jax" : null;
}

/** What the signature says of a parameter: its annotation, a comment beside it, the docstring. */
export function statedShape(
  m: Machine,
  definition: FunctionDefinition | Lambda,
  parameter: Parameter,
): StatedShape | null {
  const annotated = parameter.annotation === null ? null : statedByAnnotation(m, parameter.annotation);
  if (annotated !== null) return annotated;
  const fits = (note: ShapeNote): boolean => note.subject === null || note.subject === parameter.name;
  const beside = parameter.notes.find(fits);
  const documented =
    definition.kind === "function" ? definition.docShapes.find((note) => note.subject === parameter.name) : undefined;
  const note = beside ?? documented;
  if (note === undefined || holdsSeveral(m, parameter)) return null;
  return statedByNote(note, beside === undefined ? "comment" : "signature-comment");
}

/** Of a list of images, a docstring states the shape of one image. */
function holdsSeveral(m: Machine, { annotation }: Parameter): boolean {
  if (annotation === null) return false;
  return /\b(?:list|tuple|dict|set|sequence|iterable|iterator|mapping|collection|generator)\b/i.test(
    m.text(annotation.span),
  );
}

export function causeOf(m: Machine, stated: StatedShape): Cause {
  return m.cause(stated.by === "annotation" ? "its annotation" : `the comment \`${stated.text}\``, stated.span);
}

/** A tensor of the stated shape, with its names declared. */
export function statedTensor(m: Machine, stated: StatedShape): Tensor {
  const cause = causeOf(m, stated);
  const many = stated.dims.findIndex((note) => note.kind === "many");
  const lead = stated.dims[many];
  const named = lead?.kind === "many" ? lead.name : null;
  const size = (note: DimNote): Dim => {
    const stands = sizeOfNote(m, note, stated.by, cause) ?? unknownDim(cause);
    return stated.by === "comment" ? supposedSize(m, stands, note, cause) : stands;
  };
  const dims = many < 0 ? stated.dims.map(size) : stated.dims.slice(many + 1).map(size);
  const shape: Shape = { lead: many < 0 ? null : leadNamed(m, named), dims };
  return { kind: "tensor", shape, dtype: dtypeNamed(stated.dtype), library: stated.library ?? likelyLibrary(m) };
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
