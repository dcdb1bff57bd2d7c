/**
 * The Python front end: text in, program out, chunk by chunk, with unchanged chunks kept as they are.
 * It must not know what a tensor is, nor where the text comes from.
 */
import type { Chunk, Program, Unit } from "../program/syntax.ts";
import { createUnitCache } from "./cache.ts";
import { splitChunks } from "./chunks.ts";
import { keepLastGood } from "./last-good.ts";
import { lowerChunk } from "./lower.ts";
import { createTreeParser } from "./tree.ts";

export interface PythonFrontEnd {
  /**
   * Never throws. Unchanged chunks keep the very same `Unit`. `previous` is the program of the previous
   * edit; a chunk that has become unreadable keeps what was last read of it.
   */
  parse(text: string, previous?: Program): Program;
}

/** Loads the grammar. `runtime` and `grammar` are the bytes of the two WebAssembly files, which the host supplies. */
export async function createPythonFrontEnd(wasm: {
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
}): Promise<PythonFrontEnd> {
  const parser = await createTreeParser(wasm.runtime, wasm.grammar);
  const cache = createUnitCache();
  return {
    parse(text, previous) {
      const lower = (source: string): Unit => cache.get(source) ?? cache.add(lowerChunk(parser, ownCopy(source)));
      const chunks = splitChunks(text).map(({ start, end }): Chunk => {
        return { offset: start, unit: lower(text.slice(start, end)) };
      });
      cache.trim();
      return { text, chunks: previous === undefined ? chunks : keepLastGood(chunks, previous.chunks) };
    },
  };
}

/** A slice would keep the whole text of its edit alive for as long as the cache keeps the chunk. */
function ownCopy(text: string): string {
  return ` ${text}`.slice(1);
}
