// Bundles every entry point of Shapesight into dist/. It knows file names and targets, and nothing of what the code does.
// `node esbuild.mjs` makes the product; `--tests` adds the suite that runs inside an extension host; `--watch` stays.
import { build, context } from "esbuild";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { wasmFromText } from "./scripts/wasm.mjs";
import { workerAsText } from "./scripts/worker.mjs";

const withTests = process.argv.includes("--tests");
const watch = process.argv.includes("--watch");
const resolve = createRequire(import.meta.url).resolve;

/**
 * What an operator and a rule say of themselves at length is printed into `docs` and shown nowhere else: the product
 * goes without it. The declarations write each of these properties as one literal, or end it where `fix` begins.
 * @type {import("esbuild").Plugin}
 */
const withoutProse = {
  name: "without prose",
  setup(bundle) {
    const literal = /\b(summary|explanation|fix|libraryMessage):\s*(?:"(?:[^"\\]|\\.)*"|`[^`]*`),/g;
    bundle.onLoad({ filter: /[\\/]src[\\/]ops[\\/][^\\/]+\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      const plain =
        path.basename(file) === "rules.ts"
          ? text.replace(/\n\s+example:[\s\S]*?,\n\s*fix:/g, '\nexample: "",\nfix:')
          : text;
      return { loader: "ts", contents: plain.replace(literal, '$1: "",') };
    });
  },
};

/** @type {import("esbuild").BuildOptions} */
const common = {
  bundle: true,
  minify: !watch,
  legalComments: "none",
  sourcemap: watch ? "linked" : false,
  loader: { ".wgsl": "text", ".svg": "text" },
  plugins: [withoutProse, wasmFromText, workerAsText],
  logLevel: "warning",
};

/** VS Code 1.91, the oldest that we support, runs Node 20. @type {import("esbuild").BuildOptions} */
const node = {
  ...common,
  platform: "node",
  target: "node20",
  format: "cjs",
  // The parser's loader asks where its module lies, which CommonJS answers in another way than ES modules do.
  define: { "import.meta.url": "moduleUrl" },
  banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
};

/**
 * A bundle that starts in Node and in a web worker. A worker has no CommonJS to speak of; no module that needs Node's
 * is started there. @type {import("esbuild").BuildOptions}
 */
const either = {
  ...node,
  conditions: ["browser"],
  banner: {
    js: `var module = typeof module === "undefined" ? { exports: {} } : module;
const moduleUrl = typeof __filename === "string" ? require("node:url").pathToFileURL(__filename).href : "file:///";`,
  },
};

/** @type {import("esbuild").BuildOptions} */
const page = { ...common, platform: "browser", target: "es2022", format: "iife" };

/** @type {import("esbuild").BuildOptions[]} */
const product = [
  { ...either, stdin: entry(hosts()), outfile: "dist/extension.js", external: ["vscode"] },
  // The engine is most of the server and of the command: one bundle starts either, and the server in a worker.
  { ...either, stdin: entry(programs()), outfile: "dist/programs.js" },
  { ...page, entryPoints: ["webview/main.ts"], outfile: "dist/webview/playground.js" },
  { ...common, entryPoints: ["kernels/index.ts"], outfile: "dist/kernels.js", format: "esm", target: "es2022" },
];

/** @type {import("esbuild").BuildOptions[]} */
const tests = [
  { ...node, entryPoints: ["test/host/suite.ts"], outfile: "dist/test/host.js", external: ["vscode", "mocha"] },
];

/** @type {readonly (readonly [module: string, file: string])[]} */
const copies = [
  ["web-tree-sitter/web-tree-sitter.wasm", "dist/tree-sitter.wasm"],
  ["tree-sitter-python/tree-sitter-python.wasm", "dist/tree-sitter-python.wasm"],
];

/** A module that VS Code starts in either of its hosts. */
function hosts() {
  return `
    const host = typeof importScripts === "function" ? import("./src/extension/browser.ts") : import("./src/extension/main.ts");
    export const activate = async (context) => (await host).activate(context);
  `;
}

/** A module with a function for each program, so that loading it starts none; a worker is there to be the server. */
function programs() {
  return `
    export const cli = () => import("./src/cli/main.ts");
    export const server = () => import("./src/server/node.ts");
    if (typeof importScripts === "function") void import("./src/server/browser.ts");
  `;
}

/** @returns {import("esbuild").StdinOptions} */
function entry(/** @type {string} */ contents) {
  return { contents, resolveDir: ".", loader: "ts" };
}

const bundles = [...product, ...(withTests ? tests : [])];

await mkdir("dist", { recursive: true });
for (const [module, file] of copies) await copyFile(resolve(module), file);
for (const program of ["cli", "server"]) {
  await writeFile(`dist/${program}.js`, `#!/usr/bin/env node\nrequire("./programs.js").${program}();\n`, {
    mode: 0o755,
  });
}
if (watch) {
  for (const options of bundles) await (await context({ ...options, logLevel: "info" })).watch();
} else {
  await Promise.all(bundles.map((options) => build(options)));
  console.log(`built ${bundles.map(({ outfile }) => path.relative("dist", outfile ?? "")).join(", ")} in dist/`);
}
