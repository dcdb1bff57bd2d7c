#!/usr/bin/env node
// Stands in for the `code` executable where there is no desktop: takes the arguments that @vscode/test-electron passes,
// runs the suite in code-server's extension host with a headless browser as its window, and ends with the suite's code.
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { startCodeServer } from "./server.mjs";

const patience = 180_000;

/** @param {string} name */
const option = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const extension = option("extensionDevelopmentPath");
const suite = option("extensionTestsPath");
const folder = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
if (extension === undefined || suite === undefined || folder === undefined) {
  console.error("usage: code.mjs --extensionDevelopmentPath=DIR --extensionTestsPath=FILE FOLDER");
  process.exit(2);
}

// A released VS Code heeds the page's words about tests only when its server was started with this switch.
const flags = ["--vscode-option", "enable-smoke-test-driver"];
const server = await startCodeServer({ examples: path.resolve(folder), flags });
const { page, close } = await openBrowser({ webgpu: true });
let code = 1;
try {
  const ended = new Promise((resolve) => void page.exposeFunction("codeAutomationExit", resolve));
  await page.exposeFunction("codeAutomationLog", (/** @type {string} */ _level, /** @type {unknown[]} */ args) => {
    for (const text of args) {
      // The reporter inside the host marks its own lines, among all that the window logs.
      if (typeof text === "string" && text.startsWith("[suite] ")) console.log(text.slice("[suite] ".length));
    }
  });
  const remote = (/** @type {string} */ file) => `vscode-remote://${new URL(server.url).host}${path.resolve(file)}`;
  const payload = [
    ["extensionDevelopmentPath", remote(extension)],
    ["extensionTestsPath", remote(suite)],
  ];
  await page.goto(`${server.address()}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  const timeout = new Promise((resolve) => setTimeout(resolve, patience, "timeout"));
  const outcome = await Promise.race([ended, timeout]);
  if (outcome === "timeout") console.error(`The suite did not end within ${patience / 1000} s.`);
  code = outcome === 0 ? 0 : 1;
} finally {
  await close();
  await server.stop();
}
process.exit(code);
