// Programs bundled as for the product, into a folder of the test's own.
import { build } from "esbuild";
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const resolve = createRequire(import.meta.url).resolve;

/** Bundles `entry` into `folder`/dist, with the files of the parser beside it; gives the path of the program. */
export async function bundle(entry: string, folder: string): Promise<string> {
  const dist = path.join(folder, "dist");
  const outfile = path.join(dist, "program.js");
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: "error",
  });
  copyFileSync(resolve("web-tree-sitter/web-tree-sitter.wasm"), path.join(dist, "tree-sitter.wasm"));
  copyFileSync(resolve("tree-sitter-python/tree-sitter-python.wasm"), path.join(dist, "tree-sitter-python.wasm"));
  copyFileSync("package.json", path.join(folder, "package.json"));
  return outfile;
}
