// Runs the suite that lives inside VS Code (test/host/). On a desktop, @vscode/test-electron brings VS Code itself, or
// takes the one that VSCODE_PATH names; where it can't be had, code-server stands in.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "./setup/packages.mjs";
import { installChromium } from "./setup/debian.mjs";
import { execute, fail, root, say, tools } from "./setup/steps.mjs";
import { installCodeServer } from "./setup/vscode.mjs";

const results = path.join(tools, "results", "host.json");
const standIn = fileURLToPath(new URL("./vscode/code.mjs", import.meta.url));

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Count
 * @returns {Promise<Count>}
 */
export async function runHostSuite() {
  execute(process.execPath, ["esbuild.mjs", "--tests"]);
  const executable = process.env["VSCODE_PATH"] ?? standInOrNone();
  mkdirSync(path.dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const { runTests } = await import("@vscode/test-electron");
  try {
    await runTests({
      ...(executable === undefined ? { version: "stable" } : { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, "dist", "test", "host.js"),
      launchArgs: [path.join(root, "examples"), "--disable-extensions"],
      extensionTestsEnv: { SHAPESIGHT_RESULTS: results },
    });
  } catch (error) {
    if (executable === undefined && isOffline(error)) {
      console.log("Skipped the suite inside VS Code: none could be downloaded. Set VSCODE_PATH to an installed one.");
      return { passed: 0, failed: 0, skipped: 1 };
    }
    console.error(error instanceof Error ? error.message : error);
  }
  return readCount();
}

/** The stand-in on Linux without a desktop; undefined lets test-electron download VS Code. */
function standInOrNone() {
  const desktop = process.platform !== "linux" || process.env["DISPLAY"] !== undefined;
  if (desktop) return undefined;
  const reason = installChromium() ?? installCodeServer();
  if (reason !== undefined) say(`no stand-in for VS Code: ${reason}`);
  return reason === undefined ? standIn : undefined;
}

/** @param {unknown} error */
function isOffline(error) {
  const text = error instanceof Error ? `${"code" in error ? String(error.code) : ""} ${error.message}` : String(error);
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|fetch failed/.test(text);
}

/** A host that died before it wrote its results is one failure. @returns {Count} */
function readCount() {
  try {
    return /** @type {Count} */ (JSON.parse(readFileSync(results, "utf8")));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installPackages();
    const { passed, failed, skipped } = await runHostSuite();
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    process.exitCode = failed === 0 ? 0 : 1;
  } catch (error) {
    fail(error);
  }
}
