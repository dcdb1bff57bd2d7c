// Runs everything there is to test, from a bare clone: installs what is missing, builds, packs, and sums the suites up
// in its last line. `npm test -- unit` (or house, host, e2e) runs only what it names.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { installChromium, installSoftwareRenderer } from "./setup/debian.mjs";
import { installPackages } from "./setup/packages.mjs";
import { execute, fail, root, say, tools } from "./setup/steps.mjs";
import { installCodeServer } from "./setup/vscode.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const results = path.join(tools, "results");
const suites = /** @type {const} */ (["house", "unit", "host", "e2e"]);
const named = process.argv.slice(2);

/** @type {Count} */
const total = { passed: 0, failed: 0, skipped: 0 };

try {
  const unknown = named.filter((name) => !suites.some((suite) => suite === name));
  if (unknown.length > 0) throw new Error(`no suite is called ${unknown.join(", ")}; there are ${suites.join(", ")}`);
  const wanted = suites.filter((suite) => named.length === 0 || named.includes(suite));
  installPackages();
  const noRenderer = installSoftwareRenderer();
  const noWindow = wanted.some((suite) => suite === "host" || suite === "e2e")
    ? (installChromium() ?? installCodeServer())
    : undefined;
  execute(process.execPath, ["esbuild.mjs"]);
  if (wanted.includes("house") || wanted.includes("e2e")) {
    const { packageExtension } = await import("./package.mjs");
    packageExtension();
  }
  if (noRenderer !== undefined) say(`kernels run only where there is a GPU: ${noRenderer}`);
  for (const suite of wanted) await runSuite(suite, noWindow);
} catch (error) {
  fail(error);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** @param {(typeof suites)[number]} suite @param {string | undefined} noWindow why there is no VS Code to test in */
async function runSuite(suite, noWindow) {
  if ((suite === "e2e" || suite === "host") && noWindow !== undefined) {
    console.log(`Skipped ${suite}, which needs VS Code in a browser: ${noWindow}`);
    add({ passed: 0, failed: 0, skipped: 1 });
    return;
  }
  say(`running ${suite}`);
  if (suite === "host") {
    const { runHostSuite } = await import("./host.mjs");
    add(await runHostSuite());
  } else {
    add(runVitest(suite));
  }
}

/** @param {string} project @returns {Count} */
function runVitest(project) {
  mkdirSync(results, { recursive: true });
  const file = path.join(results, `${project}.json`);
  rmSync(file, { force: true });
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const run = spawnSync(process.execPath, [vitest, "run", "--project", project, ...reporters], {
    cwd: root,
    stdio: "inherit",
  });
  return readCount(file, run.status === 0);
}

/** A run that fails without a failed test (a file that does not load, a setup that throws) counts as one failure. */
function readCount(/** @type {string} */ file, /** @type {boolean} */ ok) {
  try {
    const report = /** @type {Record<string, number>} */ (JSON.parse(readFileSync(file, "utf8")));
    const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report;
    return {
      passed,
      failed: ok ? numFailedTests : Math.max(numFailedTests, 1),
      skipped: numPendingTests + numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** @param {Count} count */
function add({ passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
