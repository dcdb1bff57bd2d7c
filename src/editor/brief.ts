/**
 * Shapes short enough to stand between the words of a program. It knows shapes only.
 */
import { printDim, printShape, symbolsOf, type Shape, type Sym } from "../shapes/index.ts";

/** A piece of a printed shape; `symbol` where it speaks of exactly one size that has an origin. */
export interface ShapePiece {
  readonly text: string;
  readonly symbol: string | null;
}

/** Longest shape that is shown whole. */
const LIMIT = 30;

/** The shape in pieces, `(B, …, 768)` where it would be too long. */
export function shapePieces(shape: Shape): readonly ShapePiece[] {
  const whole = printShape(shape);
  const dims = shape.dims.map(dimPiece);
  const lead = shape.lead === null ? [] : [plain(leadText(whole))];
  if (whole.length <= LIMIT) return bracketed([...lead, ...dims]);
  const first = lead.length > 0 ? undefined : dims[0];
  const last = dims.at(-1);
  const shown = [...(first === undefined ? [] : [first]), plain("…"), ...(last === undefined ? [] : [last])];
  const length = shown.reduce((sum, { text }) => sum + text.length + 2, 0);
  return length <= LIMIT ? bracketed(shown) : [plain(`rank ${shape.lead === null ? "" : "≥ "}${dims.length}`)];
}

function bracketed(pieces: readonly ShapePiece[]): readonly ShapePiece[] {
  const separated = pieces.flatMap((piece, i) => (i === 0 ? [piece] : [plain(", "), piece]));
  return [plain("("), ...separated, plain(pieces.length === 1 && pieces[0]?.text !== "…" ? ",)" : ")")];
}

function dimPiece(dim: Shape["dims"][number]): ShapePiece {
  const symbols: readonly Sym[] = [...symbolsOf(dim)];
  return { text: printDim(dim), symbol: symbols.length === 1 ? (symbols[0]?.name ?? null) : null };
}

/** `…` or `*batch`, as the shape prints it. */
function leadText(printed: string): string {
  return /^\(([^,)]*)/.exec(printed)?.[1] ?? "…";
}

function plain(text: string): ShapePiece {
  return { text, symbol: null };
}
