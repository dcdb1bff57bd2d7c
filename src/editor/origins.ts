/**
 * Where the sizes of a shape came from, as a line for people. It knows results and texts.
 */
import type { FileSpan, SymbolOrigin } from "../analysis/result.ts";
import type { Shape } from "../shapes/index.ts";
import { placeOf, type View } from "./sources.ts";

/** The origins of the symbols in a shape as seen in `path`, each name once; none where nothing is known of them. */
export function originsOf(view: View, path: string, shape: Shape | null): readonly SymbolOrigin[] {
  const file = view.result.files.get(path);
  if (file === undefined || shape === null) return [];
  const seen = new Set<string>();
  return file.origins(shape).filter(({ name }) => name !== "?" && !seen.has(name) && seen.add(name) !== null);
}

/** `B ← x.shape[0], line 12`. */
export function originSentence(view: View, path: string, origin: SymbolOrigin): string {
  const { name, cause, span } = origin;
  const place = span === null ? null : placeOf(view.sources, span, path);
  return `${name} ← ${cause.text.replaceAll("`", "")}${place === null || saysPlace(cause.text) ? "" : `, ${place}`}`;
}

/** Causes are sentences of the analysis and may name the line themselves. */
export function saysPlace(text: string): boolean {
  return /\bline \d+/.test(text);
}

/** The place that a chain of calls comes through last: the call that is nearest. */
export function callChain(view: View, path: string, context: readonly FileSpan[]): readonly string[] {
  return context.map((span) => placeOf(view.sources, span, path));
}
