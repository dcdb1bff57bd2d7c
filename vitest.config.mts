// How the tests are run. `unit` needs Node alone, `house` checks the code base itself, and `e2e` drives the packaged
// extension in a real VS Code. The suite in test/host/ runs inside VS Code by mocha and is none of vitest's.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { compiledWasm } from "./scripts/wasm.mjs";
import { defineConfig, type Plugin } from "vitest/config";

/** Kernels are imported as text, as esbuild's `text` loader does for the product. */
const wgsl: Plugin = {
  name: "wgsl-as-text",
  enforce: "pre",
  async load(id) {
    const file = id.split("?")[0] ?? id;
    if (!file.endsWith(".wgsl")) return null;
    return `export default ${JSON.stringify(await readFile(file, "utf8"))};`;
  },
};

/** WebAssembly is compiled from its text, as in the product. */
const wasm: Plugin = {
  name: "wasm-from-text",
  enforce: "pre",
  resolveId(id, importer) {
    if (!/^\.\.?\/.*\.wasm$/.test(id) || importer === undefined) return null;
    return `${path.resolve(path.dirname(importer), id)}?bytes`;
  },
  async load(id) {
    if (!id.endsWith(".wasm?bytes")) return null;
    return `export default new Uint8Array(${JSON.stringify([...(await compiledWasm(id.replace("?bytes", "")))])});`;
  },
};

export default defineConfig({
  plugins: [wgsl, wasm],
  test: {
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/house/**", "test/e2e/**", "test/host/**"],
        },
      },
      { extends: true, test: { name: "house", include: ["test/house/**/*.test.ts"], testTimeout: 120_000 } },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/setup.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
