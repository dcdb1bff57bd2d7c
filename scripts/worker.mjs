// A worker as text: the page carries its source along and starts it from a blob, since it may fetch nothing. It knows
// how a worker is bundled and nothing of what it does.
import { build } from "esbuild";
import path from "node:path";
import { wasmFromText } from "./wasm.mjs";

/** `import source from "./worker.source"` gives the bundle of that file. @type {import("esbuild").Plugin} */
export const workerAsText = {
  name: "worker as text",
  setup(bundle) {
    const { minify = false } = bundle.initialOptions;
    bundle.onResolve({ filter: /\.source$/ }, ({ path: file, resolveDir }) => {
      return { path: path.resolve(resolveDir, file.replace(/\.source$/, ".ts")), namespace: "worker-as-text" };
    });
    bundle.onLoad({ filter: /.*/, namespace: "worker-as-text" }, async ({ path: file }) => {
      const { outputFiles } = await build({
        entryPoints: [file],
        bundle: true,
        write: false,
        minify,
        format: "iife",
        target: "es2022",
        loader: { ".wgsl": "text" },
        plugins: [wasmFromText],
        legalComments: "none",
      });
      return { contents: outputFiles[0]?.text ?? "", loader: "text" };
    });
  },
};
