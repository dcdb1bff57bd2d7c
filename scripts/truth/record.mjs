/**
 * `npm run truth:record` asks the real libraries what they answer: it makes a virtual environment from the
 * pinned versions, hands the catalogue's names and signatures to `record.py`, runs the programs and fixtures
 * with every expression recorded, and leaves the recordings beside the tests that replay them without Python.
 * `npm run truth:record -- programs` records only what it names.
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

/**
 * Runs a recorder; what it prints is the recording where `into` names a file.
 * @param {string} script
 * @param {string | null} into
 */
function run(script, into = null) {
  const told = execFileSync(python, [join(root, script)], {
    cwd: root,
    stdio: ["ignore", into === null ? "inherit" : "pipe", "inherit"],
    maxBuffer: 2 ** 28,
  });
  if (into === null) return;
  writeFileSync(join(root, into), told);
  execFileSync(
    process.execPath,
    [join(root, "node_modules/prettier/bin/prettier.cjs"), "--log-level=warn", "--write", into],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
}

const recorders = {
  catalogue: recordCatalogue,
  fixtures: () => run("scripts/truth/fixtures.py"),
  programs: () => run("scripts/truth/programs.py"),
  costs: () => run("scripts/truth/costs.py", "test/truth/costs.json"),
  playground: () => run("scripts/truth/playground.py", "test/truth/playground.json"),
  kernels: () => run("test/kernels/record.py", "test/kernels/truth.json"),
};
const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(recorders, name));
if (unknown.length > 0) {
  console.error(`There is no recording ${unknown.join(", ")}; there are ${Object.keys(recorders).join(", ")}.`);
  process.exit(2);
}
if (!existsSync(python)) {
  console.log(`Making a virtual environment in ${environment}; this takes some minutes.`);
  execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
  execFileSync(python, ["-m", "pip", "install", "-r", join(here, "requirements.txt")], { stdio: "inherit" });
}

for (const [name, record] of Object.entries(recorders)) {
  if (named.length === 0 || named.includes(name)) await record();
}

/** The operators' answers to drawn and chosen calls. */
async function recordCatalogue() {
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
  // Messages that print a set print it in the same order every time.
  const env = { ...process.env, PYTHONHASHSEED: "0" };
  execFileSync(python, [join(here, "record.py"), catalogue, join(root, "test", "truth")], { stdio: "inherit", env });
}
