// One VS Code window on a copy of the examples, with the packaged extension in it, and pictures of what it shows.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { onTestFailed } from "vitest";
import { vsix } from "../../scripts/package.mjs";
import { openBrowser } from "../../scripts/vscode/browser.mjs";
import { startCodeServer, type CodeServer } from "../../scripts/vscode/server.mjs";
import { command } from "../../scripts/vscode/workbench.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const shots = path.join(root, ".tools", "shots");

export interface Window {
  readonly page: Page;
  /** Keeps a picture of the window under this name. */
  readonly shoot: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Wishes {
  /** Whether the browser has WebGPU, by a software adapter. */
  readonly webgpu?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly width?: number;
  readonly height?: number;
}

/** Opens the window on a file of the examples. */
export async function openWindow(file: string, wishes: Wishes = {}): Promise<Window & { readonly server: CodeServer }> {
  const { webgpu = true, settings = {}, ...size } = wishes;
  const server = await startCodeServer({ examples: path.join(root, "examples"), vsix, settings });
  const { page, close } = await openBrowser({ webgpu, ...size });
  await page.goto(server.address(file));
  await page.locator(".view-line").first().waitFor();
  const window = windowOf(page, async () => {
    await close();
    await server.stop();
  });
  return { ...window, server };
}

/** What tests do with any window, whoever serves it. */
export function windowOf(page: Page, close: () => Promise<void>): Window {
  mkdirSync(shots, { recursive: true });
  const shoot = async (name: string): Promise<void> => {
    // What moves or fades in has come to rest by then.
    await page.waitForTimeout(600);
    await page.screenshot({ path: path.join(shots, `${name}.png`) });
  };
  return { page, shoot, close };
}

/** Keeps a picture when the test that calls this fails. */
export function shootOnFailure(window: Window, name: string): void {
  onTestFailed(() => window.shoot(`failed-${name.replaceAll(/\W+/g, "-")}`));
}

/** A Python document that is not saved anywhere, with this text. */
export async function newPythonFile(page: Page, text: string): Promise<void> {
  await command(page, "File: New Untitled Text File");
  await command(page, "Change Language Mode");
  await page.keyboard.insertText("Python");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Python" }).first().click();
  await page.locator(".view-lines").last().click();
  await page.keyboard.insertText(text);
}
