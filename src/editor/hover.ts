/**
 * What a hover says: one compact block of Markdown about the value under the pointer. It knows results and texts,
 * and never repeats what a type checker says anyway: where no shape or size is known, it is silent.
 */
import type { Fact, Operation } from "../analysis/result.ts";
import { printDim, printShape } from "../shapes/index.ts";
import { bytesText, flopsText, macsText, parametersText } from "./cost.ts";
import { pagesOf } from "./docs.ts";
import { assignedTo, distinct, informs, leadingFact, spotAt, type Spot } from "./facts.ts";
import { bold, code, link, short } from "./markdown.ts";
import { linesOf, positionAt } from "./lines.ts";
import { callChain, originsOf, saysPlace } from "./origins.ts";
import { linkOf, placeOf, textOf, type View } from "./sources.ts";

export interface Hover {
  readonly markdown: string;
  readonly start: number;
  readonly end: number;
}

export interface HoverOptions {
  /** Whether the editor runs links to Shapesight's commands. */
  readonly commands: boolean;
}

/** How many callers are listed before the rest is only counted. */
const CALLERS = 4;
const ORIGINS = 5;

export function hoverAt(view: View, path: string, offset: number, options: HoverOptions): Hover | null {
  const spot = spotAt(view, path, offset);
  if (spot === null) return null;
  const leading = leadingFact(spot);
  const paragraphs = [headline(view, spot, leading), ...details(view, spot, leading), ...asCalled(view, spot, leading)];
  if (paragraphs[0] === null) return null;
  const last = links(view, spot, leading, options);
  const markdown = [...paragraphs, ...origins(view, spot, leading), last].filter((each) => each !== null).join("\n\n");
  return { markdown, start: spot.span.start, end: spot.span.end };
}

/** `(B, T, 768)` `float32` in one line; null where the place has nothing to tell. */
function headline(view: View, spot: Spot, leading: Fact | null): string | null {
  if (leading !== null) return valueLine(leading, textOf(view.sources, spot.span));
  const several = distinct([...spot.general, ...spot.called].filter(informs)).filter(isShown);
  if (several.length === 0) return null;
  const shown = several.slice(0, 3).map((fact) => bold(code(fact.text)));
  return several.length > 3 ? `${shown.join(" or ")} or …` : shown.join(" or ");
}

