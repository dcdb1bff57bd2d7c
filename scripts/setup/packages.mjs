// Brings the project's own npm packages in, as the lock file states them. Knows npm, and nothing of what they are for.
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { execute, root, say, Stop } from "./steps.mjs";

/** Installs the packages of package-lock.json where they are missing or older than it. */
export function installPackages() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 20) throw new Stop(`Shapesight is built with Node 20 or later; this is Node ${process.versions.node}.`);
  const installed = path.join(root, "node_modules", ".package-lock.json");
  const lock = path.join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say("installing the npm packages");
  // No script of a package runs. Only esbuild gains by its own: with it, the binary starts without a Node process.
  execute("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  execute(process.execPath, [path.join("node_modules", "esbuild", "install.js")]);
}
