// Runs the commands that set a machine up, and says what it does. Uses Node's own modules only, since it runs before
// anything is installed.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");
export const tools = path.join(root, ".tools");

const started = Date.now();

/** Prints one line of progress with the seconds since the start. @param {string} text */
export function say(text) {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(4);
  console.log(`[${seconds} s] ${text}`);
}

/** A reason to stop that the person at the terminal can act upon, printed without a stack. */
export class Stop extends Error {}

/**
 * Runs a command to its end; its output is shown when it fails, or all along with `show`.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, show?: boolean }} [options]
 */
export function execute(command, args, { cwd = root, env = {}, show = false } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: show ? "inherit" : "pipe",
    maxBuffer: 64 * 1024 * 1024,
    // npm is a batch file on Windows, which only a shell can start.
    shell: process.platform === "win32" && command === "npm",
  });
  if (result.status === 0) return result.stdout;
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim().split("\n").slice(-30).join("\n");
  const reason = result.error?.message ?? `it ended with ${result.status ?? result.signal}`;
  throw new Stop(`\`${command} ${args.join(" ")}\` failed: ${reason}\n${output}`);
}

/** Ends the process as a command should: the reason in words, and a code that is not zero. @param {unknown} error */
export function fail(error) {
  console.error(error instanceof Stop ? `\n${error.message}` : error);
  process.exit(1);
}
