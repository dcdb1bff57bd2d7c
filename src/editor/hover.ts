/**
 * What a hover says: one compact block of Markdown about the value under the pointer. It knows results and texts,
 * and never repeats what a type checker says anyway: where no shape or size is known, it is silent.
 */
import type { Fact, Operation, SymbolOrigin } from "../analysis/result.ts";
import { equalShapes, printDim, printShape } from "../shapes/index.ts";
import { operationBehind, type Behind } from "./behind.ts";
import { bytesText, workText } from "./cost.ts";
import { pagesOf } from "./docs.ts";
import { distinct, informs, isAnything, leadingFact, spotAt, type Spot } from "./facts.ts";
import { linesOf, positionAt } from "./lines.ts";
import { bold, code, link, short } from "./markdown.ts";
import { callChain, originsOf, saysPlace } from "./origins.ts";
import { linkOf, placeOf, type View } from "./sources.ts";
import { valueLine } from "./value.ts";

export interface Hover {
  readonly markdown: string;
  readonly start: number;
  readonly end: number;
}

export interface HoverOptions {
  /** Whether the editor runs links to Shapesight's commands. */
  readonly commands: boolean;
}

/** How many callers, and how many origins, are listed before the rest is only counted. */
const CALLERS = 4;
const ORIGINS = 4;

export function hoverAt(view: View, path: string, offset: number, options: HoverOptions): Hover | null {
  const spot = spotAt(view, path, offset);
  if (spot === null) return null;
  const leading = leadingFact(spot);
  const headline = leading === null ? severalValues(spot) : valueLine(view, leading);
  if (headline === null) return null;
  const behind = leading?.kind === "tensor" ? operationBehind(view, spot, leading) : null;
  const paragraphs = [
    headline,
    behind === null || leading === null ? "" : operationLine(leading, behind),
    asCalled(view, spot, leading),
    leading === null ? "" : originLines(view, path, leading),
    links(view, leading, behind, options),
  ];
  const markdown = paragraphs.filter((each) => each !== "").join("\n\n");
  return { markdown, start: spot.span.start, end: spot.span.end };
}

/** A place that is passed several times with different values. */
function severalValues(spot: Spot): string | null {
  const facts = spot.general.some(informs) ? spot.general : spot.called;
  const several = distinct(facts).filter((fact) => fact.kind === "tensor" && informs(fact) && !isAnything(fact));
  if (several.length === 0) return null;
  const shown = several.slice(0, 3).map((fact) => bold(code(fact.text)));
  return `${shown.join(" or ")}${several.length > 3 ? " or …" : ""}`;
}

