/**
 * Whether a shape beside a line of code tells its reader anything. It knows facts and texts.
 */
import type { Fact } from "../analysis/result.ts";
import { printShape } from "../shapes/index.ts";
import { lineText, positionAt, type Lines } from "./lines.ts";

/** True where more is known than "some tensor", and the line does not say it already, as in a comment of the author's. */
export function isNews(fact: Fact, lines: Lines): boolean {
  if (fact.kind !== "tensor" || fact.shape === null) return false;
  const { lead, dims } = fact.shape;
  if (lead !== null && dims.length === 0) return false;
  const line = lineText(lines, positionAt(lines, fact.span.end).line);
  return !withoutSpaces(line).includes(withoutSpaces(printShape(fact.shape)));
}

function withoutSpaces(text: string): string {
  return text.replace(/\s/g, "");
}
