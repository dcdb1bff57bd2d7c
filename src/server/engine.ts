/**
 * The engines of the server: the Python front end and an interpreter each, made from the parser's two files.
 */
import { Analyzer } from "../analysis/index.ts";
import type { Engine } from "../editor/index.ts";
import { pythonDialect } from "../python/dialect.ts";
import { createPythonFrontEnd } from "../python/front-end.ts";

export async function loadEngine(runtime: Uint8Array, grammar: Uint8Array): Promise<() => Engine> {
  const frontEnd = await createPythonFrontEnd({ runtime, grammar });
  return () => {
    const analyzer = new Analyzer(pythonDialect);
    return {
      parse: (text, previous) => frontEnd.parse(text, previous ?? undefined),
      begin: (entries, host, options) => analyzer.begin(entries, host, options),
    };
  };
}
