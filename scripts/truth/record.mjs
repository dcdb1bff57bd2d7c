/**
 * `npm run truth:record` asks the real libraries what they answer: it makes a virtual environment from the
 * pinned versions, hands the catalogue's names and signatures to `record.py`, and leaves the recordings in
 * `test/truth`. Tests replay them without Python.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const environment = process.env["SHAPESIGHT_TRUTH_ENV"] ?? join(root, ".venv-truth");
const python = join(environment, process.platform === "win32" ? "Scripts" : "bin", "python");

if (!existsSync(python)) {
  console.log(`Making a virtual environment in ${environment}; this takes some minutes.`);
  execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
  execFileSync(python, ["-m", "pip", "install", "-r", join(here, "requirements.txt")], { stdio: "inherit" });
}

const folder = join(tmpdir(), "shapesight-truth");
mkdirSync(folder, { recursive: true });
const bundle = join(folder, "catalogue.mjs");
await build({
  entryPoints: [join(root, "src", "ops", "index.ts")],
  bundle: true,
  format: "esm",
  platform: "neutral",
  outfile: bundle,
  logLevel: "error",
});
/** @type {typeof import("../../src/ops/index.ts")} */
const { allOperators } = await import(bundle);
const operators = allOperators().map(({ names, parameters }) => ({
  names,
  parameters: parameters.map(({ name, kind, passing, default: fallback }) => ({
    name,
    kind,
    passing,
    optional: fallback !== undefined,
  })),
}));
const catalogue = join(folder, "catalogue.json");
writeFileSync(catalogue, JSON.stringify(operators));
execFileSync(python, [join(here, "record.py"), catalogue, join(root, "test", "truth")], { stdio: "inherit" });
