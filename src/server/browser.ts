/**
 * The language server as a worker of a browser-hosted editor. It has no disk: files, and the parser itself, come from
 * the client.
 */
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from "vscode-languageserver/browser";
import { loadEngine } from "./engine.ts";
import { serve } from "./serve.ts";

// The types at hand are those of a page, where `self` is a window; both have what the messages need.
const port = self as unknown as Worker;
const connection = createConnection(
  ProposedFeatures.all,
  new BrowserMessageReader(port),
  new BrowserMessageWriter(port),
);

serve(connection, {
  disk: null,
  rules: null,
  engine: async ({ wasm }) => {
    if (wasm === undefined) throw new Error("The client must hand over the parser in its initialization options.");
    return loadEngine(wasm.runtime, wasm.python);
  },
});
