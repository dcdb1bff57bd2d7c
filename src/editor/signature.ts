/**
 * What goes into a function, a module or a layer and what comes out, put together from the facts inside it.
 * It knows programs and results.
 */
import type { Fact, FileResult, FileSpan } from "../analysis/result.ts";
import type { ClassDefinition, FunctionDefinition, Span, Stmt } from "../program/syntax.ts";
import { printShape } from "../shapes/index.ts";
import { factsAt, isAnything, leadingFact, spotOf } from "./facts.ts";
import type { View } from "./sources.ts";

/** `(q: (B, T, D), k: (B, S, D)) → (B, T, S)`; null where no shape in it is known. */
export function functionSignature(view: View, name: FileSpan): string | null {
  const found = definitionAt(view, name.path, name);
  if (found === null) return null;
  const definition = found.node.kind === "class" ? methodOf(found.node, "forward") : found.node;
  return definition === null ? null : signatureOf(view, name.path, definition, found.offset);
}

/** Of an instance: the signature of its class's `forward`, if the file has just one class of that name. */
export function instanceSignature(view: View, path: string, className: string): string | null {
  const chunks = view.sources.program(path)?.chunks ?? [];
  const classes = chunks.flatMap(({ offset, unit }) =>
    unit.body.flatMap((node) => (node.kind === "class" && node.name === className ? [{ node, offset }] : [])),
  );
  const [found] = classes;
  const forward = found === undefined || classes.length > 1 ? null : methodOf(found.node, "forward");
  return found === undefined || forward === null ? null : signatureOf(view, path, forward, found.offset);
}

/** Of a layer kept under a name: `(…, 768) → (…, 3072)` as its calls in the same class or function show. */
export function layerCalls(view: View, layer: Fact): readonly Fact[] {
  const file = view.result.files.get(layer.span.path);
  const text = view.sources.lines(layer.span.path)?.text ?? "";
  const chunk = view.sources.program(layer.span.path)?.chunks.findLast(({ offset }) => offset <= layer.span.start);
  if (file === undefined || chunk === undefined) return [];
  const written = `${text.slice(layer.span.start, layer.span.end)}(`;
  const end = chunk.offset + chunk.unit.text.length;
  return factsAt(file, chunk.offset, end).filter(
    ({ span, operation, context }) =>
      operation?.name === layer.text &&
      context === null &&
      chunk.offset <= span.start &&
      span.end <= end &&
      text.startsWith(written, span.start),
  );
}

function signatureOf(view: View, path: string, node: FunctionDefinition, offset: number): string | null {
  const file = view.result.files.get(path);
  if (file === undefined) return null;
  const at = ({ start, end }: Span): FileSpan => ({ path, start: start + offset, end: end + offset });
  const inputs = node.parameters
    .map(({ name, nameSpan }) => ({ name, shape: shapeText(file, at(nameSpan)) }))
    .filter(({ name }, i) => i > 0 || (name !== "self" && name !== "cls"));
  const outputs = new Set(returnsOf(node.body).map((span) => shapeText(file, at(span)) ?? "…"));
  const output = outputs.size === 1 ? ([...outputs][0] ?? "…") : "…";
  if (output === "…" && inputs.every(({ shape }) => shape === null)) return null;
  return `(${inputs.map(inputText).join(", ")}) → ${output}`;
}

function inputText({ name, shape }: { readonly name: string; readonly shape: string | null }): string {
  return shape === null ? name : `${name}: ${shape}`;
}

/** The shape at a span in general, or of a tuple the shapes in it. */
function shapeText(file: FileResult, span: FileSpan): string | null {
  const fact = leadingFact(spotOf(file, span));
  if (fact === null || isAnything(fact)) return null;
  if (fact.kind === "tensor" && fact.shape !== null) return printShape(fact.shape);
  return fact.kind === "tuple" && fact.text.length <= 100 ? fact.text : null;
}

interface Found {
  readonly node: FunctionDefinition | ClassDefinition;
  readonly offset: number;
}

function definitionAt(view: View, path: string, name: FileSpan): Found | null {
  const chunks = view.sources.program(path)?.chunks ?? [];
  for (const { offset, unit } of chunks) {
    if (name.start < offset || offset + unit.text.length <= name.start) continue;
    const node = definitions(unit.body).find(({ nameSpan }) => nameSpan.start + offset === name.start);
    if (node !== undefined) return { node, offset };
  }
  return null;
}

function methodOf(node: ClassDefinition, name: string): FunctionDefinition | null {
  const methods = node.body.filter((statement) => statement.kind === "function");
  return methods.findLast((method) => method.name === name) ?? null;
}

/** All functions and classes in these statements, inner ones as well. */
function definitions(body: readonly Stmt[]): readonly Found["node"][] {
  return body.flatMap((statement) => {
    if (statement.kind === "function" || statement.kind === "class") return [statement, ...definitions(statement.body)];
    return definitions(blocksOf(statement).flat());
  });
}

/** The values that a function returns; those of functions inside it are not its own. */
function returnsOf(body: readonly Stmt[]): readonly Span[] {
  return body.flatMap((statement) => {
    if (statement.kind === "return") return statement.value === null ? [] : [statement.value.span];
    return statement.kind === "function" || statement.kind === "class" ? [] : returnsOf(blocksOf(statement).flat());
  });
}

function blocksOf(statement: Stmt): readonly (readonly Stmt[])[] {
  switch (statement.kind) {
    case "if":
      return [statement.then, statement.otherwise];
    case "while":
    case "for":
      return [statement.body, statement.otherwise];
    case "try":
      return [statement.body, ...statement.handlers.map(({ body }) => body), statement.otherwise, statement.finally];
    case "with":
      return [statement.body];
    case "match":
      return statement.cases.map(({ body }) => body);
    default:
      return [];
  }
}
