/** A program as a list of chunks, the units of parsing, lowering and caching. It knows the program form only. */
import type { Span, Stmt } from "./syntax.ts";

/**
 * One top-level statement (with the comments that belong to it): the unit of parsing, lowering and
 * caching. An unchanged text keeps the very same `Chunk.body` objects from one edit to the next, so
 * results may be cached on them.
 */
export interface Chunk {
  /** Where the chunk starts in the module's text. Spans inside are relative to it. */
  readonly offset: number;
  readonly unit: Unit;
}

export interface Unit {
  readonly text: string;
  readonly body: readonly Stmt[];
  /** True where the source had an error, so that absence of something means nothing. */
  readonly broken: boolean;
  /** Comments such as `# shapesight: ignore[code]`, with the line (relative to the chunk) they stand on. */
  readonly directives: readonly { readonly line: number; readonly span: Span; readonly text: string }[];
}

export interface Program {
  readonly text: string;
  readonly chunks: readonly Chunk[];
}
