/**
 * The language server as a worker of a browser-hosted editor. It has no disk: files, and the parser itself, come from
 * the client.
 */
import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from "vscode-languageserver/browser";
import { loadEngine } from "./engine.ts";
import { serve } from "./serve.ts";

declare const self: DedicatedWorkerGlobalScope;

const connection = createConnection(
  ProposedFeatures.all,
  new BrowserMessageReader(self),
  new BrowserMessageWriter(self),
);

serve(connection, {
  disk: null,
  rules: null,
  engine: async ({ wasm }) => {
    if (wasm === undefined) throw new Error("The client must hand over the parser in its initialization options.");
    return loadEngine(wasm.runtime, wasm.python);
  },
});