const INFIX = /^operator\.(?![a-z[])(.+)$/;

/** The operation with its operands, what it sums over, and what it costs where the first line does not say it. */
function operationLine(leading: Fact, { operation, fact }: Behind): string {
  const { operands, contracts } = operation;
  if (operands.length === 0 || (operands.length === 1 && isUnchanged(operation, fact))) return "";
  const summed = contracts.map(printDim).filter((dim) => dim !== "?");
  const parts = [
    operandsText(operation),
    ...(summed.length === 0 ? [] : [`sums over ${summed.map(code).join(", ")}`]),
    ...(leading.operation === operation ? [] : [workText(operation) ?? ""]),
  ];
  return parts.filter((each) => each !== "").join(" · ");
}

/** An operand that has the shape of the result tells nothing. */
function isUnchanged({ operands }: Operation, fact: Fact): boolean {
  const [operand] = operands;
  return operand !== undefined && fact.shape !== null && equalShapes(operand.shape, fact.shape);
}

function operandsText(operation: Operation): string {
  const operands = operation.operands.map(({ text, shape }) => `${code(short(text, 30))} ${code(printShape(shape))}`);
  const sign = INFIX.exec(operation.name)?.[1];
  if (sign !== undefined && operands.length === 2) return operands.join(` ${code(sign)} `);
  const rule = ruleText(operation.notation);
  return `${rule === null ? "" : `${code(rule)} · `}${operands.join(", ")}`;
}

/** `(n?,k),(k,m?)->(n?,m?)` as people write it; null where it names no dimension. */
function ruleText(notation: string | null): string | null {
  if (notation === null || !/[a-z]/i.test(notation)) return null;
  return notation.replaceAll("?", "").replaceAll(",", ", ").replaceAll("->", " → ");
}

/** The concrete view from each caller. */
function asCalled(view: View, spot: Spot, leading: Fact | null): string {
  const called = spot.called.filter((fact) => fact.kind === "tensor" || fact.kind === "int").filter(informs);
  const shown = distinct(called).filter((fact) => fact !== leading && fact.text !== leading?.text);
  const lines = shown.map((fact) => calledLine(view, spot, fact));
  // Where the function by itself tells nothing, what its callers agree on is the headline.
  if (leading !== null && leading.context !== null) return `As called from ${calledFrom(view, spot, leading)}`;
  if (lines.length === 0) return "";
  const rest = lines.length - CALLERS;
  return ["As called:", ...lines.slice(0, CALLERS), ...(rest > 0 ? [`and ${rest} more`] : [])].join("  \n");
}

function calledLine(view: View, spot: Spot, fact: Fact): string {
  const operation = operationBehind(view, spot, fact)?.operation ?? null;
  const bytes = fact.shape === null ? null : bytesText(fact.shape, fact.dtype);
  const amounts = [workText(operation), bytes].filter((each) => each !== null);
  return `${[code(fact.text), ...amounts].join(" · ")} — ${calledFrom(view, spot, fact)}`;
}

function calledFrom(view: View, spot: Spot, { context }: Fact): string {
  const calls = context ?? [];
  const places = callChain(view, spot.span.path, calls).map((place, i) => {
    const span = calls[i];
    return link(place, span === undefined ? null : linkOf(view.sources, span));
  });
  return (places.length > 3 ? ["…", ...places.slice(-2)] : places).join(" › ");
}

/** How each dimension came about; those of one origin share a line. */
function originLines(view: View, path: string, leading: Fact): string {
  const shared = new Map<string, string[]>();
  for (const origin of originsOf(view, path, leading.shape)) {
    const reason = reasonText(view, path, origin);
    shared.set(reason, [...(shared.get(reason) ?? []), code(origin.name)]);
  }
  const lines = [...shared].map(([reason, names]) => `${names.join(", ")} ← ${reason}`);
  return lines.slice(0, ORIGINS).join("  \n");
}

function reasonText(view: View, path: string, { name, cause, span }: SymbolOrigin): string {
  if (span === null || saysPlace(cause.text)) return cause.text;
  const place = link(placeOf(view.sources, span, path), linkOf(view.sources, span));
  // A parameter that is a size is its own origin.
  return cause.text.replaceAll("`", "") === name ? place : `${cause.text}, ${place}`;
}

function links(view: View, leading: Fact | null, behind: Behind | null, options: HoverOptions): string {
  const text = behind === null ? "" : (view.sources.lines(behind.fact.span.path)?.text ?? "");
  const pages = behind === null ? [] : pagesOf(behind.operation, text);
  const opens =
    behind !== null && behind.operation.playground !== null
      ? [link("Open in Playground", playgroundCommand(view, behind.fact))]
      : [];
  const commands = options.commands ? [...opens, ...copyLink(leading)] : [];
  return [...commands, ...pages.map(({ label, address }) => link(label, address))].join(" · ");
}

/** For shapes that are known well enough to be worth pasting. */
function copyLink(leading: Fact | null): readonly string[] {
  if (leading?.kind !== "tensor" || leading.shape === null || leading.text.includes("?")) return [];
  return [link("Copy shape", `command:shapesight.copyShape?${encodeURIComponent(JSON.stringify([leading.text]))}`)];
}

/** The command asks again for the operation at this place, so that it opens what the code says by then. */
function playgroundCommand(view: View, { span }: Fact): string {
  const lines = view.sources.lines(span.path) ?? linesOf("");
  const range = { start: positionAt(lines, span.start), end: positionAt(lines, span.end) };
  return `command:shapesight.openInPlayground?${encodeURIComponent(JSON.stringify([{ uri: span.path, range }]))}`;
}
