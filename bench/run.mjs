// Runs measurements: `npm run bench` all of them, `npm run bench -- latency` those named. Each is a TypeScript file in
// this folder that prints a table; it is bundled first, since Node 20 runs no TypeScript.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { wasmFromText } from "../scripts/wasm.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);

const available = readdirSync(here).filter((name) => name.endsWith(".ts"));
const wanted = process.argv.slice(2);
const chosen = available.filter((name) => wanted.length === 0 || wanted.includes(name.replace(".ts", "")));
if (chosen.length === 0) {
  console.error(`There is no such measurement; there are ${available.join(", ")}.`);
  process.exit(2);
}

// Inside the project, so that packages which are not bundled are found.
const folder = mkdtempSync(path.join(root, "node_modules", ".bench-"));
try {
  for (const name of chosen) process.exitCode ||= await measure(name);
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {string} name */
async function measure(name) {
  const outfile = path.join(folder, name.replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [path.join(here, name)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    loader: { ".wgsl": "text" },
    plugins: [wasmFromText],
    logLevel: "warning",
  });
  console.log(`\n${name.replace(".ts", "")}`);
  return spawnSync(process.execPath, [outfile], { cwd: root, stdio: "inherit" }).status ?? 1;
}
