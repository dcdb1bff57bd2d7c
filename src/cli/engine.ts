/**
 * The engine in Node: the parser's two files lie beside the bundle.
 */
import { readFile } from "node:fs/promises";
import { Analyzer } from "../analysis/index.ts";
import type { Engine } from "../editor/index.ts";
import { pythonDialect } from "../python/dialect.ts";
import { createPythonFrontEnd } from "../python/front-end.ts";

export async function loadEngine(): Promise<() => Engine> {
  const beside = (name: string): Promise<Uint8Array> => readFile(new URL(name, import.meta.url));
  const [runtime, grammar] = await Promise.all([beside("tree-sitter.wasm"), beside("tree-sitter-python.wasm")]);
  const frontEnd = await createPythonFrontEnd({ runtime, grammar });
  return () => {
    const analyzer = new Analyzer(pythonDialect);
    return {
      parse: (text, previous) => frontEnd.parse(text, previous ?? undefined),
      begin: (entries, host, options) => analyzer.begin(entries, host, options),
    };
  };
}
