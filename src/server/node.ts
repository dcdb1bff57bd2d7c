/**
 * The language server as a Node process: `node dist/server.js --stdio` for any editor, forked by our own client.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { diskFiles } from "./disk.ts";
import { loadEngine } from "./engine.ts";
import { serve } from "./serve.ts";

const beside = (name: string): URL => new URL(name, import.meta.url);
const transports = ["--stdio", "--node-ipc", "--socket", "--pipe"];
const chosen = process.argv.some((word) => transports.some((transport) => word.startsWith(transport)));
// Whoever starts it by hand, or by an editor's plain configuration, means the standard streams.
const connection = chosen
  ? createConnection(ProposedFeatures.all)
  : createConnection(ProposedFeatures.all, process.stdin, process.stdout);

const rules = beside("../docs/rules");

serve(connection, {
  disk: diskFiles(),
  rules: existsSync(rules) ? rules.href : null,
  engine: async () =>
    loadEngine(await readFile(beside("tree-sitter.wasm")), await readFile(beside("tree-sitter-python.wasm"))),
});