function valueLine(fact: Fact, written: string): string | null {
  const operation = fact.operation;
  switch (fact.kind) {
    case "tensor":
      if (fact.shape === null || (isAnything(fact) && fact.dtype === null)) return null;
      return [bold(code(printShape(fact.shape))), fact.dtype === null ? null : code(fact.dtype), cost(fact)]
        .filter((each) => each !== null)
        .join(" ");
    case "layer":
      return [bold(code(fact.text)), parametersText(operation?.parameterCount ?? null)]
        .filter((each) => each !== null)
        .join(" · ");
    case "int":
      return fact.text === written || fact.text === "?" ? null : `${bold(code(fact.text))} ${code("int")}`;
    case "function":
      return fact.text.includes("→") ? bold(code(fact.text)) : null;
    case "tuple":
    case "list":
      return fact.text === written || !/[(\d]/.test(fact.text) ? null : bold(code(short(fact.text, 80)));
    case "object":
    case "class":
      return fact.text.includes("→") ? bold(code(fact.text)) : null;
    case "float":
    case "bool":
    case "string":
    case "none":
    case "dict":
    case "set":
    case "dtype":
    case "module":
    case "unknown":
      return null;
    default:
      return fact.kind satisfies never;
  }
}

function isShown(fact: Fact): boolean {
  return fact.kind === "tensor"
    ? fact.shape !== null && !isAnything(fact)
    : fact.kind === "int" || fact.kind === "layer";
}

/** A tensor of which no dimension is known. */
function isAnything(fact: Fact): boolean {
  return fact.shape !== null && fact.shape.dims.length === 0 && fact.shape.lead !== null;
}

function cost(fact: Fact): string | null {
  const parts = [workOf(fact.operation), fact.shape === null ? null : bytesText(fact.shape, fact.dtype)];
  const known = parts.filter((each) => each !== null);
  return known.length === 0 ? null : `· ${known.join(" · ")}`;
}

function workOf(operation: Operation | null): string | null {
  return operation === null ? null : (macsText(operation.macs) ?? flopsText(operation.flops));
}

/** The operation behind the value, with its operands. */
function details(view: View, spot: Spot, leading: Fact | null): readonly (string | null)[] {
  if (leading === null) return [];
  const behind = operationBehind(view, spot, leading);
  if (behind === null || behind.operands.length === 0) return [];
  const contracted = behind.contracts.map(printDim).filter((dim) => dim !== "?");
  const parts = [
    operandsLine(behind),
    contracted.length === 0 ? null : `sums over ${contracted.map(code).join(", ")}`,
    leading.operation === null ? workOf(behind) : null,
  ];
  return [parts.filter((each) => each !== null).join(" · ")];
}

/** Of a binding, the operation that computed what is bound. */
function operationBehind(view: View, spot: Spot, leading: Fact): Operation | null {
  if (leading.operation !== null) return leading.operation;
  if (leading.role === "expression") return null;
  const assigned = assignedTo(view, spot.span);
  return (assigned.find(({ context }) => context === leading.context) ?? assigned[0])?.operation ?? null;
}

const INFIX = /^operator\.([-+*/@%&|^<>=!]+|\*\*|\/\/)$/;

function operandsLine(operation: Operation): string {
  const operands = operation.operands.map(({ text, shape }) => `${code(short(text, 30))} ${code(printShape(shape))}`);
  const sign = INFIX.exec(operation.name)?.[1];
  if (sign !== undefined && operands.length === 2) return operands.join(` ${code(sign)} `);
  return `${operation.notation === null ? "" : `${code(ruleOf(operation))} · `}${operands.join(", ")}`;
}

/** `(n?,k),(k,m?)->(n?,m?)` as people write it. */
function ruleOf({ notation }: Operation): string {
  return (notation ?? "").replaceAll("?", "").replaceAll(",", ", ").replaceAll("->", " → ");
}

/** The concrete view from each caller. */
function asCalled(view: View, spot: Spot, leading: Fact | null): readonly string[] {
  const header = leading?.context === null ? leading : null;
  const called = spot.called.filter((fact) => isShown(fact) && fact.text !== header?.text);
  const lines = distinct(called).map((fact) => calledLine(view, spot, fact));
  if (lines.length === 0) return [];
  const rest = lines.length - CALLERS;
  return [["As called:", ...lines.slice(0, CALLERS), ...(rest > 0 ? [`and ${rest} more`] : [])].join("  \n")];
}

function calledLine(view: View, spot: Spot, fact: Fact): string {
  const context = fact.context ?? [];
  const places = callChain(view, spot.span.path, context).map((place, i) => {
    const span = context[i];
    return link(place, span === undefined ? null : linkOf(view.sources, span));
  });
  const work = workOf(operationBehind(view, spot, fact));
  const bytes = fact.shape === null ? null : bytesText(fact.shape, fact.dtype);
  const amounts = [work, bytes].filter((each) => each !== null).map((each) => ` · ${each}`);
  const shown = places.length > 3 ? ["…", ...places.slice(-2)] : places;
  return `${code(fact.text)}${amounts.join("")} — ${shown.join(" › ")}`;
}

/** How each dimension came about. */
function origins(view: View, spot: Spot, leading: Fact | null): readonly string[] {
  const found = originsOf(view, spot.span.path, leading?.shape ?? null).slice(0, ORIGINS);
  if (found.length === 0) return [];
  const lines = found.map(({ name, cause, span }) => {
    const place = span === null || saysPlace(cause.text) ? null : placeOf(view.sources, span, spot.span.path);
    const where = span === null || place === null ? "" : `, ${link(place, linkOf(view.sources, span))}`;
    return `${code(name)} ← ${cause.text}${where}`;
  });
  return [lines.join("  \n")];
}

function links(view: View, spot: Spot, leading: Fact | null, options: HoverOptions): string | null {
  const operation = leading === null ? null : operationBehind(view, spot, leading);
  if (operation === null) return null;
  const pages = pagesOf(operation).map(({ label, address }) => link(label, address));
  const opens = options.commands && operation.playground !== null;
  const all = opens ? [link("Open in Playground", playgroundCommand(view, spot)), ...pages] : pages;
  return all.length === 0 ? null : all.join(" · ");
}

/** The command asks again for the operation at this place, so that it opens what the code says by then. */
function playgroundCommand(view: View, { span }: Spot): string {
  const lines = view.sources.lines(span.path) ?? linesOf("");
  const range = { start: positionAt(lines, span.start), end: positionAt(lines, span.end) };
  const args = encodeURIComponent(JSON.stringify([{ uri: span.path, range }]));
  return `command:shapesight.openInPlayground?${args}`;
}
