// Makes .tools/shapesight.vsix, the file that people install and that the end-to-end tests try.
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "./setup/packages.mjs";
import { execute, fail, root, say, tools } from "./setup/steps.mjs";

export const vsix = path.join(tools, "shapesight.vsix");

/** Builds for production and packs; what goes in is listed in .vscodeignore. */
export function packageExtension() {
  mkdirSync(tools, { recursive: true });
  const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
  const flags = ["--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository", "--out", vsix];
  execute(process.execPath, [vsce, "package", ...flags]);
  say(`packaged ${path.relative(root, vsix)}, ${(statSync(vsix).size / 1024).toFixed(0)} kB`);
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installPackages();
    packageExtension();
  } catch (error) {
    fail(error);
  }
}
