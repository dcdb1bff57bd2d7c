/**
 * What is known of the value at a position, as plain data for other programs.
 */
import { leadingFact, offsetAt, spotAt, type View } from "../editor/index.ts";
import { shapeToJson } from "../shapes/index.ts";
import { rangeOf } from "./convert.ts";
import type { Position, ShapeAt } from "./protocol.ts";

export function shapeAt(view: View, uri: string, position: Position): ShapeAt | null {
  const lines = view.sources.lines(uri);
  if (lines === null) return null;
  const spot = spotAt(view, uri, offsetAt(lines, position));
  const fact = spot === null ? null : leadingFact(spot);
  if (fact === null) return null;
  const { span, kind, text, shape, dtype } = fact;
  return {
    range: rangeOf(lines, span.start, span.end),
    kind,
    text,
    shape: shape === null ? null : shapeToJson(shape),
    dtype,
  };
}
