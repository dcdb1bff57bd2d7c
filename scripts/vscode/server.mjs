// Starts and ends a code-server, which is VS Code served to a browser. Knows its flags and settings; knows nothing of
// what runs in it.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { Stop, tools } from "../setup/steps.mjs";
import { codeServer, codeServerNode } from "../setup/vscode.mjs";

/** A window without news, chat, accounts or autosave: only the file and our extension are to be seen. */
const quiet = {
  "chat.disableAIFeatures": true,
  "editor.hover.delay": 100,
  "editor.minimap.enabled": false,
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "files.hotExit": "off",
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
};

/**
 * @typedef {object} CodeServer
 * @property {string} url
 * @property {string} workspace the folder that its window shows, a copy that edits may change
 * @property {(file?: string) => string} address the page of the workspace, with a file of it open
 * @property {(settings: Record<string, unknown>) => void} configure writes the user's settings anew
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} options
 * @param {string} options.examples the folder to copy as the workspace
 * @param {string} [options.vsix] an extension to install first
 * @param {number} [options.port] the port to take if it is free; any other free one else
 * @param {Record<string, unknown>} [options.settings]
 * @param {readonly string[]} [options.flags]
 * @returns {Promise<CodeServer>}
 */
export async function startCodeServer({ examples, vsix, port = 0, settings = {}, flags = [] }) {
  const home = mkdtempSync(path.join(os.tmpdir(), "shapesight-"));
  const user = path.join(home, "data", "User");
  mkdirSync(user, { recursive: true });
  writeFileSync(path.join(home, "config.yaml"), "auth: none\n");
  const workspace = path.join(home, "examples");
  cpSync(examples, workspace, { recursive: true });
  /** @param {Record<string, unknown>} more */
  const configure = (more) =>
    writeFileSync(path.join(user, "settings.json"), JSON.stringify({ ...quiet, ...settings, ...more }, null, 2));
  configure({});

  const extensions = path.join(home, "extensions");
  if (vsix !== undefined) unpackExtension(vsix, extensions);
  const folders = ["--config", path.join(home, "config.yaml"), "--user-data-dir", path.join(home, "data")];
  folders.push("--extensions-dir", extensions);
  const bound = await freePort(port).catch(() => freePort(0));
  const url = `http://127.0.0.1:${bound}/`;
  const stop = spawnServer([...folders, "--bind-addr", `127.0.0.1:${bound}`, ...flags], home);
  try {
    await answers(`${url}healthz`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, workspace, configure, stop, address: (file) => address(bound, workspace, file) };
}

/** Installs an extension into a folder, in which it lies unpacked then. @param {string} vsix @param {string} folder */
export function unpackExtension(vsix, folder) {
  const home = mkdtempSync(path.join(os.tmpdir(), "shapesight-"));
  writeFileSync(path.join(home, "config.yaml"), "auth: none\n");
  const folders = ["--config", path.join(home, "config.yaml"), "--user-data-dir", home, "--extensions-dir", folder];
  execFileSync(codeServerNode(), [codeServer, ...folders, "--install-extension", vsix], { stdio: "pipe" });
  rmSync(home, { recursive: true, force: true });
}

/** @param {readonly string[]} args @param {string} home removed in the end @returns {() => Promise<void>} */
function spawnServer(args, home) {
  mkdirSync(tools, { recursive: true });
  const log = openSync(path.join(tools, "code-server.log"), "w");
  const fixed = ["--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  const child = spawn(codeServerNode(), [codeServer, ...fixed, "--disable-getting-started-override", ...args], {
    // code-server starts children of its own; in a process group they all end together.
    detached: true,
    stdio: ["ignore", log, log],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const kill = (/** @type {NodeJS.Signals} */ signal) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has ended already, which is what was wanted.
    }
  };
  const onExit = () => kill("SIGKILL");
  process.once("exit", onExit);
  return async () => {
    kill("SIGTERM");
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5000))]);
    kill("SIGKILL");
    process.off("exit", onExit);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
}

/** @param {number} port @param {string} workspace @param {string} [file] */
function address(port, workspace, file) {
  const folder = `?folder=${encodeURIComponent(workspace)}`;
  if (file === undefined) return `http://127.0.0.1:${port}/${folder}`;
  const uri = `vscode-remote://127.0.0.1:${port}${path.posix.join(workspace, file)}`;
  return `http://127.0.0.1:${port}/${folder}&payload=${encodeURIComponent(JSON.stringify([["openFile", uri]]))}`;
}

/** The port if it is free, any free one for 0. @param {number} port @returns {Promise<number>} */
function freePort(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(port, "127.0.0.1", () => {
      const bound = probe.address();
      probe.close(() => resolve(typeof bound === "object" && bound !== null ? bound.port : 0));
    });
  });
}

/** @param {string} url */
async function answers(url) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Stop(`VS Code did not start within 30 s; see ${path.join(".tools", "code-server.log")}`);
}
