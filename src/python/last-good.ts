import type { Chunk } from "../program/syntax.ts";
export function keepLastGood(chunks: readonly Chunk[], _previous: readonly Chunk[]): readonly Chunk[] {
  return chunks;
}
