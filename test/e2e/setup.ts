// Makes sure that there is a VS Code, a browser and a packaged extension to test: what is tested is what is shipped.
import { existsSync } from "node:fs";
import { packageExtension, vsix } from "../../scripts/package.mjs";
import { installChromium } from "../../scripts/setup/debian.mjs";
import { installCodeServer } from "../../scripts/setup/vscode.mjs";

export default function setup(): void {
  const missing = installChromium() ?? installCodeServer();
  if (missing !== undefined) throw new Error(`There is no VS Code to test in: ${missing}`);
  if (!existsSync(vsix)) packageExtension();
}
