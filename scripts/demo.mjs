// Shows Shapesight at work with one command: installs what it needs, builds, and opens the example files in a real VS
// Code in the browser. `npm run demo -- --once` takes pictures of it instead of staying.
import { spawn } from "node:child_process";
import path from "node:path";
import { installChromium } from "./setup/debian.mjs";
import { installPackages } from "./setup/packages.mjs";
import { execute, fail, root, say, Stop, tools } from "./setup/steps.mjs";
import { installCodeServer } from "./setup/vscode.mjs";

const port = 8391;
const examples = path.join(root, "examples");
const opened = "seed_attention.py";
const once = process.argv.includes("--once");

try {
  installPackages();
  const { packageExtension } = await import("./package.mjs");
  const vsix = packageExtension();
  say(`shapes of examples/${opened}, as \`node dist/cli.js shapes\` prints them:\n`);
  execute(process.execPath, [path.join("dist", "cli.js"), "shapes", path.join("examples", opened)], { show: true });
  console.log();
  const missing = installCodeServer();
  if (missing !== undefined) throw new Stop(`${missing}.\nInstall ${vsix} in your own VS Code instead.`);
  await (once ? takePictures(vsix) : stay(vsix));
} catch (error) {
  fail(error);
}

/** Serves VS Code until the person at the terminal has seen enough. @param {string} vsix */
async function stay(vsix) {
  const { startCodeServer } = await import("./vscode/server.mjs");
  const server = await startCodeServer({ examples, vsix, port });
  console.log(`\nShapesight in VS Code: ${server.address(opened)}\n`);
  console.log("The files in it are a copy: change them freely. Press Ctrl+C to end.");
  openAddress(server.address(opened));
  process.once("SIGINT", () => void server.stop().then(() => process.exit(0)));
  process.once("SIGTERM", () => void server.stop().then(() => process.exit(0)));
}

/** On a desktop, the address opens in the person's own browser. @param {string} address */
function openAddress(address) {
  const opener = process.platform === "darwin" ? "open" : process.env["DISPLAY"] === undefined ? undefined : "xdg-open";
  if (opener === undefined) return;
  // Without an opener, the printed address still serves.
  spawn(opener, [address], { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}

/** @param {string} vsix */
async function takePictures(vsix) {
  const missing = installChromium();
  if (missing !== undefined) throw new Stop(`Pictures need a browser: ${missing}.`);
  const { startCodeServer } = await import("./vscode/server.mjs");
  const { picture } = await import("./vscode/pictures.mjs");
  const server = await startCodeServer({ examples, vsix });
  try {
    for (const file of await picture(server, path.join(tools, "demo-shots"))) {
      say(`saved ${path.relative(root, file)}`);
    }
  } finally {
    await server.stop();
  }
}
